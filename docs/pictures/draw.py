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
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.ticker import MaxNLocator

import diffpump
from diffpump.backends.lp import solve_lp
from diffpump.config.engine import Settings
from diffpump.core.limits import LpLimits, RunLimits
from diffpump.explain import picture
from diffpump.explain.plot import COLOURS, KICKS, save
from diffpump.explain.run import explain
from diffpump.families import generate
from diffpump.outcome.run import RunSetup
from diffpump.pump import PumpState

HERE = Path(__file__).parent
SECONDS = 4.0


def draw_engine() -> None:
    """Draw a run of the engine on an assignment model."""
    problem = generate("gap", 0, agents=10, jobs=60)
    setup = RunSetup(problem, run_limits=RunLimits(time.monotonic() + SECONDS))
    picture.draw(explain(setup, Settings(time_limit=SECONDS)), str(HERE / "engine.svg"))


def draw_proof() -> None:
    """Draw the way of a point from an arm to the solution file."""
    figure, panel = _figure(9.0, 2.9)
    panel.set(xlim=(0, 100), ylim=(-3, 29))
    panel.axis("off")
    boxes = {  # text -> lower left corner, and whether the box is about the exact numbers
        "arms on the\noriginal model": (0, 20, False),
        "arms on the\npresolved model": (0, 2, False),
        "judge in float64:\nrows, bounds, integers": (28, 11, False),
        "an LP chooses the\ncontinuous columns": (28, -3, False),
        "exact check on the\nnumbers of the file": (53, 11, True),
        "incumbent; solution\nfile, read back": (78, 11, True),
    }
    for text, (x, y, exact) in boxes.items():
        edge = COLOURS[0] if exact else "0.45"
        panel.add_patch(
            FancyBboxPatch((x + 1, y + 1), 18, 6.5, boxstyle="round,pad=0.6", fc="white", ec=edge)
        )
        panel.text(x + 10, y + 4.2, text, ha="center", va="center", fontsize=9)
    arrows = (  # start, end, text and its place
        ((20, 23), (28.2, 17), "offer", (25.5, 21)),
        ((20, 7), (28.2, 13.5), "map back", (25.5, 7.5)),
        ((48, 15.3), (53.2, 15.3), "yes", (50.7, 16.4)),
        ((73, 15.3), (78.2, 15.3), "yes", (75.7, 16.4)),
        ((34, 11), (34, 5.6), "", (0, 0)),
        ((42, 5.6), (42, 11), "only continuous\ncolumns wrong", (49, 7)),
        ((63, 11), (63, 5.6), "no: the point is dropped", (66, 3)),
    )
    for start, end, text, place in arrows:
        panel.add_patch(
            FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=11, color="0.35", linewidth=1.2)
        )
        panel.text(*place, text, ha="center", fontsize=8, color="0.3")
    save(figure, HERE / "proof.svg")


def draw_neighbourhood() -> None:
    """Draw the difference of an incumbent and the root LP's point in each binary column."""
    problem = generate("gap", 0, agents=5, jobs=40)
    root = solve_lp(problem, LpLimits()).x
    result = diffpump.solve(problem, until="first")
    assert result.x is not None
    difference = np.sort(np.abs(result.x - root))[::-1]
    free = int((difference > 1e-6).sum())
    figure, panel = _figure(7.2, 2.6)
    panel.stairs(difference, np.arange(problem.n + 1) - 0.5, fill=True, color=COLOURS[0])
    panel.axvspan(free - 0.5, problem.n - 0.5, color="0.92", zorder=0)
    panel.text(0.5, 1.04, f"{free} columns are free", fontsize=9, color=COLOURS[0])
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


def draw_pump() -> None:
    """Draw the fractional columns and the violated rows of the preset FP along its iterations."""
    run: list[PumpState] = []
    diffpump.solve(generate("cflp", 0), "FP", observers=[run.append])
    at, violated = [state.iteration for state in run], [state.violated_rows for state in run]
    figure, panel = _figure(6.2, 2.8)
    panel.plot(at, [state.fractional for state in run], ".-", color=COLOURS[4], label="fractional columns")
    panel.plot(at, violated, ".-", color=COLOURS[1], label="rows that the rounding violates")
    for kind, (marker, colour) in KICKS.items():
        kicked = [k for k, state in enumerate(run) if state.kick is not None and state.kick.kind == kind]
        heights = [violated[k] for k in kicked]
        panel.scatter(
            [at[k] for k in kicked], heights, marker=marker, color=colour, s=40, zorder=3, label=kind
        )
    panel.set(xlabel="iteration", ylim=(-0.3, None))
    panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    panel.legend(frameon=False, fontsize=8, loc="upper center")
    save(figure, HERE / "pump.svg")


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)  # no display is needed
    panel = figure.subplots()
    panel.spines[["top", "right"]].set_visible(False)
    return figure, panel


PICTURES: dict[str, Callable[[], None]] = {
    "engine": draw_engine, "proof": draw_proof, "neighbourhood": draw_neighbourhood, "pump": draw_pump,
}  # fmt: skip

if __name__ == "__main__":
    rcParams["svg.fonttype"], rcParams["svg.hashsalt"] = "none", "docs"  # text stays text, which is small
    for name in sys.argv[1:] or PICTURES:
        PICTURES[name]()
        print(HERE / f"{name}.svg")
