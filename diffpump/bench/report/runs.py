"""Records as columns: the arrays from which tables and figures are made.

A problem is a pair (instance, seed). The trajectory of a run is the sequence of its improving incumbents.
Incumbents that the check refused are left out. Unchecked incumbents count only if the last solution was
verified, and only if they are not better than it: a claim never improves the result of a run.
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
from diffpump.bench.report.stats import GAP_TOLERANCE, Matrix, gap_drops, primal_gap
from diffpump.bench.solu import Known
from diffpump.core.arrays import Vector

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]
DIED_STATUSES = ("refused", "crashed", "memory", "error")
TIME_LIMIT_STATUSES = ("time_limit", "timeout")
_SHARED_FIELDS = ("configs", "instances", "known")  # of `Runs`: the same for any subset of runs
_INCUMBENT_FIELDS = ("drop_run", "drop_seconds", "drops")  # of `Runs`: one entry per incumbent


@dataclass(frozen=True, eq=False)
class Runs:
    """Arrays with one entry per run, in order of instance, configuration and seed.

    configs, instances              the names
    known                           the entry of the .solu file for each instance, None without one
    config, instance, problem       indices of each run; a problem is a pair (instance, seed)
    status, found                   as in the record
    first                           seconds to the first verified solution, inf without one
    iterations, max_iter, restarts, lp_iterations   nan if the record has none
    limit                           the time limit in seconds
    gap                             the primal gap of the verified objective, nan without a reference
    drop_run, drop_seconds, drops   the trajectories, one entry per incumbent: the run, the time, and by how
                                    much the gap decreases
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
        """Return the runs of a mask (n,); configurations and instances keep their names and indices."""
        chosen = np.flatnonzero(keep)
        chosen_drops = keep[self.drop_run]
        kept: dict[str, Any] = {
            field.name: getattr(self, field.name)[chosen_drops if field.name in _INCUMBENT_FIELDS else chosen]
            for field in dataclasses.fields(self)
            if field.name not in ("records", *_SHARED_FIELDS)
        }
        kept["drop_run"] = (np.cumsum(keep) - 1)[kept["drop_run"]]
        return dataclasses.replace(self, records=[self.records[i] for i in chosen.tolist()], **kept)

    def spread(self, values: NDArray[Any]) -> Matrix:
        """Return values (n,) as a matrix (problems, configurations), nan where there is no run."""
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
        """For each configuration, whether it has at least half as many runs as the one with the most runs.

        Otherwise a configuration with a single run would leave only one problem in common to all.
        """
        counts = np.bincount(self.config, minlength=len(self.configs))
        return np.asarray(2 * counts >= counts.max(initial=1), bool)

    @property
    def iterations_charged(self) -> Vector:
        """The iterations of each run, where a failure counts as max_iter; nan without max_iter (peers)."""
        return np.where(np.isnan(self.max_iter), np.nan, np.where(self.found, self.iterations, self.max_iter))

    @property
    def maybe_feasible(self) -> Mask:
        """For each run, whether its instance is not known to be infeasible."""
        infeasible = np.array([known is not None and known.status == "inf" for known in self.known], bool)
        return ~infeasible[self.instance]


def columns(records: Iterable[Record], solu: Mapping[str, Known]) -> Runs:
    """Return the runs of all records; if a run has several records, the latest counts."""
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
    """Return final gaps and trajectories.

    An objective better than the reference has gap 0; the page lists such objectives separately.
    """
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
    """Yield (seconds, objective) of the incumbents that count, each better than the one before."""
    if not row.get("found"):
        return
    sign = -1.0 if row.get("sense") == "maximise" else 1.0
    final = number(row.get("objective"))
    best = math.inf
    for point in sorted(row.get("incumbents") or (), key=lambda p: p.get("seconds") or 0.0):
        value, verified = number(point.get("objective")), point.get("verified")
        overclaimed = verified is None and sign * (final - value) > GAP_TOLERANCE * max(1.0, abs(final))
        if verified is not False and not overclaimed and sign * value < best:
            best = sign * value
            yield number(point.get("seconds")), value
    if sign * final < best:
        yield first_seconds(row) if best == math.inf else end_seconds(row), final


def first_seconds(row: Record) -> float:
    """Return the seconds to the first solution of a run that found one."""
    recorded = (row.get("seconds") or {}).get("first_solution")
    times = (p.get("seconds") for p in row.get("incumbents") or () if p.get("verified") is not False)
    return number(recorded if recorded is not None else next(times, None), end_seconds(row))


def end_seconds(row: Record) -> float:
    """Return the seconds of the whole run."""
    total = (row.get("seconds") or {}).get("total")
    return number(total if total is not None else row.get("wall_seconds"))


def time_limit(row: Record) -> float:
    """Return the time limit in seconds, or the duration of a run without one."""
    limit = (row.get("limits") or {}).get("time") or (row.get("config") or {}).get("time_limit")
    return number(limit, end_seconds(row))


def number(value: Any, otherwise: float = math.nan) -> float:
    """Return the value as a float, `otherwise` if it is None."""
    return otherwise if value is None else float(value)


def _numbers(values: Iterable[Any]) -> Vector:
    return np.array([number(value) for value in values], float)


def _sum(restarts: Mapping[str, int] | None) -> int | None:
    return None if restarts is None else sum(restarts.values())
