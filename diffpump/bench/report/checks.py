"""Sentences on runs that contradict known objectives, each other, or themselves.

An objective contradicts a proven optimum if it is better by more than 1e-6 max(1, |optimum|).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from diffpump.bench.report.names import Record
from diffpump.bench.report.runs import Runs, number
from diffpump.bench.report.text import joined, measured, objective, ranges, with_noun
from diffpump.bench.solu import Known

TOLERANCE = 1e-6  # of two objectives, relative to max(1, |objective|)


def contradictions(runs: Runs) -> list[str]:
    """Return all contradictions in the order of the instances; equal ones of several seeds are merged."""
    solved = set(runs.instance[runs.found].tolist())
    seeds: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for i, row in enumerate(runs.records):
        at = int(runs.instance[i])
        for sentence in _of_run(row, runs.known[at], at in solved):
            seeds[at, runs.configs[runs.config[i]], sentence].append(row.get("seed") or 0)
    return [
        f"{runs.instances[at]}, {config}, seed {ranges(equal_seeds)}: {sentence}"
        for (at, config, sentence), equal_seeds in seeds.items()
    ]


def _of_run(row: Record, known: Known | None, solved: bool) -> Iterator[str]:
    yield from _against_known(row, known)
    if row.get("status") == "infeasible" and solved:
        yield "claimed to be infeasible, but another run has a verified solution"
    elif row.get("status") == "infeasible" and known is not None and known.feasible:
        yield f"claimed to be infeasible, but =={known.status}== is known".replace("==", "=")
    yield from _against_itself(row)


def _against_known(row: Record, known: Known | None) -> Iterator[str]:
    if known is None:
        return
    found, value = bool(row.get("found")), number(row.get("objective"))
    if found and known.status == "inf":
        yield f"a verified solution ({objective(value)}), but the .solu file calls it infeasible"
    if found and known.status == "opt" and known.value is not None and _better(row, value, known.value):
        yield f"objective {objective(value)} is better than the optimum {objective(known.value)}"
    bound = number(row.get("bound"))
    if known.status in ("opt", "best") and known.value is not None and _better(row, known.value, bound):
        yield f"dual bound {objective(bound)} cuts off the known objective {objective(known.value)}"


def _against_itself(row: Record) -> Iterator[str]:
    """Yield the differences between the solver's claims and the exact check."""
    claimed: dict[str, Any] = row.get("claimed") or {}
    claim, value = number(claimed.get("objective")), number(row.get("objective"))
    if claimed.get("found") and not row.get("found"):
        off = worst(claimed.get("violation") or row.get("violation"))
        yield "a solution was claimed, but none was verified" + (
            "" if math.isnan(off) else f" (violation {measured(off)})"
        )
    elif row.get("found") and abs(claim - value) > TOLERANCE * max(1.0, abs(value)):
        yield f"objective {objective(claim)} was claimed, {objective(value)} was verified"
    refused = [p for p in row.get("incumbents") or () if p.get("verified") is False]
    if refused:
        off = max((worst(p.get("violation")) for p in refused), key=lambda v: -1.0 if math.isnan(v) else v)
        yield f"the check refused {with_noun(len(refused), 'incumbent')}" + (
            "" if math.isnan(off) else f", the worst with violation {measured(off)}"
        )


def _better(row: Record, value: float, than: float) -> bool:
    """Return whether `value` is better than `than` by more than the tolerance, in the model's sense.

    A nan is neither better nor worse than any value.
    """
    gain = value - than if row.get("sense") == "maximise" else than - value
    return gain > TOLERANCE * max(1.0, abs(than))


def worst(violation: Any) -> float:
    """Return the largest violation of a record: of rows, bounds and integrality, or a single number."""
    if isinstance(violation, dict):
        return max((number(v) for v in violation.values() if v is not None), default=math.nan)
    return number(violation)


def improvements(runs: Runs) -> list[str]:
    """Return sentences on verified objectives that are better than the best known ones.

    They are no contradictions, because a best known objective is not proven optimal.
    """
    best: dict[int, tuple[float, str]] = {}
    for i, row in enumerate(runs.records):
        at, value = int(runs.instance[i]), number(row.get("objective"))
        known = runs.known[at]
        if not row.get("found") or known is None or known.status != "best" or known.value is None:
            continue
        if _better(row, value, best[at][0] if at in best else known.value):
            best[at] = value, runs.configs[runs.config[i]]
    return [
        f"{runs.instances[at]}, {config}: objective {objective(value)} is better than the best known "
        f"{objective(getattr(runs.known[at], 'value', math.nan))}"
        for at, (value, config) in sorted(best.items())
    ]


def differences(runs: Runs) -> list[str]:
    """Return sentences on different settings and missing runs, which make runs hard to compare."""
    out = []
    for quantity, values in (
        ("versions of diffpump", _values(runs, lambda r: (r.get("versions") or {}).get("diffpump"))),
        ("hosts", _values(runs, lambda r: (r.get("host") or {}).get("name"))),
        ("numbers of jobs side by side", _values(runs, lambda r: (r.get("host") or {}).get("jobs"))),
        ("time limits (s)", _values(runs, lambda r: (r.get("limits") or {}).get("time"))),
        ("memory limits (MB)", _values(runs, lambda r: (r.get("limits") or {}).get("memory"))),
        ("stopping rules", _values(runs, lambda r: (r.get("limits") or {}).get("stop"))),
    ):
        if len(values) > 1:
            out.append(f"mixed {quantity}: {joined(values)}")
    problems = np.unique(runs.problem).size
    for i, config in enumerate(runs.configs):
        missing = problems - int((runs.config == i).sum())
        if missing:
            out.append(f"{config} has no run on {missing} of {problems} pairs (instance, seed)")
    return out


def _values(runs: Runs, of: Any) -> list[Any]:
    return sorted({value for row in runs.records if (value := of(row)) is not None}, key=str)
