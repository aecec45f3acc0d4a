"""Where compiled kernels are kept, and whether they are there: answers at once, without numba.

    NUMBA_CACHE_DIR/diffpump-kernels/TOOLS/KERNEL-SOURCES-TYPES.o         where that is set, else
    XDG_CACHE_HOME or ~/.cache, ~/Library/Caches, LOCALAPPDATA/diffpump/kernels/TOOLS/...

TOOLS, SOURCES and TYPES are digests of what the machine code depends on: numba, llvmlite, the NUMBA_
settings and the processor; the kernel's module and all that it imports here, since a kernel's code contains
the code of those it calls; the types of its arguments. So nothing kept is ever stale.

A file is written under another name and then renamed: processes that compile the same kernel at the same time
do not see each other's halves, and the last one wins with the same code.
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
    rb"^from (diffpump\.(?:kernels[\w.]*|core\.tolerances)) import (\([^)]*\)|[^\n]*)", re.MULTILINE
)
ELSEWHERE = ("NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS", "NUMBA_THREADING_LAYER")  # no matter to the code
ABANDONED = 86_400.0  # seconds: what is of no use to this version and so old is deleted


def root() -> Path:
    """The folder of all versions. Raises RuntimeError where there is neither a setting nor a home."""
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
    """This version's folder, there or not."""
    return root() / tools()


@cache
def tools() -> str:
    """A digest of what compiles, and of what for."""
    content = hashlib.sha256()
    for package in ("numba", "llvmlite"):
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"No module named '{package}'", name=package)
        content.update((Path(spec.origin).parent / "_version.py").read_bytes())
    settings = {k: v for k, v in os.environ.items() if k.startswith("NUMBA_") and k not in ELSEWHERE}
    content.update(repr((sorted(settings.items()), _processor())).encode())
    return content.hexdigest()[:16]


def _processor() -> list[str]:
    """What tells processors apart that run different instructions."""
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
    """Return the name of the file that says that every kernel is there."""
    return f"complete-{_digest(every_module())}"


def every_module() -> set[str]:
    """Return the names of all modules under `diffpump.kernels`."""
    paths = (PACKAGE / "kernels").rglob("*.py")
    relative = (path.relative_to(PACKAGE.parent).with_suffix("") for path in paths)
    return {".".join(path.parts).removesuffix(".__init__") for path in relative}


def is_complete() -> bool:
    """Whether `complete` has been said of these sources."""
    try:
        return (folder() / _complete()).exists()
    except RuntimeError:
        return False


def complete() -> None:
    """Every kernel is there."""
    write(_complete(), b"")


def read(name: str) -> bytes | None:
    """A file of this version; None if it is not there."""
    try:
        return (folder() / name).read_bytes()
    except (OSError, RuntimeError):
        return None


def write(name: str, content: bytes) -> None:
    """Keep a file, all of it or nothing. Raises OSError or RuntimeError where nothing can be kept."""
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
    """Delete what is of no use to this version and older than a day; how many folders and files."""
    deleted, before = 0, time.time() - ABANDONED
    others = [path for path in root().iterdir() if path.name != tools()]
    for path in [*others, *folder().iterdir()]:
        with suppress(FileNotFoundError):  # another process may be at it, too
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
