"""How long a call of the heuristic should last: its first call on other instances, iteration by iteration.

    python effort.py FOLDER JOBS [PRESET]    into effort.jsonl (effort-PRESET.jsonl), and the table
    python effort.py table [PRESET]         from there

The instances, none of them in list.txt: of the paper's but the largest 24, by nonzeros, every fifth from the third
on; of those of `small` that have a solution, by file size, ten at even distances among those that are left. All
other heuristics are off, and the call ends with a solution that SCIP takes or after 20 s; what a limit of LP
iterations or of stalls would have left of it is computed from its record.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from measure import HERE, instances, paper, small, started

from diffpump.pump import Pump, PumpState
from diffpump.scip import ENGINE_NAME, heuristic, include
from diffpump.scip.parameters import Patience

SHIFTS, SECONDS, LIMIT, SMALL = range(2), 20.0, 60.0, 10
QUOT, FIRST, OFFSET, NEVER = 0.1, 6, 2000, 10**9  # FIRST: times the share, in the first call
RULES = [(least, stall, more) for least in (0, 5000, 20000) for stall in (10, 30, 100) for more in (1, 4)]
Record = dict[str, Any]


def others(folder: str) -> list[str]:
    """The paths of the instances."""
    taken = set(instances())
    left = [path for path in small(folder) if path not in taken]
    return paper()[2::5] + left[:: len(left) // SMALL][:SMALL]


def one(path: str, shift: int, preset: str) -> Record:
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
                if seconds > SECONDS:
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
    plugin = include(model, preset, maxlpiterofs=NEVER, maxstallloops=NEVER, maxloops=NEVER)
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


def table(records: list[Record]) -> None:
    """Print it."""
    ran = [record for record in records if record["iterations"]]
    print(
        f"{len(ran)} of {len(records)} runs come to a fractional LP; {sum(r['found'] for r in ran)} find in 20 s."
    )
    print("\n| at least | maxstallloops | times | found | LP iterations, of SCIP's | seconds |")
    print("|---" * 6 + "|")
    own = sum(record["before"] for record in ran)
    for rule in RULES:
        done = [cut(record, *rule) for record in ran]
        print(
            f"| {' | '.join(map(str, rule))} | {sum(found for found, _, _ in done)} "
            f"| {sum(spent for _, spent, _ in done) / own:.1f} | {sum(seconds for _, _, seconds in done):.1f} |"
        )


def main(folder: str, jobs: int, preset: str) -> None:
    """Measure, write, and print."""
    todo = [[path, str(shift), preset] for shift in SHIFTS for path in others(folder)]
    with ThreadPoolExecutor(jobs) as pool:
        records = [record for record in pool.map(lambda a: started(a, __file__), todo) if record is not None]
    kept(preset).write_text("".join(json.dumps(record) + "\n" for record in records))
    table(records)


def kept(preset: str) -> Path:
    """Where the records of a preset are."""
    return HERE / ("effort.jsonl" if preset == ENGINE_NAME else f"effort-{preset}.jsonl")


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(one(sys.argv[2], int(sys.argv[3]), sys.argv[4])))
    elif sys.argv[1:2] == ["table"]:
        preset = sys.argv[2] if sys.argv[2:] else ENGINE_NAME
        table([json.loads(line) for line in kept(preset).read_text().splitlines()])
    else:
        main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if sys.argv[3:] else ENGINE_NAME)
