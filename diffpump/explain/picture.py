"""A picture of a run of the engine over time.

It has three panels over the seconds since the run began. The first has a lane for each arm, with a bar for
each slice, dark if it found a better solution, and a mark for each solution. The second has the objective of
the best solution and the LP bound. The third has the violated rows of the nearest point until the first
solution.
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

from diffpump.core.colours import COLOURS
from diffpump.explain.plot import save
from diffpump.explain.run import Explanation
from diffpump.outcome.incumbent import Incumbent
from diffpump.outcome.run import SliceReport

SLICE_COLOUR, SUCCESS_COLOUR = "#9ecae1", COLOURS[0]  # of a slice without and with a better solution
SOLUTION_COLOUR, NEAREST_COLOUR, BOUND_COLOUR, READ_COLOUR = COLOURS[1], COLOURS[2], "0.35", "0.8"
READ = "(reading)"
LANE_HEIGHT = 0.26  # inches
MIN_LANES = 3  # smallest height of the panel, in lanes
MIN_SLICE_WIDTH = 0.002  # share of the panel's width, so that a short slice is visible


def draw(found: Explanation, path: str) -> None:
    """Draw the run of the engine into a .png or .svg file.

    The file appears complete or not at all. Raises OutputError if it cannot be written.
    """
    by_process = sorted(found.slices, key=lambda report: report.process)
    lanes = [READ, *dict.fromkeys(map(_lane, by_process))]
    heights = [LANE_HEIGHT * max(MIN_LANES, len(lanes)), 2.0, 1.5]
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


def _lane(report: SliceReport) -> str:
    return f"{report.arm} ({report.process + 1})" if report.process else report.arm


def _finder(found: Explanation, incumbent: Incumbent) -> str:
    """Return the lane of a solution: that of the last slice of its arm that began before it and found any."""
    seconds = incumbent.seconds
    begun = [s for s in found.slices if s.arm == incumbent.arm and s.incumbents and s.began <= seconds]
    return _lane(max(begun, key=lambda s: min(s.ended, seconds))) if begun else incumbent.arm


def _arms(panel: Axes, found: Explanation, lanes: list[str]) -> None:
    total = found.total
    panel.broken_barh([(0.0, found.read)], (-0.36, 0.72), color=READ_COLOUR, linewidth=0)
    for position, lane in enumerate(lanes):
        for success, colour in ((False, SLICE_COLOUR), (True, SUCCESS_COLOUR)):
            bars = [
                (report.began, max(MIN_SLICE_WIDTH * total, report.ended - report.began))
                for report in found.slices
                if _lane(report) == lane and (report.incumbents > 0) == success
            ]
            panel.broken_barh(bars, (position - 0.36, 0.72), color=colour, linewidth=0)
        times = [one.seconds for one in found.result.incumbents if _finder(found, one) == lane]
        panel.plot(times, [position] * len(times), "D", color=SOLUTION_COLOUR, markersize=4.5,
                   markeredgecolor="white", markeredgewidth=0.5)  # fmt: skip
    panel.set_yticks(range(len(lanes)), lanes)
    panel.set_ylim(max(MIN_LANES, len(lanes)) - 0.5, -0.6)
    panel.tick_params(axis="y", length=0)
    diamond = Line2D(
        [], [], marker="D", linestyle="", color=SOLUTION_COLOUR, markersize=4.5, label="solution"
    )
    colours = {"slice": SLICE_COLOUR, "slice that found a better solution": SUCCESS_COLOUR}
    others = any(report.process for report in found.slices)
    _head(
        panel, "arms, (k) in process k" if others else "arms",
        [*(Patch(color=colour, label=label) for label, colour in colours.items()), diamond],
    )  # fmt: skip


def _objective(panel: Axes, found: Explanation) -> None:
    result = found.result
    at = [one.seconds for one in result.incumbents]
    values = [one.objective for one in result.incumbents]
    panel.set_ylabel(f"objective ({found.model['sense']})")
    handles = []
    if result.bound is not None:
        handles.append(panel.axhline(result.bound, color=BOUND_COLOUR, linestyle="--", linewidth=1,
                                     label=f"LP bound {result.bound:.6g}"))  # fmt: skip
    if values:
        label = f"best solution, {values[0]:.6g} to {values[-1]:.6g}" if len(values) > 1 else (
            f"solution {values[0]:.6g}")  # fmt: skip
        handles += panel.plot([*at, found.total], [*values, values[-1]], color=SOLUTION_COLOUR,
                              drawstyle="steps-post", linewidth=1.4, label=label)  # fmt: skip
        panel.plot(
            at,
            values,
            "D",
            color=SOLUTION_COLOUR,
            markersize=4.5,
            markeredgecolor="white",
            markeredgewidth=0.5,
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
        (report.ended, report.violated) for report in found.slices
        if report.violated is not None and (solved is None or report.ended < solved)
    ]  # fmt: skip
    panel.set_ylabel("rows")
    any_point = bool(points)
    if solved is not None:
        points.append((solved, 0))
    elif any_point:
        points.append((found.total, points[-1][1]))
    handles = []
    panel.set_yticks([0])
    if any_point:
        at, rows = zip(*points, strict=True)
        handles = panel.plot(at, rows, color=NEAREST_COLOUR, drawstyle="steps-post", linewidth=1.4,
                             marker=".", label="rows that the nearest point violates")  # fmt: skip
        if max(rows) > 50:
            panel.set_yscale("symlog", linthresh=1)
        else:
            panel.yaxis.set_major_locator(MaxNLocator(integer=True))
        panel.set_ylim(0, 1.12 * max(rows))
    if solved is not None:
        handles.append(
            panel.axvline(solved, color=SOLUTION_COLOUR, linewidth=1, label=f"first solution, {solved:.3g} s")
        )
    empty = "no near-feasible point" + " before the first solution" * (solved is not None)
    _head(panel, "violated rows", handles, "" if any_point else empty)


def _head(panel: Axes, title: str, handles: Sequence[Artist], empty: str = "") -> None:
    """Draw a title and a legend above the panel, and the text `empty` inside it."""
    panel.set_title(title, loc="left", fontsize=10, fontweight="bold")
    if handles:
        panel.legend(
            handles=handles, fontsize=8, frameon=False, ncols=len(handles), loc="lower right",
            bbox_to_anchor=(1, 1), borderaxespad=0.2, borderpad=0, columnspacing=1.2, handlelength=1.4,
        )  # fmt: skip
    if empty:
        panel.text(0.5, 0.75, empty, transform=panel.transAxes, ha="center", va="center", color="0.5")
