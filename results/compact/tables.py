"""Print the tables of this folder from records.jsonl, and draw the pictures: `python tables.py > tables.md`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from diffpump.bench.store import read_objects

HERE = Path(__file__).parent
# The paper's fractionality of the penalised relaxation on its 100 hard instances, without and with its cuts.
PAPERS = {
    1.0: (2.779e-3, 1.243e-5),
    1e-2: (2.339e-3, 1.311e-5),
    1e-4: (1.673e-2, 5.069e-5),
    1e-6: (4.326e-2, 8.510e-5),
}
Record = dict[str, Any]


def gap(value: float | None, optimum: float) -> float:
    """Return (optimum - value) / optimum for a bound, and minus that for a cost; nan without a value."""
    return np.nan if value is None else (optimum - value) / max(optimum, 1e-12)


def table(own: list[Record]) -> None:
    """Print a row for each relaxation and method."""
    print(
        "| | instances | bound's gap, mean | largest | fractionality | seconds | rounded: gap | threshold holds | its gap |"
    )
    print("|---" * 9 + "|")
    for task in dict.fromkeys(one["task"] for one in own):
        of = [one for one in own if one["task"] == task]
        bounds = np.array([gap(one.get("bound"), one["optimum"]) for one in of])
        costs = -np.array([gap(one.get("cost"), one["optimum"]) for one in of])
        plain = -np.array([gap(one.get("threshold"), one["optimum"]) for one in of])
        fraction = np.mean([one.get("fractionality", np.nan) for one in of])
        seconds = np.mean([one["seconds"] for one in of])

        def shown(value: float, text: str) -> str:
            return "-" if np.isnan(value) else text.format(value)

        with np.errstate(all="ignore"):
            cells = [
                shown(bounds.mean(), "{:.2%}"), shown(bounds.max(), "{:.2%}"), shown(fraction, "{:.1e}"),
                f"{seconds:.2f}", shown(np.nanmean(costs) if np.isfinite(costs).any() else np.nan, "{:.2%}"),
                f"{np.isfinite(plain).mean():.0%}" if "bound" in of[0] else f"{np.isfinite(costs).mean():.0%} found",
                shown(np.nanmean(plain) if np.isfinite(plain).any() else np.nan, "{:.2%}"),
            ]  # fmt: skip
        print(f"| {task} | {len(of)} | {' | '.join(cells)} |")


def lambdas(own: list[Record]) -> None:
    """Print the fractionality over lambda beside the paper's."""
    print("\n| lambda | ours | ours with covers | the paper's | with its cuts |\n" + "|---" * 5 + "|")
    for lam, papers in PAPERS.items():
        cells = []
        for covers in ("", " + covers"):
            name = ("penalised" if lam == 1.0 else f"penalised {lam:g}") + covers
            values = [one["fractionality"] for one in own if one["task"] == name]
            cells.append(f"{np.mean(values):.2e}" if values else "-")
        print(f"| {lam:g} | {cells[0]} | {cells[1]} | {papers[0]:.3e} | {papers[1]:.3e} |")


def draw(items: int, own: list[Record]) -> None:
    """Draw the bounds' gaps as shares of the instances, and imprecision against compactness."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for task in ("lp", "naive", "strengthened", "penalised", "lp + covers", "strengthened + covers"):
        gaps = np.sort([gap(one["bound"], one["optimum"]) for one in own if one["task"] == task])
        if gaps.size:
            left.step(gaps, np.arange(1, gaps.size + 1) / gaps.size, where="post", label=task)
    left.set_xlabel("(optimum - bound) / optimum")
    left.set_ylabel("share of instances")
    left.legend()
    for task in ("lp", "naive", "strengthened", "penalised"):
        of = [one for one in own if one["task"] == task]
        right.plot([one["compactness"] for one in of], [one["imprecision"] for one in of], ".", label=task)
    right.set_xlabel("compactness of the threshold's items")
    right.set_ylabel("imprecision")
    right.legend()
    (HERE / "figures").mkdir(exist_ok=True)
    figure.savefig(HERE / "figures" / f"gaps-{items}.svg")


def main() -> None:
    print("# Compact knapsacks\n\nPrinted by `python tables.py`. Gaps are relative to the exact optimum.")
    every = read_objects(HERE / "records.jsonl")
    for items in sorted({one["items"] for one in every}):
        own = [one for one in every if one["items"] == items]
        print(f"\n## {items} items\n")
        table(own)
        lambdas(own)
        draw(items, own)


if __name__ == "__main__":
    main()
