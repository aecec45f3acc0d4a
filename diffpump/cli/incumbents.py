"""What the engine shows while it goes on: a row for each solution, in the manner of a MIP solver's log.

On a terminal the rows scroll by above a line that says what goes on; elsewhere they are plain lines, with a
sign of life where there is nothing else to say. `gap to LP` is the gap to the LP relaxation's bound, no more
than an upper bound on the gap to the optimum.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from diffpump.cli.progress import REFRESH_SECONDS, SILENCE_SECONDS, Display, live
from diffpump.outcome.result import Incumbent, lp_gap

if TYPE_CHECKING:
    from diffpump.search.portfolio import Event

HEAD = f"{'time':>10} {'objective':>18} {'gap to LP':>10}  arm"


def counted(number: float, what: str) -> str:
    """So many of a thing, in words."""
    return f"{number:g} {what}" + "s" * (number != 1)


class Search(Display):
    """Where the search stands, in words; to be told before the displays that show it."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.seconds = seconds
        self._event: Event | None = None
        self._best: Incumbent | None = None

    def incumbent(self, found: Incumbent) -> None:
        """The best solution so far."""
        self._best = found

    def slice(self, event: Event) -> None:
        """The last slice."""
        self._event = event

    def found(self) -> str:
        """The best solution's row."""
        best = self._best
        assert best is not None
        return f"{best.seconds:9.2f}s {best.objective:>18.12g} {self._gap():>10}  {best.arm}"

    def over(self) -> str:
        """The last slice's row."""
        event = self._event
        assert event is not None
        seconds = event.ended - event.began
        found = counted(event.incumbents, "solution")
        return f"{event.ended:9.2f}s  {event.arm}: {seconds:.2f} s, {found}{self._near()}"

    def line(self) -> str:
        """All that is known."""
        words = [f"{self.seconds():.1f} s"]
        if self._best is None:
            words.append(f"no solution yet{self._near()}")
        else:
            gap = self._gap()
            words.append(f"best {self._best.objective:.12g}{gap and f', {gap} from the LP bound'}")
        if self._event is not None:
            words.append(f"last arm {self._event.arm}")
        return ", ".join(words)

    def _gap(self) -> str:
        if self._best is None or self._event is None:
            return ""
        gap = lp_gap(self._best.objective, self._event.bound)
        return "" if gap is None else f"{gap:.2%}"

    def _near(self) -> str:
        count = None if self._event is None or self._best is not None else self._event.violated
        return "" if count is None else f", nearest point violates {counted(count, 'row')}"


class Lines(Display):
    """Plain lines; `every`: one for each slice too."""

    def __init__(self, write: Callable[[str], None], search: Search, every: bool = False) -> None:
        self._write, self._search, self._every = write, search, every
        self._last = search.seconds()
        write(HEAD)

    def incumbent(self, found: Incumbent) -> None:
        """Its row."""
        self.say(self._search.found())

    def slice(self, event: Event) -> None:
        """Its row, if every one is wanted."""
        if self._every:
            self.say(self._search.over())

    def say(self, text: str) -> None:
        """Write the text."""
        self._last = self._search.seconds()
        self._write(text)

    def beat(self) -> None:
        """Where the search stands, when nothing was said for long."""
        if self._search.seconds() - self._last >= SILENCE_SECONDS:
            self.say(f"  ... {self._search.line()}")


class LiveTable(Display):
    """Rows on the terminal, and below them a line that follows the search."""

    def __init__(self, search: Search) -> None:
        self._search, self._last = search, search.seconds()
        self._live = live(_text(""), transient=True)
        self._live.start()
        self.say(HEAD, "bold")

    def incumbent(self, found: Incumbent) -> None:
        """Its row."""
        self._live.update(_text(self._search.line(), "dim"))
        self.say(self._search.found())

    def say(self, text: str, style: str = "") -> None:
        """Print the text above the line."""
        self._live.console.print(_text(text, style))

    def beat(self) -> None:
        """Draw the line anew when it is old enough."""
        now = self._search.seconds()
        if now - self._last >= REFRESH_SECONDS:
            self._live.update(_text(self._search.line(), "dim"), refresh=True)
            self._last = now

    def close(self) -> None:
        """Take the line away; the rows stay."""
        self._live.stop()


def _text(text: str, style: str = "") -> Any:
    from rich.text import Text

    return Text(text, style, no_wrap=True, overflow="ellipsis")
