"""A picture of a choice of a compact knapsack: weights as bars, the chosen items, and their gaps."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from diffpump.core.colours import COLOURS
from diffpump.explain.plot import save
from diffpump.knapsack.compact import Compact, intervals


def draw(instance: Compact, items: np.ndarray, path: str, title: str) -> None:
    """Draw a choice into a .png or .svg file.

    The file appears complete or not at all. Raises OutputError if it cannot be written.
    """
    figure = Figure(figsize=(9.6, 3.6), layout="constrained")
    FigureCanvasAgg(figure)  # no display is needed
    panel = figure.subplots()
    chosen = np.zeros(instance.n, bool)
    chosen[items] = True
    place = np.arange(instance.n)
    for own, colour, label in ((chosen, COLOURS[0], "chosen"), (~chosen, "0.75", "not chosen")):
        panel.bar(place[own], instance.weights[own], width=1.0, color=colour, label=label)
    runs = intervals(items)
    base = -0.03 * float(instance.weights.max(initial=1e-12))
    for first, last in runs:
        panel.plot(
            [first - 0.5, last + 0.5], [base, base], color=COLOURS[0], linewidth=4, solid_capstyle="butt"
        )
    for (_, last), (first, _) in pairwise(runs):
        panel.plot([last + 0.5, first - 0.5], [base, base], color=COLOURS[1], linewidth=1.5)
    panel.set_title(title, fontsize=11)
    panel.set_xlabel("item")
    panel.set_ylabel("weight")
    panel.spines[["top", "right"]].set_visible(False)
    panel.legend(frameon=False)
    save(figure, Path(path))
