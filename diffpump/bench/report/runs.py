"""Records as columns: who ran what, and how it ended, in the arrays that tables and pictures are made from.

A problem is a pair (instance, seed). **The trajectory** of a run is its incumbents, each better than the one
before. Those that the check refused are left out. Those that nobody checked count only where the last
solution was verified, and only as far as they claim no more than it: a claim never improves a run.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.bench.report.names import Record, instance_name, latest, stem
from diffpump.bench.report.stats import SAME, Matrix, gap_drops, primal_gap
from diffpump.bench.solu import Known
from diffpump.core.arrays import Vector

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]
DIED = ("refused", "crashed", "memory", "error")
CLOCK = ("time_limit", "timeout")
_SHARED = ("configs", "instances", "known")  # not one entry a run
_POINTS = ("drop_run", "drop_seconds", "drops")  # one entry an incumbent


@dataclass(frozen=True, eq=False)
class Runs:
    """One entry a run, in order of instance, configuration and seed.

    configs, instances, known   names, and what the .solu file says of each instance (None: nothing)
    config, instance, problem   which; found, status as in the record
    first        seconds to the first verified solution, inf without one
    iterations, max_iter, restarts, lp_iterations   nan where the record has none
    limit        seconds; gap  of the verified objective, nan without a reference
    drop_run, drop_seconds, drops   the trajectories: which run's gap falls when and how far
    """

    records: Sequence[Record]
    configs: tuple[str, ...]
    instances: tuple[str, ...]
    known: tuple[Known | None, ...]
    config: Index
    instance: Index
    problem: Index
    status: NDArray[np.str_]
    found: Mask
    first: Vector
    iterations: Vector
    max_iter: Vector
    restarts: Vector
    lp_iterations: Vector
    limit: Vector
    gap: Vector
    drop_run: Index
    drop_seconds: Vector
    drops: Vector

    def __len__(self) -> int:
        return len(self.records)

    def only(self, keep: Mask) -> Runs:
        """The chosen runs; names and numbers of configurations and instances stay."""
        chosen = np.flatnonzero(keep)
        mine = keep[self.drop_run]
        kept: dict[str, Any] = {
            field.name: getattr(self, field.name)[mine if field.name in _POINTS else chosen]
            for field in dataclasses.fields(self)
            if field.name not in ("records", *_SHARED)
        }
        kept["drop_run"] = (np.cumsum(keep) - 1)[kept["drop_run"]]
        return dataclasses.replace(self, records=[self.records[i] for i in chosen.tolist()], **kept)

    def spread(self, values: NDArray[Any]) -> Matrix:
        """(problems, configurations); nan where a configuration has no run on a problem."""
        problems, row = np.unique(self.problem, return_inverse=True)
        out = np.full((problems.size, len(self.configs)), np.nan)
        out[row, self.config] = values
        return out

    @property
    def problem_instance(self) -> Index:
        """The instance of each row of `spread`."""
        return self.instance[np.unique(self.problem, return_index=True)[1]]

    @property
    def comparable(self) -> Mask:
        """Of each configuration: it has at least half as many runs as the one that has most. A stray run
        of one configuration must not leave all others with one problem in common."""
        counts = np.bincount(self.config, minlength=len(self.configs))
        return np.asarray(2 * counts >= counts.max(initial=1), bool)

    @property
    def iterations_charged(self) -> Vector:
        """Iterations, where a fail counts as the iteration limit; nan without a limit (peers)."""
        return np.where(np.isnan(self.max_iter), np.nan, np.where(self.found, self.iterations, self.max_iter))

    @property
    def possible(self) -> Mask:
        """The instance is not known to be infeasible."""
        impossible = np.array([known is not None and known.status == "inf" for known in self.known], bool)
        return ~impossible[self.instance]


def columns(records: Iterable[Record], solu: Mapping[str, Known]) -> Runs:
    """The runs of all records; of several records of one run the latest counts."""
    runs, configs, instances = latest(list(records))
    config_at, instance_at = ({name: i for i, name in enumerate(names)} for names in (configs, instances))
    order = sorted(runs, key=lambda r: (instance_at[r[0]], config_at[r[1]], r[2] is None, r[2] or 0))
    rows = [runs[run] for run in order]
    problems = {pair: i for i, pair in enumerate(dict.fromkeys((run[0], run[2]) for run in order))}
    instance = np.array([instance_at[run[0]] for run in order], np.intp)
    known: list[Known | None] = [None] * len(instances)
    for at, row in zip(instance, rows, strict=True):
        known[at] = known[at] or solu.get(instance_name(row)) or solu.get(stem(row))
    return Runs(
        records=rows,
        configs=tuple(configs),
        instances=tuple(instances),
        known=tuple(known),
        config=np.array([config_at[run[1]] for run in order], np.intp),
        instance=instance,
        problem=np.array([problems[run[0], run[2]] for run in order], np.intp),
        **_outcomes(rows),
        **_gaps(rows, instance, known),
    )


def _outcomes(rows: Sequence[Record]) -> dict[str, Any]:
    found = np.array([bool(row.get("found")) for row in rows], bool)
    return {
        "status": np.array([str(row.get("status")) for row in rows], np.str_),
        "found": found,
        "first": np.where(found, _numbers(first_seconds(row) for row in rows), np.inf),
        "iterations": _numbers(row.get("iterations") for row in rows),
        "max_iter": _numbers((row.get("config") or {}).get("max_iter") for row in rows),
        "restarts": _numbers(_sum(row.get("restarts")) for row in rows),
        "lp_iterations": _numbers(row.get("lp_iterations") for row in rows),
        "limit": _numbers(map(time_limit, rows)),
    }


def _gaps(rows: Sequence[Record], instance: Index, known: Sequence[Known | None]) -> dict[str, Any]:
    """Final gaps and trajectories; an objective beyond the reference has gap 0 (the page lists it)."""
    values = [math.nan if k is None or k.value is None else k.value for k in known]
    reference = np.array(values, float)[instance]
    maximise = np.array([row.get("sense") == "maximise" for row in rows], bool)

    def gap(run: Index, objective: Vector) -> Vector:
        better = np.where(maximise[run], objective > reference[run], objective < reference[run])
        return primal_gap(np.where(better, reference[run], objective), reference[run])

    final = _numbers(row.get("objective") if row.get("found") else None for row in rows)
    points = [
        (i, *point) for i, row in enumerate(rows) if not math.isnan(reference[i]) for point in trajectory(row)
    ]
    run, seconds, objective = (
        (np.array(column) for column in zip(*points, strict=True)) if points else [[]] * 3
    )
    run = np.asarray(run, np.intp)
    drops = gap_drops(run, gap(run, np.asarray(objective, float)))
    return {
        "gap": gap(np.arange(len(rows)), final),
        "drop_run": run,
        "drop_seconds": np.asarray(seconds, float),
        "drops": drops,
    }


def trajectory(row: Record) -> Iterator[tuple[float, float]]:
    """(seconds, objective) of a run's incumbents that count, each better than the last."""
    if not row.get("found"):
        return
    sign = -1.0 if row.get("sense") == "maximise" else 1.0
    final = number(row.get("objective"))
    best = math.inf
    for point in sorted(row.get("incumbents") or (), key=lambda p: p.get("seconds") or 0.0):
        value, verified = number(point.get("objective")), point.get("verified")
        beyond = verified is None and sign * (final - value) > SAME * max(1.0, abs(final))
        if verified is not False and not beyond and sign * value < best:
            best = sign * value
            yield number(point.get("seconds")), value
    if sign * final < best:
        yield first_seconds(row) if best == math.inf else end_seconds(row), final


def first_seconds(row: Record) -> float:
    """Seconds to the first solution of a run that found one."""
    told = (row.get("seconds") or {}).get("first_solution")
    times = (p.get("seconds") for p in row.get("incumbents") or () if p.get("verified") is not False)
    return number(told if told is not None else next(times, None), end_seconds(row))


def end_seconds(row: Record) -> float:
    """Seconds of the whole run."""
    total = (row.get("seconds") or {}).get("total")
    return number(total if total is not None else row.get("wall_seconds"))


def time_limit(row: Record) -> float:
    """The limit in seconds, or what the run took where it had none."""
    limit = (row.get("limits") or {}).get("time") or (row.get("config") or {}).get("time_limit")
    return number(limit, end_seconds(row))


def number(value: Any, otherwise: float = math.nan) -> float:
    """A number, or `otherwise` where the record has none."""
    return otherwise if value is None else float(value)


def _numbers(values: Iterable[Any]) -> Vector:
    return np.array([number(value) for value in values], float)


def _sum(restarts: Mapping[str, int] | None) -> int | None:
    return None if restarts is None else sum(restarts.values())
