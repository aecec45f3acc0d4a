"""Starts the Python processes of a run.

A process loads its modules for about 0.4 s. The first member of a parallel search starts ahead, and does so
while this process loads its own modules and reads the model. This module itself loads little.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from diffpump.core.machine import usable_cores

MEMBER = "diffpump.search.member"
QUIET = "ignore:kernels are compiled"  # the main process already shows this warning
START_CODE = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"

_ahead: list[subprocess.Popen[bytes]] = []  # members that wait for a task


@contextmanager
def member_ahead(threads: int | None) -> Iterator[None]:
    """Start a member of a parallel search that the first `launch` of one within the context takes over.

    A member that is not taken over ends with the context. None is started if `threads` is 1 or None, or if it
    would take the only core from this process. If the system does not start it, `launch` will try again.
    """
    process = None
    if threads is not None and threads > 1 and usable_cores() > 1:
        with suppress(OSError):
            process = _start(MEMBER)
    if process is None:
        yield
        return
    _ahead.append(process)
    try:
        yield
    finally:
        if process in _ahead:
            _ahead.remove(process)
            process.kill()
            process.communicate()


def launch(module: str, own_group: bool = False) -> subprocess.Popen[bytes]:
    """Return a process that runs the `main` of a module, with pipes to its standard input and output.

    Parameters
    ----------
    module : str
        The module.
    own_group : bool
        Whether it gets a process group of its own.

    Raises
    ------
    OSError
        If the system does not start it.
    """
    if module == MEMBER and _ahead:
        return _ahead.pop()
    return _start(module, own_group)


def _start(module: str, own_group: bool = False) -> subprocess.Popen[bytes]:
    with _sigint_blocked():
        return subprocess.Popen(
            [sys.executable, "-W", QUIET, "-c", START_CODE.format(path=sys.path, module=module)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, process_group=0 if own_group else None,
        )  # fmt: skip


@contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Block SIGINT, which a terminal sends to all processes, for the duration of the context.

    A process that is started within the context inherits the block and never receives SIGINT.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
