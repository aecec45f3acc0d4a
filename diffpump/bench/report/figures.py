"""The report's pictures: performance profiles, solved over time, gaps over time and at the end.

SVG texts, about 480 pixels wide, words as words. Colours are Okabe and Ito's, told apart by the colour-blind;
line styles differ as well. The legend lies under the axes, where no data are.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator, PercentFormatter

from diffpump.bench.report.runs import Index, Runs
from diffpump.bench.report.stats import mean_gap_at, performance_ratios, share_until
from diffpump.bench.report.text import many
from diffpump.core.arrays import Vector

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)), (0, (9, 3)))
MOST = 14  # curves in a picture; beyond, those that find least are left out
POINTS = 300  # of a curve
TICK = 1e-3  # seconds; shorter times count as this
RATIO = 1024.0  # profiles end here at the latest
LOWEST = 1e-4  # gaps at and below stand at the left edge
WIDTH, HEIGHT, ROW = 5.0, 3.0, 0.22  # inches of 96 pixels: the picture, its axes, a row of the legend
STYLE = {"svg.fonttype": "none", "svg.hashsalt": "diffpump", "font.size": 10.5, "axes.linewidth": 0.7}

Draw = Callable[[Axes], None]
Curve = tuple[int, Vector, Vector]
"""Configuration, x, y."""


@dataclass(frozen=True)
class Picture:
    """An SVG text with its title and what it shows."""

    name: str
    title: str
    caption: str
    svg: str


def pictures(runs: Runs) -> Iterator[Picture]:
    """All pictures of what there are numbers for."""
    counts = np.bincount(runs.config[runs.found], minlength=len(runs.configs))
    shown = np.sort(np.argsort(-counts, kind="stable")[:MOST])
    yield from _profiles(runs, shown)
    if runs.found.any():
        yield _solved(runs, shown)
    judged = runs.only(np.isfinite(runs.gap))
    if len(judged):
        yield _gap_over_time(judged, shown)
        yield _gap_distribution(judged, shown)


def _profiles(runs: Runs, shown: Index) -> Iterator[Picture]:
    """Dolan and More's profiles over the problems that every configuration in the picture ran."""
    shown = shown[runs.comparable[shown]]
    found, first, iterations = (runs.spread(v) for v in (runs.found, runs.first, runs.iterations))
    told = np.bincount(runs.config, weights=np.isfinite(runs.iterations), minlength=len(runs.configs)) > 0
    for name, title, axis, costs, who in (
        ("profile-seconds", "Performance profile: time", "time to first solution over the best one's",
         np.maximum(first, TICK), shown),
        ("profile-iterations", "Performance profile: iterations", "iterations + 1 over the best one's",
         iterations + 1, shown[told[shown]]),
    ):  # fmt: skip
        complete = np.isfinite(found[:, who]).all(axis=1)
        ratios = performance_ratios(np.where(found == 1, costs, np.inf)[complete][:, who])
        if not np.isfinite(ratios).any():
            continue
        far = min(RATIO, max(2.0, 1.1 * float(ratios[np.isfinite(ratios)].max())))
        at = np.geomspace(1.0, far, POINTS)
        curves = [(int(c), at, share_until(ratios[:, k], at)) for k, c in enumerate(who)]
        caption = (
            f"Share of {many(int(complete.sum()), 'problem')} (instance, seed) solved within a factor of the "
            "best configuration (Dolan and Moré 2002); the right end is the share solved at all"
            + (f", save what took over {RATIO:g} times the best." if far == RATIO else ".")
        )
        yield _picture(name, title, caption, runs.configs, curves, axis, "share of problems", 2)


def _solved(runs: Runs, shown: Index) -> Picture:
    first = np.maximum(runs.first, TICK)
    at = _times(runs, first[runs.found])
    curves = [(int(c), at, share_until(first[mine], at)) for c in shown if (mine := runs.config == c).any()]
    caption = "Share of all runs with a verified solution by then."
    return _picture(
        "solved-over-time", "Solved over time", caption, runs.configs, curves, "seconds", "share of runs", 10
    )


def _gap_over_time(judged: Runs, shown: Index) -> Picture:
    at = _times(judged, judged.drop_seconds)
    owner = judged.config[judged.drop_run]
    curves = []
    for c in shown:
        mine, n = owner == c, int((judged.config == c).sum())
        if n:
            values = mean_gap_at(judged.drop_seconds[mine], judged.drops[mine], n, at)
            curves.append((int(c), at, values))
    caption = "Mean primal gap over time; 100 % before the first solution. Under it lies the primal integral."
    return _picture(
        "gap-over-time", "Gap over time", caption, judged.configs, curves, "seconds", "mean primal gap", 10
    )


def _gap_distribution(judged: Runs, shown: Index) -> Picture:
    low = max(LOWEST, float(judged.gap.min()) / 1.2)
    at = np.geomspace(min(low, 0.5), 1.0, POINTS)
    at[-1] = np.nextafter(1.0, 0.0)  # a gap of 100 % is no solution, or as good as none
    curves = [
        (int(c), at * 100, share_until(judged.gap[mine], at))
        for c in shown
        if (mine := judged.config == c).any()
    ]
    caption = "Share of runs whose final primal gap is at most this; runs without a solution never are."
    return _picture(
        "gap-distribution",
        "Final gaps",
        caption,
        judged.configs,
        curves,
        "primal gap (%)",
        "share of runs",
        10,
    )


def _times(runs: Runs, seconds: Vector) -> Vector:
    """Times from just before the first event to the longest limit, evenly on a logarithmic axis."""
    limits = runs.limit[np.isfinite(runs.limit)]
    start = max(TICK, float(seconds.min(initial=np.inf)) / 1.2) if seconds.size else TICK
    end = float(max(limits.max(initial=0.0), seconds.max(initial=0.0)))
    return np.geomspace(start, max(end, 2 * start), POINTS)


def _picture(
    name: str,
    title: str,
    caption: str,
    configs: tuple[str, ...],
    curves: list[Curve],
    x: str,
    y: str,
    base: int,
) -> Picture:
    """Step curves on a logarithmic x axis and a y axis of shares, with the legend below."""
    columns = max(1, min(len(curves), 5, int(62 / (9 + max(len(configs[c]) for c, *_ in curves)))))
    rows = -(-len(curves) // columns)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, HEIGHT + ROW * rows), layout="constrained")
        axes = figure.subplots()
        for config, at, values in curves:
            style = DASHES[(config + config // len(COLOURS)) % len(DASHES)]
            axes.step(
                at, values, where="post", label=configs[config], color=COLOURS[config % len(COLOURS)],
                linestyle=style, linewidth=1.5,
            )  # fmt: skip
        _axes(axes, x, y, base, curves[0][1])
        figure.legend(loc="outside lower center", ncols=columns, frameon=False, handlelength=2.8)
        return Picture(name, title, caption, _svg(figure, name, title))


def _axes(axes: Axes, x: str, y: str, base: int, at: Vector) -> None:
    axes.set_xscale("log", base=base)
    axes.set_xlim(at[0], at[-1])
    short = base == 10 and at[-1] < 300 * at[0]  # too few powers of ten for a scale
    axes.xaxis.set_major_locator(LogLocator(base=base, subs=(1, 2, 5) if short else (1,), numticks=9))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_ylim(0, 1.005)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(color="0.9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _svg(figure: Figure, name: str, title: str) -> str:
    """SVG that stands alone and inside a page: no header, ids of its own, a reader's own sans serif."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", f"<title>{title}</title>", text, flags=re.DOTALL)
    text = re.sub(r"'DejaVu Sans'.*?sans-serif", "Helvetica, Arial, 'DejaVu Sans', sans-serif", text)
    text = re.sub(r'(\bid="|url\(#|href="#)', rf"\1{name}-", text)
    return text.replace("<svg ", '<svg role="img" ', 1)
