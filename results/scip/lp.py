"""Compare SCIP's diving LP with a private LP of the heuristic, by the same re-solves through each.

    python lp.py [JOBS]         make all runs, write lp.jsonl, and print the table of README.md
    python lp.py table          print the table from the records

On every instance of list.txt, at the first node whose LP is fractional, the pump's costs theta of its first 30
iterations, or of those within 10 s, are solved once more, one after the other from SCIP's basis. This is done with
SCIP's diving LP, and with a private LP in HiGHS and in SCIP's own LP solver.

The committed records are in lp.jsonl.gz; a run replaces them by lp.jsonl.
"""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import numpy as np
from measure import instances, started

from diffpump.backends.relaxation import load
from diffpump.bench.report.stats import shifted_geomean
from diffpump.bench.store import read_objects
from diffpump.config.presets import ENGINE_PUMP
from diffpump.core.arrays import Vector
from diffpump.pump import Pump
from diffpump.scip.host import CurrentLp, Host

HERE = Path(__file__).parent
SOLVES = 30  # costs of the pump, at most
PUMP_SECONDS = 10.0  # s, in which the pump makes them
TIME_LIMIT = 60.0  # s, of SCIP
BACKENDS = ("highs", "scip")
WAYS = ("diving", *BACKENDS)


def costs(lp: CurrentLp) -> list[Vector]:
    """Return the costs theta of the pump's first iterations, each (n,)."""
    relaxation = load(lp.problem)
    relaxation.restore_basis(lp.basis)
    pump = Pump(
        lp.problem, ENGINE_PUMP.with_(max_iter=SOLVES), relaxation, 0,
        accept=lambda x: False, refute=lambda ray: False, x0=lp.x,
    )  # fmt: skip
    until = time.monotonic() + PUMP_SECONDS
    iterates = takewhile(lambda state: time.monotonic() < until, pump.iterates())
    return [state.theta.copy() for state in islice(iterates, SOLVES)]


def private(lp: CurrentLp, thetas: list[Vector], backend: str) -> dict[str, Any]:
    """Re-solve with a private LP.

    Returns load (seconds before the first re-solve), solves (seconds of all of them), simplex (of them the seconds
    of the simplex), iterations (of the simplex) and values (the optimal theta'x).
    """
    began = time.perf_counter()
    relaxation = load(lp.problem, backend)
    relaxation.restore_basis(lp.basis)
    loaded = time.perf_counter()
    results = [relaxation.solve(theta) for theta in thetas]
    return {
        "load": loaded - began,
        "solves": time.perf_counter() - loaded,
        "simplex": sum(result.seconds for result in results),
        "iterations": sum(result.iterations for result in results),
        "values": [float(theta @ result.x) for theta, result in zip(thetas, results, strict=True)],
    }


def diving(model: Any, lp: CurrentLp, thetas: list[Vector]) -> dict[str, Any]:
    """Re-solve with SCIP's diving LP, and return the same as `private`."""
    began = time.perf_counter()
    model.startDive()
    loaded, before, simplex, values = time.perf_counter(), model.getNLPIterations(), 0.0, []
    for theta in thetas:
        for variable, cost in zip(lp.columns, theta.tolist(), strict=True):
            model.chgVarObjDive(variable, cost)
        starting = time.perf_counter()
        model.solveDiveLP()
        simplex += time.perf_counter() - starting
        x = np.fromiter((variable.getLPSol() for variable in lp.columns), np.float64, len(lp.columns))
        values.append(float(theta @ x))
    done, iterations = time.perf_counter() - loaded, model.getNLPIterations() - before
    model.endDive()
    return {
        "load": loaded - began,
        "solves": done,
        "simplex": simplex,
        "iterations": iterations,
        "values": values,
    }


def one(path: str) -> dict[str, Any]:
    """Return an instance's record; without "diving" if no node has a fractional LP."""
    from pyscipopt import SCIP_HEURTIMING, SCIP_LPSOLSTAT, SCIP_RESULT, Heur, Model

    record: dict[str, Any] = {"instance": Path(path).name.removesuffix(".mps.gz")}

    class Measure(Heur):  # type: ignore[misc]
        def heurexec(self, heurtiming: int, nodeinfeasible: bool) -> dict[str, int]:
            own = self.model
            if nodeinfeasible or own.getLPSolstat() != SCIP_LPSOLSTAT.OPTIMAL or not own.getNLPBranchCands():
                return {"result": SCIP_RESULT.DIDNOTRUN}
            began = time.perf_counter()
            lp = Host(own).lp()
            record.update(columns=lp.problem.n, rows=lp.problem.m, export=time.perf_counter() - began)
            thetas = costs(lp)
            record["solves"] = len(thetas)
            record["diving"] = diving(own, lp, thetas)
            for backend in BACKENDS:
                record[backend] = private(lp, thetas, backend)
            own.interruptSolve()
            return {"result": SCIP_RESULT.DIDNOTFIND}

    model = Model()
    model.hideOutput()
    model.readProblem(os.path.expandvars(path))
    model.setParam("limits/time", TIME_LIMIT)
    timing = SCIP_HEURTIMING.AFTERLPNODE | SCIP_HEURTIMING.AFTERLPPLUNGE
    model.includeHeur(Measure(), "measure", "costs of the pump", "M", 10**6, 1, 0, -1, timing, False)
    model.optimize()
    if "diving" in record:
        least = np.min([record[way]["values"] for way in WAYS], axis=0)
        for way in WAYS:
            values = np.array(record[way].pop("values"))
            record[way]["optimal"] = int((values <= least + 1e-6 * np.maximum(1.0, np.abs(least))).sum())
    return record


def table(records: list[dict[str, Any]]) -> None:
    """Print the table."""
    done = [record for record in records if "diving" in record]
    print(f"{len(done)} of {len(records)} instances have a node with a fractional LP.\n")
    print(
        "| | seconds before | seconds a re-solve | simplex alone | iterations a re-solve | all seconds | optimal |"
    )
    print("|---" * 7 + "|")
    for way in WAYS:
        before = [one[way]["load"] + (one["export"] if way != "diving" else 0.0) for one in done]
        solves, simplex, iterations = (
            np.array([one[way][key] / one["solves"] for one in done])
            for key in ("solves", "simplex", "iterations")
        )
        every = sum(before) + sum(one[way]["solves"] for one in done)
        optimal, total = sum(one[way]["optimal"] for one in done), sum(one["solves"] for one in done)
        print(
            f"| {way} | {shifted_geomean(np.array(before), 0.001):.4f} | {shifted_geomean(solves, 0.001):.4f} "
            f"| {shifted_geomean(simplex, 0.001):.4f} | {shifted_geomean(iterations, 1.0):.1f} "
            f"| {every:.1f} | {optimal} of {total} |"
        )
    for way in BACKENDS:
        faster = sum(
            one["export"] + one[way]["load"] + one[way]["solves"] < one["diving"]["solves"] for one in done
        )
        print(f"{way}: sooner than diving on {faster} of {len(done)}, loading included")


def main(jobs: int) -> None:
    """Measure all instances, write the records, and print the table."""
    with ThreadPoolExecutor(jobs) as pool:
        every = pool.map(lambda path: started([path], __file__), instances())
        records = [record for record in every if record is not None]
    (HERE / "lp.jsonl.gz").unlink(missing_ok=True)
    (HERE / "lp.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    table(records)


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(one(sys.argv[2])))
    elif sys.argv[1:2] == ["table"]:
        table(read_objects(HERE / "lp.jsonl"))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 1)
