"""Measure what a modelling language adds to a solve: the hand-over of its model, and the solution written back.

    python results/adapters/adapters.py > results/adapters/adapters.md

A generalised assignment model of about 10^4 and of about 10^5 nonzeros is built in each library that is
installed. Each measurement is a process of its own, so that the library's own lazy imports count, and
`REPEATS` of them give the median of the CPU seconds, which a busy machine changes little. The time of the bare
file is that of reading the same model from MPS. Building the model is the user's own time and does not count.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.core.version import __version__
from diffpump.families.draft import Draft
from diffpump.io.foreign import Answer, apply, to_problem
from diffpump.io.read import read
from diffpump.io.write import write_mps

SIZES = {"10^4": (50, 100), "10^5": (100, 500)}  # agents and jobs; a column has two nonzeros
REPEATS = 1  # processes of each measurement
SOLVE_SECONDS = 10.0  # the solve whose share is shown
DISTRIBUTIONS = {
    "file": "diffpump", "pulp": "pulp", "pyomo": "pyomo", "linopy": "linopy", "cvxpy": "cvxpy-base",
    "mathopt": "ortools", "highs": "highspy", "scip": "pyscipopt",
}  # fmt: skip


class Data:
    """The numbers of an assignment of jobs to agents."""

    def __init__(self, agents: int, jobs: int) -> None:
        rng = np.random.default_rng(1)
        self.agents, self.jobs = agents, jobs
        self.weight = rng.integers(1, 101, size=(agents, jobs)).astype(float)
        self.cost = 111 - self.weight + rng.integers(-10, 11, size=(agents, jobs))
        self.capacity = np.floor(self.weight.sum(axis=1) / agents)

    def problem(self) -> Problem:
        """Return the model as a problem."""
        draft = Draft("assignment")
        x = [
            [draft.binary(f"x_{i}_{j}", self.cost[i, j]) for j in range(self.jobs)]
            for i in range(self.agents)
        ]
        for j in range(self.jobs):
            draft.row(f"job_{j}", ((1, x[i][j]) for i in range(self.agents)), 1, 1)
        for i in range(self.agents):
            draft.row(f"agent_{i}", zip(self.weight[i], x[i], strict=True), hi=self.capacity[i])
        return draft.problem()


def build_pulp(data: Data) -> Any:
    """Return the model in PuLP."""
    import pulp

    warnings.simplefilter("ignore", DeprecationWarning)
    model = pulp.LpProblem("assignment")
    agents, jobs = range(data.agents), range(data.jobs)
    x = [[pulp.LpVariable(f"x_{i}_{j}", cat="Binary") for j in jobs] for i in agents]
    model += pulp.LpAffineExpression((x[i][j], data.cost[i, j]) for i in agents for j in jobs)
    for j in jobs:
        model += pulp.LpAffineExpression((x[i][j], 1) for i in agents) == 1, f"job_{j}"
    for i in agents:
        load = pulp.LpAffineExpression((x[i][j], data.weight[i, j]) for j in jobs)
        model += load <= data.capacity[i], f"agent_{i}"
    return model


def build_pyomo(data: Data) -> Any:
    """Return the model in Pyomo."""
    import pyomo.environ as pyo

    m = pyo.ConcreteModel("assignment")
    m.agents, m.jobs = pyo.RangeSet(0, data.agents - 1), pyo.RangeSet(0, data.jobs - 1)
    m.x = pyo.Var(m.agents, m.jobs, domain=pyo.Binary)
    m.cost = pyo.Objective(expr=pyo.quicksum(float(data.cost[i, j]) * m.x[i, j] for i, j in m.x))
    m.job = pyo.Constraint(m.jobs, rule=lambda m, j: pyo.quicksum(m.x[i, j] for i in m.agents) == 1)

    def load(m: Any, i: int) -> Any:
        terms = pyo.quicksum(float(data.weight[i, j]) * m.x[i, j] for j in m.jobs)
        return terms <= float(data.capacity[i])

    m.agent = pyo.Constraint(m.agents, rule=load)
    return m


def build_linopy(data: Data) -> Any:
    """Return the model in linopy."""
    import linopy
    import xarray as xr

    coords = {"agent": range(data.agents), "job": range(data.jobs)}
    weight = xr.DataArray(data.weight, coords=coords)
    cost = xr.DataArray(data.cost, coords=coords)
    m = linopy.Model()
    x = m.add_variables(binary=True, coords=weight.coords, name="x")
    m.add_constraints(x.sum("agent") == 1, name="jobs")
    capacity = xr.DataArray(data.capacity, coords={"agent": range(data.agents)})
    m.add_constraints((weight * x).sum("job") <= capacity, name="agents")
    m.add_objective((cost * x).sum())
    return m


def build_cvxpy(data: Data) -> Any:
    """Return the model in CVXPY."""
    import cvxpy as cp

    x = cp.Variable((data.agents, data.jobs), boolean=True, name="x")
    rows = [cp.sum(x, axis=0) == 1, cp.sum(cp.multiply(data.weight, x), axis=1) <= data.capacity]
    return cp.Problem(cp.Minimize(cp.sum(cp.multiply(data.cost, x))), rows)


def build_mathopt(data: Data) -> Any:
    """Return the model in MathOpt."""
    from ortools.math_opt.python import mathopt

    m = mathopt.Model(name="assignment")
    agents, jobs = range(data.agents), range(data.jobs)
    x = [[m.add_binary_variable(name=f"x_{i}_{j}") for j in jobs] for i in agents]
    m.minimize(mathopt.fast_sum(float(data.cost[i, j]) * x[i][j] for i in agents for j in jobs))
    for j in jobs:
        m.add_linear_constraint(mathopt.fast_sum(x[i][j] for i in agents) == 1.0, name=f"job_{j}")
    for i in agents:
        load = mathopt.fast_sum(float(data.weight[i, j]) * x[i][j] for j in jobs)
        m.add_linear_constraint(load <= float(data.capacity[i]), name=f"agent_{i}")
    return m


def build_highs(data: Data) -> Any:
    """Return the model in HiGHS."""
    import highspy

    highs = highspy.Highs()
    highs.silent()
    with tempfile.TemporaryDirectory() as folder:
        write_mps(data.problem(), path := Path(folder) / "m.mps")
        highs.readModel(str(path))
    return highs


def build_scip(data: Data) -> Any:
    """Return the model in PySCIPOpt."""
    import pyscipopt

    scip = pyscipopt.Model()
    scip.hideOutput()
    with tempfile.TemporaryDirectory() as folder:
        write_mps(data.problem(), path := Path(folder) / "m.mps")
        scip.readProblem(str(path))
    return scip


BUILDERS: dict[str, Callable[[Data], Any]] = {
    "pulp": build_pulp, "pyomo": build_pyomo, "linopy": build_linopy, "cvxpy": build_cvxpy,
    "mathopt": build_mathopt, "highs": build_highs, "scip": build_scip,
}  # fmt: skip


def measured(library: str, agents: int, jobs: int) -> dict[str, float]:
    """Return the seconds of one hand-over and one write-back, and the sizes of the problem."""
    data = Data(agents, jobs)
    if library == "file":
        with tempfile.TemporaryDirectory() as folder:
            write_mps(data.problem(), path := Path(folder) / "m.mps")
            began = time.process_time()
            problem = read(path)
            return {"over": time.process_time() - began, "back": 0.0, "nonzeros": problem.nnz}
    model = BUILDERS[library](data)
    began = time.process_time()
    problem = to_problem(model)
    over = time.process_time() - began
    answer = Answer(problem, Status.FEASIBLE, np.ones(problem.n), 0.0, False)
    began = time.process_time()
    apply(answer, model)
    return {"over": over, "back": time.process_time() - began, "nonzeros": problem.nnz}


def median(library: str, size: str) -> dict[str, float]:
    """Return the medians of `REPEATS` processes."""
    command = [sys.executable, __file__, library, *map(str, SIZES[size])]
    runs = [
        json.loads(
            subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
        )
        for _ in range(REPEATS)
    ]
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def main() -> None:
    """Print the table, or with arguments measure once and print a JSON object."""
    if len(sys.argv) > 1:
        library, agents, jobs = sys.argv[1:]
        print(json.dumps(measured(library, int(agents), int(jobs))))
        return
    versions = {}
    for library, distribution in DISTRIBUTIONS.items():
        try:
            versions[library] = importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            print(f"{distribution} is not installed and left out", file=sys.stderr)
    shown = ", ".join(f"{DISTRIBUTIONS[one]} {versions[one]}" for one in versions if one != "file")
    print("# What a modelling language adds to a solve\n")
    print(
        f"Made by `python results/adapters/adapters.py`; diffpump {__version__}, python "
        f"{platform.python_version()}, {shown}; CPU seconds, processes of each: {REPEATS}.\n"
    )
    print(
        "| library | nonzeros | model handed over | solution written back | the file read | added | share of "
        f"{SOLVE_SECONDS:g} s |\n|---|---|---|---|---|---|---|"
    )
    for size in SIZES:
        file = median("file", size)["over"]
        for library in (one for one in versions if one != "file"):
            found = median(library, size)
            added = found["over"] + found["back"] - file
            print(
                f"| {library} | {found['nonzeros']:.0f} | {found['over']:.3f} | {found['back']:.3f} | "
                f"{file:.3f} | {added:+.3f} | {added / SOLVE_SECONDS:+.1%} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
