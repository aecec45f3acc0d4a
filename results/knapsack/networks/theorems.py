"""Check the theorems on networks and draw their trade-off: `python theorems.py > theorems.md`

Theorem 1: DP-NN is exact. Theorem 2: a size within the capacity is that of a choice with the profit. Theorem 3:
with P = ceil(n^2 / eps), FPTAS-NN finds (1 - eps) of the best profit. Sizes are whole, so that all numbers are exact.
Optima come from `diffpump.knapsack.solve`, and the sizes that Theorem 2 speaks of from the table over profits.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from diffpump.families.pisinger import CLASSES, knapsack
from diffpump.knapsack import solve
from diffpump.knapsack.networks import DpNetwork, FptasNetwork

HERE = Path(__file__).parent
EPS = (1.0, 0.5, 0.25, 0.1)
LARGEST_P = 260  # whose cell has 400 000 rectifiers
Items = tuple[np.ndarray, np.ndarray, int]  # profits, sizes, capacity


def instances(rng: np.random.Generator, count: int, n: int, largest: int) -> list[Items]:
    """Return random knapsacks of n items whose total profit is at least n, each item within the capacity."""
    found = []
    for _ in range(count):
        profits = rng.integers(1, largest + 1, n)
        capacity = int(rng.integers(10, 1000))
        found.append((profits, rng.integers(1, capacity + 1, n), capacity))
    return found


def theorem_1(rng: np.random.Generator) -> None:
    print(
        "## Theorem 1: DP-NN is exact\n\n| p* | instances | values | wrong values | wrong optima |\n"
        + "|---" * 5
        + "|"
    )
    for top in (5, 10, 20, 40, 60):
        wrong = lost = values = 0
        cases = instances(rng, 200, int(rng.integers(2, 12)), 12)
        for profits, sizes, capacity in cases:
            found = DpNetwork(top, capacity).values(profits, sizes)
            f = np.append(0, np.full(top, 2 * capacity))
            for p, s in zip(profits, sizes, strict=True):
                f = np.minimum(f, f[np.maximum(np.arange(top + 1) - p, 0)] + s)
            wrong += int((found != f[1:]).sum())
            lost += int((found <= capacity).sum()) != min(top, solve(profits, sizes, capacity).value)
            values += top
        print(f"| {top} | {len(cases)} | {values} | {wrong} | {lost} |")


def least_sizes(profits: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the least size of a choice with a profit of at least p, for p = 0 to the total."""
    f = np.append(0, np.full(int(profits.sum()), np.iinfo(np.int64).max // 2))
    for p, s in zip(profits, sizes, strict=True):
        f = np.minimum(f, f[np.maximum(np.arange(f.size) - p, 0)] + s)
    return f


def theorem_2(rng: np.random.Generator) -> None:
    print("\n## Theorem 2: a size within the capacity certifies a profit\n")
    print("| P | instances | sizes within the capacity | without a choice |\n" + "|---" * 4 + "|")
    for top in (3, 10, 30, 60):
        claims = false = 0
        cases = instances(rng, 150, int(rng.integers(3, 12)), 3000)
        for profits, sizes, capacity in cases:
            g, _ = FptasNetwork(top, capacity).values(profits, sizes)
            p = np.flatnonzero(g <= capacity) + 1
            # The least whole profit that is at least p d_n, where d_n = max(1, total / P).
            total = int(profits.sum())
            needed = -(-p * total // top) if total > top else p
            claims += p.size
            false += int((least_sizes(profits, sizes)[needed] > g[p - 1]).sum())
        print(f"| {top} | {len(cases)} | {claims} | {false} |")


def theorem_3(rng: np.random.Generator) -> None:
    print("\n## Theorem 3: the share of the best profit with P = ceil(n^2 / eps)\n")
    print("| eps | bound | n | P | instances | worst share | mean share |\n" + "|---" * 7 + "|")
    for eps in EPS:
        for n in (4, 6, 8):
            if n**2 / eps > LARGEST_P:
                continue
            network = FptasNetwork.for_ratio(n, eps, 1000)
            profits = rng.integers(1, 10**5, (100, n))
            sizes = rng.integers(1, 1001, (100, n))
            best = [solve(p, s, 1000).value for p, s in zip(profits, sizes, strict=True)]
            share = network.best(profits, sizes) / np.array(best, float)
            print(
                f"| {eps} | {1 - eps:g} | {n} | {network.profits} | 100 | {share.min():.3f} | {share.mean():.3f} |"
            )


def sizes_of_cells() -> None:
    print(
        "\n## Sizes of the cells\n\n| | P or p* | widths | by the formula | parameters |\n" + "|---" * 5 + "|"
    )
    for top in (5, 20, 60):
        cell = DpNetwork(top).cell
        print(
            f"| DP-NN | {top} | {cell.widths} | {(2 * top, top * (top - 1) // 2, top)} | {cell.parameters} |"
        )
    for top in (5, 20, 60):
        cell = FptasNetwork(top).cell
        formula = (2, 4 * top**2 + 2 * top, 2 * top**2, top)
        print(f"| FPTAS-NN | {top} | {cell.widths} | {formula} | {cell.parameters} |")


def trade_off() -> None:
    """Draw the loss over the width, per class of knapsacks and number of items."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained", sharey=True)
    print("\n## The loss 1 - value / optimum over the width w of the cell\n")
    print("| n | P | width | worst loss | n^2 / P |\n" + "|---" * 5 + "|")
    for axis, n in zip(axes, (8, 16), strict=True):
        widths, losses, bounds = [], [], []
        for top in (8, 16, 32, 64, 128):
            width, worst = max(FptasNetwork(top).cell.widths), 0.0
            for kind in range(1, CLASSES + 1):
                for seed in range(6):
                    profits, sizes = knapsack(seed, n, kind, 1000)
                    capacity = int(sizes.sum()) // 2
                    best = solve(profits, sizes, capacity).value
                    fits = sizes <= capacity
                    value = FptasNetwork(top, capacity).best(profits[fits], sizes[fits])
                    worst = max(worst, 1.0 - float(value) / best)
            widths.append(width)
            losses.append(worst)
            bounds.append(min(1.0, n**2 / top))
            print(f"| {n} | {top} | {width} | {worst:.4f} | {n**2 / top:.2f} |")
        axis.loglog(widths, losses, "o-", label="worst loss")
        axis.loglog(widths, bounds, "--", color="tab:gray", label="Theorem 3: n² / P")
        axis.set_title(f"{n} items, Pisinger's classes")
        axis.set_xlabel("width of the cell")
        axis.legend()
    axes[0].set_ylabel("1 - value / optimum")
    (HERE / "figures").mkdir(exist_ok=True)
    figure.savefig(HERE / "figures" / "trade-off.svg")


def main() -> None:
    print("# Networks that are the dynamic program\n\nPrinted by `python theorems.py`.\n")
    rng = np.random.default_rng(0)
    theorem_1(rng)
    theorem_2(rng)
    theorem_3(rng)
    sizes_of_cells()
    trade_off()


if __name__ == "__main__":
    main()
