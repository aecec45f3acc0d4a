"""The result of a run as a piece of HTML for notebooks: a short table and a time line of its incumbents.

The time line is an SVG image: seconds on a logarithmic axis, since most incumbents are found early, and the
objective in the model's own sense. Each incumbent is a dot in the colour of the arm that found it.
"""

from __future__ import annotations

import html
import math
from collections import Counter
from collections.abc import Mapping, Sequence

from diffpump.core.colours import COLOURS
from diffpump.outcome.incumbent import Incumbent

WIDTH, HEIGHT, MARGIN = 420, 96, 8  # pixels
OTHERS_COLOUR = "#999999"  # of the arms beyond the colours
MAX_DOTS = 200  # incumbents that are drawn; beyond it, evenly chosen ones with the first and the last
MIN_SECONDS = 1e-3  # shorter times are drawn as this
LOG_RATIO = 20.0  # objectives of one sign are drawn on a logarithmic axis beyond this ratio


def summary(rows: Mapping[str, str], incumbents: Sequence[Incumbent], total: float) -> str:
    """Return a table of texts, and below it the time line of the incumbents.

    Parameters
    ----------
    rows : mapping of str to str
        The texts of the table by their heads.
    incumbents : sequence of Incumbent
        The incumbents in order of time.
    total : float
        The seconds of the whole run.
    """
    left = ' style="text-align:left"'
    cells = "".join(
        f"<tr><th{left}>{html.escape(head)}</th><td{left}>{html.escape(text)}</td></tr>"
        for head, text in rows.items()
    )
    return f"<div><table>{cells}</table>{_time_line(incumbents, total)}</div>"


def _time_line(incumbents: Sequence[Incumbent], total: float) -> str:
    """Return the incumbents as an image with a legend, or nothing without any."""
    if not incumbents:
        return ""
    colours = _colours(incumbents)
    end = max(total, incumbents[-1].seconds, 2 * MIN_SECONDS)
    begin = min(max(incumbents[0].seconds, MIN_SECONDS), end / 2)
    at = _positions(
        [math.log(max(one.seconds, MIN_SECONDS)) for one in incumbents], math.log(begin), math.log(end),
        MARGIN, WIDTH - MARGIN,
    )  # fmt: skip
    heights = _heights([one.objective for one in incumbents])
    shown = _evenly(len(incumbents))
    steps = [f"M{at[shown[0]]:.1f},{heights[shown[0]]:.1f}"]
    steps += [f"H{at[k]:.1f}V{heights[k]:.1f}" for k in shown[1:]]
    dots = "".join(
        f'<circle cx="{at[k]:.1f}" cy="{heights[k]:.1f}" r="3.5" fill="{colours[one.arm]}">'
        f"<title>{one.seconds:.2f} s: {one.objective:.12g} by {html.escape(one.arm)}</title></circle>"
        for k in shown
        for one in incumbents[k : k + 1]
    )
    picture = (
        f'<svg width="{WIDTH}" height="{HEIGHT}" xmlns="http://www.w3.org/2000/svg" role="img">'
        f'<path d="{"".join(steps)}H{WIDTH - MARGIN}" fill="none" stroke="#999999"/>{dots}</svg>'
    )
    ends = f"{begin:.2g} s to {end:.3g} s, logarithmic"
    return f'<div>{picture}</div><div style="font-size:smaller">{ends}: {_legend(incumbents, colours)}</div>'


def _colours(incumbents: Sequence[Incumbent]) -> dict[str, str]:
    """Return the colour of each arm; the arms with most incumbents have one of their own."""
    arms = [arm for arm, _ in Counter(one.arm for one in incumbents).most_common()]
    return {arm: COLOURS[k] if k < len(COLOURS) else OTHERS_COLOUR for k, arm in enumerate(arms)}


def _legend(incumbents: Sequence[Incumbent], colours: dict[str, str]) -> str:
    """Return the arms in their colours with the number of their incumbents."""
    counts = Counter(one.arm for one in incumbents)
    return ", ".join(
        f'<span style="color:{colour}">&#9679;</span> {html.escape(arm)} {counts[arm]}'
        for arm, colour in colours.items()
    )


def _heights(objectives: Sequence[float]) -> list[float]:
    """Return the vertical positions of the objectives, the largest at the top."""
    low, high = min(objectives), max(objectives)
    if low > 0 and high > LOG_RATIO * low:
        objectives, low, high = [math.log(value) for value in objectives], math.log(low), math.log(high)
    elif high < 0 and low < LOG_RATIO * high:
        objectives = [-math.log(-value) for value in objectives]
        low, high = -math.log(-low), -math.log(-high)
    return _positions(objectives, low, high, HEIGHT - MARGIN, MARGIN)


def _positions(values: Sequence[float], low: float, high: float, first: float, last: float) -> list[float]:
    """Return the values mapped linearly from [low, high] to [first, last], to its middle if low = high."""
    if high == low:
        return [(first + last) / 2] * len(values)
    # Divided first, since the difference of two objectives near the largest float may overflow.
    width = high / 2 - low / 2
    return [first + (last - first) * min(1.0, max(0.0, (v / 2 - low / 2) / width)) for v in values]


def _evenly(count: int) -> list[int]:
    """Return the positions of at most `MAX_DOTS` of `count` incumbents, the first and the last included."""
    if count <= MAX_DOTS:
        return list(range(count))
    return [k * (count - 1) // (MAX_DOTS - 1) for k in range(MAX_DOTS)]
