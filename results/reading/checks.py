"""Check in full what the tests check in part: every file against HiGHS and SCIP, 10 000 mutants of each format.

    DIFFPUMP_MIPLIB=... python results/reading/checks.py > results/reading/checks.md

Two readers agree if they have the same sense, offset, costs, matrix, sides, bounds, integrality and names, in
the same order for HiGHS, matched by name for SCIP. Both solvers drop coefficients up to 1e-9, and SCIP rounds
such sides to 0; no other difference is allowed.

A mutant has tokens, lines or bytes that are changed, removed, doubled or cut. It must be read, with the same
result by both paths, or refused with a line and a reason. Anything else stops this program.
"""

from __future__ import annotations

import datetime
import gzip
import importlib.metadata
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from diffpump.io import mps
from diffpump.io.coded import CodedModel
from diffpump.io.read import read

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
import test_lp
import test_mps
from models import highs_differences, scip_differences

MUTANTS = 10_000
SEED_FILES = ("flugpl", "p0033", "egout")  # small enough to be mutated whole


def judge_mps(data: bytes) -> str:
    """Judge a mutant of an MPS file as the tests do, and return "accepted" or the name of its error."""
    test_mps.judge(data)
    ended = test_mps.outcome(mps.parse, data)
    return "accepted" if isinstance(ended, CodedModel) else ended[0].__name__


def mutants(title: str, draw: Callable[[int], str]) -> None:
    """Judge `MUTANTS` mutants and print a row of the table."""
    ended: Counter[str] = Counter()
    worst = 0.0
    for k in range(MUTANTS):
        start = time.perf_counter()
        ended[draw(k)] += 1
        worst = max(worst, time.perf_counter() - start)
    counts = " | ".join(str(ended[key]) for key in ("accepted", "InputError", "UnsupportedError"))
    print(f"| {title} | {MUTANTS} | {counts} | {worst:.2f} |", flush=True)


def main() -> None:
    """Print the report."""
    files = sorted(Path(os.environ["DIFFPUMP_MIPLIB"]).rglob("*.mps.gz"))
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("diffpump", "highspy", "pyscipopt")
    )
    print(f"# Readers, checked in full\n\n{(__doc__ or '').split(chr(10), 4)[4].strip()}\n")
    print(f"{datetime.date.today()}, {versions}.\n")
    rng = random.Random(7)
    texts = [
        test_mps.GOOD.encode(),
        test_mps.FIXED.encode(),
        test_mps.GOOD.replace("* in the middle\n", "").encode(),
    ]
    texts += [gzip.decompress(path.read_bytes()) for path in files if path.name.split(".")[0] in SEED_FILES]
    print("| mutants | number | read | refused | unsupported | slowest s |\n|---|--:|--:|--:|--:|--:|")
    mutants("MPS", lambda k: judge_mps(test_mps.mutate(texts[k % len(texts)], rng)))
    mutants("LP", lambda k: test_lp.judge(test_lp.mutate(test_lp.GOOD, rng)))
    different = []
    for path in files:
        ours = read(path)
        for solver, differences in (("HiGHS", highs_differences), ("SCIP", scip_differences)):
            if found := differences(path, ours):
                different.append(f"{path.name} against {solver}: {found[:3]}")
    print(f"\nFiles read: {len(files)} of {len(files)}. Models that differ: {len(different)}.")
    print("\n".join(f"* {line}" for line in different))


if __name__ == "__main__":
    main()
