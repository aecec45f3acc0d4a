"""How long a call of the heuristic should last, and with which pump: its first call, iteration by iteration.

    python effort.py run FOLDER JOBS PUMP    into effort/PUMP.jsonl (resumable)
    python effort.py table                   from there

The instances, none of them in list.txt: of the paper's but the largest 24, by nonzeros, every fifth from the third
on, and of those of `small` that have a solution, by file size, ten at even distances among those that are left (two
seed shifts, 20 s); then the others of the paper's (one seed shift, 10 s). All other heuristics are off, and the call
ends with a solution that SCIP takes or after so many seconds; what a limit of LP iterations or of stalls would have
left of it is computed from its record.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measure import HERE, appended, instances, paper, small

from diffpump.config.pump import ENGINE, PROJECTING
from diffpump.pump import Pump, PumpState
from diffpump.scip import PUMP, heuristic, include
from diffpump.scip.parameters import Patience

PUMPS = {"stall=1": PUMP, "stall=0": ENGINE, "projection": PROJECTING, "FP": "FP"}
LIMIT, SMALL = 60.0, 10
QUOT, FIRST, OFFSET, NEVER = 0.1, 6, 2000, 10**9  # FIRST: times the share, in the first call
RULES = ((0, 10, 1), (0, 30, 4), (5000, 10, 4), (5000, 30, 4), (20000, 30, 4), (20000, 100, 4))
Record = dict[str, Any]


def runs(folder: str) -> Iterator[tuple[str, int, float]]:
    """Path, seed shift, seconds."""
    taken, fifth = set(instances()), paper()[2::5]
    left = [path for path in small(folder) if path not in taken]
    for shift in range(2):
        for path in fifth + left[:: len(left) // SMALL][:SMALL]:
            yield path, shift, 20.0
    for path in paper():
        if path not in taken and path not in fifth:
            yield path, 0, 10.0


def one(path: str, shift: int, most: float, pump: str) -> Record:
    """A record: SCIP's LP iterations before the call; of every iteration the violated rows, and LP iterations and
    seconds since the call began; whether SCIP took a solution at the end."""
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
    model.setParams({"randomization/randomseedshift": shift, "limits/time": LIMIT})
    model.setHeuristics(SCIP_PARAMSETTING.OFF)
    plugin = include(model, PUMPS[pump], maxlpiterofs=NEVER, maxstallloops=NEVER, maxloops=NEVER)
    record["iterations"].clear()  # of what it was prepared with
    model.optimize()
    return record | {"found": plugin.statistics.found > 0, "errors": plugin.statistics.errors}


def cut(record: Record, least: int, stall: int, more: int) -> tuple[bool, int, float]:
    """Found, LP iterations, seconds under a rule: so many LP iterations at least, `more` times the limit while
    the violated rows go down."""
    budget = max(least, OFFSET + QUOT * FIRST * record["before"])
    patience, every = Patience(budget, more, stall), record["iterations"]
    for violated, spent, seconds in every:
        if patience.over(violated, spent):
            last = spent == every[-1][1]
            return bool(last and record["found"]), spent, seconds
    return bool(record["found"]), every[-1][1], every[-1][2]


def table() -> None:
    """Print it, a row for every pump and rule."""
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
    """The records of a pump."""
    file = HERE / "effort" / f"{pump}.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def run(folder: str, jobs: int, pump: str) -> None:
    """Append what is missing."""
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
