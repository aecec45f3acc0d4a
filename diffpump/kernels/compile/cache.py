"""The disk cache of compiled kernels; reading it does not import numba.

    NUMBA_CACHE_DIR/diffpump-kernels/TOOLS/KERNEL-SOURCES-TYPES.o         if that is set, else
    XDG_CACHE_HOME or ~/.cache, ~/Library/Caches, LOCALAPPDATA/diffpump/kernels/TOOLS/...

TOOLS, SOURCES and TYPES are digests of what the machine code depends on, so that no file is ever stale:

    TOOLS     numba, llvmlite, the NUMBA_ settings and the processor
    SOURCES   the kernel's module and all kernels that it imports, since its code contains theirs
    TYPES     the types of the arguments

A file is written under a temporary name and then renamed. Processes that compile the same kernel at the same
time never see an incomplete file, and the last one replaces the others by the same code.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).parents[2]  # the folder `diffpump`
IMPORT = re.compile(
    rb"^from (diffpump\.(?:kernels[\w.]*|core\.(?:luby|tolerances))) import (\([^)]*\)|[^\n]*)", re.MULTILINE
)
# Settings of numba that do not change the machine code.
IGNORED_SETTINGS = ("NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS", "NUMBA_THREADING_LAYER")
PRUNE_SECONDS = 86_400.0  # age from which `prune` deletes files that this version cannot use


def root() -> Path:
    """Return the folder of all versions. Raises RuntimeError if no setting names it and there is no home."""
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(chosen) / "diffpump-kernels"
    xdg = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if xdg.is_absolute():
        home = xdg
    elif sys.platform == "win32":
        home = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        home = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return home / "diffpump" / "kernels"


def folder() -> Path:
    """Return the folder of the present `tools`, whether it exists or not."""
    return root() / tools()


@cache
def tools() -> str:
    """Return a digest of the compilers, their settings, and the processor."""
    content = hashlib.sha256()
    for package in ("numba", "llvmlite"):
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"No module named '{package}'", name=package)
        content.update((Path(spec.origin).parent / "_version.py").read_bytes())
    settings = {k: v for k, v in os.environ.items() if k.startswith("NUMBA_") and k not in IGNORED_SETTINGS}
    content.update(repr((sorted(settings.items()), _processor())).encode())
    return content.hexdigest()[:16]


def _processor() -> list[str]:
    """Return texts that differ between processors with different instruction sets."""
    cpuinfo = Path("/proc/cpuinfo")
    known = [sys.platform, platform.machine()]
    if not cpuinfo.exists():
        return [*known, platform.processor()]
    with cpuinfo.open() as file:  # the first processor's lines; there may be hundreds of processors
        lines = file.read(16_384).split("\n\n")[0].splitlines()
    return known + [line for line in lines if line.startswith(("model name", "flags", "Features", "CPU "))]


@cache
def sources(module: str) -> str:
    """Return a digest of a kernel's module ("diffpump.kernels.rng") and of all that it imports.

    Only imports of other kernels and of the tolerances are followed: nothing else ends up in machine code.
    """
    found, todo = {module}, [module]
    while todo:
        new = set(imported(todo.pop())) - found
        todo += new
        found |= new
    return _digest(found)


def imported(module: str) -> list[str]:
    """Return the modules that a module imports at its top, as far as `sources` follows them."""
    modules = []
    for base, text in IMPORT.findall(_source(module)):
        names = re.findall(rb"\w+", re.sub(rb"#[^\n]*|\bas\s+\w+", b"", text))
        inner = [f"{base.decode()}.{name.decode()}" for name in names]
        modules += [one if _path(one).exists() else base.decode() for one in inner]
    return modules


def _path(module: str) -> Path:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _source(module: str) -> bytes:
    return _path(module).read_bytes()


def _digest(modules: set[str]) -> str:
    content = hashlib.sha256()
    for module in sorted(modules):
        content.update(module.encode() + b"\0" + _source(module) + b"\0")
    return content.hexdigest()[:16]


def _complete() -> str:
    """Return the name of the marker file that exists once every kernel has been compiled."""
    return f"complete-{_digest(every_module())}"


def every_module() -> set[str]:
    """Return the names of all modules under `diffpump.kernels`."""
    paths = (PACKAGE / "kernels").rglob("*.py")
    relative = (path.relative_to(PACKAGE.parent).with_suffix("") for path in paths)
    return {".".join(path.parts).removesuffix(".__init__") for path in relative}


def is_complete() -> bool:
    """Return whether `complete` has been called for these sources."""
    try:
        return (folder() / _complete()).exists()
    except RuntimeError:
        return False


def complete() -> None:
    """Record that every kernel has been compiled."""
    write(_complete(), b"")


def read(name: str) -> bytes | None:
    """Return the content of a file of this version; None if there is no such file."""
    try:
        return (folder() / name).read_bytes()
    except (OSError, RuntimeError):
        return None


def write(name: str, content: bytes) -> None:
    """Write a file completely or not at all. Raises OSError or RuntimeError if that fails."""
    into = folder()
    into.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(prefix="unfinished-", dir=into)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(unfinished).replace(into / name)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def prune() -> int:
    """Delete files that this version cannot use and that are older than a day; return their number."""
    deleted, before = 0, time.time() - PRUNE_SECONDS
    others = [path for path in root().iterdir() if path.name != tools()]
    for path in [*others, *folder().iterdir()]:
        with suppress(FileNotFoundError):  # another process may be pruning as well
            if _current(path) or path.stat().st_mtime > before:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
            deleted += 1
    return deleted


def _current(path: Path) -> bool:
    """Return whether a file of the cache belongs to the sources as they are now."""
    kernel, _, rest = path.name.partition("-")
    module = f"diffpump.kernels.{kernel.rpartition('.')[0]}"
    if path.suffix == ".o" and _path(module).exists():
        return rest.startswith(sources(module))
    return path.name == _complete()
