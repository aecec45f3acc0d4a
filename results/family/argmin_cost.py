"""Measure what the loss argmin_feasibility costs beside the LPs of the pump.

    python results/family/argmin_cost.py [LIST] > results/family/argmin_cost.md

It needs DIFFPUMP_MIPLIB and a machine doing nothing else. LIST is a file of instances, by default
results/paper/lists/smallest60.txt. The pump runs with preset DP4, but with the losses and the step of the
paper's revision (DP5), without repair and without stopping at solutions, for 30 iterations after the first LP
or 5 s. Apart from the seconds, and the iterations of runs that reach 5 s, the table is the same in every run.

The target: on the median instance the loss takes at most a quarter of the time of the LPs.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from diffpump.config.presets import config
from diffpump.core.limits import RunLimits
from diffpump.io.read import read
from diffpump.operators.losses import Point, Term
from diffpump.operators.losses.argmin import ArgminFeasibility
from diffpump.pump import Pump, relaxation_for

LIST = Path(__file__).parents[1] / "paper" / "lists" / "smallest60.txt"
LOSSES = "integrality:0.9,order=2", "argmin_feasibility:0.9", "regularisation:0.5"
ITERATIONS, TIME_LIMIT, ETA = 30, 5.0, 0.5  # of the pump after its first LP
TARGET = 0.25


@dataclass
class Timed:
    """The loss with a clock; an evaluation that uses up its products is counted in `ended_early`."""

    loss: ArgminFeasibility
    seconds: float = 0.0
    evaluations: int = 0
    ended_early: int = 0

    def evaluate(self, point: Point) -> Term:
        """Return the loss's term (see `Loss`)."""
        before, begun = self.loss.completion.products, time.perf_counter()
        term = self.loss.evaluate(point)
        self.seconds += time.perf_counter() - begun
        self.evaluations += 1
        self.ended_early += self.loss.completion.products - before >= self.loss.limit
        return term


def measure(path: str) -> tuple[list[str], float]:
    """Return the cells of an instance's row and the ratio of the loss's time to the LPs'."""
    problem = read(path)
    chosen = config("DP4", losses=LOSSES, max_iter=ITERATIONS, repair="off", time_limit=None)
    chosen = chosen.set(f"optimizer.eta={ETA}")
    pump = Pump(problem, chosen, relaxation_for(problem, chosen), accept=lambda x: False)
    [clock] = [Timed(loss) for _, _, loss in pump.descent.losses if isinstance(loss, ArgminFeasibility)]
    pump.descent.losses = [
        (name, weight, clock if loss is clock.loss else loss) for name, weight, loss in pump.descent.losses
    ]
    states = pump.iterates()
    first = next(states)
    pump.run_limits = RunLimits(time.monotonic() + TIME_LIMIT)
    *_, last = (first, *states)
    count, work = max(clock.evaluations, 1), clock.loss.completion
    lp = (last.lp_seconds - first.lp_seconds) / count
    simplex = (last.counters["lp_iterations"] - first.counters["lp_iterations"]) / count
    loss = clock.seconds / count
    cells = [
        problem.name, str(problem.n), str(clock.loss.continuous.size), str(problem.m), str(problem.nnz),
        str(clock.evaluations), f"{1e3 * lp:.2f}", f"{1e3 * loss:.2f}", f"{loss / lp:.2f}" if lp else "",
        f"{simplex:.0f}", f"{work.products / count:.1f}", f"{work.products * work.C.nnz / count / max(problem.nnz, 1):.1f}",
        str(clock.ended_early),
    ]  # fmt: skip
    return cells, loss / lp if lp else 0.0


def main() -> None:
    """Print the table and the median ratio."""
    listed = Path(sys.argv[1] if len(sys.argv) > 1 else LIST).read_text(encoding="utf-8").splitlines()
    paths = [os.path.expandvars(line) for line in listed if line and not line.startswith("#")]
    heads = [
        "instance", "columns", "continuous", "rows", "nonzeros", "evaluations", "LP ms", "loss ms", "ratio",
        "simplex iterations", "products", "touched / nonzeros", "ended early",
    ]  # fmt: skip
    print("| " + " | ".join(heads) + " |")
    print("|---" * len(heads) + "|")
    ratios, mixed = [], []
    for path in paths:
        cells, ratio = measure(path)
        print("| " + " | ".join(cells) + " |", flush=True)
        ratios.append(ratio)
        if cells[2] != "0":
            mixed.append(ratio)
    for what, some in (("all instances", ratios), ("those with continuous columns", mixed)):
        if some:
            within = sum(ratio <= TARGET for ratio in some)
            print(
                f"\nRatio of the loss's time to the LPs', {what}: median {statistics.median(some):.2f}, at most "
                f"{TARGET} on {within} of {len(some)}."
            )


if __name__ == "__main__":
    main()
