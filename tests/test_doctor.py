"""`diffpump doctor`: its report on a working installation and on broken ones."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from diffpump.cli import run
from diffpump.kernels.compile import cache


def report(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, Any], str]:
    code = run(["doctor", "--json", *args])
    captured = capsys.readouterr()
    return code, json.loads(captured.out), captured.err


def states(found: dict[str, Any]) -> dict[str, str]:
    return {finding["what"]: finding["state"] for finding in found["findings"]}


def test_sound(capsys: pytest.CaptureFixture[str]) -> None:
    code, found, _ = report(capsys)
    assert (code, found["ok"], found["exit_code"], found["warm_seconds"]) == (0, True, 0, None)
    needed = {"diffpump", "Python", "machine", "numpy", "scipy", "highspy", "numba", "llvmlite", "solve"}
    assert {what for what, state in states(found).items() if state == "ok"} >= needed
    assert "failed" not in states(found).values()
    assert run(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == [finding["what"] for finding in found["findings"]]


def test_broken(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that is installed but cannot be imported is a failure."""
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    code, found, _ = report(capsys)
    assert (code, found["ok"]) == (1, False)
    assert [what for what, state in states(found).items() if state == "failed"] == ["llvmlite"]


def test_cold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Kernels that are not compiled are no failure, and the line says how to compile them."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    code, found, _ = report(capsys)
    detail = {finding["what"]: finding["detail"] for finding in found["findings"]}["kernels"]
    assert (code, states(found)["kernels"]) == (0, "note") and "diffpump doctor --warm" in detail
    assert str(tmp_path) in detail


def test_nowhere_to_keep(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "below"))
    code, found, err = report(capsys, "--warm")
    assert (code, found["warm_seconds"], states(found)["kernels"]) == (0, None, "note")
    assert "cannot be kept" in err


def test_warm(capsys: pytest.CaptureFixture[str]) -> None:
    code, found, err = report(capsys, "--warm")
    assert (code, states(found)["kernels"]) == (0, "ok") and found["warm_seconds"] >= 0
    assert "all kernels are compiled" in err and "conflict search" in err


def test_unsafe(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A cache that others can change is not used, and the line says what to do."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    cache.complete()
    cache.folder().chmod(0o777)
    code, found, err = report(capsys, "--warm")
    detail = {finding["what"]: finding["detail"] for finding in found["findings"]}["kernels"]
    assert (code, states(found)["kernels"], found["warm_seconds"]) == (0, "note", None)
    assert f"others may write to {cache.folder()}" in detail and "NUMBA_CACHE_DIR" in detail
    assert "the compiled kernels cannot be kept: others may write" in err


def test_versions_of_modules_whose_distribution_has_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """`localmip` installs `localmip_py`; a module on the path alone belongs to no distribution."""
    owners = {"some_module": ["Click"], "loose_module": []}
    monkeypatch.setattr("importlib.metadata.packages_distributions", lambda: owners)
    versions = import_module("diffpump.cli.doctor")._version  # the package's `doctor` is the command
    assert versions("some_module") == version("click") == versions("click")
    assert versions("loose_module") == versions("unknown_module") == ""
