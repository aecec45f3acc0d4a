"""SIGINT and SIGTERM: the first one stops, the second one ends the process at once.

While a run that can be stopped is under way (`deferred`), the first signal only sets a flag that the
engine polls, so that whatever was found is verified and written. Elsewhere there is nothing to save and
the signal is raised where it arrives, as KeyboardInterrupt.
"""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SHOW_CURSOR = b"\x1b[?25h"


class Interrupt:
    """A context manager that owns both signals; calling it tells whether one has come."""

    def __init__(self) -> None:
        self.signum = 0
        self.deferred = False
        self._previous: dict[int, Any] = {}

    @property
    def exit_code(self) -> int:
        """130 or 143, as a shell reports the signal."""
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
                os.write(2, SHOW_CURSOR)  # the live table may have hidden it
            os._exit(self.exit_code)
        self.signum = number
        if not self.deferred:
            raise KeyboardInterrupt
