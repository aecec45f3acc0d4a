"""Run SCIP with and without the pump: five arms, five seed shifts, a limit of LP iterations so that runs repeat.

    python measure.py choose FOLDER    write list.txt: the instances, by the rule below (before the first run)
    python measure.py limits [JOBS]    write limits.json: the LP iterations of SCIP's default in 20 s, in 90 s where
                                       the first LP takes longer
    python measure.py run [JOBS]       make the runs that have no record, and append them to records.jsonl

The rule takes, of the paper's instances but the largest 24, by nonzeros, every fifth; and of those of `small` that
have a solution, by file size, as many at even distances as are missing to 30.

A run ends when SCIP's LP iterations (the pump's own, outside SCIP, not counted) reach the instance's limit; when
SCIP is done; or after 90 s.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from diffpump.bench.solu import read_solu
from diffpump.bench.store import read_objects

HERE = Path(__file__).parent
ARMS = ("default", "off", "off + feaspump", "off + diffpump", "default + diffpump")
SHIFTS = range(5)
CALIBRATION_SECONDS = 20.0  # s, in which the limit of LP iterations is counted
TIME_LIMIT = 90.0  # s, of a run
INSTANCE_COUNT = 30


def listed(name: str) -> list[str]:
    """Return the paths of a list."""
    return [line for line in (HERE / name).read_text().splitlines() if not line.startswith("#")]


def paper() -> list[str]:
    """Return the paper's instances but the largest 24, by nonzeros."""
    return listed("../paper/lists/all124.txt")[:-24]


def small(folder: str) -> list[str]:
    """Return the instances of `small` that have a solution, by file size."""
    known = read_solu(Path(folder) / "best.solu")
    return [
        f"$DIFFPUMP_MIPLIB/small/{path.name}"
        for path in sorted((Path(folder) / "small").glob("*.mps.gz"), key=lambda path: path.stat().st_size)
        if (entry := known.get(path.name.removesuffix(".mps.gz"))) is not None and entry.value is not None
    ]


def choose(folder: str) -> None:
    """Choose the instances and write list.txt."""
    chosen, solvable = paper()[::5], small(folder)
    missing = INSTANCE_COUNT - len(chosen)
    chosen += [solvable[k * len(solvable) // missing] for k in range(missing)]
    (HERE / "list.txt").write_text(
        "# By the rule in measure.py, before the first run\n" + "\n".join(chosen) + "\n"
    )


def instances() -> list[str]:
    """Return the paths of list.txt."""
    return listed("list.txt")


def one(path: str, arm: str, shift: int, seconds: float, limit: int | None = None) -> dict[str, Any]:
    """Make a run of at most `limit` LP iterations and return its record."""
    from pyscipopt import (
        SCIP_EVENTTYPE,
        SCIP_HEURTIMING,
        SCIP_PARAMSETTING,
        SCIP_RESULT,
        Eventhdlr,
        Heur,
        Model,
    )

    from diffpump.scip import include
    from diffpump.scip.host import Host

    model = Model()
    model.hideOutput()
    model.readProblem(os.path.expandvars(path))
    model.setParams({"randomization/randomseedshift": shift, "limits/time": seconds})
    if arm.startswith("off"):
        model.setHeuristics(SCIP_PARAMSETTING.OFF)
    if arm.endswith("feaspump"):
        fresh = Model().getParams()
        for name in ("freq", "freqofs", "maxdepth", "priority"):
            model.setParam(f"heuristics/feaspump/{name}", fresh[f"heuristics/feaspump/{name}"])
    plugin = include(model) if arm.endswith("diffpump") else None
    incumbents: list[list[Any]] = []
    fractional: list[int] = []

    def stop_at_limit() -> None:
        if limit is not None and model.getNLPIterations() >= limit:
            model.interruptSolve()

    class Watch(Eventhdlr):  # type: ignore[misc]
        kinds = SCIP_EVENTTYPE.BESTSOLFOUND, SCIP_EVENTTYPE.LPSOLVED, SCIP_EVENTTYPE.FIRSTLPSOLVED

        def eventinit(self) -> None:
            for kind in self.kinds:
                self.model.catchEvent(kind, self)

        def eventexec(self, event: Any) -> None:
            own = self.model
            if event.getType() == SCIP_EVENTTYPE.BESTSOLFOUND:
                best = own.getBestSol()
                incumbents.append([
                    own.getSolvingTime(), own.getNNodes(), own.getNLPIterations(), own.getSolObjVal(best),
                    Host(own).finder(),
                ])  # fmt: skip
                return
            if not fractional and own.getLPSolstat() == 1:
                fractional.append(own.getNLPBranchCands())
            stop_at_limit()

    class Loop(Heur):  # type: ignore[misc]
        # The root's LP loop can last for minutes without an event, but it calls heuristics.
        def heurexec(self, heurtiming: int, nodeinfeasible: bool) -> dict[str, int]:
            stop_at_limit()
            return {"result": SCIP_RESULT.DIDNOTRUN}

    model.includeEventhdlr(Watch(), "watch", "incumbents, and the limit of LP iterations")
    model.includeHeur(
        Loop(), "loop", "the limit, in the LP loop", "L", 10**6, 1, 0, -1, SCIP_HEURTIMING.DURINGLPLOOP, False
    )
    began = time.monotonic()
    model.optimizeNogil()
    record = {
        "instance": Path(path).name.removesuffix(".mps.gz"), "arm": arm, "shift": shift, "limit": limit,
        "status": model.getStatus(), "seconds": round(model.getSolvingTime(), 3),
        "wall": round(time.monotonic() - began, 3), "nodes": model.getNTotalNodes(),
        "lp_iterations": model.getNLPIterations(), "incumbents": incumbents,
        "objective": model.getObjVal() if model.getNSols() else None,
        "maximise": model.getObjectiveSense() == "maximize", "fractional": fractional[0] if fractional else None,
        "version": model.version(),
    }  # fmt: skip
    if plugin is not None:
        done = plugin.statistics
        record["pump"] = {**vars(done), "skipped": dict(done.skipped), "seconds": round(done.seconds, 3)}
    return record


def started(arguments: list[str], script: str = __file__) -> dict[str, Any] | None:
    """Make a run of a script's `one` in a process of its own; return its record, None if the process died."""
    done = subprocess.run([sys.executable, script, "one", *arguments], capture_output=True, text=True)
    if done.returncode:
        print(arguments, "died:", done.stderr[-500:], file=sys.stderr)
        return None
    record: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return record


def limits(jobs: int) -> None:
    """Count the LP iterations of SCIP's default, and write limits.json."""
    iterations: dict[str, int] = {}
    for seconds in (CALIBRATION_SECONDS, TIME_LIMIT):
        paths = [path for path in instances() if not iterations.get(path)]
        with ThreadPoolExecutor(jobs) as pool:
            records = pool.map(started, [[path, "default", "0", str(seconds)] for path in paths])
            iterations |= {
                path: record["lp_iterations"] for path, record in zip(paths, records, strict=True) if record
            }
    (HERE / "limits.json").write_text(json.dumps(iterations, indent=1) + "\n")


def run(jobs: int) -> None:
    """Make the runs that have no record, shift by shift, and append them to records.jsonl."""
    target, iterations = HERE / "records.jsonl", json.loads((HERE / "limits.json").read_text())
    done = {(r["instance"], r["arm"], r["shift"]) for r in read_objects(target)}
    todo = [
        [path, arm, str(shift), str(TIME_LIMIT), str(limit)]
        for shift in SHIFTS for path, limit in iterations.items() for arm in ARMS
        if (Path(path).name.removesuffix(".mps.gz"), arm, shift) not in done
    ]  # fmt: skip
    appended(target, jobs, todo)


def appended(target: Path, jobs: int, todo: list[list[str]], script: str = __file__) -> None:
    """Make a script's runs and append their records to a file, each as soon as it and those before it end."""
    with ThreadPoolExecutor(jobs) as pool, target.open("a") as out:
        for record in pool.map(lambda arguments: started(arguments, script), todo):
            if record is not None:
                out.write(json.dumps(record) + "\n")
                out.flush()


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "choose":
        choose(rest[0])
    elif command == "one":
        limit = int(rest[4]) if len(rest) > 4 else None
        print(json.dumps(one(rest[0], rest[1], int(rest[2]), float(rest[3]), limit)))
    else:
        {"limits": limits, "run": run}[command](int(rest[0]) if rest else 2)
