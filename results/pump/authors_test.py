"""Show why our iteration counts differ from the authors' on their 26 instances: which test ends a run, and when.

    python results/pump/authors_test.py        (needs DIFFPUMP_MIPLIB; writes authors-test.md)

The authors' code stops when the mean violation over normalised rows is small. Ours stops when every row,
bound and integer of the original model holds. Each run of `--paper` here continues past both tests. The table
has the first iteration at which x_lp is integral, at which the mean (the loss `feasibility`) is at most 1e-4,
1e-5 and 2e-6, and at which our test (`judge`) accepts. The first LP is iteration 0; a run that ends with it
counts as 1, as in the authors' records.
"""

from __future__ import annotations

import csv
import os
import time
from collections import defaultdict
from pathlib import Path

from diffpump.backends.relaxation import load
from diffpump.config.presets import config
from diffpump.core.limits import RunLimits
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.io.read import read
from diffpump.operators.losses import Feasibility, Point
from diffpump.pump import Pump

MEANS = (1e-4, 1e-5, 2e-6)
COLUMNS = ["integral", *(f"mean <= {t:g}" for t in MEANS), "judge"]
MAX_ITERATIONS, TIME_LIMIT = 1000, 20.0  # of a run; seconds


def first_passes(path: Path, preset: str) -> dict[str, int]:
    """Return the first iteration (from 1) at which each test passes, without those that never pass."""
    problem = read(path)
    run_config = config(preset, max_iter=MAX_ITERATIONS, time_limit=None).paper()
    first: dict[str, int] = {}

    class Watch(Feasibility):
        """Evaluates the mean violation of a rounding before a restart changes it."""

        def mean(self, y) -> float:  # type: ignore[no-untyped-def]
            return self.evaluate(Point(y, y, y)).value

    watch = Watch(problem)
    limits = RunLimits(time.monotonic() + TIME_LIMIT)
    pump = Pump(problem, run_config, load(problem), 0, limits, accept=lambda x: False)
    for state in pump.iterates():
        k = max(1, state.iteration)
        y = pump.rounding.forward(state.x_lp)
        mean = watch.mean(y)
        passed = {"integral": state.fractional == 0, "judge": state.violation.worst <= FEASIBILITY_TOL}
        passed |= {f"mean <= {t:g}": mean <= t for t in MEANS}
        for name, now in passed.items():
            if now:
                first.setdefault(name, k)
        if "judge" in first:
            break
    return first


def main() -> None:
    miplib = Path(os.environ["DIFFPUMP_MIPLIB"])
    with (miplib / "authors_runs.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    out = ["# Which test ends a run, and when", "", *(__doc__ or "").splitlines()[4:], ""]
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
