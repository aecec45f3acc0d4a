"""Find out how long a call of the heuristic should last, and with which pump, from its first call.

    python effort.py run FOLDER JOBS PUMP    append records to effort/PUMP.jsonl (resumable)
    python effort.py table                   print the table from the records

None of the instances is in list.txt, and those of the paper's leave out the largest 24, by nonzeros. Two groups run:

* two seed shifts, 20 s: every fifth of the paper's from the third on, and ten of those of `small` that have a
  solution, at even distances by file size
* one seed shift, 10 s: the others of the paper's

All other heuristics are off. The first call ends with a solution that SCIP accepts, or after these seconds. Its
record has every iteration, and from them `cut` computes the outcome under limits of LP iterations and of stalls.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measure import HERE, appended, instances, paper, small

from diffpump.bench.store import read_objects
from diffpump.config.presets import ENGINE_PUMP, PROJECTION_PUMP
from diffpump.pump import Pump, PumpState
from diffpump.scip import SCIP_PUMP, heuristic, include
from diffpump.scip.parameters import Patience

PUMPS = {"stall=1": SCIP_PUMP, "stall=0": ENGINE_PUMP, "projection": PROJECTION_PUMP, "FP": "FP"}
TIME_LIMIT = 60.0  # s, of SCIP
SMALL_COUNT = 10  # instances of `small`
# The limit of LP iterations in the first call: OFFSET + QUOT * FIRST_CALL_FACTOR * SCIP's own iterations.
QUOT, FIRST_CALL_FACTOR, OFFSET = 0.1, 6, 2000
UNLIMITED = 10**9  # for parameters of the heuristic
# (least LP iterations, iterations without fewer violated rows, factor of the limit while they become fewer)
RULES = ((0, 10, 1), (0, 30, 4), (5000, 10, 4), (5000, 30, 4), (20000, 30, 4), (20000, 100, 4))
Record = dict[str, Any]


def runs(folder: str) -> Iterator[tuple[str, int, float]]:
    """Yield the path, the seed shift and the seconds of every run."""
    taken, fifth = set(instances()), paper()[2::5]
    left = [path for path in small(folder) if path not in taken]
    for shift in range(2):
        for path in fifth + left[:: len(left) // SMALL_COUNT][:SMALL_COUNT]:
            yield path, shift, 20.0
    for path in paper():
        if path not in taken and path not in fifth:
            yield path, 0, 10.0


def one(path: str, shift: int, most: float, pump: str) -> Record:
    """Make a run whose call lasts at most `most` seconds, and return its record.

    before       SCIP's LP iterations before the call
    iterations   per iteration of the pump: the violated rows, and the LP iterations and seconds since the call began
    seconds      seconds of the call
    found        whether SCIP accepted a solution at the end
    errors       the number of exceptions caught
    """
    from pyscipopt import SCIP_PARAMSETTING, Model

    record: Record = {"instance": Path(path).name.removesuffix(".mps.gz"), "shift": shift, "iterations": []}

    class Traced(Pump):
        def iterates(self, state: PumpState | None = None) -> Iterator[PumpState]:
            for at in super().iterates(state):
                seconds = round(self.oracle.seconds, 3)
                record["iterations"].append([at.violated_rows, at.counters["lp_iterations"], seconds])
                yield at
                if seconds > most:
                    return

    class Once(heuristic.DiffPump):
        def heurexec(self, heurtiming: int, nodeinfeasible: bool) -> dict[str, int]:
            before = self.model.getNLPIterations()
            result = super().heurexec(heurtiming, nodeinfeasible)
            if self.statistics.runs:
                record.update(before=before, seconds=self.statistics.seconds)
                self.model.interruptSolve()
            return result

    heuristic.Pump, heuristic.DiffPump = Traced, Once  # type: ignore[misc]
    model = Model()
    model.hideOutput()
    model.readProblem(os.path.expandvars(path))
    model.setParams({"randomization/randomseedshift": shift, "limits/time": TIME_LIMIT})
    model.setHeuristics(SCIP_PARAMSETTING.OFF)
    plugin = include(model, PUMPS[pump], maxlpiterofs=UNLIMITED, maxstallloops=UNLIMITED, maxloops=UNLIMITED)
    record["iterations"].clear()  # those of the small model that `include` pumps to load everything
    model.optimize()
    return record | {"found": plugin.statistics.found > 0, "errors": plugin.statistics.errors}


def cut(record: Record, least: int, stall: int, more: int) -> tuple[bool, int, float]:
    """Return whether a solution is found, the LP iterations and the seconds under a rule.

    The rule allows `least` LP iterations at least, `stall` iterations without fewer violated rows, and `more` times
    the limit while violated rows become fewer.
    """
    budget = max(least, OFFSET + QUOT * FIRST_CALL_FACTOR * record["before"])
    patience, every = Patience(budget, more, stall), record["iterations"]
    for violated, spent, seconds in every:
        if patience.exhausted(violated, spent):
            last = spent == every[-1][1]
            return bool(last and record["found"]), spent, seconds
    return bool(record["found"]), every[-1][1], every[-1][2]


def table() -> None:
    """Print the table, a row for every pump and rule."""
    print("| pump | at least | maxstallloops | times | found | LP iterations, of SCIP's | seconds |")
    print("|---" * 7 + "|")
    for pump in PUMPS:
        ran = [record for record in kept(pump) if record["iterations"]]
        own = sum(record["before"] for record in ran)
        for rule in RULES if ran else ():
            done = [cut(record, *rule) for record in ran]
            print(
                f"| {pump} | {' | '.join(map(str, rule))} | {sum(found for found, _, _ in done)} of {len(ran)} "
                f"| {sum(spent for _, spent, _ in done) / own:.1f} | {sum(seconds for _, _, seconds in done):.1f} |"
            )
        print(f"| {pump} | all | | | {sum(record['found'] for record in ran)} of {len(ran)} | | |")


def kept(pump: str) -> list[Record]:
    """Return the records of a pump."""
    return read_objects(HERE / "effort" / f"{pump}.jsonl")


def run(folder: str, jobs: int, pump: str) -> None:
    """Make the runs of a pump that have no record."""
    done = {(record["instance"], record["shift"]) for record in kept(pump)}
    todo = [
        [path, str(shift), str(most), pump] for path, shift, most in runs(folder)
        if (Path(path).name.removesuffix(".mps.gz"), shift) not in done
    ]  # fmt: skip
    appended(HERE / "effort" / f"{pump}.jsonl", jobs, todo, __file__)


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "one":
        print(json.dumps(one(rest[0], int(rest[1]), float(rest[2]), rest[3])))
    elif command == "run":
        run(rest[0], int(rest[1]), rest[2])
    else:
        table()
