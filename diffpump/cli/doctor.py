"""`diffpump doctor`: whether everything that a solve needs is there and works, a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from diffpump.cli.streams import emit, log

if TYPE_CHECKING:
    from pathlib import Path

OK, NOTE, ABSENT, FAILED = "ok", "note", "absent", "failed"
COLOURS = {OK: "green", NOTE: "yellow", ABSENT: None, FAILED: "red"}
NEEDED = ("numpy", "scipy", "highspy", "numba", "llvmlite")
EXTRAS = {
    "scip": ("pyscipopt",),
    "torch": ("torch",),
    "plot": ("matplotlib",),
    "bench": ("psutil", "filelock", "jinja2", "pyarrow"),
    "dask": ("distributed",),
    "peers": ("pulp", "localmip"),
}
DISTRIBUTIONS = {"pyscipopt": "PySCIPOpt"}  # named unlike their modules


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is (ok, note, absent, failed), and details."""

    what: str
    state: str
    detail: str


@click.command()
@click.option("--warm", is_flag=True, help="Compile the kernels first, into the user's cache.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(warm: bool, as_json: bool) -> int:
    """Check the installation.

    Versions, solvers, optional parts, whether the kernels are compiled and where, cores and memory, and a
    small model solved and verified. Exit code 0: a solve works; 1: it does not, and the lines say why.
    """
    from diffpump.outcome.record import dumps

    seconds = _warm() if warm else None
    findings = []
    for check in (_system, _libraries, _extras, _kernels, _solve):
        findings += list(check())
    bad = any(finding.state == FAILED for finding in findings)
    if as_json:
        emit(dumps({
            "ok": not bad, "findings": [asdict(finding) for finding in findings],
            "warm_seconds": seconds, "exit_code": int(bad),
        }))  # fmt: skip
    else:
        width = max(len(finding.what) for finding in findings)
        for found in findings:
            state = click.style(f"{found.state:<6}", fg=COLOURS[found.state])
            emit(f"{state}  {found.what:<{width}}  {found.detail}")
    return int(bad)


def _warm() -> float | None:
    """Compile, with a line for each kernel; the seconds it took. None where nothing can be kept."""
    from diffpump.kernels.compile import cache
    from diffpump.kernels.compile.warm import warm

    total = 0.0
    try:
        for name, seconds in warm():
            total += seconds
            log(f"compiled {name:<20} {seconds:5.1f} s")
        pruned = cache.prune()
    except (OSError, RuntimeError) as error:
        log(f"the kernels cannot be kept: {error}")
        return None
    log(f"all kernels are compiled ({total:.1f} s)" + (f"; {pruned} old versions deleted" if pruned else ""))
    return total


def _system() -> Iterator[Finding]:
    import os
    import platform

    from diffpump.core.version import __version__

    yield Finding("diffpump", OK, __version__)
    python = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("Python", OK, python)
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    cores = len(affinity(0)) if affinity else os.cpu_count()
    yield Finding("machine", OK, f"{cores} cores{_memory()}")


def _memory() -> str:
    """The machine's, where the system says it."""
    import os

    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return ""
    return f", {size / 2**30:.1f} GiB of memory"


def _libraries() -> Iterator[Finding]:
    """The libraries that every solve needs, by importing them."""
    from functools import partial

    for name in NEEDED:
        yield _tried(name, partial(_imported, name))


def _imported(module: str) -> str:
    from importlib import import_module

    import_module(module)
    return _version(module)


def _extras() -> Iterator[Finding]:
    """The optional parts, without importing them: that would take seconds."""
    from importlib.util import find_spec

    for extra, modules in EXTRAS.items():
        missing = [name for name in modules if find_spec(name) is None]
        if missing:
            yield Finding(extra, ABSENT, f"no {', '.join(missing)} (pip install 'diffpump[{extra}]')")
        else:
            yield Finding(extra, OK, ", ".join(f"{name} {_version(name)}" for name in modules))


def _kernels() -> Iterator[Finding]:
    from diffpump.kernels.compile import cache
    from diffpump.kernels.compile.warm import is_warm

    try:
        folder = cache.folder()
    except RuntimeError as error:
        yield Finding("kernels", NOTE, f"compiled anew in every process ({error}); set NUMBA_CACHE_DIR")
        return
    if is_warm():
        yield Finding("kernels", OK, f"compiled, in {_short(folder)}")
    else:
        yield Finding("kernels", NOTE, f"not compiled yet: diffpump doctor --warm (into {_short(folder)})")


def _solve() -> Iterator[Finding]:
    """A model small enough to be solved at once, through the whole engine."""

    def solved() -> str:
        import diffpump

        result = diffpump.milp([-5, -4, -3], integrality=1, bounds=(0, 1), constraints=([2, 3, 2], 0, 5))
        if not result.success:
            raise RuntimeError(f"no solution of a small model: {result.message}")
        return "a small model, verified"

    yield _tried("solve", solved)


def _tried(what: str, check: Callable[[], str]) -> Finding:
    """What a check says, or why it fails: whatever a library does wrong here is what is looked for."""
    try:
        return Finding(what, OK, check())
    except Exception as error:
        return Finding(what, FAILED, f"{type(error).__name__}: {error}")


def _version(module: str) -> str:
    from importlib import metadata

    return metadata.version(DISTRIBUTIONS.get(module, module))


def _short(path: Path) -> str:
    """A path with ~ for the home folder."""
    import os

    home = os.path.expanduser("~")  # noqa: PTH111 - as it is where there is no home
    return str(path).replace(home, "~", 1) if home != "~" else str(path)
