"""What each switch of the pump brings: the tables of README.md, from the records of `bench run` in this folder.

    python table.py            against `base`, and the engine's variants against `engine`

iterations   shifted geometric mean (1) over the runs that found a solution with both
objective    of the same runs: how often the first solution is better, and how often worse
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Record = dict[str, Any]


def halves() -> dict[str, set[str]]:
    """Names of instances."""
    return {
        half: {Path(line).name.removesuffix(".mps.gz") for line in (HERE / f"{half}.txt").read_text().split()}
        for half in ("choose", "confirm")
    }


def records() -> dict[str, dict[tuple[str, int], Record]]:
    """By label, by instance and seed."""
    out: dict[str, dict[tuple[str, int], Record]] = {}
    for record in map(json.loads, (HERE / "records.jsonl").read_text().splitlines()):
        out.setdefault(record["label"], {})[record["instance"]["name"], record["seed"]] = record
    return out


def sgm(values: list[int]) -> float:
    """Shifted by 1."""
    return math.exp(sum(math.log(v + 1) for v in values) / len(values)) - 1


def row(label: str, own: dict[tuple[str, int], Record], base: dict[tuple[str, int], Record]) -> str:
    """A row of the table."""
    found = [sum(own[key]["found"] for key in own if key[0] in names) for names in halves().values()]
    gained, lost = (
        sum(a[key]["found"] and not b[key]["found"] for key in own) for a, b in ((own, base), (base, own))
    )
    both = [(own[key], base[key]) for key in own if own[key]["found"] and base[key]["found"]]
    steps = [sgm([pair[k]["iterations"] for pair in both]) for k in (0, 1)]
    signs = [(a["objective"] - b["objective"]) * (1 if a["sense"] != "maximise" else -1) for a, b in both]
    better, worse = sum(s < -1e-9 for s in signs), sum(s > 1e-9 for s in signs)
    return (
        f"| {label} | {found[0]} | {found[1]} | {gained}, {lost} | {steps[0]:.1f} : {steps[1]:.1f} "
        f"| {better}, {worse} |"
    )


def main() -> None:
    """Print them."""
    every = records()
    runs = len(every["base"])
    print(f"{runs} runs each\n\n| | choose | confirm | gained, lost | iterations | objective better, worse |")
    print("|---" * 6 + "|")
    for label, own in sorted(every.items(), key=lambda item: (item[0].startswith("engine"), item[0])):
        against = "engine" if label.startswith("engine-") else "base"
        print(row(label, own, every[against]))


if __name__ == "__main__":
    main()
