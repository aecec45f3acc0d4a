"""The prose rules that a program can check: docstrings that say something, and the field's words.

CONTRIBUTING.md has all rules; these are read from the source and not run, as part of `make check`.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "diffpump"
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")),
)
# Words that stand for a term of the field, or for a name: say reward, incumbent, solution, resolve, "no arm".
REFUSED = re.compile(
    r"\b(nobody|somebody|everybody|whoever|pays?|paying|paid|sows?|told|settles?|settled|live on|lives on)\b"
    r"|\bby the word of\b|\bhave it know\b",
    re.IGNORECASE,
)
# A function's docstring begins with a verb, and so with none of these.
NOT_VERBS = frozenset(
    """
    a an the it its they them their this that these those there here whether what where when which who how why
    if no none nothing never always all both one some any true false same as at by for from in of on to
    with without
    """.split()
)
FEWEST_WORDS = 2


class Docstring(NamedTuple):
    """A docstring, where it is, and what it belongs to."""

    place: str
    kind: str  # "module", "class", "property" or "function"
    name: str
    text: str | None


@cache
def sources() -> dict[str, str]:
    """Return the text of every module of the package by its path."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def docstrings() -> Iterator[Docstring]:
    for path, text in sources().items():
        tree = ast.parse(text)
        yield Docstring(path, "module", path, ast.get_docstring(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                yield Docstring(f"{path}:{node.lineno}", "class", node.name, ast.get_docstring(node))
            elif isinstance(node, ast.FunctionDef):
                marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
                kind = "property" if marks & {"property", "cached_property", "setter"} else "function"
                yield Docstring(f"{path}:{node.lineno}", kind, node.name, ast.get_docstring(node))


def prose() -> Iterator[tuple[str, str]]:
    """Yield (place, text) of every docstring, comment and page for users."""
    for found in docstrings():
        if found.text:
            yield found.place, found.text
    for path, text in sources().items():
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield f"{path}:{token.start[0]}", token.string
    for page in PAGES:
        for number, line in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), 1):
            yield f"{page}:{number}", re.sub(r"`[^`]*`", "", line)


def test_every_module_and_public_class_says_what_it_is() -> None:
    missing = [
        found.place
        for found in docstrings()
        if found.kind in ("module", "class") and not found.text and not found.name.startswith("_")
        and not found.place.startswith("diffpump/__main__")
    ]  # fmt: skip
    assert not missing, "no docstring:\n" + "\n".join(missing)


def test_no_docstring_is_empty_of_meaning() -> None:
    empty = [
        f"{found.place}: {found.text!r}"
        for found in docstrings()
        if found.text is not None and len(re.findall(r"\w+", found.text)) < FEWEST_WORDS
    ]
    assert not empty, "these docstrings say nothing:\n" + "\n".join(empty)


def test_a_functions_docstring_begins_with_a_verb() -> None:
    wrong = []
    for found in docstrings():
        if found.kind == "function" and found.text:
            first = re.match(r"[A-Za-z]+", found.text)
            if first is None or first.group().lower() in NOT_VERBS or not first.group()[0].isupper():
                wrong.append(f"{found.place}: {found.text.splitlines()[0]}")
    assert not wrong, "these docstrings do not begin with a verb:\n" + "\n".join(wrong)


def test_prose_uses_the_fields_words() -> None:
    wrong = [
        f"{place}: {match.group()!r} in {' '.join(text.split())[:90]!r}"
        for place, text in prose()
        if (match := REFUSED.search(text))
    ]
    assert not wrong, "say it in the field's words (CONTRIBUTING.md):\n" + "\n".join(wrong)
