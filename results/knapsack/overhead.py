"""Measure what structured roundings cost beside the LPs: `python overhead.py FILE... > overhead.md`

A line has the seconds of the LPs of the original pump's first iterations, and those of the structured rounding and of
the structured loss at the same LP points.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from diffpump.backends.relaxation import load
from diffpump.config.presets import config
from diffpump.core.arrays import Vector
from diffpump.io.read import read
from diffpump.operators.losses.structured import StructuredIntegrality
from diffpump.operators.roundings.structured import Structured
from diffpump.pump import Pump

ITERATIONS, SECONDS = 30, 8.0


def line(file: str) -> tuple[str, float]:
    """Return the line of an instance, and the share."""
    problem = read(file)
    pump = Pump(problem, config("FP", max_iter=ITERATIONS, time_limit=SECONDS), load(problem))
    states = list(pump.iterates())
    points, lp = [state.x_lp for state in states], states[-1].lp_seconds
    rounding, loss = Structured(problem), StructuredIntegrality(problem)
    packed = rounding.packed
    first = timed(rounding.forward, points)
    second = timed(lambda x: packed.loss(x[packed.columns], loss.g), points)
    share = (first + second) / lp
    return f"| {problem.name} | {len(points)} | {lp:.3f} | {first:.3f} | {second:.3f} | {share:.1%} |", share


def timed(call: Callable[[Vector], Any], points: list[Vector]) -> float:
    """Return the seconds of calls at all points, without those of a first call, which may load a kernel."""
    call(points[0])
    start = time.perf_counter()
    for x in points:
        call(x)
    return time.perf_counter() - start


def main(files: list[str]) -> None:
    """Print, for every file, the seconds of its LPs, of structured rounding, and of the loss."""
    print("# Seconds of structured roundings\n\nPrinted by `python overhead.py FILE...`.\n")
    print("| instance | LPs | seconds | rounding | loss | both, share of the LPs |\n" + "|---" * 6 + "|")
    shares = []
    for file in files:
        text, share = line(file)
        shares.append(share)
        print(text, flush=True)
    print(f"\nThe median share is {np.median(shares):.1%}; it is at most 10 % on "
          f"{sum(share <= 0.1 for share in shares)} of {len(shares)}.")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
