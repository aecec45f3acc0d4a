"""Measure how sparse marginals are, and how much the order of the items matters: `python sparsity.py > sparsity.md`

For 200 random knapsacks of 30 items: the share of marginals that are exactly 0 or 1, the distance of the marginals from
the best choice, and the largest change of a marginal when the items are permuted.
"""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from trials import HERE

from diffpump.knapsack import REGULARIZERS, Knapsack

TEMPERATURES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
BATCH, ITEMS = 200, 30


def main() -> None:
    rng = np.random.default_rng(0)
    weights = rng.integers(1, 20, (BATCH, ITEMS))
    capacity = weights.sum(axis=1) // 2
    score, order = rng.random((BATCH, ITEMS)), rng.permutation(ITEMS)
    best = Knapsack(weights, capacity).best(score)[1]
    print("# Sparsity and equivariance\n\nPrinted by `python sparsity.py`.\n")
    print(
        "| entropy | g | exactly 0 or 1 | mean distance to the best choice | change by the order |\n"
        + "|---" * 5
        + "|"
    )
    figure, axis = plt.subplots(figsize=(5.5, 3.4), layout="constrained")
    for name in REGULARIZERS:
        shares = []
        for g in TEMPERATURES:
            y = Knapsack(weights, capacity, name).marginals(score, g)
            other = np.empty_like(y)
            other[:, order] = Knapsack(weights[:, order], capacity, name).marginals(score[:, order], g)
            shares.append(float(((y == 0) | (y == 1)).mean()))
            change = float(np.abs(y - other).max())
            print(f"| {name} | {g:g} | {shares[-1]:.1%} | {np.abs(y - best).mean():.3f} | {change:.1e} |")
        axis.semilogx(TEMPERATURES, shares, "o-", label=name)
    axis.set_xlabel("temperature g")
    axis.set_ylabel("marginals that are 0 or 1")
    axis.legend()
    figure.savefig(HERE / "figures" / "sparsity.svg")


if __name__ == "__main__":
    main()
