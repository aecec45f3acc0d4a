"""The options and fixtures that tests share, such as the MIPLIB files of DIFFPUMP_MIPLIB."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from diffpump.kernels.compile.jit import mode
from diffpump.kernels.compile.warm import is_warm, warm

# A busy machine must not fail a test.
settings.register_profile("diffpump", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("diffpump")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden traces anew")


@pytest.fixture(scope="session", autouse=True)
def compiled_kernels() -> None:
    """Compile the kernels before the first test: a run goes on without those that are not compiled."""
    if mode()[0] == "native" and not is_warm():
        for _ in warm(in_memory=True):
            pass


def miplib_files() -> list[Path]:
    """Return all model files under DIFFPUMP_MIPLIB, the smallest first; none if it is unset."""
    root = os.environ.get("DIFFPUMP_MIPLIB")
    return (
        sorted(Path(root).rglob("*.mps.gz"), key=lambda path: (path.stat().st_size, path.name))
        if root
        else []
    )


@pytest.fixture(scope="session")
def miplib() -> list[Path]:
    """All MIPLIB files, the smallest first; the test is skipped if DIFFPUMP_MIPLIB is unset."""
    files = miplib_files()
    if not files:
        pytest.skip("set DIFFPUMP_MIPLIB to a folder of MIPLIB files")
    return files
