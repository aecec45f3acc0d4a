"""Measure relaxations, roundings and the pump on compact knapsacks whose optimum is known.

    python measure.py --items 40 --count 100 --seconds 10      records.jsonl; a call that is repeated goes on
    python tables.py > tables.md                               the tables and pictures

The instances are `mkpc`'s with one peak, two peaks and noise in turn, and costs that are constant, random and few in turn;
q is 95 % of the weight and D is 2, 3 and 5 in turn. Every instance has its exact optimum by `compact.solve`. A record is a
relaxation, or HiGHS or the pump for the same time, with its certified bound, its point's indicators, and the costs of the
choices that the threshold and the compact rounding make of it.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from diffpump.compact_api import pump
from diffpump.families.mkpc import draw
from diffpump.knapsack.compact import Compact, CompactSet, nearest, relax, solve, threshold
from diffpump.knapsack.compact.relaxations import KINDS

HERE = Path(__file__).parent
RECORDS = HERE / "records.jsonl"
DISTANCES, SPREADS, LEVEL = (2, 3, 5), (8, 16, 32), 0.95
LAMBDAS = (1.0, 1e-2, 1e-4, 1e-6)


def instance(items: int, k: int) -> Compact:
    """Return the instance with number k."""
    peaks, costs = (1, 2, 0)[k % 3], (0, 1, 2)[k // 3 % 3]
    weights, price = draw(k, items, peaks, SPREADS[k // 9 % 3], costs)
    return Compact(weights, price, LEVEL * math.fsum(weights), DISTANCES[k // 3 % 3])


def tasks() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is measured on each instance: a name, and the arguments of `relax` or the method."""
    for kind in KINDS:
        for covers in (False, True):
            yield kind + (" + covers" if covers else ""), {"kind": kind, "covers": covers}
    for lam in LAMBDAS[1:]:
        for covers in (False, True):
            name = f"penalised {lam:g}" + (" + covers" if covers else "")
            yield name, {"kind": "penalised", "lam": lam, "covers": covers}
    for name in ("highs", "pump lp", "pump sdp"):
        yield name, {}


def measured(one: Compact, name: str, arguments: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Return the record of a task."""
    began = time.perf_counter()
    if name == "highs":
        problem = one.problem()
        found = milp(
            problem.c, constraints=LinearConstraint(problem.A, problem.row_lo, problem.row_hi),
            integrality=np.ones(one.n), bounds=Bounds(0, 1), options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )  # fmt: skip
        items = None if found.x is None else np.flatnonzero(found.x > 0.5)
        holds = items is not None and one.holds(items)
        return {
            "cost": float(one.cost(items)) if holds and items is not None else None, "solved": found.status == 0,
            "seconds": time.perf_counter() - began,
        }  # fmt: skip
    if name.startswith("pump"):
        pumped = pump(one, name.split()[1], time_limit=seconds)
        return {
            "cost": None if pumped.items is None else float(one.cost(pumped.items)),
            "iterations": pumped.iterations, "seconds": time.perf_counter() - began,
        }  # fmt: skip
    relaxed = relax(one, seconds=seconds, **arguments)
    rounded, plain = nearest(one, relaxed.x, CompactSet(one)), threshold(relaxed.x)
    return {
        "bound": relaxed.bound, "value": relaxed.value, "seconds": relaxed.seconds, "rounds": relaxed.rounds,
        "iterations": relaxed.iterations, "sets": len(relaxed.sets), "status": relaxed.status,
        **one.indicators(relaxed.x), "cost": float(one.cost(rounded)),
        "threshold": float(one.cost(plain)) if one.holds(plain) else None,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=40)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    lines = RECORDS.read_text().splitlines() if RECORDS.exists() else []
    known = {(one["items"], one["number"], one["task"]) for one in map(json.loads, lines)}
    for k in range(options.count):
        one = instance(options.items, k)
        missing = [task for task in tasks() if (options.items, k, task[0]) not in known]
        if not missing:
            continue
        began = time.perf_counter()
        exact = solve(one)
        head = {
            "items": options.items, "number": k, "distance": one.distance, "optimum": float(exact.value),
            "exact_seconds": time.perf_counter() - began, "labels": exact.labels,
        }  # fmt: skip
        for name, arguments in missing:
            record = {**head, "task": name, **measured(one, name, arguments, options.seconds)}
            with RECORDS.open("a") as stream:
                stream.write(json.dumps(record) + "\n")
        print(f"n = {options.items}, instance {k}", file=sys.stderr)


if __name__ == "__main__":
    main()
