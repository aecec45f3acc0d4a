"""Models of MathOpt (OR-Tools), through its exported protocol buffer; a solution becomes a `SolutionHint`.

A model of MathOpt holds no solution: its own solvers return one in an object. `mathopt.SolutionHint` is the
object that maps the user's variables to values and that these solvers take as a starting point.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from diffpump.core.errors import UnsupportedError
from diffpump.core.problem import Problem
from diffpump.io.foreign.arrays import from_arrays
from diffpump.io.foreign.base import ADAPTERS, Answer, Handles, values_at

# The parts of the exported model that a MILP does not have, and their nouns.
_UNSUPPORTED = {
    "quadratic_constraints": "quadratic constraint",
    "second_order_cone_constraints": "second-order cone constraint",
    "sos1_constraints": "SOS1 constraint",
    "sos2_constraints": "SOS2 constraint",
    "indicator_constraints": "indicator constraint",
    "auxiliary_objectives": "auxiliary objective",
}


@ADAPTERS.register("mathopt", help="mathopt.Model", facts=Handles("ortools.math_opt", "Model"))
class MathOpt:
    """The `Adapter` of `ortools.math_opt.python.mathopt.Model`."""

    def problem(self, model: Any) -> Problem:
        """Return the model; quadratic and conic parts, SOS and indicators raise UnsupportedError."""
        exported = model.export_model()
        for part, noun in _UNSUPPORTED.items():
            for key, one in getattr(exported, part).items():
                raise UnsupportedError(f"{model.name}: {noun} {one.name or key} is not supported")
        columns, rows, objective = exported.variables, exported.linear_constraints, exported.objective
        if objective.quadratic_coefficients.row_ids:
            raise UnsupportedError(f"{model.name}: quadratic objectives are not supported")
        # Ids ascend, but have gaps where something was deleted.
        column_ids, row_ids = np.array(columns.ids, int), np.array(rows.ids, int)
        cost = np.zeros(column_ids.size)
        terms = objective.linear_coefficients
        cost[np.searchsorted(column_ids, np.array(terms.ids, int))] = terms.values
        entries = exported.linear_constraint_matrix
        matrix = sp.csr_matrix(
            (
                np.array(entries.coefficients, float),
                (
                    np.searchsorted(row_ids, np.array(entries.row_ids, int)),
                    np.searchsorted(column_ids, np.array(entries.column_ids, int)),
                ),
            ),
            shape=(row_ids.size, column_ids.size),
        )
        return from_arrays(
            cost, matrix, rows.lower_bounds, rows.upper_bounds, columns.lower_bounds, columns.upper_bounds,
            columns.integers, offset=objective.offset, maximise=objective.maximize, name=model.name,
            col_names=list(columns.names) or None, row_names=list(rows.names) or None,
        )  # fmt: skip

    def apply(self, answer: Answer, model: Any) -> Any:
        """Return a `mathopt.SolutionHint` with the solution."""
        from ortools.math_opt.python.mathopt import SolutionHint

        variables = list(model.variables())
        values = values_at(answer, [v.name for v in variables])
        return SolutionHint(variable_values={variables[j]: value for j, value in values})
