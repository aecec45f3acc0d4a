"""Measure `relax` beside HiGHS's feasibility relaxation and SCIP on the elastic model.

    DIFFPUMP_MIPLIB=... python results/relax/measure.py [INSTANCE ...]

The instances are the infeasible files of MIPLIB's small set, and two broken versions of six feasible ones:

* `cut`: one more row asks for an objective that is better than the known optimum by 1 % (at least by 1). The LP
  relaxation often stays feasible.
* `side`: one more row is a copy of a row, drawn by the name of the file, with an upper side below its minimum over
  the LP relaxation, but not below that over the column bounds.

All solvers have the default weights of `relax`, one thread, and the same wall time. HiGHS runs its
`feasibilityRelaxation` with a penalty for each side (-1 for one that holds); it leaves no status, so that a run
which ends before the limit counts as complete. SCIP solves the elastic model of `relax`. The violations of all
points are computed exactly on the model, by one function. The seconds of `relax` include its contradiction.

Contradictions are looked for where the LP relaxation is infeasible: by `relax`, by HiGHS's `getIis` (from the LP,
irreducible) and by SCIP's `generateIIS` (on the MIP, rows only).

Each run is a child process. Its row is appended to rows.jsonl, so that an interrupted measurement continues,
and README.md is written anew.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp

from diffpump.backends.highs_model import loaded
from diffpump.backends.lp import solve_lp
from diffpump.bench.solu import known_objectives
from diffpump.bench.store import read_objects
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem, activity_range
from diffpump.core.status import LpStatus
from diffpump.elastic.model import elastic
from diffpump.elastic.relax import relax
from diffpump.elastic.weights import HOLDS, Weights, weights_of
from diffpump.io.files import shortest_decimal
from diffpump.io.read import read
from diffpump.scip.model import built
from diffpump.verify import exact
from diffpump.verify.check import CHECK_TOL, exact_model
from diffpump.verify.violations import violations

HERE = Path(__file__).parent
ROWS = HERE / "rows.jsonl"
SECONDS = 5.0
GRACE = 30.0  # seconds after the limit, imports included, after which a child process is ended
INFEASIBLE = ("diamond", "enlight14", "ns1766074", "p2m2p1m1p0n100")
BROKEN = ("p0033", "bell5", "misc07", "vpm1", "khb05250", "rgn")
VERSIONS = ("cut", "side")
HIGHS_IRREDUCIBLE = 3  # HiGHS's name of this status is not part of highspy
SOLVERS = ("diffpump", "HiGHS", "SCIP")


def folder() -> Path:
    """Return the folder of the MIPLIB files."""
    return Path(os.environ["DIFFPUMP_MIPLIB"])


def instances() -> list[str]:
    """Return the names of all instances."""
    return [*INFEASIBLE, *(f"{name}-{version}" for name in BROKEN for version in VERSIONS)]


def model(instance: str) -> Problem:
    """Return an instance, built in memory so that all solvers have the same float64 numbers."""
    name, _, version = instance.partition("-")
    problem = replace(read(folder() / "small" / f"{name}.mps.gz"), source=None)
    if version == "cut":
        best = known_objectives(folder() / "best.solu")[name] - problem.offset
        cost = -problem.c if problem.maximise else problem.c
        assert not problem.maximise
        return with_row(problem, cost, best - max(1.0, 0.01 * abs(best)))
    if version == "side":
        return beyond_reach(problem, zlib.crc32(name.encode()))
    return problem


def with_row(problem: Problem, row: Vector, at_most: float) -> Problem:
    """Return the model with the row row'x <= at_most."""
    A = sp.vstack([problem.A, sp.csr_matrix(row)]).tocsr()
    A.indices, A.indptr = A.indices.astype(np.int32), A.indptr.astype(np.int32)
    return replace(
        problem, A=A, row_lo=np.append(problem.row_lo, -np.inf), row_hi=np.append(problem.row_hi, at_most),
        row_names=[*problem.row_names, "added"],
    )  # fmt: skip


def beyond_reach(problem: Problem, seed: int) -> Problem:
    """Return the model with a copy of a random row whose upper side is below the row's LP minimum."""
    least, _ = activity_range(problem.A, problem.lb, problem.ub)
    for i in np.random.default_rng(seed).permutation(problem.m).tolist():
        row = problem.A[i].toarray()[0]
        found = solve_lp(problem, LpLimits(10.0), cost=row)
        # The column bounds alone do not contradict the new row, but the other rows do.
        if found.status is LpStatus.OPTIMAL and np.floor(row @ found.x) - 1.0 > least[i]:
            return with_row(problem, row, float(np.floor(row @ found.x)) - 1.0)
    raise RuntimeError(f"{problem.name}: the bounds alone decide every row")


# --- one run ----------------------------------------------------------------------------------


def run(instance: str, solver: str) -> dict[str, Any]:
    """Return the row of a run."""
    problem = model(instance)
    parsed = exact_model(problem)
    weights = weights_of(parsed, {}, {})
    x, row = {"diffpump": _ours, "HiGHS": _highs, "SCIP": _scip}[solver](problem, weights)
    row = {"instance": instance, "solver": solver, **row}
    if x is not None:
        row |= judged(problem, parsed, weights, x)
    return row


def judged(problem: Problem, parsed: Any, weights: Weights, x: Vector) -> dict[str, Any]:
    """Return the exact weighted violation of a point, and by how much it breaks what must hold."""
    whole = np.where(problem.integer, np.rint(x), x)
    fractional = float(np.abs(whole - x).max(initial=0.0))
    point = exact.objects([exact.number(shortest_decimal(v)) for v in whole.tolist()])
    total, broken = Fraction(0), Fraction(0)
    for one in violations(parsed, point):
        weight = weights.of(one.kind, one.index, one.side)
        if weight == HOLDS:
            broken = max(broken, one.amount)
        else:
            total += weight * one.amount
    return {"violation": float(total), "broken": float(broken), "fractional": fractional}


def _ours(problem: Problem, weights: Weights) -> tuple[Vector | None, dict[str, Any]]:
    began = time.perf_counter()
    found = relax(problem, time_limit=SECONDS)
    claim = found.least
    said = "" if claim is None else "proven" if claim.proven else "reported"
    row: dict[str, Any] = {"seconds": time.perf_counter() - began, "least": said}
    row["contradiction_seconds"] = found.seconds["lp"]
    if found.conflict is not None and not found.conflict.integer:
        kinds = [one.kind for one in found.conflict.members]
        row |= {"rows": kinds.count("row"), "bounds": kinds.count("column")}
        row["irreducible"] = "proven" if found.conflict.irreducible else ""
    return found.x, row


def _penalties(weights: Any, sides: Vector) -> Vector:
    """Return HiGHS's penalties: -1 for sides that hold or are missing."""
    own = np.array([-1.0 if w == HOLDS else float(w) for w in weights])
    return np.where(np.isfinite(sides), own, -1.0)


def _highs(problem: Problem, weights: Weights) -> tuple[Vector | None, dict[str, Any]]:
    began = time.perf_counter()
    highs = loaded(problem)
    for option, value in (("time_limit", SECONDS), ("threads", 1), ("mip_rel_gap", 0.0)):
        highs.setOptionValue(option, value)
    rows = np.array([float(w) for w in weights.rows])
    lower, upper = (_penalties(*pair) for pair in ((weights.lower, problem.lb), (weights.upper, problem.ub)))
    highs.feasibilityRelaxation(1.0, 1.0, 1.0, lower, upper, rows)
    solution = highs.getSolution()
    x = np.array(solution.col_value)[: problem.n] if solution.value_valid else None
    seconds = time.perf_counter() - began
    row: dict[str, Any] = {"seconds": seconds, "least": "reported" if seconds < 0.95 * SECONDS else ""}
    linear = loaded(problem, relaxed=True)
    strategy = highspy.IisStrategy.kIisStrategyFromLp, highspy.IisStrategy.kIisStrategyIrreducible
    linear.setOptionValue("iis_strategy", sum(int(one) for one in strategy))
    linear.setOptionValue("iis_time_limit", SECONDS)
    began = time.perf_counter()
    iis = linear.getIis()[1]
    row["contradiction_seconds"] = time.perf_counter() - began
    if iis.valid_ and len(iis.row_index_):
        sided = {highspy.IisBoundStatus.kIisBoundStatusLower: 1,
                 highspy.IisBoundStatus.kIisBoundStatusUpper: 1,
                 highspy.IisBoundStatus.kIisBoundStatusBoxed: 2}  # fmt: skip
        bounds = sum(sided.get(highspy.IisBoundStatus(int(one)), 0) for one in iis.col_bound_)
        row |= {"rows": len(iis.row_index_), "bounds": bounds}
        row["irreducible"] = "reported" if int(iis.status_) == HIGHS_IRREDUCIBLE else ""
    return x, row


def _scip(problem: Problem, weights: Weights) -> tuple[Vector | None, dict[str, Any]]:
    began = time.perf_counter()
    solver, variables = built(elastic(exact_model(problem), weights).problem)
    solver.setParam("limits/time", SECONDS)
    solver.optimize()
    x = None
    if solver.getNSols():
        best = solver.getBestSol()
        x = np.array([solver.getSolVal(best, variables[j]) for j in range(problem.n)])
    row: dict[str, Any] = {"seconds": time.perf_counter() - began}
    row["least"] = "reported" if solver.getStatus() == "optimal" else ""
    if not lp_is_infeasible(problem):
        return x, row
    original, _ = built(problem)
    original.setParam("iis/time", SECONDS)
    began = time.perf_counter()
    iis = original.generateIIS()
    row["contradiction_seconds"] = time.perf_counter() - began
    if iis.isSubscipInfeasible():
        row["rows"] = len(iis.getSubscip().getConss())
        row["irreducible"] = "reported" if iis.isSubscipIrreducible() else ""
    return x, row


def lp_is_infeasible(problem: Problem) -> bool:
    """Return whether HiGHS reports that the LP relaxation is infeasible."""
    return solve_lp(problem, LpLimits(10.0), cost=np.zeros(problem.n)).status is LpStatus.INFEASIBLE


# --- all runs ---------------------------------------------------------------------------------


def child(instance: str, solver: str) -> dict[str, Any]:
    """Return the row of a run in a child process, or one that says how the process ended."""
    command = [sys.executable, __file__, "--one", instance, solver]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=2 * SECONDS + GRACE, check=True
        )
        row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return row
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        reason = (
            "ended after the limit"
            if isinstance(error, subprocess.TimeoutExpired)
            else f"exit {error.returncode}"
        )
        return {"instance": instance, "solver": solver, "error": reason}


def stored() -> dict[tuple[str, str], dict[str, Any]]:
    """Return the rows so far by instance and solver."""
    return {(row["instance"], row["solver"]): row for row in read_objects(ROWS)}


def cells(row: dict[str, Any]) -> list[str]:
    """Return the violation, whether it is the least, and the seconds of a run."""
    if "error" in row:
        return [row["error"], "", ""]
    value = f"{row['violation']:.7g}" if "violation" in row else "none"
    return [
        f"{value} (breaks what holds)" if is_flawed(row) else value,
        row["least"],
        f"{row['seconds']:.1f}",
    ]


def is_flawed(row: dict[str, Any]) -> bool:
    """Return whether a point breaks what must hold, or integrality, by more than the tolerance."""
    return max(row.get("broken", 0.0), row.get("fractional", 0.0)) > float(CHECK_TOL)


def members(row: dict[str, Any]) -> list[str]:
    """Return the members of a contradiction, whether it is irreducible, and its seconds."""
    if "rows" not in row:
        return ["none", "", ""]
    count = f"{row['rows']} + {row['bounds']}" if "bounds" in row else str(row["rows"])
    return [count, row["irreducible"], f"{row['contradiction_seconds']:.2f}"]


def page(rows: dict[tuple[str, str], dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of README.md."""
    yield "# Models without a solution\n"
    yield __doc__.split("\n", 4)[4].strip() + "\n"
    yield f"    {__doc__.splitlines()[2].strip()}\n"
    done = [name for name in instances() if all((name, solver) in rows for solver in SOLVERS)]
    if not done:
        yield "Not measured yet."
        return
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("highspy", "pyscipopt")]
    yield (
        f"{datetime.date.today()}, {', '.join(versions)}, Python {sys.version.split()[0]}, "
        f"{os.cpu_count()} cores, {SECONDS:g} s for each run.\n"
    )
    yield "`least` says whether it is proven, or reported by branch and cut, that no point violates less.\n"
    yield from table(rows, done, ("violation", "least", "s"), cells)
    yield ""
    yield from summary(rows, done)
    split = [name for name in done if any("rows" in rows[name, solver] for solver in SOLVERS)]
    yield "\nContradictions, counted as rows + bounds:\n"
    yield from table(rows, split, ("members", "irreducible", "s"), members)


def table(
    rows: dict[tuple[str, str], dict[str, Any]], names: list[str], head: tuple[str, ...],
    shown: Callable[[dict[str, Any]], list[str]],
) -> Iterator[str]:  # fmt: skip
    """Yield the lines of a table with a row for each instance and the columns `head` for each solver."""
    yield "| instance | " + " | ".join(f"{solver}: {one}" for solver in SOLVERS for one in head) + " |"
    yield "|---|" + "--:|" * (len(head) * len(SOLVERS))
    for name in names:
        yield f"| {name} | " + " | ".join(one for s in SOLVERS for one in shown(rows[name, s])) + " |"


def summary(rows: dict[tuple[str, str], dict[str, Any]], done: list[str]) -> Iterator[str]:
    """Yield a line for each solver: how often its violation is the smallest, and its seconds."""
    values = {
        key: np.inf if is_flawed(row) else row.get("violation", np.inf) for key, row in rows.items()
    }  # fmt: skip
    for s in SOLVERS:
        least = sum(
            values[name, s] <= min(values[name, t] for t in SOLVERS) * (1 + 1e-6) + 1e-6 for name in done
        )
        seconds = sum(rows[name, s].get("seconds", SECONDS) for name in done)
        yield f"* {s}: the smallest violation of the three on {least} of {len(done)}, {seconds:.0f} s in all."


def main() -> None:
    """Measure what is missing, and write README.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--one", nargs=2)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(run(*given.one)))
        return
    rows = stored()
    for instance in given.names or instances():
        for solver in SOLVERS:
            if (instance, solver) not in rows:
                rows[instance, solver] = child(instance, solver)
                with ROWS.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(rows[instance, solver]) + "\n")
                print(*cells(rows[instance, solver]), instance, solver, flush=True)
    (HERE / "README.md").write_text("\n".join(page(rows)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
