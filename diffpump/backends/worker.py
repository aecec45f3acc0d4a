"""Native calls in a thread of their own, so that time limits and interrupts hold inside a solver.

A Python signal handler cannot run while the main thread is inside a solver, and neither solver checks its
time limit in presolve or in a factorisation. A daemon thread therefore makes the call (14 us to hand it
over) while the caller polls `stop` and the clock. A call that does not end when cancelled is left behind:
the worker is `lost`, and nothing that the call uses may be touched again.

A process must not end while HiGHS is running: HiGHS's thread asks for the GIL once more, Python ends that
thread, and C++ aborts the process. Python's exit therefore waits up to `EXIT_SECONDS` for calls left
behind, and the command line flushes its output and leaves by `os._exit`.
"""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from collections.abc import Callable

from diffpump.core.status import LpStatus

POLL_SECONDS = 0.05  # between two polls of `stop` and the clock
GRACE_SECONDS = 0.5  # that a cancelled call may take to end: a run may exceed its limit by 1 s in all
EXIT_SECONDS = 1.0  # that Python's exit waits for calls left behind

_left_behind: list[_Handover] = []  # those of the workers lost so far


def left_behind() -> bool:
    """Return whether a call left behind is still running."""
    return any(handover.busy for handover in _left_behind)


@atexit.register
def _wait_for_calls_left_behind() -> None:
    end = time.perf_counter() + EXIT_SECONDS
    while left_behind() and time.perf_counter() < end:
        time.sleep(0.01)


class Worker:
    """Makes native calls in a thread, one at a time.

    lost   whether a call was left behind
    """

    def __init__(self) -> None:
        self.lost = False
        self._handover = _Handover()
        threading.Thread(target=self._handover.serve, daemon=True, name="diffpump-lp").start()
        weakref.finalize(self, self._handover.post, None).atexit = False

    def run(
        self,
        call: Callable[[], object],
        cancel: Callable[[], None],
        stop: Callable[[], bool] | None,
        seconds: float,
    ) -> LpStatus | None:
        """Make a call, and return None if it ended by itself.

        Otherwise return INTERRUPTED if `stop` returned True, TIME_LIMIT if the call took longer than
        `seconds`, and FAILED if it raised an exception.

        cancel   asks the call to end; called in the caller's thread
        stop     polled every `POLL_SECONDS`
        """
        end = time.perf_counter() + seconds + POLL_SECONDS
        self._handover.post(call)
        ending = None
        try:
            while ending is None and not self._handover.done.acquire(timeout=POLL_SECONDS):
                if stop is not None and stop():
                    ending = LpStatus.INTERRUPTED
                elif time.perf_counter() > end:
                    ending = LpStatus.TIME_LIMIT
        except BaseException:  # from `stop` or a signal handler: end the call, then raise it
            self._end(cancel)
            raise
        if ending is not None:
            self._end(cancel)
        elif self._handover.error is not None:
            ending = LpStatus.FAILED
        return ending

    def _end(self, cancel: Callable[[], None]) -> None:
        cancel()
        self.lost = not self._handover.done.acquire(timeout=GRACE_SECONDS)
        if self.lost:
            _left_behind.append(self._handover)


class _Handover:
    """The calls that pass from a `Worker` to its thread.

    The thread refers to this object alone, so that it ends once its `Worker` is garbage-collected.
    """

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
        """Make one call after another; this is the thread's target."""
        while self._posted.acquire() and self._call is not None:
            call, self._call, self.error, self.busy = self._call, None, None, True
            try:
                call()
            except Exception as error:  # a failing LP must not end the process: the caller reports it
                self.error = error
            del call  # this may be the last reference to a solver left behind
            self.busy = False
            self.done.release()
