"""Measure how hard each family's default size is for pumps: ten seeds, 1000 iterations, cold LPs on HiGHS.

    python results/families/measure.py      writes families.csv (a row per run) and families.md (the table)

The pumps are `classic`, the independent pump of tests/oracle_fp.py (on families without general integers), and
the presets FP and DP4. Each runs to its first solution with seed 0; an iteration is one LP after the first.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import diffpump
from diffpump.api import solve
from diffpump.core.problem import Problem
from diffpump.families import FAMILIES, generate
from diffpump.io.write import write_mps

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "tests"))

from oracle_fp import classic_pump  # noqa: E402  (found only now that tests/ is on the path)

SEEDS = range(10)
MAX_ITER = 1000
HARD = 10  # iterations from which a solved instance counts as hard
PRESETS = ("FP", "DP4")
PREFACE = f"""\
This page is made by `python results/families/measure.py`, with default sizes, seeds {SEEDS[0]} to {SEEDS[-1]}, and
cold LPs on HiGHS. The table has the iterations to the first solution, with `-` for none in {MAX_ITER}. A seed is hard
if there is no solution, or if it takes {HARD} iterations or more. On mixed models FP can end one LP before
`classic`: when the integers are right it re-solves for the continuous columns (repair=lp).
"""


def runs(problem: Problem, path: Path) -> Iterator[tuple[str, int | None, str]]:
    """Yield every pump's name, its iterations to the first solution or None, and its configuration."""
    if not problem.general.any():
        *_, last = classic_pump(path, seed=0, max_iter=MAX_ITER)
        yield "classic", last.k if last.solved else None, "tests/oracle_fp.py"
    for preset in PRESETS:
        result = solve(path, preset, seed=0, lp_start="cold", max_iter=MAX_ITER, time_limit=None)
        assert result.pump is not None
        yield preset, result.pump.iterations if result.found else None, result.config_digest


def rows() -> Iterator[dict[str, Any]]:
    """Yield a row per family, seed and pump."""
    provenance = {
        "diffpump": diffpump.__version__, "highspy": metadata.version("highspy"), "lp_start": "cold",
        "threads": 1, "max_iter": MAX_ITER,
    }  # fmt: skip
    with TemporaryDirectory() as folder:
        for family in FAMILIES:
            for seed in SEEDS:
                problem = generate(family, seed)
                path = Path(folder) / f"{problem.name}.mps"
                write_mps(problem, path)
                sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
                sizes = {
                    "rows": problem.m, "columns": problem.n, "binary": int(problem.binary.sum()),
                    "general": int(problem.general.sum()), "nonzeros": problem.nnz,
                }  # fmt: skip
                for pump, iterations, config in runs(problem, path):
                    yield {
                        "family": family, "instance": problem.name, "sha256": sha256, **sizes, "pump": pump,
                        "pump_seed": 0, "config": config, "iterations": iterations, **provenance,
                    }  # fmt: skip


def table(records: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the page: a row per family and pump."""
    yield PREFACE
    yield "| family | rows | binary | general | continuous | pump | iterations by seed | none | hard |"
    yield "|---|---|---|---|---|---|---|---|---|"
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in records:
        groups.setdefault((record["family"], record["pump"]), []).append(record)
    for (family, pump), group in groups.items():
        first, counts = group[0], [record["iterations"] for record in group]
        sizes = [first["rows"], first["binary"], first["general"]]
        sizes.append(first["columns"] - first["binary"] - first["general"])
        by_seed = " ".join("-" if count is None else str(count) for count in counts)
        hard = sum(count is None or count >= HARD for count in counts)
        cells = [family, *sizes, pump, by_seed, counts.count(None), f"{hard} of {len(counts)}"]
        yield f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    records = list(rows())
    with (HERE / "families.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, records[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    (HERE / "families.md").write_text("".join(f"{line}\n" for line in table(records)))


if __name__ == "__main__":
    main()
