"""The pump's displays: plain lines, or a live table on a terminal.

`iterate` is called for every iterate, and `refresh` often in between, also during a long LP. An iteration may
take as little as 0.2 ms, so both only compare times unless an update is due. The engine's displays are in
`cli.incumbents`, the base class and the bar of `diffpump.solve` in `diffpump.progress`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from diffpump.progress import REFRESH_SECONDS, Display, live
from diffpump.pump import PumpState

if TYPE_CHECKING:
    from diffpump.outcome.incumbent import Incumbent

LINE_SECONDS = 5.0  # longest time between two lines while iterations pass
SILENCE_SECONDS = 10.0  # longest time without any line, for example while one LP runs
RECENT_ROWS = 8  # rows of the live table above the current one


class Columns:
    """The columns of the pump's displays.

    They are the iteration, the fractional columns of x_lp, the violated rows of x_round, the loss terms, and
    the flips, perturbations, simplex iterations and seconds so far.
    """

    def __init__(self, terms: Sequence[str], seconds: Callable[[], float]) -> None:
        self.seconds = seconds
        self._terms = terms
        shown = [name if len(name) <= 11 else f"{name[:10]}." for name in terms]  # fits into 80 characters
        self.heads = ["iter.", "frac.", "viol.", *shown, "flips", "pert.", "LP iter.", "time"]

    def cells(self, state: PumpState) -> list[str]:
        """Return the texts of the row of an iterate."""
        terms = [f"{state.terms[name]:.4g}" if name in state.terms else "-" for name in self._terms]
        totals = [str(state.counters.get(key, 0)) for key in ("flip", "perturbation", "lp_iterations")]
        counts = map(str, (state.iteration, state.fractional, state.violated_rows))
        return [*counts, *terms, *totals, f"{self.seconds():.1f}s"]


def milestone_after(iteration: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50, ... that is larger than `iteration`."""
    base = 1
    while True:
        for factor in (1, 2, 5):
            if factor * base > iteration:
                return factor * base
        base *= 10


def solution_line(found: Incumbent) -> str:
    """Return the line of a solution that the pump has found."""
    return f"  solution with objective {found.objective:.12g}, {found.seconds:.2f} s"


class Lines(Display):
    """Writes plain lines at growing intervals, or with `every_iteration` one for each iteration."""

    def __init__(self, write: Callable[[str], None], columns: Columns, every_iteration: bool = False) -> None:
        self._write, self._columns, self._every_iteration = write, columns, every_iteration
        self._next = 0
        self._iteration = -1
        self._last = columns.seconds()
        write(self._format(columns.heads))

    def iterate(self, state: PumpState) -> None:
        """Write a line if one is due or if the iterate is the last."""
        self._iteration = state.iteration
        due = self._every_iteration or state.iteration >= self._next or state.status is not None
        if due or self._columns.seconds() - self._last >= LINE_SECONDS:
            self._next = milestone_after(state.iteration)
            self.message(self._format(self._columns.cells(state)))

    def incumbent(self, found: Incumbent) -> None:
        """Write a line for a solution."""
        self.message(solution_line(found))

    def refresh(self) -> None:
        """Write which LP is being solved if nothing was written for `SILENCE_SECONDS`."""
        now = self._columns.seconds()
        if now - self._last >= SILENCE_SECONDS:
            lp = "first LP" if self._iteration < 0 else f"LP of iteration {self._iteration + 1}"
            self.message(f"  ... in the {lp}, {now:.0f} s")

    def message(self, text: str) -> None:
        """Write the text."""
        self._last = self._columns.seconds()
        self._write(text)

    def _format(self, cells: Sequence[str]) -> str:
        return " ".join(
            f"{cell:>{max(6, len(head))}}" for cell, head in zip(cells, self._columns.heads, strict=True)
        )


class LiveTable(Display):
    """Shows a table on the terminal, with milestones, the current iterate and the time."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._recent: deque[list[str]] = deque(maxlen=RECENT_ROWS)
        self._state: PumpState | None = None
        self._next, self._newest = 0, -1
        self._live = live(self._table())
        self._live.start(refresh=True)
        self._last = columns.seconds()

    def iterate(self, state: PumpState) -> None:
        """Keep the state for the next drawing of the table."""
        self._state = state
        if state.iteration >= self._next:
            self._next, self._newest = milestone_after(state.iteration), state.iteration
            self._recent.append(self._columns.cells(state))
        self.refresh()

    def incumbent(self, found: Incumbent) -> None:
        """Print a line for a solution above the table."""
        self.message(solution_line(found))

    def message(self, text: str) -> None:
        """Print the text above the table."""
        self._live.console.print(text, markup=False)

    def refresh(self) -> None:
        """Redraw the table if it is older than `REFRESH_SECONDS`."""
        now = self._columns.seconds()
        if now - self._last >= REFRESH_SECONDS:
            self._live.update(self._table(), refresh=True)
            self._last = now

    def close(self) -> None:
        """Draw the last state and leave it on the terminal."""
        self._live.update(self._table(), refresh=True)
        self._live.stop()

    def _table(self) -> Any:
        from rich.table import Table

        state, now = self._state, self._columns.seconds()
        table = Table(
            box=None, header_style="bold", caption_justify="left", pad_edge=False, collapse_padding=True
        )
        for head in self._columns.heads:
            table.add_column(head, justify="right", no_wrap=True)
        for cells in self._recent:
            table.add_row(*cells, style="dim")
        if state is None:
            table.caption = f"solving the first LP, {now:.1f} s"
        elif state.iteration != self._newest:
            table.add_row(*self._columns.cells(state))
        return table
