"""One picture of a run, over time: who worked when, what the objective did, how near the points came.

Three panels over the seconds since the run began: a lane for each arm with its slices as bars, those that
found a better solution filled, and a mark for each solution; the objective of the best solution, and the LP
bound; until the first solution the violated rows of the nearest point.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from diffpump.explain.plot import COLOURS, save
from diffpump.explain.run import Explanation
from diffpump.outcome.result import Incumbent
from diffpump.search.portfolio import Event

IDLE, PAID, SOLUTION, NEAR, BOUND, REST = "#9ecae1", COLOURS[0], COLOURS[1], COLOURS[2], "0.35", "0.8"
READ = "(reading)"
LANE, LEAST = 0.26, 3  # inches of a lane; lanes that the panel is high enough for, at least
THIN = 0.002  # share of the width that a slice gets at least, to be seen


def draw(found: Explanation, path: str) -> None:
    """Draw into a .png or .svg file, which appears complete or not at all (else OutputError)."""
    by_process = sorted(found.events, key=lambda event: event.process)
    lanes = [READ, *dict.fromkeys(map(_lane, by_process))]
    heights = [LANE * max(LEAST, len(lanes)), 2.0, 1.5]
    figure = Figure(figsize=(9.6, sum(heights) + 2.1), layout="constrained")
    FigureCanvasAgg(figure)  # no display is needed
    figure.suptitle(_title(found), fontsize=12)
    arms, objective, violated = figure.subplots(3, 1, sharex=True, height_ratios=heights)
    _arms(arms, found, lanes)
    _objective(objective, found)
    _violated(violated, found)
    for panel in (arms, objective, violated):
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(alpha=0.25, linewidth=0.6)
        panel.set_axisbelow(True)
    violated.set_xlim(0, found.total)
    violated.set_xlabel("seconds since the run began")
    save(figure, Path(path))


def _title(found: Explanation) -> str:
    result = found.result
    name = result.problem.name or "unnamed"
    count = len(result.incumbents)
    outcome = f"{count or 'no'} solution{'s' * (count != 1)}"
    return f"{name}: {outcome} in {found.total:.3g} s"


def _lane(event: Event) -> str:
    return f"{event.arm} ({event.process + 1})" if event.process else event.arm


def _finder(found: Explanation, one: Incumbent) -> str:
    """The lane of a solution: a slice of its arm that found something and was not over long before."""
    late = [e for e in found.events if e.arm == one.arm and e.incumbents and e.began <= one.seconds]
    return _lane(max(late, key=lambda e: min(e.ended, one.seconds))) if late else one.arm


def _arms(panel: Axes, found: Explanation, lanes: list[str]) -> None:
    total = found.total
    panel.broken_barh([(0.0, found.read)], (-0.36, 0.72), color=REST, linewidth=0)
    for position, lane in enumerate(lanes):
        for paid, colour in ((False, IDLE), (True, PAID)):
            bars = [
                (event.began, max(THIN * total, event.ended - event.began))
                for event in found.events if _lane(event) == lane and (event.incumbents > 0) == paid
            ]  # fmt: skip
            panel.broken_barh(bars, (position - 0.36, 0.72), color=colour, linewidth=0)
        own = [one.seconds for one in found.result.incumbents if _finder(found, one) == lane]
        panel.plot(own, [position] * len(own), "D", color=SOLUTION, markersize=4.5, markeredgecolor="white",
                   markeredgewidth=0.5)  # fmt: skip
    panel.set_yticks(range(len(lanes)), lanes)
    panel.set_ylim(max(LEAST, len(lanes)) - 0.5, -0.6)
    panel.tick_params(axis="y", length=0)
    diamond = Line2D([], [], marker="D", linestyle="", color=SOLUTION, markersize=4.5, label="solution")
    bars_of = {"slice": IDLE, "slice that found a better solution": PAID}
    others = any(event.process for event in found.events)
    _head(
        panel, "arms, (k) in process k" if others else "arms",
        [*(Patch(color=colour, label=label) for label, colour in bars_of.items()), diamond],
    )  # fmt: skip


def _objective(panel: Axes, found: Explanation) -> None:
    result = found.result
    at = [one.seconds for one in result.incumbents]
    values = [one.objective for one in result.incumbents]
    panel.set_ylabel(f"objective ({found.model['sense']})")
    handles = []
    if result.bound is not None:
        handles.append(panel.axhline(result.bound, color=BOUND, linestyle="--", linewidth=1,
                                     label=f"LP bound {result.bound:.6g}"))  # fmt: skip
    if values:
        label = f"best solution, {values[0]:.6g} to {values[-1]:.6g}" if len(values) > 1 else (
            f"solution {values[0]:.6g}")  # fmt: skip
        handles += panel.plot([*at, found.total], [*values, values[-1]], color=SOLUTION,
                              drawstyle="steps-post", linewidth=1.4, label=label)  # fmt: skip
        panel.plot(
            at, values, "D", color=SOLUTION, markersize=4.5, markeredgecolor="white", markeredgewidth=0.5
        )
    shown = [value for value in (*values, result.bound) if value is not None]
    if shown and min(shown) > 0 and max(shown) > 20 * min(shown):
        panel.set_yscale("log")
    elif shown and max(map(abs, shown)) > 1000 * (min((abs(v) for v in shown if v), default=1.0)):
        panel.set_yscale("symlog", linthresh=min(abs(v) for v in shown if v))
    panel.margins(y=0.15)
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.6g}"))
    _head(panel, "objective", handles, "" if values else "no solution")


def _violated(panel: Axes, found: Explanation) -> None:
    solved = found.result.seconds["first_solution"]
    points = [
        (event.ended, event.violated) for event in found.events
        if event.violated is not None and (solved is None or event.ended < solved)
    ]  # fmt: skip
    panel.set_ylabel("rows")
    near = bool(points)
    if solved is not None:
        points.append((solved, 0))
    elif near:
        points.append((found.total, points[-1][1]))
    handles = []
    panel.set_yticks([0])
    if near:
        at, rows = zip(*points, strict=True)
        handles = panel.plot(at, rows, color=NEAR, drawstyle="steps-post", linewidth=1.4, marker=".",
                             label="rows that the nearest point violates")  # fmt: skip
        if max(rows) > 50:
            panel.set_yscale("symlog", linthresh=1)
        else:
            panel.yaxis.set_major_locator(MaxNLocator(integer=True))
        panel.set_ylim(0, 1.12 * max(rows))
    if solved is not None:
        handles.append(
            panel.axvline(solved, color=SOLUTION, linewidth=1, label=f"first solution, {solved:.3g} s")
        )
    _head(panel, "violated rows", handles, "" if near else f"no near point{' before' * (solved is not None)}")


def _head(panel: Axes, title: str, handles: Sequence[Artist], empty: str = "") -> None:
    """A title, and a legend beside it above the panel, where no data are; a word where nothing is to see."""
    panel.set_title(title, loc="left", fontsize=10, fontweight="bold")
    if handles:
        panel.legend(
            handles=handles, fontsize=8, frameon=False, ncols=len(handles), loc="lower right",
            bbox_to_anchor=(1, 1), borderaxespad=0.2, borderpad=0, columnspacing=1.2, handlelength=1.4,
        )  # fmt: skip
    if empty:
        panel.text(0.5, 0.75, empty, transform=panel.transAxes, ha="center", va="center", color="0.5")
