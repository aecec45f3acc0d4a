"""The examples in docstrings and tutorials run and have the output that is shown."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "diffpump").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]
# tests/test_adapters.py runs the examples of the page on modelling languages, each where its library is.
TUTORIALS = sorted(
    path.name for path in (ROOT / "docs").glob("*.md") if path.name != "modelling-languages.md"
)
LIBRARIES = {"diffpump.torch": "torch", "diffpump.pulp": "pulp", "diffpump.pyomo": "pyomo"}


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    for prefix, library in LIBRARIES.items():
        if name.startswith(prefix):
            pytest.importorskip(library, reason=f"{library} is not installed")
    outcome = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert outcome.attempted
    assert not outcome.failed


@pytest.mark.parametrize("name", TUTORIALS)
def test_tutorials(name: str) -> None:
    pytest.importorskip("torch", reason="torch is not installed")
    outcome = doctest.testfile(str(ROOT / "docs" / name), module_relative=False)
    assert outcome.attempted
    assert not outcome.failed
