"""What a run shows while it goes on: plain lines, or a live table on a terminal. Here the pump's displays;
`incumbents` has the engine's.

`observe` takes every state, `beat` is called often in between, also during a long LP. Both look at the
clock and do nothing else unless something is due, because an iteration may take 0.2 ms.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from diffpump.pump import PumpState

if TYPE_CHECKING:
    from rich.live import Live

    from diffpump.outcome.result import Incumbent
    from diffpump.search.portfolio import Event

REFRESH_SECONDS = 0.2  # of the live table; drawing it takes about 3 ms
LINE_SECONDS = 5.0  # a line at least this often while iterations pass
SILENCE_SECONDS = 10.0  # a sign of life at least this often while one LP runs
RECENT = 8  # rows of the live table above the current one


class Display:
    """Shows a run's progress: what it is told and has no use for, it leaves out."""

    def observe(self, state: PumpState) -> None:
        """Take an iterate of the pump."""

    def incumbent(self, found: Incumbent) -> None:
        """Take a solution."""

    def slice(self, event: Event) -> None:
        """Take a slice of the engine's time that is over."""

    def say(self, text: str) -> None:
        """Take a line to be shown between the others."""

    def beat(self) -> None:
        """Look whether something is due."""

    def close(self) -> None:
        """Show the last state for good."""


class Columns:
    """The columns of both displays: iteration, fractional columns of x_lp, violated rows of x_round, loss
    terms, restarts so far by kind, simplex iterations so far, time."""

    def __init__(self, terms: Sequence[str], seconds: Callable[[], float]) -> None:
        self.seconds = seconds
        self._terms = terms
        shown = [name if len(name) <= 11 else f"{name[:10]}." for name in terms]  # fits 80 columns
        self.heads = ["iter.", "frac.", "viol.", *shown, "flips", "pert.", "LP iter.", "time"]

    def cells(self, state: PumpState) -> list[str]:
        """The texts of one row."""
        terms = [f"{state.terms[name]:.4g}" if name in state.terms else "-" for name in self._terms]
        totals = [str(state.counters.get(key, 0)) for key in ("flip", "perturbation", "lp_iterations")]
        counts = map(str, (state.iteration, state.fractional, state.violated_rows))
        return [*counts, *terms, *totals, f"{self.seconds():.1f}s"]


def live(content: Any, transient: bool = False) -> Live:
    """A live display on standard error, drawn when told to; `transient`: gone at the end."""
    from rich.console import Console
    from rich.live import Live

    class Terminal(Console):
        def on_broken_pipe(self) -> None:  # the log may go; the run goes on
            self.quiet = True

    console = Terminal(stderr=True, highlight=False)
    return Live(content, console=console, auto_refresh=False, transient=transient)


def milestone_after(iteration: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50, ..."""
    base = 1
    while True:
        for factor in (1, 2, 5):
            if factor * base > iteration:
                return factor * base
        base *= 10


class Lines(Display):
    """Plain lines at growing intervals, or (`every`) one for each iteration."""

    def __init__(self, write: Callable[[str], None], columns: Columns, every: bool = False) -> None:
        self._write, self._columns, self._every = write, columns, every
        self._next = 0
        self._iteration = -1
        self._last = columns.seconds()
        write(self._format(columns.heads))

    def observe(self, state: PumpState) -> None:
        """Write the state if its turn has come, or if it is the last."""
        self._iteration = state.iteration
        due = self._every or state.iteration >= self._next or state.status is not None
        if due or self._columns.seconds() - self._last >= LINE_SECONDS:
            self._next = milestone_after(state.iteration)
            self._put(self._format(self._columns.cells(state)))

    def beat(self) -> None:
        """Say what keeps the run busy, when nothing was said for long."""
        now = self._columns.seconds()
        if now - self._last >= SILENCE_SECONDS:
            what = "first LP" if self._iteration < 0 else f"LP of iteration {self._iteration + 1}"
            self._put(f"  ... in the {what}, {now:.0f} s")

    def say(self, text: str) -> None:
        """Write the text."""
        self._put(text)

    def _put(self, text: str) -> None:
        self._last = self._columns.seconds()
        self._write(text)

    def _format(self, cells: Sequence[str]) -> str:
        return " ".join(
            f"{cell:>{max(6, len(head))}}" for cell, head in zip(cells, self._columns.heads, strict=True)
        )


class LiveTable(Display):
    """A table on the terminal: milestones, the current iterate, and the time that passes."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._recent: deque[list[str]] = deque(maxlen=RECENT)
        self._state: PumpState | None = None
        self._next, self._newest = 0, -1
        self._live = live(self._table())
        self._live.start(refresh=True)
        self._last = columns.seconds()

    def observe(self, state: PumpState) -> None:
        """Keep the state, for the next time the table is drawn."""
        self._state = state
        if state.iteration >= self._next:
            self._next, self._newest = milestone_after(state.iteration), state.iteration
            self._recent.append(self._columns.cells(state))
        self.beat()

    def say(self, text: str) -> None:
        """Print the text above the table."""
        self._live.console.print(text, markup=False)

    def beat(self) -> None:
        """Draw the table when it is old enough."""
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
