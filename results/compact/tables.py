"""Print the tables of this folder from records.jsonl, and draw the pictures: `python tables.py > tables.md`

An argument names other records; the pictures are then drawn beside them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from diffpump.bench.store import read_objects

HERE = Path(__file__).parent
# The paper's fractionality of the penalised relaxation on its 100 hard instances, without and with its cuts.
PAPERS = {
    1.0: (2.779e-3, 1.243e-5),
    1e-2: (2.339e-3, 1.311e-5),
    1e-4: (1.673e-2, 5.069e-5),
    1e-6: (4.326e-2, 8.510e-5),
}
SHOWN = (
    "lp",
    "lp of the program",
    "naive",
    "strengthened",
    "penalised 1",
    "penalised 0.0001",
    "lp + covers",
    "strengthened + covers",
)
Record = dict[str, Any]
Numbers = NDArray[np.float64]


def bound_gap(one: Record) -> float:
    """Return (optimum - bound) / optimum; nan without a bound."""
    return float("nan") if one.get("bound") is None else (one["optimum"] - one["bound"]) / one["optimum"]


def cost_gap(one: Record, key: str = "cost") -> float:
    """Return (cost - optimum) / optimum; nan without a choice."""
    return float("nan") if one.get(key) is None else (one[key] - one["optimum"]) / one["optimum"]


def solved(one: Record) -> bool:
    """Return whether a task proves its choice optimal: all costs are multiples of a step."""
    if "claims_optimal" in one:
        return bool(one["claims_optimal"])
    if one.get("bound") is None or one["cost"] is None:
        return False
    return bool(one["bound"] > one["cost"] - one["step"] * (1 - 1e-6))


def text(values: Numbers, form: str, reduce: Callable[[Numbers], Any] = np.mean) -> str:
    """Return a statistic of the numbers that are there, or a dash."""
    kept = values[~np.isnan(values)]
    return form.format(reduce(kept)) if kept.size else "-"


def column(of: list[Record], value: Callable[[Record], float]) -> Numbers:
    return np.array([value(one) for one in of], float)


def head(names: str) -> None:
    cells = names.split(", ")
    print(f"\n| {' | '.join(cells)} |\n" + "|---" * len(cells) + "|")


def bounds(by_task: dict[str, list[Record]]) -> None:
    """Print the certified bounds of the relaxations."""
    head(
        "relaxation, instances, bound's gap: mean, median, largest, proven optimal, seconds, cut by the clock, cuts"
    )
    for task, of in by_task.items():
        if "bound" not in of[0]:
            continue
        gaps = column(of, bound_gap)
        late = np.mean([one["seconds"] >= one["limit"] for one in of])
        print(
            f"| {task} | {len(of)} | {text(gaps, '{:.2%}')} | {text(gaps, '{:.2%}', np.median)} | "
            f"{text(gaps, '{:.2%}', np.max)} | {np.mean([solved(one) for one in of]):.0%} | "
            f"{np.mean([one['seconds'] for one in of]):.2f} | {late:.0%} | "
            f"{np.mean([one['sets'] for one in of]):.1f} |"
        )


def choices(by_task: dict[str, list[Record]]) -> None:
    """Print the gaps of the choices."""
    head("choice from, instances, has one, gap: mean, largest, optimal, threshold holds, its gap, seconds")
    for task, of in by_task.items():
        gaps, relaxed = column(of, cost_gap), "bound" in of[0]
        plain = column(of, lambda one: cost_gap(one, "threshold"))
        best = np.mean(
            [one["cost"] is not None and one["cost"] <= one["optimum"] + one["step"] / 2 for one in of]
        )
        seconds = np.mean([one["seconds"] + one.get("rounding_seconds", 0.0) for one in of])
        print(
            f"| {task} | {len(of)} | {np.mean(~np.isnan(gaps)):.0%} | {text(gaps, '{:.2%}')} | "
            f"{text(gaps, '{:.2%}', np.max)} | {best:.0%} | "
            f"{f'{np.mean(~np.isnan(plain)):.0%}' if relaxed else '-'} | {text(plain, '{:.2%}')} | {seconds:.2f} |"
        )


def lambdas(by_task: dict[str, list[Record]]) -> None:
    """Print the indicators over lambda, the fractionality beside the paper's."""
    head(
        "lambda, instances, fractionality, with covers, the paper's, with its cuts, imprecision, compactness"
    )
    for lam, papers in PAPERS.items():
        cells = []
        for covers in ("", " + covers"):
            of = by_task.get(f"penalised {lam:g}{covers}", [])
            cells.append(text(column(of, lambda one: one["fractionality"]), "{:.2e}"))
        of = by_task.get(f"penalised {lam:g}", [])
        print(
            f"| {lam:g} | {len(of)} | {cells[0]} | {cells[1]} | {papers[0]:.3e} | {papers[1]:.3e} | "
            f"{text(column(of, lambda one: one['imprecision']), '{:.3f}')} | "
            f"{text(column(of, lambda one: one['compactness']), '{:.3f}')} |"
        )


def agreement(own: list[Record]) -> None:
    """Print whether anything contradicts the exact optimum, and the exact seconds."""
    above = sum(one["bound"] > one["optimum"] * (1 + 1e-9) for one in own if one.get("bound") is not None)
    below = sum(one["cost"] < one["optimum"] * (1 - 1e-9) for one in own if one.get("cost") is not None)
    claims = [one for one in own if one.get("claims_optimal")]
    differ = sum(abs(cost_gap(one)) > 1e-6 for one in claims if one["cost"] is not None)
    light = sum(one["cost"] is None for one in claims)
    exact = {one["number"]: one["exact_seconds"] for one in own}
    print(
        f"\nThe exact optimum takes {np.mean(list(exact.values())):.3f} s, at most {max(exact.values()):.3f} s "
        f"({len(exact)} instances). {above} bounds are above it, {below} choices below it. HiGHS claims the optimum of "
        f"{len(claims)} instances: {differ} differ, and {light} of its choices are too light in rationals."
    )


def draw(items: int, by_task: dict[str, list[Record]], folder: Path) -> None:
    """Draw the bounds' gaps, imprecision against compactness, and the share that is solved over time."""
    figure = Figure(figsize=(15, 4), layout="constrained")
    gaps, place, time = figure.subplots(1, 3)
    for task in SHOWN:
        of = by_task.get(task, [])
        found = np.sort(column(of, bound_gap))
        gaps.step(found, np.arange(1, found.size + 1) / max(1, found.size), where="post", label=task)
        if "covers" not in task:
            place.plot(
                [one["compactness"] for one in of], [one["imprecision"] for one in of], ".", label=task
            )
    of = by_task.get("lp", [])
    curves = {"exact": (np.array([one["exact_seconds"] for one in of]), len(of))}
    for task in (
        "highs",
        "lp + covers",
        "naive + covers",
        "strengthened + covers",
        "penalised 0.0001 + covers",
    ):
        of = by_task.get(task, [])
        spent = [one["seconds"] + one.get("rounding_seconds", 0.0) for one in of if solved(one)]
        curves[task] = (np.array(spent), len(of))
    for name, (seconds, count) in curves.items():
        share = np.arange(1, seconds.size + 1) / max(1, count)
        time.step(np.append(np.sort(seconds), max(one.max(initial=0.01) for one, _ in curves.values())),
                  np.append(share, share[-1:] if share.size else 0.0), where="post", label=name)  # fmt: skip
    gaps.set_xscale("symlog", linthresh=1e-3)
    time.set_xscale("log")
    for panel, across, up in (
        (gaps, "(optimum - bound) / optimum", "share of instances"),
        (place, "compactness of the threshold's items", "imprecision"),
        (time, "seconds until a choice is proven optimal", "share of instances"),
    ):
        panel.set(xlabel=across, ylabel=up)
        panel.set_ylim(0.0, 1.02)
        panel.legend(fontsize=8)
    (folder / "figures").mkdir(exist_ok=True)
    figure.savefig(folder / "figures" / f"compact-{items}.svg")


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "records.jsonl"
    every = read_objects(path)
    print("# Compact knapsacks\n\nPrinted by `python tables.py`. Gaps are relative to the exact optimum.")
    print("A task ends with its seconds; SCS checks its limit between iterations, and so is a little later.")
    print(f"Versions: {'; '.join(sorted({one['with'] for one in every}))}.")
    for items in sorted({one["items"] for one in every}):
        own = [one for one in every if one["items"] == items]
        names = dict.fromkeys(one["task"] for one in sorted(own, key=lambda one: one["number"]))
        by_task = {name: [one for one in own if one["task"] == name] for name in names}
        limits = ", ".join(f"{limit:g}" for limit in sorted({one["limit"] for one in own}))
        print(f"\n## {items} items, {limits} s a task")
        agreement(own)
        bounds(by_task)
        choices(by_task)
        lambdas(by_task)
        draw(items, by_task, path.parent)
        print(f"\n![Gaps, indicators and solved over time](figures/compact-{items}.svg)")


if __name__ == "__main__":
    main()
