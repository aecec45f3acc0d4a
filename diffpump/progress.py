"""The progress of a run: the base class of all displays, and the bar of `diffpump.solve(..., progress=True)`.

On a terminal the bar is rich's. In a notebook it is an HTML element that IPython updates, because rich's own
live display there needs ipywidgets. Where standard error is neither, one line shows the final state.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from diffpump.core.text import counted
from diffpump.outcome.result import lp_gap

if TYPE_CHECKING:
    from rich.live import Live

    from diffpump.outcome.incumbent import Incumbent
    from diffpump.outcome.run import SliceReport
    from diffpump.pump import PumpState

REFRESH_SECONDS = 0.2  # between two drawings of a live display; each takes about 3 ms
BAR_WIDTH = 24  # characters


class Display:
    """Shows the progress of a run; a display overrides the methods that it needs, the others do nothing."""

    def iterate(self, state: PumpState) -> None:
        """Handle an iterate of the pump."""

    def incumbent(self, found: Incumbent) -> None:
        """Handle a new incumbent."""

    def slice(self, report: SliceReport) -> None:
        """Handle a finished slice of the engine."""

    def message(self, text: str) -> None:
        """Show a line of text."""

    def refresh(self) -> None:
        """Update the display if an update is due."""

    def close(self) -> None:
        """Show the final state and end the display."""


class SearchStatus(Display):
    """Keeps the state of the search as text for other displays, which must be called after this one."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.seconds = seconds
        self._state: PumpState | None = None
        self._slice: SliceReport | None = None
        self._best: Incumbent | None = None

    def iterate(self, state: PumpState) -> None:
        """Keep the last iterate of the pump alone."""
        self._state = state

    def incumbent(self, found: Incumbent) -> None:
        """Keep the best solution so far."""
        self._best = found

    def slice(self, report: SliceReport) -> None:
        """Keep the last slice."""
        self._slice = report

    def incumbent_row(self) -> str:
        """Return the row of the best solution."""
        best = self._best
        assert best is not None
        return f"{best.seconds:9.2f}s {best.objective:>18.12g} {self._gap():>10}  {best.arm}"

    def slice_row(self) -> str:
        """Return the row of the last slice."""
        report = self._slice
        assert report is not None
        seconds = report.ended - report.began
        found = counted(report.incumbents, "solution")
        return f"{report.ended:9.2f}s  {report.arm}: {seconds:.2f} s, {found}{self._nearest()}"

    def state(self) -> str:
        """Return the time, the best solution or nearest point, and the last arm or iteration."""
        parts = [f"{self.seconds():.1f} s"]
        if self._best is None:
            parts.append(f"no solution yet{self._nearest()}")
        else:
            gap = self._gap()
            parts.append(f"best {self._best.objective:.12g}{gap and f', {gap} from the LP bound'}")
        if self._slice is not None:
            parts.append(f"last arm {self._slice.arm}")
        if self._state is not None:
            parts.append(f"iteration {self._state.iteration}")
        return ", ".join(parts)

    def _gap(self) -> str:
        if self._best is None or self._slice is None:
            return ""
        gap = lp_gap(self._best.objective, self._slice.bound)
        return "" if gap is None else f"{gap:.2%}"

    def _nearest(self) -> str:
        count = None if self._slice is None or self._best is not None else self._slice.violated
        return "" if count is None else f", nearest point violates {counted(count, 'row')}"


def live(content: Any, transient: bool = False) -> Live:
    """Return a live display on standard error, drawn on request; a `transient` one vanishes at its end."""
    from rich.console import Console
    from rich.live import Live

    class Terminal(Console):
        """A console without output once standard error is closed, so that the run continues."""

        def on_broken_pipe(self) -> None:
            self.quiet = True

    console = Terminal(stderr=True, highlight=False)
    return Live(content, console=console, auto_refresh=False, transient=transient)


class Bar(SearchStatus):
    """Shows the share of the time limit that has passed, and the state of the search, on a terminal.

    time_limit   seconds, or None without a limit; the bar is then only complete at the end
    """

    def __init__(self, seconds: Callable[[], float], time_limit: float | None) -> None:
        super().__init__(seconds)
        self._limit, self._last = time_limit, seconds()
        self._begin()

    def refresh(self) -> None:
        """Redraw the bar if it is older than `REFRESH_SECONDS`."""
        now = self.seconds()
        if now - self._last >= REFRESH_SECONDS:
            self._last = now
            self._draw(self._share(now))

    def close(self) -> None:
        """Draw the last state, with a complete bar since the run is over."""
        self._draw(1.0)
        self._end()

    def _share(self, now: float) -> float:
        return 0.0 if not self._limit else min(1.0, now / self._limit)

    def _begin(self) -> None:
        self._live = live(self._line(self._share(self._last)))
        self._live.start(refresh=True)

    def _draw(self, share: float) -> None:
        self._live.update(self._line(share), refresh=True)

    def _end(self) -> None:
        self._live.stop()

    def _line(self, share: float) -> Any:
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        line = Table.grid(padding=(0, 1))
        line.add_row(
            ProgressBar(total=1.0, completed=share, width=BAR_WIDTH),
            Text(self.state(), no_wrap=True, overflow="ellipsis"),
        )
        return line


class NotebookBar(Bar):
    """Shows the same in the output of a notebook's cell."""

    def _begin(self) -> None:
        from IPython.display import HTML, display

        self._html = HTML
        self._handle = display(HTML(self._element(self._share(self._last))), display_id=True)

    def _draw(self, share: float) -> None:
        self._handle.update(self._html(self._element(share)))

    def _end(self) -> None:
        """Leave the element as it is."""

    def _element(self, share: float) -> str:
        return f'<progress value="{share:.3f}" max="1"></progress> {html.escape(self.state())}'


def bar(seconds: Callable[[], float], time_limit: float | None) -> Display:
    """Return the bar of a run, in a notebook that of its cell.

    Parameters
    ----------
    seconds : callable
        Returns the seconds since the run began.
    time_limit : float or None
        The seconds after which the run ends; None for no limit.
    """
    from rich.console import Console

    return (NotebookBar if Console(stderr=True).is_jupyter else Bar)(seconds, time_limit)
