"""Draw the paper's figures from the operators themselves: `python results/paper/figures.py`

    figures/1-integrality.svg   the integrality loss min(x, 1 - x)^p for several orders p
    figures/2-rounding.svg      the soft rounding and its slope for several sigma
    figures/3-pump.svg          the losses and the restarts of FP and DP4 along the iterations

The first two evaluate the registered loss and rounding on binary columns. The soft rounding is the integral of
the slope with which the backward pass multiplies.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from scipy.integrate import cumulative_simpson

from diffpump.api import read
from diffpump.config.presets import config
from diffpump.core.arrays import Vector
from diffpump.core.colours import COLOURS
from diffpump.core.spec import Spec
from diffpump.explain.plot import KICKS, save
from diffpump.io.foreign import from_arrays
from diffpump.operators.losses import LOSSES, Point
from diffpump.operators.roundings import ROUNDINGS
from diffpump.pump import Pump, PumpState, relaxation_for

HERE = Path(__file__).parent
MODEL = HERE.parents[1] / "instances" / "gap-5x25-s0.mps"
ORDERS = (1, 1.5, 2, 3)
SIGMAS = (0.05, 0.15, 0.3, 0.6)
ITERATIONS = 100
TERMS = {"integrality": "0.5", "regularisation": COLOURS[2], "feasibility": COLOURS[3]}
GRID = np.linspace(0, 1, 2001)
# GRID as the binary columns of one model, so that one call of an operator gives a whole curve.
COLUMNS = from_arrays(
    np.zeros(GRID.size), np.ones((1, GRID.size)), [0], [GRID.size], np.zeros(GRID.size), np.ones(GRID.size),
    np.ones(GRID.size, dtype=bool),
)  # fmt: skip
ONE = from_arrays([0], [[1]], [0], [1], [0], [1], [True])


def integrality(order: float) -> Vector:
    """Return the integrality loss of one binary column at GRID."""
    loss = LOSSES.build(Spec("integrality", params={"order": order}), ONE)
    return np.array([loss.evaluate(Point(np.zeros(1), x, x)).value for x in GRID[:, None]])


def slope(sigma: float) -> Vector:
    """Return the slope of the soft rounding at GRID."""
    rounding = ROUNDINGS.build(Spec("gaussian", params={"sigma": sigma}), COLUMNS)
    return rounding.vjp(GRID, np.ones(GRID.size))


def draw_integrality() -> Figure:
    """Draw Figure 1."""
    figure, (panel,) = _figure("Integrality loss of a binary column", 1)
    for order, colour in zip(ORDERS, COLOURS, strict=False):
        panel.plot(GRID, integrality(order), label=f"p = {order:g}", color=colour)
    panel.set_ylabel("min(x, 1 - x)^p")
    panel.set_xlabel("x")
    panel.legend(frameon=False)
    return figure


def draw_rounding() -> Figure:
    """Draw Figure 2."""
    figure, (value, derivative) = _figure("Soft rounding of a binary column", 2)
    hard = ROUNDINGS.build(Spec("nearest"), COLUMNS).forward(GRID)
    value.plot(GRID, hard, label="rounding", color="black", linewidth=1, linestyle=":")
    for sigma, colour in zip(SIGMAS, COLOURS, strict=False):
        curve = slope(sigma)
        # Up to a constant; the soft rounding of 1/2 is 1/2.
        integral = cumulative_simpson(curve, x=GRID, initial=0)
        value.plot(GRID, 0.5 + integral - integral[GRID.size // 2], label=f"σ = {sigma:g}", color=colour)
        derivative.plot(GRID, curve, label=f"σ = {sigma:g}", color=colour)
    value.set_title("value", fontsize=10)
    derivative.set_title("slope", fontsize=10)
    for panel in (value, derivative):
        panel.set_xlabel("x")
        panel.legend(frameon=False)
    return figure


def states(preset: str) -> list[PumpState]:
    """Return the iterations of a preset on MODEL that have losses."""
    problem = read(str(MODEL))
    configuration = config(preset, max_iter=ITERATIONS, time_limit=None, lp_start="cold").paper()
    pump = Pump(problem, configuration, relaxation_for(problem, configuration))
    return [state for state in pump.iterates() if state.terms]


def draw_pump() -> Figure:
    """Draw Figure 3."""
    figure, panels = _figure(f"The paper's FP and DP4 on {MODEL.stem}", 2)
    for preset, panel in zip(("FP", "DP4"), panels, strict=True):
        run = states(preset)
        at = np.array([state.iteration for state in run])
        terms = {name: np.array([state.terms[name] for state in run]) for name in run[0].terms}
        for name, values in terms.items():
            shown = np.where(values > 0, values, np.nan)
            panel.plot(at, shown, label=name, color=TERMS[name], linewidth=1, zorder=1)
        for kind, (marker, colour) in KICKS.items():
            kicked = np.array([state.kick is not None and state.kick.kind == kind for state in run])
            panel.scatter(
                at[kicked], terms["integrality"][kicked], marker=marker, color=colour, s=14, zorder=2,
                label=f"{kind} ({kicked.sum()})",
            )  # fmt: skip
        panel.set_yscale("log")
        panel.set_title(preset, fontsize=10)
        panel.set_xlabel("iteration")
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        panel.legend(frameon=False, fontsize=8, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.16))
    panels[0].set_ylabel("loss, unweighted")
    return figure


def _figure(title: str, panels: int) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(4.8 * panels, 3.6), layout="constrained")
    FigureCanvasAgg(figure)  # no display is needed
    figure.suptitle(title, fontsize=12)
    axes = list(figure.subplots(1, panels, squeeze=False).flat)
    for panel in axes:
        panel.grid(alpha=0.25, linewidth=0.6)
        panel.spines[["top", "right"]].set_visible(False)
    return figure, axes


def main() -> None:
    """Draw all figures, the same bytes in each run."""
    os.environ["SOURCE_DATE_EPOCH"], rcParams["svg.hashsalt"] = "0", "paper"
    folder = HERE / "figures"
    folder.mkdir(exist_ok=True)
    for name, draw in (
        ("1-integrality", draw_integrality), ("2-rounding", draw_rounding), ("3-pump", draw_pump)
    ):  # fmt: skip
        save(draw(), folder / f"{name}.svg")
        print(folder / f"{name}.svg")


if __name__ == "__main__":
    main()
