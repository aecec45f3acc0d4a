"""`diffpump doctor`: check that everything that a solve needs is installed and works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.streams import emit, log

if TYPE_CHECKING:
    from pathlib import Path

    from diffpump.core.registry import Registry

OK, NOTE, ABSENT, FAILED = "ok", "note", "absent", "failed"
COLOURS = {OK: "green", NOTE: "yellow", ABSENT: None, FAILED: "red"}
NEEDED = ("numpy", "scipy", "highspy", "numba", "llvmlite")
# The modules of the program's own extras; the registries name those that registered members need.
EXTRAS = {
    "plot": ("matplotlib",),
    "bench": ("psutil", "filelock", "jinja2", "pyarrow"),
    "dask": ("distributed",),
    "sdp": ("scs", "clarabel"),
}


@dataclass(frozen=True)
class Finding:
    """A line of the report.

    what    the part that was checked
    state   "ok", "note", "absent" or "failed"
    detail  versions, or what is wrong and what to do
    """

    what: str
    state: str
    detail: str


@click.command()
@click.option("--warm", is_flag=True, help="Compile the kernels and keep them in the user's cache.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(warm: bool, as_json: bool) -> int:
    """Check the installation.

    The report lists versions, solvers, optional parts, cores, memory, and whether and where the kernels
    are compiled, and a small model is solved and verified. The exit code is 0 if a solve works and 1 if it
    does not; the lines say why.
    """
    from diffpump.outcome.record import dumps

    seconds = _warm() if warm else None
    findings = []
    # The solve comes before the kernels, since it finds out whether numba's interface has changed.
    for check in (_system, _libraries, _extras, _plugins, _solve, _kernels):
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
    """Compile the kernels, log each one, and return the seconds; None if the result cannot be kept."""
    from diffpump.kernels.compile import cache
    from diffpump.kernels.compile.jit import mode
    from diffpump.kernels.compile.warm import ELSEWHERE, warm

    total = 0.0
    with cache.locked(wait=False) as is_free:
        pass
    if not is_free:
        log(ELSEWHERE)
    try:
        for name, seconds in warm(later=True):
            total += seconds
            log(f"compiled {name:<20} {seconds:5.1f} s")
        pruned = cache.prune()
    except (OSError, RuntimeError) as error:
        hint = "" if mode()[0] == "numba" else "; set NUMBA_CACHE_DIR to a writable folder"
        log(f"the compiled kernels cannot be kept: {error}{hint}")
        return None
    log(f"all kernels are compiled ({total:.1f} s)" + (f"; {pruned} old versions deleted" if pruned else ""))
    return total


def _system() -> Iterator[Finding]:
    import platform

    from diffpump.core.machine import usable_cores
    from diffpump.core.version import __version__

    yield Finding("diffpump", OK, __version__)
    python = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("Python", OK, python)
    yield Finding("machine", OK, f"{usable_cores()} cores{_memory()}")


def _memory() -> str:
    """Return a phrase with the machine's memory; empty if the system does not report it."""
    import os

    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return ""
    return f", {size / 2**30:.1f} GiB of memory"


def _libraries() -> Iterator[Finding]:
    """Import the libraries that every solve needs, and yield a finding for each."""
    from functools import partial

    for name in NEEDED:
        yield _tried(name, partial(_imported, name))


def _imported(module: str) -> str:
    from importlib import import_module

    import_module(module)
    return _version(module)


def _extras() -> Iterator[Finding]:
    """Yield a finding for each extra without importing its modules, which would take seconds."""
    from importlib.util import find_spec

    for extra, modules in _needed().items():
        missing = [name for name in modules if find_spec(name) is None]
        if missing:
            how = f"pip install 'diffpump[{extra}]'"
            yield Finding(extra, ABSENT, f"{', '.join(missing)} not installed; to install: {how}")
        else:
            yield Finding(extra, OK, ", ".join(f"{name} {_version(name)}".strip() for name in modules))


def _registries() -> list[Registry[Any]]:
    """Return the registries of all kinds of members, whose plug-ins are checked."""
    from diffpump.backends.interface import BACKENDS
    from diffpump.bench.peers import PEERS
    from diffpump.config.schedule import ARMS
    from diffpump.families import FAMILIES
    from diffpump.io.foreign import ADAPTERS
    from diffpump.learn.model import MODELS
    from diffpump.operators.jacobians import JACOBIANS
    from diffpump.operators.losses import LOSSES
    from diffpump.operators.multipliers import MULTIPLIERS
    from diffpump.operators.optimizers import OPTIMIZERS
    from diffpump.operators.restarts import RESTARTS
    from diffpump.operators.roundings import ROUNDINGS

    operators: list[Registry[Any]] = [LOSSES, ROUNDINGS, JACOBIANS, OPTIMIZERS, RESTARTS, MULTIPLIERS]
    return [*operators, BACKENDS, ARMS, PEERS, FAMILIES, ADAPTERS, MODELS]


def _needed() -> dict[str, list[str]]:
    """Return the modules of each extra: the program's, and those that registered members name."""
    from diffpump.core.errors import UsageError

    needed = {extra: list(modules) for extra, modules in EXTRAS.items()}
    for registry in _registries():
        try:
            entries = registry.entries
        except UsageError:  # `_plugins` reports it
            continue
        for entry in entries.values():
            if entry.extra:
                modules = needed.setdefault(entry.extra, [])
                modules += [module for module in entry.modules if module not in modules]
    return dict(sorted(needed.items()))


def _plugins() -> Iterator[Finding]:
    """Yield a finding for each kind whose members from other packages cannot be loaded."""
    from diffpump.core.errors import UsageError

    for registry in _registries():
        try:
            len(registry.entries)
        except UsageError as error:
            yield Finding("plug-ins", FAILED, str(error))


def _kernels() -> Iterator[Finding]:
    from diffpump.kernels.compile import cache
    from diffpump.kernels.compile.jit import mode
    from diffpump.kernels.compile.warm import is_warm

    way, reason = mode()
    if way == "numba":
        yield Finding("kernels", NOTE, f"compiled again in every process by numba's njit ({reason})")
        return
    try:
        folder = cache.folder()
    except RuntimeError as error:
        detail = f"compiled again in every process ({error}); set NUMBA_CACHE_DIR to a writable folder"
        yield Finding("kernels", NOTE, detail)
        return
    if (refusal := cache.refusal()) is not None:
        detail = f"compiled in memory in every run, since {refusal}; set NUMBA_CACHE_DIR to your own folder"
        yield Finding("kernels", NOTE, detail)
    elif is_warm():
        yield Finding("kernels", OK, f"compiled to machine code in {_short(folder)}")
    else:
        detail = f"not compiled yet; run `diffpump doctor --warm` to compile them into {_short(folder)}"
        yield Finding("kernels", NOTE, detail)


def _solve() -> Iterator[Finding]:
    """Solve a small model with the engine."""

    def solved() -> str:
        import diffpump

        result = diffpump.milp([-5, -4, -3], integrality=1, bounds=(0, 1), constraints=([2, 3, 2], 0, 5))
        if not result.success:
            raise RuntimeError(f"a small model was not solved: {result.message}")
        return "a small model was solved and verified"

    yield _tried("solve", solved)


def _tried(what: str, check: Callable[[], str]) -> Finding:
    """Return the finding of a check; any exception of a broken library becomes a failure."""
    try:
        return Finding(what, OK, check())
    except Exception as error:
        return Finding(what, FAILED, f"{type(error).__name__}: {error}")


def _version(module: str) -> str:
    """Return the version of the distribution that installs a module, "" if no distribution does."""
    from importlib import metadata

    try:
        return metadata.version(module)
    except metadata.PackageNotFoundError:  # the distribution has another name, such as localmip
        owners = metadata.packages_distributions().get(module, ())
        return ", ".join(metadata.version(owner) for owner in owners)


def _short(path: Path) -> str:
    """Return a path with ~ for the home folder."""
    import os

    home = os.path.expanduser("~")  # noqa: PTH111 - returns "~" if there is no home folder
    return str(path).replace(home, "~", 1) if home != "~" else str(path)
