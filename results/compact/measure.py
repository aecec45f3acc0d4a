"""Measure relaxations, roundings and pumps on compact knapsacks whose optimum is known.

    python measure.py            two processes, records.jsonl; the same command goes on where it stopped
    python measure.py --items 40 --count 2 --minutes 1 --out trial.jsonl

`PLAN` says what is measured on how many instances of which size, and within how many seconds. Nothing begins after
`--minutes`, so that the largest size, which comes last, goes as far as it goes.

The instances are those of the family `mkpc`: one peak, two peaks and noise in turn, costs that are constant, random and
few in turn, and so on for the spread and D, so that any 9 in a row have all pairs of two of these; q is 95 % of the
weight. Every instance has its exact optimum by
`compact.solve`. A record is a relaxation with its certified bound, the indicators of its point, and the costs of the
choices that the threshold 1/2 and the compact rounding make of it; or HiGHS or a pump within the same seconds.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from diffpump.backends.lp import solve_lp
from diffpump.bench.store import Lines
from diffpump.compact_api import pump
from diffpump.core.limits import LpLimits
from diffpump.core.status import LpStatus
from diffpump.families.mkpc import DISTANCES, SPREADS, draw
from diffpump.knapsack.compact import Compact, Relaxed, nearest, relax, solve, threshold
from diffpump.outcome.claim import outward
from diffpump.verify.bound import proven_bound
from diffpump.verify.check import exact_model

HERE = Path(__file__).parent
RECORDS = HERE / "records.jsonl"
LEVEL = 0.95
PROGRAM = (
    "lp of the program"  # its rows x_i + x_j - 1 <= sum_{i < k <= i + D} x_k in place of those with m_ij
)
LAMBDAS = (1.0, 1e-2, 1e-4, 1e-6)
STEPS = (1.0, 0.01, 0.1)  # of the costs' kinds: all costs, and so all optima, are multiples
TOLERANCE = 1e-4  # of SCS: with 1e-5 it takes about twice as long, and the certified bounds hardly differ
WITH = ", ".join(f"{name} {version(name)}" for name in ("diffpump", "numpy", "scipy", "scs"))


class Task(NamedTuple):
    """What is measured: its name, its group in `PLAN`, and the arguments of `relax` if it is a relaxation."""

    name: str
    group: str
    arguments: dict[str, Any]


def tasks() -> Iterator[Task]:
    """Yield what is measured: baselines, relaxations, heuristics and peers."""
    yield Task("costs alone", "fast", {})
    yield Task(PROGRAM, "fast", {})
    groups = {"lp": "fast", "naive": "core", "strengthened": "core"}
    for kind, group in groups.items():
        yield Task(kind, group, {"kind": kind})
        yield Task(f"{kind} + covers", group, {"kind": kind, "covers": True})
    for lam in LAMBDAS:
        for covers in (False, True):
            name = f"penalised {lam:g}" + " + covers" * covers
            yield Task(name, "core", {"kind": "penalised", "lam": lam, "covers": covers})
    for kind in ("penalised-strengthened", "penalised-linear", "penalised-slack"):
        yield Task(kind, "others", {"kind": kind})
        yield Task(f"{kind} + covers", "others", {"kind": kind, "covers": True})
    yield Task("highs", "fast", {})
    yield Task("pump lp", "fast", {})
    yield Task("pump sdp", "core", {})


class Plan(NamedTuple):
    """The items of an instance, the seconds of a task, and on how many instances each group runs."""

    items: int
    seconds: float
    fast: int
    core: int
    others: int


PLAN = (
    Plan(40, 2.0, 100, 100, 20),
    Plan(100, 10.0, 100, 12, 2),
    Plan(200, 15.0, 10, 2, 0),
)


class Job(NamedTuple):
    """A task on an instance, and the time (time.time) after which it does not begin."""

    items: int
    number: int
    task: Task
    seconds: float
    end: float


def instance(items: int, k: int) -> tuple[Compact, float]:
    """Return the instance with number k, and the step of its costs."""
    a, b = k % 3, k // 3 % 3
    spread, distance = SPREADS[(a + b + k // 9) % 3], DISTANCES[(a + 2 * b + k // 27) % 3]
    weights, price = draw(k, items, (1, 2, 0)[a], spread, b)
    return Compact(weights, price, LEVEL * math.fsum(weights), distance), STEPS[b]


def measured(one: Compact, task: Task, seconds: float) -> dict[str, Any]:
    """Return the outcome of a task."""
    began = time.perf_counter()
    if task.name == "highs":
        return highs(one, seconds)
    if task.name.startswith("pump"):
        pumped = pump(one, task.name.split()[1], time_limit=seconds)
        return {
            "cost": None if pumped.items is None else float(one.cost(pumped.items)),
            "iterations": pumped.iterations, "seconds": time.perf_counter() - began,
        }  # fmt: skip
    if task.name == "costs alone":
        items = nearest(one, np.full(one.n, 0.5))
        return {"cost": float(one.cost(items)), "seconds": time.perf_counter() - began}
    if task.name == PROGRAM:
        relaxed = lp_of_the_program(one, seconds)
    else:
        relaxed = relax(one, tolerance=TOLERANCE, seconds=seconds, **task.arguments)
    spent = time.perf_counter() - began
    rounded, plain = nearest(one, relaxed.x), threshold(relaxed.x)
    return {
        "bound": relaxed.bound, "seconds": spent, "rounding_seconds": time.perf_counter() - began - spent,
        "rounds": relaxed.rounds, "iterations": relaxed.iterations, "sets": len(relaxed.sets),
        "status": relaxed.status, **one.indicators(relaxed.x), "cost": float(one.cost(rounded)),
        "threshold": float(one.cost(plain)) if one.holds(plain) else None,
    }  # fmt: skip


def lp_of_the_program(one: Compact, seconds: float) -> Relaxed:
    """Return the linear relaxation of the mixed-integer program, with its bound in rationals."""
    began = time.perf_counter()
    problem = one.problem()
    found = solve_lp(problem, LpLimits(seconds=seconds))
    bound = proven_bound(exact_model(problem), found.duals)
    least = -math.inf if bound is None else outward(bound, maximise=False)
    spent = time.perf_counter() - began
    x = found.x if found.status is LpStatus.OPTIMAL else np.full(one.n, 0.5)
    return Relaxed(
        PROGRAM, x, float(problem.c @ x), least, spent, 1, found.iterations, status=found.status.value
    )


def highs(one: Compact, seconds: float) -> dict[str, Any]:
    """Return the outcome of HiGHS on the mixed-integer program."""
    began = time.perf_counter()
    problem = one.problem()
    found = milp(
        problem.c, constraints=LinearConstraint(problem.A, problem.row_lo, problem.row_hi),
        integrality=np.ones(one.n), bounds=Bounds(0, 1), options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )  # fmt: skip
    spent = time.perf_counter() - began
    items = None if found.x is None else np.flatnonzero(found.x > 0.5)
    # Within HiGHS's tolerances a choice may be too light in rationals.
    cost = float(one.cost(items)) if items is not None and one.holds(items) else None
    return {"cost": cost, "claims_optimal": found.status == 0, "seconds": spent}


def record(job: Job) -> dict[str, Any] | None:
    """Return the record of a job, or None if it is too late to begin."""
    if time.time() > job.end:
        return None
    one, step = instance(job.items, job.number)
    began = time.perf_counter()
    exact = solve(one)
    head = {
        "items": job.items, "number": job.number, "task": job.task.name, "limit": job.seconds,
        "distance": one.distance, "step": step, "optimum": float(exact.value), "labels": exact.labels,
        "exact_seconds": time.perf_counter() - began, "with": WITH,
    }  # fmt: skip
    return {**head, **measured(one, job.task, job.seconds)}


def warm() -> None:
    """Compile the kernels before anything is timed."""
    one, _ = instance(12, 0)
    nearest(one, solve(one).items.size * np.ones(one.n))
    for relaxation in ("lp", "sdp"):
        pump(one, relaxation, max_iter=3, time_limit=30.0)


def identity(one: Mapping[str, Any]) -> tuple[int, int, str]:
    """Return what a record is of."""
    return one["items"], one["number"], one["task"]


def jobs(plans: tuple[Plan, ...], known: set[tuple[int, int, str]], end: float) -> list[Job]:
    """Return what has no record yet, size by size and instance by instance."""
    return [
        Job(plan.items, k, task, plan.seconds, end)
        for plan in plans
        for k in range(max(plan.fast, plan.core, plan.others))
        for task in tasks()
        if k < getattr(plan, task.group) and (plan.items, k, task.name) not in known
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--minutes", type=float, default=34.0, help="after which nothing begins")
    parser.add_argument("--items", type=int, help="only this size")
    parser.add_argument("--count", type=int, default=100, help="at most this many instances of a size")
    parser.add_argument("--out", type=Path, default=RECORDS)
    options = parser.parse_args()
    plans = tuple(
        plan._replace(**{group: min(options.count, getattr(plan, group)) for group in plan._fields[2:]})
        for plan in PLAN if options.items in (None, plan.items)
    )  # fmt: skip
    records = Lines(options.out, identity)
    known = {identity(one) for one in records.new()}
    missing = jobs(plans, known, time.time() + 60.0 * options.minutes)
    done, context = 0, multiprocessing.get_context("spawn")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # each process has one core
    with context.Pool(options.jobs, warm) as workers:
        for made in workers.imap_unordered(record, missing):
            if made is not None:
                done += 1
                records.append([made])
                print(f"{done} of {len(missing)}: {made['items']} items, {made['task']}", file=sys.stderr)
    print(f"{len(missing) - done} of {len(missing)} did not begin in time", file=sys.stderr)


if __name__ == "__main__":
    main()
