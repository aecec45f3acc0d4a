"""`diffpump compact`: solve a min-knapsack with compactness, or find a credible set of a change point."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.streams import emit, log

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from diffpump.knapsack.compact import Compact

METHODS = ("exact", "lp", "sdp", "penalised", "pump", "milp")
CLOSE = 1e-9  # relative gap to a bound that its rounding explains


@click.command()
@click.argument("file")
@click.option(
    "--method", type=click.Choice(METHODS), default="exact", show_default=True,
    help="The exact optimum; the compact rounding of the linear, the strengthened semidefinite or the "
    "penalised semidefinite relaxation; the pump; or the engine on the mixed-integer program.",
)  # fmt: skip
@click.option("--lambda", "lam", default=1.0, show_default=True, help="Weight of the penalty, times 4 / n^2.")
@click.option(
    "--relaxation", type=click.Choice(["lp", "sdp"]), default="lp", show_default=True,
    help="The relaxation of the pump.",
)  # fmt: skip
@click.option("--covers", is_flag=True, help="Strengthen a relaxation by cuts of sets that are too light.")
@click.option(
    "--solver", type=click.Choice(["scs", "clarabel"]), default="scs", show_default=True,
    help="The semidefinite solver (pip install 'diffpump[sdp]').",
)  # fmt: skip
@click.option(
    "--time-limit",
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Wall time of the search.",
)
@click.option("--level", default=0.95, show_default=True, help="Probability of a credible set.")
@click.option(
    "--distance", default=3, show_default=True, help="Largest distance of neighbours in a credible set."
)
@click.option("--plot", metavar="FILE", help="Draw the choice into this .png or .svg file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compact(
    file: str, method: str, lam: float, relaxation: str, covers: bool, solver: str, time_limit: float,
    level: float, distance: int, plot: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Choose ordered items: cheap, heavy enough, and without long gaps.

    FILE is a JSON file with weights, profits (the costs), min_weight and max_distance. With `probabilities`
    of the places of a change point, or a `series` whose mean changes once, the choice is the smallest compact
    credible set. The choice is verified in rationals, and the bound is proven. The exit code is 0 with a
    choice, 10 without one, and 3 for a file that is refused.
    """
    from diffpump.cli.options import check_picture
    from diffpump.core.errors import UsageError
    from diffpump.knapsack.compact import intervals, read
    from diffpump.outcome.claim import outward
    from diffpump.outcome.record import dumps

    if plot is not None:
        check_picture(plot, file, "--plot")
    if not time_limit > 0:
        raise UsageError(f"--time-limit must be positive, got {time_limit:g}")
    if not (0 < level <= 1 and distance >= 1):
        raise UsageError(f"--level must be in (0, 1] and --distance at least 1, got {level:g} and {distance}")
    instance = read(file, level, distance)
    began = time.perf_counter()
    if method == "pump":
        from diffpump.compact_api import pump

        items, bound = pump(instance, relaxation, time_limit=time_limit).items, None
    else:
        items, bound = _solved(instance, method, lam, covers, solver, time_limit)
    seconds = time.perf_counter() - began
    record: dict[str, Any] = {
        "objective": None, "items": None, "bound": None if bound is None else outward(bound, maximise=False),
        "method": method,
        "feasible": items is not None, "seconds": seconds,
    }  # fmt: skip
    if items is not None:
        cost = instance.cost(items)
        value, gap = float(cost), None if bound is None else float(cost - bound)
        record |= {
            "objective": value, "items": items.tolist(), "intervals": intervals(items),
            "weight": float(instance.weights[items].sum()), "gap": gap, "optimal": gap == 0,
        }  # fmt: skip
        if plot is not None:
            from diffpump.explain.compact import draw

            title = f"{items.size} of {instance.n} items, cost {value:.6g}"
            draw(instance, items, plot, title)
            log(f"{plot}: written")
    emit(dumps(record) if as_json else _report(instance, record))
    return 0 if items is not None else 10


def _solved(
    instance: Compact, method: str, lam: float, covers: bool, solver: str, seconds: float
) -> tuple[NDArray[np.int64] | None, Fraction | None]:
    """Return the items of a verified choice, or None, and a proven lower bound."""
    import numpy as np

    from diffpump.knapsack.compact import nearest, relax, solve

    if method == "exact":
        found = solve(instance, seconds)
        return found.items, found.bound
    if method == "milp":
        from diffpump.api import solve as search

        result = search(instance.problem(), "auto", time_limit=seconds)
        bound = None if result.bound is None else Fraction(result.bound)
        if not result.found:
            return None, bound
        assert result.x is not None
        items = np.flatnonzero(np.asarray(result.x) > 0.5).astype(np.int64)
        # A solution within the tolerance of the file may be too light in rationals.
        return (items if instance.holds(items) else nearest(instance, result.x)), bound
    kind = {"lp": "lp", "sdp": "strengthened", "penalised": "penalised"}[method]
    relaxed = relax(instance, kind, lam, covers, solver, seconds=seconds)
    return nearest(instance, relaxed.x), Fraction(relaxed.bound)


def _report(instance: Compact, record: dict[str, Any]) -> str:
    """Return the lines for a reader."""
    lines = [
        f"{instance.n} items, least weight {instance.least:.6g} of {instance.weights.sum():.6g}, "
        f"neighbours at most {instance.distance} apart"
    ]
    if record["items"] is None:
        return "\n".join([*lines, "no choice found within the limits"])
    runs = [f"{first}" if first == last else f"{first}-{last}" for first, last in record["intervals"]]
    gap, close = record["gap"], CLOSE * max(1.0, abs(record["objective"]))
    near = gap is not None and 0 < gap <= close
    lines.append("optimal" if gap == 0 else f"optimal within {gap:.1e}" if near else "a verified choice")
    bound = "none" if gap is None else f"{record['bound']:.10g} (proven)"
    lines += [
        f"  cost        {record['objective']:.10g}",
        f"  bound       {bound}",
        f"  items       {len(record['items'])}: {', '.join(runs)}",
        f"  weight      {record['weight']:.6g}",
        f"  method      {record['method']}, {record['seconds']:.2f} s",
    ]
    return "\n".join(lines)
