"""The examples in docstrings run and have the output that is shown."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

EXAMPLES = [
    "diffpump",
    "diffpump.core.text",
    "diffpump.outcome.result",
    "diffpump.scipy_api",
    "diffpump.torch",
]


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str) -> None:
    if name == "diffpump.torch":
        pytest.importorskip("torch", reason="torch is not installed")
    outcome = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert outcome.attempted
    assert not outcome.failed
