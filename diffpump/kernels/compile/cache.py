"""The disk cache of compiled kernels; reading it does not import numba.

    NUMBA_CACHE_DIR/diffpump-kernels/TOOLS/KERNEL-SOURCES-TYPES.o         if that is set, else
    XDG_CACHE_HOME or ~/.cache, ~/Library/Caches, LOCALAPPDATA/diffpump/kernels/TOOLS/...

TOOLS, SOURCES and TYPES are digests of what the machine code depends on, so that no file is ever stale:

    TOOLS     Python, numpy, numba, llvmlite, the NUMBA_ settings and the processor
    SOURCES   the kernel's module and all kernels that it imports, since its code contains theirs
    TYPES     the types of the arguments

A file is written under a temporary name and then renamed. Processes that compile the same kernel at the same
time never see an incomplete file, and the last one replaces the others by the same code. Each file begins
with a digest of TOOLS, its name and its content, so that a file that is damaged or has another's name is
compiled again.

The files are executed, so only this user and root may be able to change them. Every folder on the way to them
belongs to one of the two, and neither its group nor others may write to it. A folder in which users cannot
rename each other's files, such as /tmp, may be on the way (its sticky bit is set). All components are checked
from the root down, links included, so no other user can exchange one between the check and the use. Where a
check fails, the cache is not used, and kernels are compiled in memory.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
MAX_LINKS = 40  # symbolic links on the way to a folder, as in Linux
DIGEST_BYTES = hashlib.sha256().digest_size
LOCK = "lock"
PROBE = "writable"  # is written to find out whether that is possible
_memory: dict[str, bytes] = {}  # contents that could not be written, by the names of their files


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
    """Return a digest of Python, the compilers, their settings, and the processor."""
    content = hashlib.sha256(f"{sys.version}\0{sys.implementation.cache_tag}\0".encode())
    for package, file in (("numba", "_version.py"), ("llvmlite", "_version.py"), ("numpy", "version.py")):
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"No module named '{package}'", name=package)
        content.update((Path(spec.origin).parent / file).read_bytes() + b"\0")
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
    return read(_complete()) is not None


def complete() -> None:
    """Record that every kernel has been compiled, for this process if for no other."""
    try:
        write(_complete(), b"")
    except (OSError, RuntimeError):
        remember(_complete(), b"")


def is_writable() -> bool:
    """Return whether files can be kept."""
    try:
        write(PROBE, b"")
    except (OSError, RuntimeError):
        return False
    return True


def refusal() -> str | None:
    """Return why the folder is not used; None if it is used, or would be if it existed."""
    try:
        into = folder()
        _safe(_existing(into), shared=not into.exists())
    except (OSError, RuntimeError) as error:
        return str(error)
    return None


def read(name: str) -> bytes | None:
    """Return the content of a file of this version; None if there is no sound file of that name."""
    if (kept := _memory.get(name)) is not None:
        return kept
    try:
        with os.fdopen(_opened(_safe(folder()) / name, os.O_RDONLY), "rb") as file:
            stored = file.read()
    except (OSError, RuntimeError):
        return None
    digest, content = stored[:DIGEST_BYTES], stored[DIGEST_BYTES:]
    return content if digest == _header(name, content) else None


def write(name: str, content: bytes) -> None:
    """Write a file completely or not at all. Raises OSError or RuntimeError if that fails."""
    into = _made(folder())
    handle, unfinished = tempfile.mkstemp(prefix="unfinished-", dir=into)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_header(name, content) + content)
        Path(unfinished).replace(into / name)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def remember(name: str, content: bytes) -> None:
    """Keep the content of a file that cannot be written, for `read` in this process."""
    _memory[name] = content


def remembered() -> dict[str, bytes]:
    """Return the contents that `remember` has kept, by the names of their files."""
    return dict(_memory)


@contextmanager
def locked(wait: bool = True) -> Iterator[bool]:
    """Hold the lock on compiling all kernels during the context, and yield whether it is held.

    The lock ends with its owner, however that ends. It saves work and does not guard anything, so without a
    folder or a system that has such locks it counts as held.

    wait   whether to wait for another owner
    """
    try:
        import fcntl

        handle = _opened(_made(folder()) / LOCK, os.O_RDWR | os.O_CREAT)
    except (ImportError, OSError, RuntimeError):
        yield True
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def _header(name: str, content: bytes) -> bytes:
    """Return what a file begins with."""
    return hashlib.sha256(f"{tools()}/{name}\0".encode() + content).digest()


def _safe(path: Path, shared: bool = False) -> Path:
    """Return a folder's path without links; no other user can write to it or exchange it.

    Raises OSError if there is no such folder, and RuntimeError if another user may change it.

    shared   whether it may be a folder like /tmp
    """
    if not hasattr(os, "geteuid"):  # Windows: a user's folders are closed to others by default
        return path
    here, todo, links = Path(path.absolute().anchor), list(path.absolute().parts[1:]), 0
    _check(here, here.lstat())
    while todo:
        part = todo.pop(0)
        if part == "..":
            here = here.parent
            continue
        about = (here / part).lstat()
        _check(here / part, about)
        if stat.S_ISLNK(about.st_mode):
            links += 1
            if links > MAX_LINKS:
                raise RuntimeError(f"{path} has too many levels of symbolic links")
            target = (here / part).readlink()
            here, todo = (Path(target.anchor) if target.anchor else here), [
                *(target.parts[1:] if target.anchor else target.parts), *todo
            ]  # fmt: skip
        else:
            here /= part
    if not shared and here.lstat().st_mode & OTHERS_MAY_WRITE:
        raise RuntimeError(f"others may write to {here}")
    return here


def _check(path: Path, about: os.stat_result) -> None:
    """Raise RuntimeError if another user may change a folder, a file or a link."""
    if about.st_uid not in (os.geteuid(), 0):
        raise RuntimeError(f"{path} belongs to another user")
    shared = stat.S_ISDIR(about.st_mode) and about.st_mode & stat.S_ISVTX
    if about.st_mode & OTHERS_MAY_WRITE and not (shared or stat.S_ISLNK(about.st_mode)):
        raise RuntimeError(f"others may write to {path}")


def _existing(path: Path) -> Path:
    """Return a folder, or the nearest one above it that exists."""
    while not os.path.lexists(path):
        path = path.parent
    return path


def _made(path: Path) -> Path:
    """Make a folder that only this user can read, and those above it; return it as `_safe` does."""
    present = _existing(path)
    here = _safe(present, shared=True)
    for name in path.relative_to(present).parts:
        here /= name
        here.mkdir(mode=0o700, exist_ok=True)
    return _safe(here)


def _opened(path: Path, flags: int) -> int:
    """Open a regular file that no other user can change, and return its descriptor."""
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise RuntimeError(f"{path} is not a file")
        if hasattr(os, "geteuid"):
            _check(path, about)
    except BaseException:
        os.close(handle)
        raise
    return handle


def prune() -> int:
    """Delete files that this version cannot use and that are older than a day; return their number."""
    deleted, before = 0, time.time() - PRUNE_SECONDS
    own = _safe(folder())
    others = [path for path in own.parent.iterdir() if path.name != own.name]
    for path in [*others, *own.iterdir()]:
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
    return path.name in (_complete(), LOCK, PROBE)
