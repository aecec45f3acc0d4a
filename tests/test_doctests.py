"""The examples in docstrings run and have the output that is shown.

tests/test_docs.py runs those of the pages.
"""

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
LIBRARIES = {"diffpump.torch": "torch", "diffpump.pulp": "pulp", "diffpump.pyomo": "pyomo"}


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    for prefix, library in LIBRARIES.items():
        if name.startswith(prefix):
            pytest.importorskip(library, reason=f"{library} is not installed")
    outcome = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert outcome.attempted
    assert not outcome.failed
