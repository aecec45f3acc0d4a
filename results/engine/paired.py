"""Compare two batches of the engine, run by run: `python paired.py A B BEST.solu [SECONDS]`

A and B are results folders, or FOLDER:LABEL for one configuration of a folder. A run is an instance with a
seed that both have. The primal integral is that of the gap |z - z*| / max(|z|, |z*|) over the time limit, 1
before the first solution. With SECONDS only the instances count whose root LP took less in the runs of A. The
interval is the mean difference plus and minus 1.96 standard errors. The ratios are of shifted geometric means
(1 s) of the integral and of the time to the first solution, which is the limit without one.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from gaps import Record, gap, integral, records
from worth import root_seconds

from diffpump.bench.report.stats import shifted_geomean
from diffpump.bench.solu import known_objectives

NOTABLE = 0.1  # seconds of the integral
SHIFT = 1.0  # seconds


def runs(source: str) -> dict[tuple[str, int], Record]:
    """Return the engine's runs of a folder, or of one configuration of it, by instance and seed."""
    folder, _, label = source.partition(":")
    return {
        (name, seed): record
        for (of, seed), by_instance in records(Path(folder)).items()
        for name, record in by_instance.items()
        if record["solver"] == "diffpump" and label in ("", of)
    }


def main(first: str, second: str, solu: str, under: str = "inf") -> None:
    """Print the comparison, and the runs that differ most."""
    best, a, b = known_objectives(solu), runs(first), runs(second)
    keys = sorted(key for key in set(a) & set(b) if key[0] in best)
    if float(under) < np.inf:
        keys = [key for key in keys if root_seconds(a[key]) < float(under)]
    limit = a[keys[0]]["limits"]["time"]
    differences = np.array([integral(b[key], best[key[0]]) - integral(a[key], best[key[0]]) for key in keys])
    print(f"{len(keys)} runs of {limit:g} s\n\n| | found | gap at the end | integral, s |\n|---|---|---|---|")
    for name, one in ((first, a), (second, b)):
        gaps = [gap(one[key], best[key[0]]) for key in keys]
        integrals = [integral(one[key], best[key[0]]) for key in keys]
        found = sum(one[key]["found"] for key in keys)
        print(f"| {name} | {found} | {np.mean(gaps):.3f} | {np.mean(integrals):.2f} |")
    width = 1.96 * differences.std(ddof=1) / len(keys) ** 0.5
    mean = differences.mean()
    print(f"\nsecond minus first: {mean:+.2f} s, {mean - width:+.2f} to {mean + width:+.2f}")
    better, worse = (int((sign * differences > NOTABLE).sum()) for sign in (-1, 1))
    for name, seconds in (
        (
            "first solution",
            lambda record, _: record["seconds"]["first_solution"] if record["found"] else limit,
        ),
        ("integral", integral),
    ):
        means = [
            shifted_geomean(np.array([seconds(one[key], best[key[0]]) for key in keys]), SHIFT)
            for one in (a, b)
        ]
        print(f"{name}: {means[0]:.2f} s and {means[1]:.2f} s, ratio {means[1] / means[0]:.2f}")
    print(f"second better by more than {NOTABLE:g} s on {better}, worse on {worse}")
    order = np.argsort(differences)
    for k in (*order[:5], *order[-5:]):
        name, seed = keys[k]
        print(f"{name}, seed {seed}: {differences[k]:+.2f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
