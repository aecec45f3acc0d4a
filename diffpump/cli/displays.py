"""`RunDisplay`: the displays and callbacks of a run in one object, for `solve`, `explain` and `scip`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from diffpump.cli import incumbents, progress
from diffpump.cli.interrupt import Interrupt
from diffpump.cli.streams import log
from diffpump.config.engine import Settings
from diffpump.config.pump import Config
from diffpump.core.limits import RunLimits
from diffpump.outcome.run import RunSetup
from diffpump.progress import Display, SearchStatus

if TYPE_CHECKING:
    from diffpump.cli.keeper import Keeper
    from diffpump.core.arrays import Vector
    from diffpump.core.errors import DiffpumpError
    from diffpump.core.problem import Problem
    from diffpump.outcome.incumbent import Incumbent
    from diffpump.outcome.run import SliceReport
    from diffpump.outcome.verifier import Verifier
    from diffpump.pump import PumpState

Write = Callable[[str], None]


class RunDisplay:
    """Shows a run on several displays, keeps its best solution in a file, and reacts to an interrupt.

    displays   called in this order
    interrupt  returns whether the user has interrupted the run
    keeper     writes incumbents to the solution file; None if there is no such file
    observers  further receivers of the pump's iterates, such as a trace
    """

    def __init__(
        self,
        displays: Sequence[Display],
        interrupt: Interrupt,
        keeper: Keeper | None = None,
        observers: Iterable[Callable[[PumpState], None]] = (),
    ) -> None:
        self._displays, self._interrupt, self._keeper = displays, interrupt, keeper
        self._observers = tuple(observers)

    def setup(
        self, problem: Problem, seed: int, time_limit: float | None, started: float, read_seconds: float,
        verifier: Verifier | None = None,
    ) -> RunSetup:  # fmt: skip
        """Return the setup of a run whose callbacks are this object's.

        `time_limit` is in wall seconds from `started`, a time of `time.monotonic`.
        """
        deadline = None if time_limit is None else started + time_limit
        options = {} if verifier is None else {"verifier": verifier}
        return RunSetup(
            problem, seed, RunLimits(deadline, self._stop), started, read_seconds,
            on_incumbent=self._on_incumbent, on_notice=self._on_notice, on_slice=self._on_slice,
            on_iterate=self._on_iterate, **options,
        )  # fmt: skip

    def close(self) -> DiffpumpError | None:
        """Show the final state and finish the solution file; return the error if it could not be written."""
        for display in self._displays:
            display.close()
        return None if self._keeper is None else self._keeper.close()

    def _on_incumbent(self, found: Incumbent, x: Vector) -> None:
        if self._keeper is not None:
            self._keeper.put(x, found.objective)
        for display in self._displays:
            display.incumbent(found)

    def _on_notice(self, text: str) -> None:
        for display in self._displays:
            display.message(text)

    def _on_slice(self, report: SliceReport) -> None:
        for display in self._displays:
            display.slice(report)

    def _on_iterate(self, state: PumpState) -> None:
        for observe in (*(display.iterate for display in self._displays), *self._observers):
            observe(state)

    def _stop(self) -> bool:
        """Refresh the displays, and return whether the user has interrupted the run."""
        failure = self._keeper and self._keeper.first_failure()
        for display in self._displays:
            if failure:
                display.message(failure)
            display.refresh()
        return self._interrupt()


def displays_of(
    config: Config | Settings, seconds: Callable[[], float], *, quiet: bool = False, verbose: bool = False,
    log_line: Write | None = None,
) -> list[Display]:  # fmt: skip
    """Return the displays of a run: a live one on a terminal, else plain lines, and lines in the log file.

    seconds   returns the seconds since the run began
    quiet     whether nothing is shown on standard error
    verbose   whether every iteration or slice gets a line; there is no live display then
    log_line  writes a line of the log file; None if there is none
    """
    writers: list[Write] = [] if quiet else [log]
    live = bool(writers) and sys.stderr.isatty() and not verbose
    if live:
        writers = []
    if log_line is not None:
        writers.append(log_line)
    lines: list[Display]
    if isinstance(config, Config):
        columns = progress.Columns([spec.name for spec in config.losses], seconds)
        lines = [progress.Lines(write, columns, verbose) for write in writers]
        return [progress.LiveTable(columns), *lines] if live else lines
    status = SearchStatus(seconds)
    lines = [incumbents.Lines(write, status, verbose) for write in writers]
    return [status, incumbents.LiveTable(status), *lines] if live else [status, *lines]


def status_line(seconds: Callable[[], float]) -> list[Display]:
    """Return the displays of `explain`: a live line on a terminal, nothing elsewhere."""
    status = SearchStatus(seconds)
    return [status, incumbents.LiveTable(status)] if sys.stderr.isatty() else [status]


def solution_rows(seconds: Callable[[], float], quiet: bool) -> list[Display]:
    """Return the displays of `scip`: a plain line for each solution."""
    status = SearchStatus(seconds)
    return [status] if quiet else [status, incumbents.Lines(log, status)]
