"""The engine's displays: a row for each solution, as in the log of a MIP solver.

On a terminal the rows scroll above a line with the current state. Elsewhere they are plain lines, and the
state is printed when nothing else has been for `SILENCE_SECONDS`. On an unbounded model there may be hundreds
of solutions in a second, so at most `MAX_ROWS` rows are printed in one: the row of the best solution then
stands for the others, whose number it shows. The last solution always has its row.

`gap to LP` is the gap to the bound of the LP relaxation; the gap to the optimum is at most as large.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from diffpump.cli.progress import SILENCE_SECONDS
from diffpump.progress import REFRESH_SECONDS, Display, SearchStatus, live

if TYPE_CHECKING:
    from diffpump.outcome.incumbent import Incumbent
    from diffpump.outcome.run import SliceReport

MAX_ROWS = 10  # rows of solutions that are printed within a second
HEAD = f"{'time':>10} {'objective':>18} {'gap to LP':>10}  arm"


class Rows:
    """Prints the rows of solutions, at most `MAX_ROWS` of them within a second.

    print_row   prints a row
    """

    def __init__(self, search: SearchStatus, print_row: Callable[[str], None]) -> None:
        self._search, self._print = search, print_row
        self._waiting = 0  # solutions since the last row
        self._times: deque[float] = deque(maxlen=MAX_ROWS)  # of the last rows, in seconds

    def add(self) -> None:
        """Print the row of a new best solution as soon as it is due."""
        self._waiting += 1
        self.flush()

    def flush(self, at_once: bool = False) -> None:
        """Print the row of the best solution if it has none yet, and if it is due or `at_once`."""
        now = self._search.seconds()
        is_due = at_once or len(self._times) < MAX_ROWS or now - self._times[0] >= 1.0
        if self._waiting and is_due:
            others = f"  (+{self._waiting - 1} more)" if self._waiting > 1 else ""
            self._waiting = 0
            self._times.append(now)
            self._print(f"{self._search.incumbent_row()}{others}")


class Lines(Display):
    """Writes a line for each solution, and with `every_slice` for each slice as well."""

    def __init__(self, write: Callable[[str], None], search: SearchStatus, every_slice: bool = False) -> None:
        self._write, self._search, self._every_slice = write, search, every_slice
        self._rows = Rows(search, self.message)
        self._last = search.seconds()
        write(HEAD)

    def incumbent(self, found: Incumbent) -> None:
        """Write the row of the solution as soon as it is due."""
        self._rows.add()

    def slice(self, report: SliceReport) -> None:
        """Write the row of the slice with `every_slice`, after those of its solutions."""
        if self._every_slice:
            self._rows.flush(at_once=True)
            self.message(self._search.slice_row())

    def message(self, text: str) -> None:
        """Write the text."""
        self._last = self._search.seconds()
        self._write(text)

    def refresh(self) -> None:
        """Write a row that is due, or the state of the search after `SILENCE_SECONDS` without a line."""
        self._rows.flush()
        if self._search.seconds() - self._last >= SILENCE_SECONDS:
            self.message(f"  ... {self._search.state()}")

    def close(self) -> None:
        """Write the row of the last solution if it has none yet."""
        self._rows.flush(at_once=True)


class LiveTable(Display):
    """Prints rows on the terminal, and below them a live line with the state of the search."""

    def __init__(self, search: SearchStatus) -> None:
        self._search, self._last = search, search.seconds()
        self._rows = Rows(search, self.message)
        self._live = live(_text(""), transient=True)
        self._live.start()
        self.message(HEAD, "bold")

    def incumbent(self, found: Incumbent) -> None:
        """Print the row of the solution above the live line as soon as it is due."""
        self._live.update(_text(self._search.state(), "dim"))
        self._rows.add()

    def message(self, text: str, style: str = "") -> None:
        """Print the text above the live line."""
        self._live.console.print(_text(text, style))

    def refresh(self) -> None:
        """Print a row that is due, and redraw the live line if it is older than `REFRESH_SECONDS`."""
        self._rows.flush()
        now = self._search.seconds()
        if now - self._last >= REFRESH_SECONDS:
            self._live.update(_text(self._search.state(), "dim"), refresh=True)
            self._last = now

    def close(self) -> None:
        """Print the row of the last solution if it has none yet, and remove the live line."""
        self._rows.flush(at_once=True)
        self._live.stop()


def _text(text: str, style: str = "") -> Any:
    from rich.text import Text

    return Text(text, style, no_wrap=True, overflow="ellipsis")
