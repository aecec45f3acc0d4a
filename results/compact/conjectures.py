"""Look for counter-examples to the paper's conjectures: `python conjectures.py > conjectures.md`

Conjecture 1: the optimum of the naive semidefinite relaxation is at most that of the linear one. Where an optimum x
of the linear relaxation has the property ROAD, X = xx' + Diag(x - x^2) is feasible for the semidefinite one and has the
same cost, so that the conjecture holds there: its diagonal is x, X - xx' is positive semidefinite, and what remains to
check is m_ij x_i x_j <= sum_{i < k < j} x_k. Conjecture 2 is about a family without ROAD; `noroad` is one, and ours.

An instance is a counter-example if the certified lower bound of the semidefinite relaxation is above the cost of the
linear relaxation's point. That it is none is proven where ROAD holds, and otherwise as good as the solver's optimum.
Records go to conjectures.jsonl, and the same command goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.store import Lines
from diffpump.families.noroad import instance
from diffpump.knapsack.compact import Compact, relax

RECORDS = Path(__file__).parent / "conjectures.jsonl"
COUNT, LARGEST = 5000, 14  # random instances, and their items
SIZES, DISTANCES, SEEDS = (8, 16, 24, 40), (1, 2, 3), 10  # of the family
SLACK = 1e-6  # of the linear relaxation's point, relative
Record = dict[str, Any]


def random(number: int) -> Compact:
    """Return a small instance with weights of different orders of magnitude."""
    rng = np.random.default_rng(number)
    n = int(rng.integers(4, LARGEST + 1))
    weights = rng.integers(1, 20, n).astype(float) ** float(rng.integers(1, 4))
    costs = rng.integers(1, 20, n).astype(float)
    return Compact(weights, costs, float(weights.sum() * rng.uniform(0.1, 0.95)), int(rng.integers(1, 4)))


def cases() -> Iterator[tuple[str, Compact]]:
    """Yield instances and their names."""
    for number in range(COUNT):
        yield f"random {number}", random(number)
    for n in SIZES:
        for distance in DISTANCES:
            for seed in range(SEEDS):
                own = instance(seed, n, distance)
                yield own.name, Compact(own.weights, own.costs, own.least, distance)


def lack_of_road(one: Compact, x: np.ndarray) -> float:
    """Return the largest m_ij x_i x_j - sum_{i < k < j} x_k, at least 0."""
    (i, j), before = one.pairs(), np.append(0.0, np.cumsum(x))
    return float((one.required() * x[i] * x[j] - (before[j] - before[i + 1])).max(initial=0.0))


def measured(name: str, one: Compact) -> Record:
    """Return the record of an instance."""
    linear = relax(one, "lp")
    naive = relax(one, "naive", solver="clarabel")
    return {
        "name": name, "lack": lack_of_road(one, linear.x), "linear": linear.value, "naive": naive.value,
        "naive_bound": naive.bound, "status": naive.status,
    }  # fmt: skip


def report(title: str, of: list[Record]) -> None:
    """Print what the instances say."""
    without = [one for one in of if one["lack"] > SLACK]
    above = [one for one in of if one["naive_bound"] > one["linear"] + SLACK * max(1.0, abs(one["linear"]))]
    below = [1.0 - one["naive"] / one["linear"] for one in of if one["linear"] > 0]
    failed = sum(one["status"] != "Solved" for one in of)
    equal = np.mean(np.abs(below) < 1e-5)
    print(
        f"\n**{title}.** {len(of)} instances; the point of the linear relaxation lacks ROAD on {len(without)} of them."
    )
    print(f"{len(above)} contradict conjecture 1. Clarabel did not solve {failed} to its tolerance.")
    print(
        f"The two optima are equal within 1e-5 on {equal:.0%}; the naive one is lower by up to {max(below):.2%}."
    )
    for one in above[:3]:
        print(f"Counter-example {one['name']}: {one['naive_bound']!r} > {one['linear']!r}.")


def main() -> None:
    records = Lines(RECORDS, lambda one: one["name"])
    known = {one["name"]: one for one in records.new()}
    for name, one in cases():
        if name not in known:
            known[name] = measured(name, one)
            records.append([known[name]])
    print("# The paper's conjectures\n\nPrinted by `python conjectures.py`.")
    every = list(known.values())
    report(f"Random, 4 to {LARGEST} items", [one for one in every if one["name"].startswith("random")])
    report("The family noroad", [one for one in every if not one["name"].startswith("random")])


if __name__ == "__main__":
    main()
