"""The progress of `diffpump bench run`: a live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from diffpump.bench.plan import Job
from diffpump.bench.runner import Watcher
from diffpump.cli.streams import failed, log
from diffpump.core.errors import OutputError
from diffpump.core.text import counted, escaped

PACE_JOBS = 40  # the number of last jobs whose mean pace gives the remaining time


class Lines(Watcher):
    """Writes a line for each record."""

    def __init__(self, total: int, todo: Sequence[Job]) -> None:
        self.total, self.before = total, total - len(todo)
        self.done = self.before
        self.ends = [time.monotonic()]
        self._warned = False

    def finished(self, record: dict[str, Any]) -> None:
        """Write the line of the record."""
        self.count()
        log(f"[{self.done:>{len(str(self.total))}}/{self.total}] {line(record)}  {self.left()}")

    def waiting(self, error: OutputError, records: int) -> None:
        """Report the first record that could not be written, for example because the disk is full."""
        if not self._warned:
            failed(f"{error}; the record is kept in memory and written with the next one")
        self._warned = True

    def count(self) -> None:
        """Count a finished job and keep its time."""
        self.done += 1
        self.ends = [*self.ends[-PACE_JOBS:], time.monotonic()]

    def left(self) -> str:
        """Return the pace of the last jobs and the time left at this pace."""
        pace = (self.ends[-1] - self.ends[0]) / max(1, len(self.ends) - 1)
        seconds = pace * (self.total - self.done)
        return f"{60 / pace:.1f} jobs/min, {duration(seconds)} left" if pace > 0 else ""


def line(record: dict[str, Any]) -> str:
    """Return a record in one line, with the claims of a peer that failed the exact check."""
    seconds = record["seconds"]["first_solution"] if record["found"] else record.get("wall_seconds") or 0.0
    value = f"{record['objective']:.10g} " if record["found"] else ""
    text = (
        f"{escaped(record['instance']['name'])} {escaped(record['label'])} seed {record['seed']}: "
        f"{record['status']} {value}{seconds:.1f} s"
    )
    rejected = [
        point["violation"] or math.inf for point in record["incumbents"] if point["verified"] is False
    ]
    return text + (
        f" ({len(rejected)} claims failed the exact check, by up to {max(rejected):.2g})" if rejected else ""
    )


def duration(seconds: float) -> str:
    """Return a time as a number of seconds, minutes or hours."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Live(Lines):
    """Shows a bar with the pace, and the counts of every configuration."""

    def __init__(self, total: int, todo: Sequence[Job]) -> None:
        from rich.console import Console
        from rich.live import Live as Display

        super().__init__(total, todo)
        self.counts: dict[str, Counter[str]] = {job.setting.label: Counter() for job in todo}
        self.last = ""
        self._display = Display(console=Console(stderr=True), auto_refresh=False, transient=False)
        self._display.start()
        self._drawn = 0.0
        self.tick()

    def finished(self, record: dict[str, Any]) -> None:
        """Count a finished job under its label, and whether it found a solution or failed."""
        self.count()
        self.last = line(record)
        counts = self.counts.setdefault(record["label"], Counter())
        counts["done"] += 1
        counts["found"] += bool(record["found"])
        counts["failed"] += record["status"] in ("crashed", "timeout", "memory", "error", "refused")

    def tick(self) -> None:
        """Redraw the display at most four times a second."""
        if time.monotonic() - self._drawn > 0.25:
            self._drawn = time.monotonic()
            self._display.update(self._picture(), refresh=True)

    def close(self) -> None:
        """Draw the final state and leave it on the terminal."""
        self._display.update(self._picture(), refresh=True)
        self._display.stop()

    def _picture(self) -> Any:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False)
        table.add_column("configuration")
        for head in ("runs", "found", "failed"):
            table.add_column(head, justify="right")
        for label, counts in self.counts.items():
            table.add_row(Text(escaped(label)), *(str(counts[key]) for key in ("done", "found", "failed")))
        top = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=self.total, completed=self.done, width=30)
        top.add_row(bar, Text(f"{self.done}/{self.total}  {self.left()}"))
        return Group(top, table, Text(self.last))


@contextmanager
def shown(total: int, todo: Sequence[Job], quiet: bool) -> Iterator[Watcher]:
    """Show the progress of a run, and close the display at its end."""
    if quiet:
        yield Watcher()
        return
    log(f"{counted(total, 'job')}, {total - len(todo)} already done")
    if not (sys.stderr.isatty() and todo):
        yield Lines(total, todo)
        return
    live = Live(total, todo)
    try:
        yield live
    finally:
        live.close()
