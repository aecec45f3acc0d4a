"""Shared by the tests: the MIPLIB files at hand, when there are any."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("diffpump", deadline=None)  # the machine may be busy
settings.load_profile("diffpump")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden traces anew")


def miplib_files() -> list[Path]:
    """All model files under DIFFPUMP_MIPLIB, smallest first; empty when the variable is unset."""
    root = os.environ.get("DIFFPUMP_MIPLIB")
    return (
        sorted(Path(root).rglob("*.mps.gz"), key=lambda path: (path.stat().st_size, path.name))
        if root
        else []
    )


@pytest.fixture(scope="session")
def miplib() -> list[Path]:
    """All MIPLIB files, smallest first; skips, visibly, when DIFFPUMP_MIPLIB is unset."""
    files = miplib_files()
    if not files:
        pytest.skip("set DIFFPUMP_MIPLIB to a folder of MIPLIB files")
    return files
