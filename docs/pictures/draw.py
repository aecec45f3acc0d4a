"""Draw the documentation's pictures from runs on generated models: `python docs/pictures/draw.py [NAME...]`

engine         a run of the engine, as `diffpump explain --to` draws it
proof          the way of a point to the solution file
neighbourhood  where an incumbent and the root LP's point differ
pump           a run of the pump on a model with two columns
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Polygon

import diffpump
from diffpump.backends.lp import solve_lp
from diffpump.config.engine import Settings
from diffpump.config.presets import config
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits, RunLimits
from diffpump.core.problem import Problem
from diffpump.explain import picture
from diffpump.explain.plot import COLOURS, save
from diffpump.explain.run import explain
from diffpump.families import generate
from diffpump.io.foreign import from_arrays
from diffpump.outcome.run import RunSetup
from diffpump.pump import Pump, PumpState, relaxation_for

HERE = Path(__file__).parent
SECONDS = 4.0


def draw_engine() -> None:
    """Draw a run of the engine on a set covering model."""
    problem = generate("setcover", 3, elements=1500, sets=500, frequency=6, spare=2)
    setup = RunSetup(problem, run_limits=RunLimits(time.monotonic() + SECONDS))
    picture.draw(explain(setup, Settings(time_limit=SECONDS)), str(HERE / "engine.svg"))


def draw_proof() -> None:
    """Draw the way of a point from an arm to the solution file."""
    figure, (panel,) = _figure(9.0, 2.7)
    panel.set(xlim=(0, 100), ylim=(-2, 29))
    panel.axis("off")
    box = {
        "arm": (0, 19),
        "presolved": (0, 3),
        "judge": (26, 11),
        "lp": (26, -1),
        "exact": (51, 11),
        "file": (76, 11),
    }
    texts = {
        "arm": "arms on the\noriginal model", "presolved": "arms on the\npresolved model",
        "judge": "judge in float64:\nrows, bounds, integers", "lp": "an LP chooses the\ncontinuous columns",
        "exact": "exact check on the\nnumbers of the file", "file": "incumbent; solution\nfile, read back",
    }  # fmt: skip
    for name, (x, y) in box.items():
        colour = COLOURS[0] if name in ("exact", "file") else "0.45"
        panel.add_patch(
            FancyBboxPatch((x + 1, y + 1), 18, 6.5, boxstyle="round,pad=0.6", fc="white", ec=colour, lw=1.4)
        )
        panel.text(x + 10, y + 4.2, texts[name], ha="center", va="center", fontsize=9)
    for start, end, text in (
        ((20, 22), (26.4, 17), "offer"), ((20, 8), (26.4, 14), ""),
        ((46, 15.3), (51.4, 15.3), "yes"), ((71, 15.3), (76.4, 15.3), "yes"),
    ):  # fmt: skip
        _arrow(panel, start, end)
        middle = np.add(start, end) / 2
        panel.text(middle[0], middle[1] + 1.2, text, ha="center", fontsize=8, color="0.3")
    _arrow(panel, (33, 11), (33, 7.4))
    _arrow(panel, (39, 7.4), (39, 11))
    panel.text(41, 8.7, "only continuous\ncolumns wrong", fontsize=8, color="0.3", va="center")
    _arrow(panel, (61, 11), (61, 5))
    panel.text(61, 2.5, "no: the point is dropped", fontsize=8, color="0.3", ha="center")
    save(figure, HERE / "proof.svg")


def draw_neighbourhood() -> None:
    """Draw the difference of an incumbent and the root LP's point in each binary column."""
    problem = generate("gap", 0, agents=5, jobs=40)
    root = solve_lp(problem, LpLimits()).x
    result = diffpump.solve(problem, until="first", time_limit=SECONDS)
    assert result.x is not None
    difference = np.sort(np.abs(result.x - root))[::-1]
    free = int((difference > 1e-6).sum())
    figure, (panel,) = _figure(7.2, 2.6)
    panel.bar(np.arange(problem.n), difference, width=1.0, color=COLOURS[0])
    panel.axvspan(free - 0.5, problem.n - 0.5, color="0.92", zorder=0)
    panel.text(free / 2, 1.04, f"{free} columns are free", ha="center", fontsize=9, color=COLOURS[0])
    panel.text(
        (free + problem.n) / 2,
        0.5,
        f"{problem.n - free} columns agree\nand are fixed",
        ha="center",
        fontsize=9,
    )
    panel.set(
        xlim=(-0.5, problem.n - 0.5),
        ylim=(0, 1.15),
        xlabel="binary columns, sorted",
        ylabel="|incumbent - LP point|",
    )
    save(figure, HERE / "neighbourhood.svg")


def plane() -> Problem:
    """Return a model with two integer columns, on which rounding the LP's optimum does not help."""
    rows = [[-3.0, 8.0], [9.0, -4.0], [-2.0, -5.0]]
    return from_arrays([-1.0, -2.0], rows, [-np.inf] * 3, [12.4, 26.5, -6.5], [0, 0], [6, 6], [True, True])


def states(problem: Problem) -> list[PumpState]:
    """Return the states of the pump on a model, until it has a solution."""
    settings = config("DP4").with_(max_iter=30)
    return list(Pump(problem, settings, relaxation_for(problem, settings)).iterates())


def draw_pump() -> None:
    """Draw the LP points and the roundings of a run in the plane."""
    problem = plane()
    run = states(problem)
    figure, (panel,) = _figure(5.2, 4.2)
    panel.add_patch(Polygon(corners(problem), closed=True, fc="#deebf7", ec="0.45", lw=1))
    grid = np.array([(a, b) for a in range(7) for b in range(7)], dtype=float)
    inside = np.array([not problem.violated_rows(point).any() for point in grid])
    panel.scatter(*grid.T, s=10, color="0.75", zorder=2)
    panel.scatter(*grid[inside].T, s=36, color=COLOURS[2], zorder=3, label="solutions")
    for state in run:
        arrow = {"arrowstyle": "->", "color": "0.4", "linestyle": ":", "linewidth": 1}
        panel.annotate("", state.x_round, state.x_lp, zorder=4, arrowprops=arrow)
    panel.plot(
        *np.array([s.x_lp for s in run]).T, "o-", color=COLOURS[0], lw=1, ms=5, zorder=5, label="LP points"
    )
    panel.plot(
        *np.array([s.x_round for s in run]).T, "s", color=COLOURS[1], ms=5, zorder=6, label="roundings"
    )
    for k, state in enumerate(run):
        panel.annotate(
            str(k), state.x_lp, xytext=(4, 5), textcoords="offset points", fontsize=8, color=COLOURS[0]
        )
    panel.legend(frameon=False, fontsize=8, loc="upper left")
    panel.set(
        xlim=(-0.3, 6.3), ylim=(-0.3, 6.3), xlabel="first column", ylabel="second column", aspect="equal"
    )
    save(figure, HERE / "pump.svg")


def corners(problem: Problem) -> Vector:
    """Return the corners of the LP relaxation of a model with two columns, in order (k, 2)."""
    rows = np.vstack([problem.A.toarray(), np.eye(2), -np.eye(2)])
    sides = np.concatenate([problem.row_hi, problem.ub, -problem.lb])
    found = []
    for i in range(len(rows)):
        for j in range(i):
            pair = rows[[i, j]]
            if abs(np.linalg.det(pair)) > 1e-9:
                point = np.linalg.solve(pair, sides[[i, j]])
                if (rows @ point <= sides + 1e-9).all():
                    found.append(point)
    points = np.array(found)
    around = points - points.mean(axis=0)
    return points[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]


def _arrow(panel: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    panel.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=11, color="0.35", lw=1.2))


def _figure(width: float, height: float) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)  # no display is needed
    panels = list(figure.subplots(1, 1, squeeze=False).flat)
    for panel in panels:
        panel.spines[["top", "right"]].set_visible(False)
    return figure, panels


PICTURES: dict[str, Callable[[], None]] = {
    "engine": draw_engine, "proof": draw_proof, "neighbourhood": draw_neighbourhood, "pump": draw_pump,
}  # fmt: skip

if __name__ == "__main__":
    rcParams["svg.fonttype"], rcParams["svg.hashsalt"] = "none", "docs"  # text stays text, which is small
    for name in sys.argv[1:] or PICTURES:
        PICTURES[name]()
        print(HERE / f"{name}.svg")
