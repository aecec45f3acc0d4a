"""Observers of the pump's iterations: rows of plain numbers, kept in memory or written as JSON lines.

A row describes one iteration: the time, the LP's iterations and seconds since the row before, how far the
rounding is from feasible, the unweighted loss terms and their weighted total, and the kick if there was one.
Loss and terms are null if the pump computed none (in iteration 0 and in the last one).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.core.errors import OutputError
from diffpump.outcome.record import dumps, violation_record
from diffpump.pump import PumpState

Row = dict[str, Any]


class Rows:
    """Turns the pump's states into rows; `seconds()` returns the seconds since the run began."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lp_iterations, self._lp_seconds = 0, 0.0

    def __call__(self, state: PumpState) -> Row:
        """Return the row of a state; calls must be in the order of the iterations."""
        theta, kick = state.theta, state.kick
        lp_iterations = state.counters.get("lp_iterations", 0)
        row = {
            "iteration": state.iteration,
            "seconds": self._seconds(),
            "theta": {
                "min": float(theta.min(initial=0.0)),
                "max": float(theta.max(initial=0.0)),
                "norm": float(np.linalg.norm(theta)),
            },
            "terms": dict(state.terms) or None,
            "loss": state.loss if state.terms else None,
            "fractional": state.fractional,
            "violated_rows": state.violated_rows,
            "violation": violation_record(state.violation),
            "kick": None if kick is None else {"kind": kick.kind, "size": int(kick.columns.size)},
            "lp": {
                "iterations": lp_iterations - self._lp_iterations,
                "seconds": state.lp_seconds - self._lp_seconds,
                "algorithm": state.lp.algorithm,
            },
            "status": None if state.status is None else state.status.name.lower(),
        }
        self._lp_iterations, self._lp_seconds = lp_iterations, state.lp_seconds
        return row


class Memory:
    """Keeps the rows of a run in memory, without the vectors."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.rows: list[Row] = []
        self._row = Rows(seconds)

    def __call__(self, state: PumpState) -> None:
        self.rows.append(self._row(state))


class LineFile:
    """A text file that is written line by line and removed if a write fails.

    Writing never raises, so that a full disk does not end a run: the first failure removes the file, ends the
    writing and is kept in `error`. The constructor raises OutputError if the file cannot be opened.
    """

    def __init__(self, path: str, line_buffered: bool = False) -> None:
        self.error: OutputError | None = None
        self._path = path
        try:
            buffering = 1 if line_buffered else -1
            self._file = Path(path).open("w", encoding="utf-8", buffering=buffering)  # noqa: SIM115
        except OSError as error:
            raise self._failure(error) from None

    def line(self, text: str) -> None:
        """Write one line."""
        if self.error is None and not self._file.closed:
            self._try(lambda: self._file.write(f"{text}\n"))

    def close(self) -> None:
        """Flush and close the file."""
        self._try(self._file.close)

    def discard(self) -> None:
        """Close and remove the file."""
        self.close()
        self._remove()

    def _try(self, action: Callable[[], object]) -> None:
        try:
            action()
        except OSError as error:
            self.error = self.error or self._failure(error)
            self._remove()

    def _remove(self) -> None:
        if Path(self._path).is_file():  # a device must stay
            Path(self._path).unlink()

    def _failure(self, error: OSError) -> OutputError:
        return OutputError(f"{self._path}: cannot be written: {error.strerror or error}")


class JsonLines:
    """A trace file: a header, a row for each iteration, and the record of the run.

    Each line is a JSON object whose `kind` is "header", "iteration" or "result".
    """

    def __init__(self, file: LineFile, header: Mapping[str, Any], seconds: Callable[[], float]) -> None:
        self._file, self._row = file, Rows(seconds)
        file.line(dumps({"kind": "header", **header}))

    @property
    def error(self) -> OutputError | None:
        """The error of the first write that failed, or None."""
        return self._file.error

    def __call__(self, state: PumpState) -> None:
        self._file.line(dumps({"kind": "iteration", **self._row(state)}))

    def discard(self) -> None:
        """Remove the file, because the run ended without a result."""
        self._file.discard()

    def close(self, record: Mapping[str, Any]) -> None:
        """Write the record of the run and close the file."""
        self._file.line(dumps({"kind": "result", **record}))
        self._file.close()
