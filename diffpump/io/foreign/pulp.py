"""Problems of PuLP; the solution goes into `varValue` of the variables, and the status into the problem.

| the run                                          | `status`    | `sol_status`    |
|--------------------------------------------------|-------------|-----------------|
| a solution, claimed to be optimal                | Optimal     | Optimal         |
| a solution                                       | Optimal     | IntegerFeasible |
| no solution, proven or by branch and cut's report | Infeasible | Infeasible      |
| the LP relaxation is unbounded, with a solution  | Unbounded   | Unbounded       |
| the LP relaxation is unbounded, without one      | Undefined   | NoSolutionFound |
| nothing found within the limits                  | Not Solved  | NoSolutionFound |

The first four are what PuLP's own solvers report in the same situation. As with these, `Optimal` alone is no
claim of optimality: `sol_status` makes it.
"""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
import scipy.sparse as sp

from diffpump.core.errors import UnsupportedError
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.io.foreign.arrays import from_arrays
from diffpump.io.foreign.base import ADAPTERS, Answer, Handles, values_at

_MAXIMISE, _INTEGER = -1, "Integer"  # pulp.LpMaximize, pulp.LpInteger; a binary is an integer in [0, 1]
_AT_MOST, _AT_LEAST = -1, 1  # pulp.LpConstraintLE, pulp.LpConstraintGE; an equation is 0
_OPTIMAL, _FEASIBLE, _INFEASIBLE, _UNBOUNDED = (1, 1), (1, 2), (-1, -1), (-2, -2)
_UNDEFINED, _NOT_SOLVED = (-3, 0), (0, 0)
_WITHOUT_SOLUTION = {
    Status.INFEASIBLE: _INFEASIBLE,
    Status.REPORTED_INFEASIBLE: _INFEASIBLE,
    Status.UNBOUNDED: _UNDEFINED,
}


@ADAPTERS.register("pulp", help="pulp.LpProblem", facts=Handles("pulp", "LpProblem"))
class Pulp:
    """The `Adapter` of `pulp.LpProblem`."""

    def problem(self, model: Any) -> Problem:
        """Return the model with its columns in the order of `variables()`; SOS raise UnsupportedError."""
        for name in (*model.sos1, *model.sos2):
            raise UnsupportedError(f"{model.name}: the special ordered set {name} is not supported")
        variables, rows = model.variables(), _rows(model)
        position = {v: j for j, v in enumerate(variables)}  # PuLP's variables are hashed by identity
        starts, columns, values = [0], [], []
        for row in rows:
            columns += [position[v] for v in row.keys()]  # noqa: SIM118 - a constraint is no mapping
            values += row.values()
            starts.append(len(columns))
        sides = -np.array([row.constant for row in rows], dtype=np.float64)  # PuLP has a'x + constant <= 0
        senses = np.array([row.sense for row in rows], dtype=int)
        objective = model.objective
        cost = np.zeros(len(variables))
        for v, value in () if objective is None else objective.items():
            cost[position[v]] = value
        return from_arrays(
            cost,
            sp.csr_matrix(
                (np.array(values, np.float64), np.array(columns, int), np.array(starts, int)),
                shape=(len(rows), len(variables)),
            ),
            np.where(senses == _AT_MOST, -inf, sides),
            np.where(senses == _AT_LEAST, inf, sides),
            [-inf if v.lowBound is None else v.lowBound for v in variables],
            [inf if v.upBound is None else v.upBound for v in variables],
            [v.cat == _INTEGER for v in variables],
            offset=0.0 if objective is None else float(objective.constant),
            maximise=model.sense == _MAXIMISE,
            name=model.name or "",
            col_names=[v.name for v in variables],
            row_names=[row.name or "" for row in rows],
        )

    def apply(self, answer: Answer, model: Any) -> None:
        """Set the variables' values, and the problem's status also without a solution."""
        if answer.x is None:
            status = _WITHOUT_SOLUTION.get(answer.status, _NOT_SOLVED)
        elif answer.status is Status.UNBOUNDED:
            status = _UNBOUNDED
        else:
            status = _OPTIMAL if answer.optimal else _FEASIBLE
        if answer.x is not None:
            variables = model.variables()
            for j, value in values_at(answer, [v.name for v in variables]):
                variables[j].varValue = value
        model.assignStatus(*status)


def _rows(model: Any) -> list[Any]:
    """Return the constraints; from 3.3 on, `constraints` is called, and was a dict before."""
    constraints = model.constraints
    return list(constraints() if callable(constraints) else constraints.values())
