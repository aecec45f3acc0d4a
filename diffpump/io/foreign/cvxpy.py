"""Problems of CVXPY that become mixed-integer linear; the solution goes through CVXPY's own inverse.

CVXPY's chain of reductions to the form of scipy's solver, which is a MILP, gives the arrays:

    min c'x + d,  A x = b,  G x <= h,  lower <= x <= upper,  some x_j boolean or integer

Piecewise linear functions become rows and columns of their own. A column has the name of CVXPY's variable and
its index, and the name that CVXPY invents if it made the variable.

| the run                                           | `status`                |
|---------------------------------------------------|-------------------------|
| a solution, claimed to be optimal                 | optimal                 |
| a solution                                        | user_limit              |
| no solution, proven or by branch and cut's report | infeasible              |
| the LP relaxation is unbounded, with a solution   | unbounded               |
| the LP relaxation is unbounded, without one       | infeasible_or_unbounded |

Without a solution and without one of these statuses, `apply` raises UsageError, as CVXPY raises SolverError.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

import numpy as np
import scipy.sparse as sp

from diffpump.core.errors import InputError, UnsupportedError
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.io.foreign.arrays import from_arrays
from diffpump.io.foreign.base import ADAPTERS, Answer, Handles, values_at

_SHOWN = 80  # characters of an expression in a message
_WITHOUT_SOLUTION = {
    Status.INFEASIBLE: "infeasible",
    Status.REPORTED_INFEASIBLE: "infeasible",
    Status.UNBOUNDED: "infeasible_or_unbounded",
}


@ADAPTERS.register("cvxpy", help="cvxpy.Problem", facts=Handles("cvxpy", "Problem"))
class Cvxpy:
    """The `Adapter` of `cvxpy.Problem`."""

    def problem(self, model: Any) -> Problem:
        """Return the problem; parts that are not piecewise linear raise UnsupportedError."""
        from cvxpy import settings as s

        _refuse_unsupported(model)
        data, _, inverse = _canonical(model)
        cost = np.asarray(data[s.C], dtype=np.float64)
        n = cost.size
        equal, at_most = data[s.A], data[s.G]
        sides = np.zeros(0) if data[s.B] is None else np.asarray(data[s.B], float)
        upper = np.zeros(0) if data[s.H] is None else np.asarray(data[s.H], float)
        lb, ub = (
            np.full(n, default) if (given := data.get(side)) is None else np.array(given, float)
            for side, default in (("lower_bounds", -inf), ("upper_bounds", inf))
        )
        boolean, integer = (np.array(data[key], dtype=int) for key in (s.BOOL_IDX, s.INT_IDX))
        lb[boolean], ub[boolean] = np.maximum(lb[boolean], 0), np.minimum(ub[boolean], 1)
        is_integer = np.zeros(n, dtype=bool)
        is_integer[boolean] = is_integer[integer] = True
        matrices = [sp.csr_matrix((0, n)), *(one for one in (equal, at_most) if one is not None)]
        maximise = type(model.objective).__name__ == "Maximize"  # the reductions negate its expression
        sign = -1.0 if maximise else 1.0
        return from_arrays(
            sign * cost, sp.vstack(matrices), np.concatenate([sides, np.full(upper.size, -inf)]),
            np.concatenate([sides, upper]), lb, ub, is_integer, offset=sign * float(inverse[-1][s.OFFSET]),
            maximise=maximise, col_names=_column_names(data[s.PARAM_PROB], n),
        )  # fmt: skip

    def apply(self, answer: Answer, model: Any) -> None:
        """Set the values of the variables and of the problem, and its status."""
        from cvxpy import settings as s
        from cvxpy.reductions.solution import Solution

        without = _WITHOUT_SOLUTION.get(answer.status)
        if answer.x is None and without is not None:
            infinite = -inf if type(model.objective).__name__ == "Maximize" else inf
            value = None if answer.status is Status.UNBOUNDED else infinite
            model.unpack(Solution(without, value, {}, {}, {}))
            return
        data, chain, inverse = _canonical(model)
        n = np.asarray(data[s.C]).size
        x = np.zeros(n)
        for j, value in values_at(answer, _column_names(data[s.PARAM_PROB], n)):
            x[j] = value
        status = s.OPTIMAL if answer.optimal else s.USER_LIMIT
        solution = Solution(status, float(data[s.C] @ x), {chain.solver.VAR_ID: x}, {}, {})
        for reduction, record in reversed(list(zip(chain.reductions, inverse, strict=True))[:-1]):
            solution = reduction.invert(solution, record)
        model.unpack(solution)
        if answer.status is Status.UNBOUNDED:
            model._status = s.UNBOUNDED  # with the values of the solution


def _canonical(model: Any) -> tuple[dict[str, Any], Any, list[Any]]:
    """Return CVXPY's arrays, its chain of reductions, and what inverts them.

    Raises InputError with CVXPY's reason.
    """
    from cvxpy import SCIPY, error

    try:
        data, chain, inverse = model.get_problem_data(SCIPY)
    except (error.SolverError, error.ParameterError, error.DPPError, ValueError) as reason:
        raise InputError(f"CVXPY: {' '.join(str(reason).split())}") from reason
    return data, chain, inverse


def _refuse_unsupported(model: Any) -> None:
    """Raise UnsupportedError for the objective or the first constraint that is not piecewise linear.

    Raises InputError for a parameter without a value.
    """
    for parameter in model.parameters():
        if parameter.value is None:
            raise InputError(f"parameter {parameter.name()} has no value")
    objective = model.objective
    parts = [("objective", objective, True)] + [
        ("constraint", one, type(one).__name__ in ("Equality", "Inequality", "Zero", "NonNeg", "NonPos"))
        for one in model.constraints
    ]
    for noun, part, is_plain in parts:
        text = " ".join(str(part).split())
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        if not is_plain:
            raise UnsupportedError(f"{noun} {shown}: {type(part).__name__} constraints are not supported")
        if not part.is_dcp():
            raise UnsupportedError(f"{noun} {shown}: does not follow the rules of convex programming (DCP)")
        if not all(one.is_pwl() for one in part.args):
            raise UnsupportedError(f"{noun} {shown}: only piecewise linear expressions are supported")


def _column_names(program: Any, n: int) -> list[str]:
    """Return the names of the columns of a canonical program, whose arrays are stored by columns."""
    names = [""] * n
    for variable in program.variables:
        begin = program.var_id_to_col[variable.id]
        for k, name in enumerate(_names(variable.name(), variable.shape)):
            names[begin + k] = name
    return names


def _names(name: str, shape: tuple[int, ...]) -> Iterator[str]:
    """Yield the names of the entries of a variable in Fortran's order."""
    if not shape:
        yield name
    for entry in np.ndindex(*reversed(shape)) if shape else ():
        yield f"{name}[{','.join(map(str, reversed(entry)))}]"
