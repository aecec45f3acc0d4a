"""Look for counter-examples to the paper's conjectures: `python conjectures.py > conjectures.md`

Conjecture 1: the optimum of the naive semidefinite relaxation is at most that of the linear one. Where the point x of
the linear relaxation has the property ROAD, X = xx' + Diag(x - x^2) is feasible for the semidefinite one and has the
same cost, so that the conjecture holds there: its diagonal is x, X - xx' is positive semidefinite, and what remains to
check is m_ij x_i x_j <= sum_{i < k < j} x_k. Conjecture 2 says that there are instances without ROAD.

An instance counts against conjecture 1 if the certified bound of the semidefinite relaxation is above the cost of the linear
relaxation's point.
"""

from __future__ import annotations

import numpy as np

from diffpump.knapsack.compact import Compact, relax

COUNT, LARGEST = 300, 14


def main() -> None:
    rng = np.random.default_rng(0)
    without, against, worst = 0, 0, 0.0
    example: Compact | None = None
    for _ in range(COUNT):
        n = int(rng.integers(4, LARGEST + 1))
        weights = rng.integers(1, 20, n).astype(float) ** float(rng.integers(1, 4))
        costs = rng.integers(1, 20, n).astype(float)
        one = Compact(weights, costs, float(weights.sum() * rng.uniform(0.1, 0.95)), int(rng.integers(1, 4)))
        linear = relax(one, "lp")
        i, j = one.pairs()
        before = np.append(0.0, np.cumsum(linear.x))
        m = (j - i - 1) // one.distance
        lack = float((m * linear.x[i] * linear.x[j] - (before[j] - before[i + 1])).max(initial=0.0))
        if lack > 1e-6:
            without, worst = without + 1, max(worst, lack)
            example = example or one
        naive = relax(one, "naive", solver="clarabel")
        against += naive.bound > linear.value + 1e-6 * max(1.0, abs(linear.value))
    print("# The paper's conjectures\n\nPrinted by `python conjectures.py`.\n")
    print(f"Of {COUNT} random instances with 4 to {LARGEST} items, {against} contradict conjecture 1.")
    print(f"On {without} the point of the linear relaxation lacks ROAD, by up to {worst:.3f} in a row.")
    if example is not None:
        print("The first of them:\n\n```json\n" + example.text() + "\n```")


if __name__ == "__main__":
    main()
