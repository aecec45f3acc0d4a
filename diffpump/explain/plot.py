"""A picture of a run of the pump, drawn from its rows.

It has four panels over the iterations: the loss terms (unweighted, logarithmic), the fractional columns and
violated rows, the restarts with the number of columns that they changed, and the simplex iterations.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from diffpump.core.colours import COLOURS
from diffpump.core.errors import OutputError
from diffpump.explain.trace import Row
from diffpump.io.files import temporary_beside

KICKS = {"flip": ("o", "#0072b2"), "perturbation": ("^", "#d55e00")}
MARKER_ROWS = 20  # with fewer trace rows than this, each one gets a dot
THIN_LINE_ROWS = 300  # with this number of trace rows or more, lines are thinner


def draw(rows: Sequence[Row], path: str, title: str) -> None:
    """Draw the run of the pump into a .png or .svg file.

    The file appears complete or not at all. Raises OutputError if it cannot be written.
    """
    figure = Figure(figsize=(9.6, 6.4), layout="constrained")
    FigureCanvasAgg(figure)  # no display is needed
    figure.suptitle(title, fontsize=12)
    panels = figure.subplots(2, 2, sharex=True).flat
    for panel, fill in zip(panels, (_losses, _counts, _restarts, _lp), strict=True):
        fill(panel, rows)
        panel.grid(alpha=0.25, linewidth=0.6)
        panel.spines[["top", "right"]].set_visible(False)
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        panel.set_xlim(-0.02 * (last := max(1, rows[-1]["iteration"])), 1.02 * last)
    for panel in figure.axes[2:]:
        panel.set_xlabel("iteration")
    save(figure, Path(path))


def _losses(panel: Axes, rows: Sequence[Row]) -> None:
    _title(panel, "loss terms, unweighted")
    panel.set_ylabel("value")
    width = _width(rows)
    with_terms = [row for row in rows if row["terms"]]
    names = list(with_terms[0]["terms"]) if with_terms else []
    at = [row["iteration"] for row in with_terms]
    smallest = []
    for name, colour in zip(names, COLOURS * len(names), strict=False):
        values = [row["terms"][name] for row in with_terms]
        smallest += [abs(v) for v in values if v]
        panel.plot(at, values, label=name, color=colour, linewidth=width, marker=_marker(rows))
    if smallest and max(smallest) > 50 * min(smallest):
        panel.set_yscale("symlog", linthresh=max(min(smallest), 1e-9 * max(smallest)))
    _legend(panel, "no iteration computed a loss" if not names else "")


def _counts(panel: Axes, rows: Sequence[Row]) -> None:
    _title(panel, "distance from feasible")
    panel.set_ylabel("count")
    at = [row["iteration"] for row in rows]
    for key, name, colour in (
        ("fractional", "fractional columns of x_lp", COLOURS[0]),
        ("violated_rows", "violated rows of x_round", COLOURS[1]),
    ):
        panel.plot(
            at,
            [row[key] for row in rows],
            label=name,
            color=colour,
            linewidth=_width(rows),
            marker=_marker(rows),
        )
    largest = max(max(row["fractional"], row["violated_rows"]) for row in rows)
    if largest > 200:
        panel.set_yscale("symlog", linthresh=1)
    panel.set_ylim(bottom=0, top=None if largest else 1)
    if panel.get_yscale() == "linear":
        panel.yaxis.set_major_locator(MaxNLocator(integer=True))
    _legend(panel)


def _restarts(panel: Axes, rows: Sequence[Row]) -> None:
    _title(panel, "restarts")
    panel.set_ylabel("columns kicked")
    kicks = [(row["iteration"], row["kick"]) for row in rows if row["kick"]]
    for kind in dict.fromkeys(kick["kind"] for _, kick in kicks):
        points = [(k, kick["size"]) for k, kick in kicks if kick["kind"] == kind]
        marker, colour = KICKS.get(kind, ("s", COLOURS[2]))
        label = f"{kind} ({len(points)})"
        at, sizes = zip(*points, strict=True)
        panel.scatter(at, sizes, s=16, marker=marker, color=colour, alpha=0.7, label=label)
    if kicks:
        panel.set_yscale("log" if max(kick["size"] for _, kick in kicks) > 50 else "linear")
    panel.set_ylim(bottom=0.8 if panel.get_yscale() == "log" else 0)
    _legend(panel, "" if kicks else "no restart")


def _lp(panel: Axes, rows: Sequence[Row]) -> None:
    _title(panel, "LP work")
    panel.set_ylabel("simplex iterations")
    at = [row["iteration"] for row in rows]
    work = [row["lp"]["iterations"] for row in rows]
    seconds = sum(row["lp"]["seconds"] for row in rows)
    label = f"{sum(work)} in all, {seconds:.2g} s in the LP solver"
    panel.plot(at, work, color=COLOURS[2], label=label, linewidth=_width(rows), marker=_marker(rows))
    if max(work) > 50 * max(1, sorted(work)[len(work) // 2]):
        panel.set_yscale("symlog", linthresh=1)
    panel.set_ylim(bottom=0)
    _legend(panel)


def _title(panel: Axes, text: str) -> None:
    panel.set_title(text, loc="left", fontsize=10, fontweight="bold", pad=20)


def _width(rows: Sequence[Row]) -> float:
    return 1.2 if len(rows) < THIN_LINE_ROWS else 0.7


def _marker(rows: Sequence[Row]) -> str:
    return "." if len(rows) < MARKER_ROWS else ""


def _legend(panel: Axes, empty: str = "") -> None:
    """Draw a legend above the panel, or the text `empty` inside it."""
    if empty:
        panel.text(0.5, 0.5, empty, transform=panel.transAxes, ha="center", va="center", color="0.5")
    else:
        panel.legend(
            fontsize=8, frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2,
            borderpad=0, columnspacing=1.2, handlelength=1.4,
        )  # fmt: skip


def save(figure: Any, path: Path) -> None:
    """Write a figure to a .png or .svg file, which appears complete or not at all.

    Raises OutputError if the file cannot be written.
    """
    try:
        with temporary_beside(path) as draft:
            figure.savefig(draft, format=path.suffix[1:].lower(), dpi=130)
            draft.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
