"""SCIP's model of a problem, built through PySCIPOpt's interface without a file."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyscipopt import Model
from pyscipopt.scip import Expr, ExprCons, Term

from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError
from diffpump.core.problem import Problem


def built(problem: Problem) -> tuple[Model, list[Any]]:
    """Return a silent SCIP that holds a problem, and its variables in the order of the problem's columns.

    SCIP minimises. Numbers, names and flags are those that SCIP's own reader gives to an unambiguous file of
    the same minimisation. `Model.getVars` cannot replace the list, since it sorts variables by type.

    Raises InputError for a cost or coefficient that SCIP takes as infinite.
    """
    model = Model(problem.name or "model")
    model.hideOutput()
    infinity = model.infinity()
    _refuse_infinite(problem, infinity)
    variables = [
        model.addVar(name, "I" if integer else "C", lb, ub, cost)
        for name, integer, lb, ub, cost in zip(
            problem.col_names, problem.integer.tolist(), _within(problem.lb, infinity),
            _within(problem.ub, infinity), problem.c.tolist(), strict=True,
        )
    ]  # fmt: skip
    terms = [Term(variable) for variable in variables]
    sides = zip(_within(problem.row_lo, infinity), _within(problem.row_hi, infinity), strict=True)
    for name, (lo, hi), (columns, values) in zip(problem.row_names, sides, problem.rows(), strict=True):
        linear = Expr({terms[j]: a for j, a in zip(columns, values, strict=True)})
        # SCIP's readers make rows dynamic by default: the model's rows may age in the search.
        model.addCons(ExprCons(linear, lo, hi), name, dynamic=True)
    model.addObjoffset(problem.offset)
    return model, variables


def natively_read(path: str, shown: str) -> Model:
    """Return a silent SCIP with the model that its own reader makes of a file.

    Raises InputError, which names the file as `shown`, if SCIP's reader refuses it.
    """
    model = Model()
    model.hideOutput()
    try:
        model.readProblem(path)
    except OSError as error:  # PySCIPOpt raises it for SCIP's own error codes as well
        raise InputError(f"SCIP's reader refuses the file: {error}", shown) from None
    return model


def _refuse_infinite(problem: Problem, infinity: float) -> None:
    """Raise InputError for the first cost or coefficient that is infinite for SCIP, which would refuse it."""
    for what, numbers, columns in (("cost", problem.c, None), ("coefficient", problem.A.data, problem.A)):
        huge = np.flatnonzero(np.abs(numbers) >= infinity)
        if huge.size:
            at = int(huge[0] if columns is None else columns.indices[huge[0]])
            path = None if problem.source is None else problem.source.path
            raise InputError(
                f"SCIP takes numbers of {infinity:g} and more as infinite: "
                f"column {problem.col_names[at]} has a {what} of {numbers[huge[0]]:g}",
                path,
            )


def _within(bounds: Vector, infinity: float) -> list[float]:
    """Return bounds or sides with SCIP's infinity in place of floating-point infinities."""
    limited: list[float] = np.clip(bounds, -infinity, infinity).tolist()
    return limited
