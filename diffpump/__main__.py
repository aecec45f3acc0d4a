"""The `diffpump` command and `python -m diffpump`.

The rest of the command line is imported only after a signal handler stands: a Ctrl-C during the imports, when
there is nothing to save, would otherwise print a traceback.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from diffpump.core.errors import INTERRUPTED


def main() -> NoReturn:
    """Run the command and end the process with its exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    from diffpump.cli import main

    main()


def _end(number: int, frame: FrameType | None) -> None:
    """End the process at once. This may interrupt any import, and so imports nothing."""
    code = 128 + number
    outputs = [(2, f"diffpump: error: {INTERRUPTED}\n")]
    if "--json" in sys.argv:
        record = f'{{"status": "interrupted", "exit_code": {code}, "message": "{INTERRUPTED}"}}\n'
        outputs.append((1, record))
    for descriptor, text in outputs:
        with suppress(OSError):  # closed, or its reader is gone
            os.write(descriptor, text.encode())
    os._exit(code)


if __name__ == "__main__":
    main()
