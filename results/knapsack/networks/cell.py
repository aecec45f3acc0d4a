"""Draw a DP-NN cell: `python cell.py` writes figures/cell.svg, which docs/networks.md shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D

from diffpump.knapsack.networks import DpNetwork

HERE = Path(__file__).parent
TOP = 3
COLORS = {1.0: "tab:blue", -1.0: "tab:red"}


def main() -> None:
    """Draw the neurons in columns by layer and the weights by sign."""
    cell = DpNetwork(TOP).cell
    pairs = [(p, k) for p in range(1, TOP + 1) for k in range(1, p)]
    names = [
        [*(f"f({p})" for p in range(1, TOP + 1)), "$p_i$", "$s_i$"],
        [*(f"$o_1^+({k})$" for k in range(1, TOP + 1)), *(f"$o_1^-({k})$" for k in range(1, TOP + 1))],
        [f"$o_2({p},{k})$" for p, k in pairs],
        [f"$o_3({p})$" for p in range(1, TOP + 1)],
        [f"f'({p})" for p in range(1, TOP + 1)],
    ]
    place = [
        (column, -(row - (len(layer) - 1) / 2) * 6 / max(len(layer), 3))
        for column, layer in enumerate(names) for row in range(len(layer))
    ]  # fmt: skip
    figure, axis = plt.subplots(figsize=(9, 5), layout="constrained")
    start = len(names[0])
    for layer in (*cell.hidden, cell.output):
        entries = layer.weights.tocoo()
        for row, column, weight in zip(entries.row, entries.col, entries.data, strict=True):
            (x0, y0), (x1, y1) = place[column], place[start + row]
            far = x1 - x0 > 1
            axis.plot(
                [x0, x1], [y0, y1], color=COLORS[float(np.sign(weight))], linewidth=0.6 if far else 1.1,
                linestyle=":" if far else "-", zorder=1,
            )  # fmt: skip
        start += layer.bias.size
    for (x, y), name in zip(place, (name for layer in names for name in layer), strict=True):
        axis.text(
            x, y, name, ha="center", va="center", zorder=2, fontsize=9,
            bbox={"boxstyle": "round", "facecolor": "white", "edgecolor": "0.3"},
        )  # fmt: skip
    titles = ("inputs", "which entry", "its value", "the minimum", "outputs")
    for column, title in enumerate(titles):
        axis.text(column, 3.6, title, ha="center", fontsize=10)
    lines = [Line2D([], [], color=color) for color in COLORS.values()] + [Line2D([], [], color="0.3", ls=":")]
    axis.legend(lines, ["positive weight", "negative weight", "skips a layer"], loc="lower center", ncols=3)
    axis.set_ylim(-4.2, 4.0)
    axis.set_axis_off()
    (HERE / "figures").mkdir(exist_ok=True)
    figure.savefig(HERE / "figures" / "cell.svg")


if __name__ == "__main__":
    main()
