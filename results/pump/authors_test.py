"""Why our iteration counts differ from the authors' on their 26 runs: whose test ends a run when.

    python results/pump/authors_test.py        (needs DIFFPUMP_MIPLIB; writes authors-test.md)

The authors' code stops when the mean violation over normalised rows is small; ours stops when every row,
bound and integer of the original model holds. Here each run of `--paper` goes on past both, and the first
iteration is noted at which x_lp is integral, at which the mean (the loss `feasibility`) is at most 1e-4,
1e-5 and 2e-6, and at which the judge accepts. The first LP is iteration 0; a run that it ends counts as 1, as
in their records.
"""

from __future__ import annotations

import csv
import os
import time
from collections import defaultdict
from pathlib import Path

from diffpump.backends.relaxation import load
from diffpump.config.pump import config
from diffpump.core.limits import Clock
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.io.read import read
from diffpump.operators.losses import Feasibility, Point
from diffpump.pump import Pump

MEANS = (1e-4, 1e-5, 2e-6)
COLUMNS = ["integral", *(f"mean <= {t:g}" for t in MEANS), "judge"]
ITERATIONS, SECONDS = 1000, 20.0


def first_passes(path: Path, preset: str) -> dict[str, int]:
    """The first iteration (from 1) at which each test passes."""
    problem = read(path)
    settled = config(preset, max_iter=ITERATIONS, time_limit=None).paper()
    rounded = {}

    class Watch(Feasibility):
        """The mean violation of every rounding, before a restart kicks it."""

        def mean(self, y) -> float:  # type: ignore[no-untyped-def]
            return self.evaluate(Point(y, y, y)).value

    watch = Watch(problem)
    clock = Clock(time.monotonic() + SECONDS)
    pump = Pump(problem, settled, load(problem), 0, clock, accept=lambda x: False)
    for state in pump.iterates():
        k = max(1, state.iteration)
        y = pump.rounding.forward(state.x_lp)
        mean = watch.mean(y)
        passed = {"integral": state.fractional == 0, "judge": state.violation.worst <= FEASIBILITY_TOL}
        passed |= {f"mean <= {t:g}": mean <= t for t in MEANS}
        for name, now in passed.items():
            if now:
                rounded.setdefault(name, k)
        if "judge" in rounded:
            break
    return rounded


def main() -> None:
    miplib = Path(os.environ["DIFFPUMP_MIPLIB"])
    with (miplib / "authors_runs.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    out = ["# Whose test ends a run when", "", *(__doc__ or "").splitlines()[4:], ""]
    out += [
        "| instance | preset | authors | " + " | ".join(COLUMNS) + " |",
        "|---" * (3 + len(COLUMNS)) + "|",
    ]
    agree: dict[str, int] = defaultdict(int)
    for row in sorted(rows, key=lambda r: (r["instance"], r["preset"])):
        found = first_passes(miplib / "paper" / f"{row['instance']}.mps.gz", row["preset"])
        theirs = row["iterations"] if row["success"] == "1" else f"– ({row['note'] or 'iteration limit'})"
        cells = [str(found.get(name, "–")) for name in COLUMNS]
        out.append(f"| {row['instance']} | {row['preset']} | {theirs} | " + " | ".join(cells) + " |")
        if row["success"] == "1":
            for name, cell in zip(COLUMNS, cells, strict=True):
                agree[name] += cell == row["iterations"]
    out += ["", f"Equal to the authors' count, of {sum(r['success'] == '1' for r in rows)} successes: "]
    out[-1] += ", ".join(f"{name} {count}" for name, count in agree.items()) + "."
    (Path(__file__).parent / "authors-test.md").write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
