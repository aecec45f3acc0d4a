"""A library call in a thread of its own, so that limits hold even inside native code.

A Python signal handler cannot run while the main thread sits in a solver, and neither solver looks at its
clock in presolve or in a factorisation. So the call is made by a daemon thread (14 us to hand over) while
the caller waits in short naps, asks `stop`, and looks at the clock. A call that does not end when cancelled
is left behind: the worker is `lost`, and whatever the call works on must not be touched again.

A process must not end while HiGHS is busy: its thread asks for the GIL once more, Python ends that thread,
and C++ aborts the process. So Python's exit waits a moment for calls left behind, and a command line that
finds one (`left_behind`) flushes its output and leaves by `os._exit`.
"""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from collections.abc import Callable

from diffpump.core.status import LpStatus

NAP_SECONDS = 0.05  # between two looks at `stop` and the clock
GRACE_SECONDS = 1.0  # how long a cancelled call may take to end; 5 % of the limit when that is more


_left: list[_Desk] = []  # of the workers lost so far


def left_behind() -> bool:
    """True while a call left behind is still busy."""
    return any(desk.busy for desk in _left)


@atexit.register
def _wait_for_those_left_behind() -> None:
    end = time.perf_counter() + GRACE_SECONDS
    while left_behind() and time.perf_counter() < end:
        time.sleep(0.01)


class Worker:
    """Makes one call at a time; `lost` once a call was left behind."""

    def __init__(self) -> None:
        self.lost = False
        self._desk = _Desk()
        threading.Thread(target=self._desk.serve, daemon=True, name="diffpump-lp").start()
        weakref.finalize(self, self._desk.post, None).atexit = False

    def run(
        self,
        call: Callable[[], object],
        cancel: Callable[[], None],
        stop: Callable[[], bool] | None,
        seconds: float,
    ) -> LpStatus | None:
        """Make the call; None when it returned by itself.

        Otherwise INTERRUPTED after `stop`, TIME_LIMIT when it was late, FAILED when it raised.
        """
        end = time.perf_counter() + seconds + NAP_SECONDS
        self._desk.post(call)
        ending = None
        try:
            while ending is None and not self._desk.done.acquire(timeout=NAP_SECONDS):
                if stop is not None and stop():
                    ending = LpStatus.INTERRUPTED
                elif time.perf_counter() > end:
                    ending = LpStatus.TIME_LIMIT
        except BaseException:  # out of `stop` or a signal handler: end the call before it goes on its way
            self._end(cancel, GRACE_SECONDS)
            raise
        if ending is not None:
            late = ending is LpStatus.TIME_LIMIT
            self._end(cancel, max(GRACE_SECONDS, 0.05 * seconds) if late else GRACE_SECONDS)
        elif self._desk.error is not None:
            ending = LpStatus.FAILED
        return ending

    def _end(self, cancel: Callable[[], None], grace: float) -> None:
        cancel()
        self.lost = not self._desk.done.acquire(timeout=grace)
        if self.lost:
            _left.append(self._desk)


class _Desk:
    """Where calls are handed over. The thread knows the desk only, so a dropped `Worker` ends it."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.busy = False
        self.done = threading.Lock()
        self._posted = threading.Lock()
        self._call: Callable[[], object] | None = None
        self.done.acquire()
        self._posted.acquire()

    def post(self, call: Callable[[], object] | None) -> None:
        """Hand over a call; None ends the thread."""
        self._call = call
        self._posted.release()

    def serve(self) -> None:
        """The thread: one call after another."""
        while self._posted.acquire() and self._call is not None:
            call, self._call, self.error, self.busy = self._call, None, None, True
            try:
                call()
            except Exception as error:  # a failing LP must not kill its host: the caller reports it
                self.error = error
            del call  # the last reference to a solver left behind may be this one
            self.busy = False
            self.done.release()
