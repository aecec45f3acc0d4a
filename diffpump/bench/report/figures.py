"""The report's figures: performance profiles, solved over time, gaps over time and final gaps.

Figures are SVG texts, about 480 pixels wide, with text as text. The colours are those of Okabe and Ito, which
colour-blind readers can distinguish; line styles differ as well. The legend is below the axes, so that it
covers no data.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator, PercentFormatter

from diffpump.bench.report.runs import Index, Runs
from diffpump.bench.report.stats import mean_gap_at, performance_ratios, share_until
from diffpump.bench.report.text import with_noun
from diffpump.core.arrays import Vector
from diffpump.core.colours import COLOURS
from diffpump.core.text import escaped

CURVE_COLOURS = (*COLOURS, "#000000")
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)), (0, (9, 3)))
MAX_CURVES = 14  # in a figure; configurations with the fewest solutions are left out beyond it
CURVE_POINTS = 300  # points at which a curve is evaluated
MIN_SECONDS = 1e-3  # shorter times count as this
MAX_RATIO = 1024.0  # the largest factor on the axis of a performance profile
MIN_GAP = 1e-4  # gaps at most this large are drawn at the left edge
# Inches of 96 pixels: the width, the height of the axes, and a row of the legend.
WIDTH, HEIGHT, LEGEND_ROW = 5.0, 3.0, 0.22
STYLE = {"svg.fonttype": "none", "svg.hashsalt": "diffpump", "font.size": 10.5, "axes.linewidth": 0.7}

Curve = tuple[int, Vector, Vector]  # configuration, x, y


@dataclass(frozen=True)
class Picture:
    """A figure as SVG text, with its title and a caption."""

    name: str
    title: str
    caption: str
    svg: str


def pictures(runs: Runs) -> Iterator[Picture]:
    """Yield all figures for which the runs have data."""
    counts = np.bincount(runs.config[runs.found], minlength=len(runs.configs))
    shown = np.sort(np.argsort(-counts, kind="stable")[:MAX_CURVES])
    yield from _profiles(runs, shown)
    if runs.found.any():
        yield _solved(runs, shown)
    with_gap = runs.only(np.isfinite(runs.gap))
    if len(with_gap):
        yield _gap_over_time(with_gap, shown)
        yield _gap_distribution(with_gap, shown)


def _profiles(runs: Runs, shown: Index) -> Iterator[Picture]:
    """Yield Dolan and More's profiles over the problems that every configuration of the figure ran."""
    shown = shown[runs.comparable[shown]]
    found, first, iterations = (runs.spread(v) for v in (runs.found, runs.first, runs.iterations))
    iterates = np.bincount(runs.config, weights=np.isfinite(runs.iterations), minlength=len(runs.configs)) > 0
    for name, title, axis, costs, configs in (
        ("profile-seconds", "Performance profile: time", "time to first solution over the best one's",
         np.maximum(first, MIN_SECONDS), shown),
        ("profile-iterations", "Performance profile: iterations", "iterations + 1 over the best one's",
         iterations + 1, shown[iterates[shown]]),
    ):  # fmt: skip
        complete = np.isfinite(found[:, configs]).all(axis=1)
        ratios = performance_ratios(np.where(found == 1, costs, np.inf)[complete][:, configs])
        if not np.isfinite(ratios).any():
            continue
        right = min(MAX_RATIO, max(2.0, 1.1 * float(ratios[np.isfinite(ratios)].max())))
        at = np.geomspace(1.0, right, CURVE_POINTS)
        curves = [(int(c), at, share_until(ratios[:, k], at)) for k, c in enumerate(configs)]
        caption = (
            f"Share of {with_noun(int(complete.sum()), 'problem')} (instance, seed) solved within a factor "
            "of the best configuration (Dolan and Moré 2002); the right end is the share solved at all"
            + (
                f", except by runs that took over {MAX_RATIO:g} times the best."
                if right == MAX_RATIO
                else "."
            )
        )
        yield _picture(name, title, caption, runs.configs, curves, axis, "share of problems", 2)


def _solved(runs: Runs, shown: Index) -> Picture:
    first = np.maximum(runs.first, MIN_SECONDS)
    at = _times(runs, first[runs.found])
    curves = [(int(c), at, share_until(first[mine], at)) for c in shown if (mine := runs.config == c).any()]
    caption = "Share of all runs with a verified solution by that time."
    return _picture(
        "solved-over-time", "Solved over time", caption, runs.configs, curves, "seconds", "share of runs", 10
    )


def _gap_over_time(with_gap: Runs, shown: Index) -> Picture:
    at = _times(with_gap, with_gap.drop_seconds)
    owner = with_gap.config[with_gap.drop_run]
    curves = []
    for c in shown:
        mine, n = owner == c, int((with_gap.config == c).sum())
        if n:
            values = mean_gap_at(with_gap.drop_seconds[mine], with_gap.drops[mine], n, at)
            curves.append((int(c), at, values))
    caption = (
        "Mean primal gap over time, 100 % before the first solution; its integral is the primal integral."
    )
    return _picture(
        "gap-over-time", "Gap over time", caption, with_gap.configs, curves, "seconds", "mean primal gap", 10
    )


def _gap_distribution(with_gap: Runs, shown: Index) -> Picture:
    low = max(MIN_GAP, float(with_gap.gap.min()) / 1.2)
    at = np.geomspace(min(low, 0.5), 1.0, CURVE_POINTS)
    at[-1] = np.nextafter(1.0, 0.0)  # excludes gaps of 100 %: runs without a solution, or with the other sign
    curves = [
        (int(c), at * 100, share_until(with_gap.gap[mine], at))
        for c in shown
        if (mine := with_gap.config == c).any()
    ]
    caption = "Share of runs with at most this final primal gap; runs without a solution are never included."
    return _picture(
        "gap-distribution",
        "Final gaps",
        caption,
        with_gap.configs,
        curves,
        "primal gap (%)",
        "share of runs",
        10,
    )


def _times(runs: Runs, seconds: Vector) -> Vector:
    """Return times from just before the first event to the longest limit, evenly spaced in logarithm."""
    limits = runs.limit[np.isfinite(runs.limit)]
    start = max(MIN_SECONDS, float(seconds.min(initial=np.inf)) / 1.2) if seconds.size else MIN_SECONDS
    end = float(max(limits.max(initial=0.0), seconds.max(initial=0.0)))
    return np.geomspace(start, max(end, 2 * start), CURVE_POINTS)


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
    """Draw step curves over a logarithmic x axis of this base and a y axis of shares, legend below."""
    columns = max(1, min(len(curves), 5, int(62 / (9 + max(len(configs[c]) for c, *_ in curves)))))
    rows = -(-len(curves) // columns)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, HEIGHT + LEGEND_ROW * rows), layout="constrained")
        axes = figure.subplots()
        for config, at, values in curves:
            style = DASHES[(config + config // len(CURVE_COLOURS)) % len(DASHES)]
            axes.step(
                at, values, where="post", label=_label(configs[config]), linestyle=style, linewidth=1.5,
                color=CURVE_COLOURS[config % len(CURVE_COLOURS)],
            )  # fmt: skip
        _axes(axes, x, y, base, curves[0][1])
        figure.legend(loc="outside lower center", ncols=columns, frameon=False, handlelength=2.8)
        return Picture(name, title, caption, _svg(figure, name, title))


def _axes(axes: Axes, x: str, y: str, base: int, at: Vector) -> None:
    axes.set_xscale("log", base=base)
    axes.set_xlim(at[0], at[-1])
    short = base == 10 and at[-1] < 300 * at[0]  # too few powers of ten for labels
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
    """Return SVG for a file or a page: no XML header, ids unique per figure, the reader's sans serif."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", f"<title>{title}</title>", text, flags=re.DOTALL)
    text = re.sub(r"'DejaVu Sans'.*?sans-serif", "Helvetica, Arial, 'DejaVu Sans', sans-serif", text)
    text = re.sub(r'(\bid="|url\(#|href="#)', rf"\1{name}-", text)
    return text.replace("<svg ", '<svg role="img" ', 1)


def _label(name: str) -> str:
    """Return a name as matplotlib's text, in which two dollar signs would begin and end a formula."""
    return escaped(name).replace("$", r"\$")
