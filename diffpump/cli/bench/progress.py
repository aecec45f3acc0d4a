"""What `diffpump bench run` shows: a live line with rates on a terminal, plain lines elsewhere."""

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

RECENT = 40  # jobs whose mean pace the remaining time is reckoned from


class Lines(Watcher):
    """A line a record."""

    def __init__(self, total: int, todo: Sequence[Job]) -> None:
        self.total, self.before = total, total - len(todo)
        self.done = self.before
        self.ends = [time.monotonic()]
        self._warned = False

    def finished(self, record: dict[str, Any]) -> None:
        """Write the record's line."""
        self.count()
        log(f"[{self.done:>{len(str(self.total))}}/{self.total}] {line(record)}  {self.left()}")

    def waiting(self, error: OutputError, records: int) -> None:
        """Say once that the disk is full, or whatever it is."""
        if not self._warned:
            failed(f"{error}; the record is kept in memory and offered again with the next one")
        self._warned = True

    def count(self) -> None:
        """One more is done, now."""
        self.done += 1
        self.ends = [*self.ends[-RECENT:], time.monotonic()]

    def left(self) -> str:
        """Pace and time left at the pace of the last jobs."""
        pace = (self.ends[-1] - self.ends[0]) / max(1, len(self.ends) - 1)
        seconds = pace * (self.total - self.done)
        return f"{60 / pace:.1f} jobs/min, {duration(seconds)} left" if pace > 0 else ""


def line(record: dict[str, Any]) -> str:
    """A record in one line; where a peer's claim failed the check, by how much."""
    seconds = record["seconds"]["first_solution"] if record["found"] else record.get("wall_seconds") or 0.0
    value = f"{record['objective']:.10g} " if record["found"] else ""
    text = (
        f"{record['instance']['name']} {record['label']} seed {record['seed']}: "
        f"{record['status']} {value}{seconds:.1f} s"
    )
    refused = [point["violation"] or math.inf for point in record["incumbents"] if point["verified"] is False]
    return text + (
        f" ({len(refused)} claims failed the check, by up to {max(refused):.2g})" if refused else ""
    )


def duration(seconds: float) -> str:
    """Seconds, minutes or hours, as one reads them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Live(Lines):
    """A bar with the pace, and the counts of every configuration."""

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
        """Count it."""
        self.count()
        self.last = line(record)
        counts = self.counts.setdefault(record["label"], Counter())
        counts["done"] += 1
        counts["found"] += bool(record["found"])
        counts["troubled"] += record["status"] in ("crashed", "timeout", "memory", "error", "refused")

    def tick(self) -> None:
        """Draw, a few times a second."""
        if time.monotonic() - self._drawn > 0.25:
            self._drawn = time.monotonic()
            self._display.update(self._picture(), refresh=True)

    def close(self) -> None:
        """Leave the last state on the screen."""
        self._display.update(self._picture(), refresh=True)
        self._display.stop()

    def _picture(self) -> Any:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False)
        table.add_column("configuration")
        for head in ("runs", "found", "troubled"):
            table.add_column(head, justify="right")
        for label, counts in self.counts.items():
            table.add_row(label, *(str(counts[key]) for key in ("done", "found", "troubled")))
        top = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=self.total, completed=self.done, width=30)
        top.add_row(bar, Text(f"{self.done}/{self.total}  {self.left()}"))
        return Group(top, table, Text(self.last))


@contextmanager
def shown(total: int, todo: Sequence[Job], quiet: bool) -> Iterator[Watcher]:
    """The display for a run, closed at its end."""
    if quiet:
        yield Watcher()
        return
    log(f"{total} jobs, {total - len(todo)} of them done")
    if not (sys.stderr.isatty() and todo):
        yield Lines(total, todo)
        return
    live = Live(total, todo)
    try:
        yield live
    finally:
        live.close()
