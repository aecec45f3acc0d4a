"""SIGINT and SIGTERM: the first one stops the run, the second one ends the process at once.

During a run (`deferred`) the first signal only sets a flag that the run polls, so that solutions found so far
are verified and written. Outside a run there is nothing to save, and the signal raises KeyboardInterrupt.
"""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SHOW_CURSOR = b"\x1b[?25h"


class Interrupt:
    """A context manager that handles both signals; calling it returns whether one has arrived.

    signum    the signal, 0 before one has arrived
    deferred  whether a run polls this object, so that the first signal must not raise
    """

    def __init__(self) -> None:
        self.signum = 0
        self.deferred = False
        self._previous: dict[int, Any] = {}

    @property
    def exit_code(self) -> int:
        """The exit code that shells use for the signal: 130 for SIGINT, 143 for SIGTERM."""
        return 128 + (self.signum or signal.SIGINT)

    def __call__(self) -> bool:
        return self.signum != 0

    def __enter__(self) -> Interrupt:
        self._previous = {number: signal.signal(number, self._handle) for number in SIGNALS}
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.signum:
            if os.isatty(2):
                os.write(2, SHOW_CURSOR)  # the live display may have hidden it
            os._exit(self.exit_code)
        self.signum = number
        if not self.deferred:
            raise KeyboardInterrupt
