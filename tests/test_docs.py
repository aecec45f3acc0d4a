"""Every command and every block of code of README.md and docs/ runs, and every link leads somewhere.

The blocks of a page run in order, in an empty folder and one Python process per page:

    console   each command behind `$ `, whose exit code is 0 or, for the last one, that of
              `<!-- exit code N -->` above the block. The lines that follow a command must appear in its
              output, in order. `...` stands for anything, and numbers are not compared. Neither are the rows
              of a run's table, which differ from machine to machine.
    python    executed; a block that begins with `# NAME.py` is written to this file instead
    pycon     compared by doctest
    toml      written to the file that its first line names
    json, text, ini  not run; they must not hold a command

`<!-- not run: REASON -->` above a block says why it cannot run here, and NOT_RUN counts such blocks.
"""

from __future__ import annotations

import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from test_recipes import RECIPES

from diffpump.cli import run

ROOT = Path(__file__).parent.parent
PAGES = {path.name: path for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))}
NOT_RUN = {
    "README.md": 1,
    "start.md": 1,
    "comparing.md": 1,
    "modelling-languages.md": 2,
}  # blocks that carry a reason, by page
# Blocks that tests/test_recipes.py and tests/test_adapters.py run, the latter a process for each library.
ELSEWHERE = {"adding-parts.md": len(RECIPES), "modelling-languages.md": 7}
NEEDS = {
    "choosing-subsets.md": ["torch"],
    "families-of-models.md": ["torch"],
    "write-a-loss.md": ["torch"],
    "inside-scip.md": ["pyscipopt"],
    "solving.md": ["pyscipopt", "matplotlib"],
    "compact.md": ["scs", "matplotlib"],
    "comparing.md": ["pyscipopt", "psutil", "filelock", "jinja2", "matplotlib"],
}
LANGUAGES = ("console", "python", "pycon", "toml", "json", "text", "ini", "julia")
FENCE = re.compile(r"(?ms)^((?:<!--[^\n]*-->\n)*)```([^\n]*)\n(.*?)^```$")
COMMAND = re.compile(r"^\s*(\$ |>>> |diffpump |pip |make |python )", re.MULTILINE)
SHELL = re.compile(r"[|<>$;&*`#]|^(?!diffpump )")  # what only a shell understands
RUN_ROW = re.compile(r"\s+\d+(\.\d+s)?\s{2,}")  # a solution of the engine, or an iteration of the pump
NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:e[+-]?\d+)?")


class Block(NamedTuple):
    """A fenced block of a page, with the comments above it."""

    line: int
    language: str
    text: str
    reason: str | None
    exit_code: int


def blocks(page: str) -> list[Block]:
    """Return the blocks of a page, but for the directives of Sphinx."""
    text = PAGES[page].read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        above, language, body = match.groups()
        if language.startswith("{"):
            continue
        reason = re.search(r"<!-- not run: (\S.*) -->", above)
        code = re.search(r"<!-- exit code (\d+) -->", above)
        line = text.count("\n", 0, match.start(2)) + 1
        found.append(Block(line, language, body, reason and reason[1], int(code[1]) if code else 0))
    assert text.count("\n```") + text.startswith("```") == 2 * len(FENCE.findall(text)), (
        "a fence is not closed"
    )
    return found


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a console block with the lines that are shown as its output."""
    command, shown, end = "", [], None
    for line in text.splitlines():
        if end is not None or command.endswith("\\"):
            command += f"\n{line}"
            end = None if line == end else end
        elif line.startswith("$ "):
            if command:
                yield command, shown
            command, shown = line[2:], []
        else:
            assert command, f"no command before {line!r}"
            shown.append(line)
            continue
        if here := re.search(r"<< '?(\w+)'?$", command.splitlines()[-1]):
            end = here[1]
    yield command, shown


def shell(command: str, scripts: Path) -> tuple[int, str]:
    """Run a command and return its exit code and its output, in this process if it needs no shell."""
    if not SHELL.search(command):
        output = io.StringIO()
        with redirect_stdout(output), redirect_stderr(output):
            code = run(shlex.split(command)[1:])
        return code, output.getvalue()
    done = subprocess.run(
        ["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        env={**os.environ, "PATH": f"{scripts}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return done.returncode, done.stdout


def compare(shown: list[str], output: str) -> None:
    """Assert that the shown lines appear in the output, in order."""
    rest = [_plain(line) for line in output.splitlines()]
    for line in shown:
        if line.strip() in ("", "...") or RUN_ROW.match(line):
            continue
        pattern = re.compile(".*".join(map(re.escape, _plain(line).split("..."))))
        at = next((k for k, one in enumerate(rest) if pattern.fullmatch(one)), None)
        assert at is not None, f"not in the output, or not in this order: {line!r}\n{output}"
        rest = rest[at + 1 :]


def _plain(line: str) -> str:
    """Return a line with single blanks, and with 0 for each number and each digest of a configuration."""
    return NUMBER.sub("0", re.sub(r"\b[0-9a-f]{12}\b", "0", " ".join(line.split())))


@pytest.fixture
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the commands `diffpump` and `python` of this environment."""
    folder = tmp_path_factory.mktemp("bin")
    for name, words in (("diffpump", "-m diffpump "), ("python", "")):
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}"$@"\n')
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_blocks(page: str, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in NEEDS.get(page, ()):
        pytest.importorskip(module)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "docs"}
    elsewhere = 0
    for block in blocks(page):
        where = f"{page}:{block.line}"
        assert block.language in LANGUAGES, f"{where}: name the language of the block"
        named = re.match(r"# (\S+\.(?:py|toml))\n", block.text)
        if block.reason is not None:
            continue
        if block.language == "console":
            *before, last = commands(block.text)
            for (command, shown), wanted in (*((one, 0) for one in before), (last, block.exit_code)):
                code, output = shell(command, scripts)
                assert code == wanted, f"{where}: {command}: exit code {code}\n{output}"
                compare(shown, output)
        elif named:
            Path(named[1]).write_text(block.text)
        elif block.language in ("python", "pycon") and page in ELSEWHERE:
            elsewhere += 1
        elif block.language == "python":
            with redirect_stdout(io.StringIO()):
                exec(compile(block.text, where, "exec"), names)
        elif block.language == "pycon":
            _doctest(block.text, names, where)
        else:
            assert not COMMAND.search(block.text), f"{where}: a command in a block of {block.language}"
    assert elsewhere == ELSEWHERE.get(page, 0)


def _doctest(text: str, names: dict[str, Any], where: str) -> None:
    test = doctest.DocTestParser().get_doctest(text, names, where, None, 0)
    report = io.StringIO()
    outcome = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(
        test, out=report.write, clear_globs=False
    )
    assert outcome.attempted and not outcome.failed, report.getvalue()
    names.update(test.globs)


def test_what_is_not_run_is_counted() -> None:
    found = {page: sum(block.reason is not None for block in blocks(page)) for page in PAGES}
    assert {page: count for page, count in found.items() if count} == NOT_RUN


@pytest.mark.parametrize("page", PAGES)
def test_no_command_stands_outside_of_a_block(page: str) -> None:
    text = FENCE.sub("", PAGES[page].read_text(encoding="utf-8"))
    assert not re.search(r"^(?:\$ |>>> )|^(?: {4}|\t)(?:\$ |>>> |diffpump |pip |make )", text, re.MULTILINE)


# --- the harness itself ---------------------------------------------------------------------------


def test_the_commands_of_a_block() -> None:
    text = "$ one \\\n   two\nout\n$ cat > x << 'END'\na\nEND\n$ three\n"
    assert list(commands(text)) == [
        ("one \\\n   two", ["out"]),
        ("cat > x << 'END'\na\nEND", []),
        ("three", []),
    ]


@pytest.mark.parametrize(
    ("shown", "output", "fits"),
    [
        (["a 1.5 b", "...", "z"], "a 2 b\nm\nz\n", True),
        (["a", "b"], "b\na\n", False),
        (["config ... end"], "config 12ab end\n", True),
        (["      0.39s           12317.55     33.15%  raw"], "", True),
        (["feasible: x"], "infeasible: x\n", False),
    ],
)
def test_the_comparison_of_outputs(shown: list[str], output: str, fits: bool) -> None:
    if fits:
        compare(shown, output)
    else:
        with pytest.raises(AssertionError):
            compare(shown, output)


# --- links ----------------------------------------------------------------------------------------

LINKED = [
    path
    for pattern in ("*.md", "docs/*.md", "results/**/*.md", "tests/**/*.md")
    for path in sorted(ROOT.glob(pattern))
]


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    titles = re.findall(r"^#{1,6} (.*)$", text, re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", one).lower()).replace(" ", "-")
        for one in titles
    }


@pytest.mark.parametrize("page", LINKED, ids=lambda path: str(path.relative_to(ROOT)))
def test_links(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:|mailto:", target) or target.startswith("generated/"):  # made by `make docs`
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), f"{target}: no such file"
        if anchor:
            assert anchor in anchors(linked), f"{target}: no such heading"
