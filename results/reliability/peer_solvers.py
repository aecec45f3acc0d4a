"""HiGHS and SCIP on the inputs of the table, each in a child process of its own, with their own readers.

    python peer_solvers.py highs|scip       answers JSON lines (`child.answer`)

A question is {"do": "read", "path": ...} or {"do": "solve", "path": ..., "seconds": ...}.
"""

from __future__ import annotations

import importlib.metadata
import math
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

from child import Child, Ended, answer

MEMORY_MB = 6000
PEERS = {"HiGHS": "highs", "SCIP": "scip"}
PACKAGES = {"highs": "highspy", "scip": "pyscipopt"}


@cache
def present() -> tuple[str, ...]:
    """Return the names of the peers that are installed."""
    found = []
    for name, short in PEERS.items():
        try:
            importlib.metadata.version(PACKAGES[short])
        except importlib.metadata.PackageNotFoundError:
            continue
        found.append(name)
    return tuple(found)


@cache
def _child(name: str) -> Child:
    return Child([sys.executable, str(Path(__file__).resolve()), PEERS[name]], MEMORY_MB)


def ask(name: str, question: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Return a peer's answer, or {"died": how its process ended}."""
    try:
        return _child(name).ask(question, seconds)
    except Ended as why:
        return {"died": str(why)}


# --- in the child -------------------------------------------------------------------------------


def highs(question: dict[str, Any]) -> dict[str, Any]:
    """Read or solve a file with HiGHS's defaults."""
    import highspy

    began = time.monotonic()
    solver = highspy.Highs()
    solver.silent()
    read = solver.readModel(question["path"]) != highspy.HighsStatus.kError
    if question["do"] == "read" or not read:
        return {"read": read, "seconds": time.monotonic() - began}
    solver.setOptionValue("time_limit", max(0.0, question["seconds"] - (time.monotonic() - began)))
    solver.setOptionValue("threads", 1)
    solver.run()
    kinds, status, info = highspy.HighsModelStatus, solver.getModelStatus(), solver.getInfo()
    names = {kinds.kOptimal: "optimal", kinds.kInfeasible: "infeasible", kinds.kUnbounded: "unbounded"}
    found = info.primal_solution_status == 2 and math.isfinite(info.objective_function_value)
    whole = bool(len(solver.getLp().integrality_))
    return {
        "read": True,
        "status": names.get(status, "other"),
        "value": info.objective_function_value if found else None,
        "bound": info.mip_dual_bound if whole and math.isfinite(info.mip_dual_bound) else None,
        "x": dict(zip(solver.getLp().col_names_, solver.getSolution().col_value, strict=False))
        if found
        else None,
        "seconds": time.monotonic() - began,
    }


def scip(question: dict[str, Any]) -> dict[str, Any]:
    """Read or solve a file with SCIP's defaults."""
    import pyscipopt

    began = time.monotonic()
    model = pyscipopt.Model()
    model.hideOutput()
    try:
        model.readProblem(question["path"])
    except Exception:  # it raises OSError and others
        return {"read": False, "seconds": time.monotonic() - began}
    if question["do"] == "read":
        return {"read": True, "seconds": time.monotonic() - began}
    model.setParam("limits/time", max(0.0, question["seconds"] - (time.monotonic() - began)))
    model.optimize()
    status, found = model.getStatus(), model.getNSols() > 0
    bound = model.getDualbound()
    best = model.getBestSol() if found else None
    return {
        "read": True,
        "status": status if status in ("optimal", "infeasible", "unbounded") else "other",
        "value": model.getObjVal() if found else None,
        "bound": bound if abs(bound) < model.infinity() else None,
        "x": {var.name: model.getSolVal(best, var) for var in model.getVars()} if found else None,
        "seconds": time.monotonic() - began,
    }


if __name__ == "__main__":
    answer({"highs": highs, "scip": scip}[sys.argv[1]])
