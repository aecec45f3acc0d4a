"""Models and blocks of Pyomo; the solution goes into the values of the variables.

Pyomo's own compiler of linear models gives the matrix. As with all solvers of Pyomo, fixed variables are
constants, and variables that occur in no active constraint and no active objective are no columns. The bounds
of a variable are those of Pyomo, its domain included.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import inf
from typing import Any
from weakref import WeakKeyDictionary, ref

import numpy as np

from diffpump.core.errors import InputError, UnsupportedError
from diffpump.core.problem import Problem
from diffpump.io.foreign.arrays import from_arrays
from diffpump.io.foreign.base import ADAPTERS, Answer, Handles, values_at

_MAXIMISE = -1  # pyomo.environ.maximize
_AT_MOST, _AT_LEAST = 1, -1  # the kinds of the compiler's rows; 0 is an equation
# The model of a problem and the variables of its columns, so that the model that was solved is not compiled
# again: that and the names take 0.4 s for 50 000 variables.
_COLUMNS: WeakKeyDictionary[Problem, tuple[ref[Any], list[Any]]] = WeakKeyDictionary()


@ADAPTERS.register("pyomo", help="a Pyomo model or block", facts=Handles("pyomo", "BlockData"))
class Pyomo:
    """The `Adapter` of Pyomo's models and blocks."""

    def problem(self, model: Any) -> Problem:
        """Return the model; parts that are not linear raise UnsupportedError."""
        form = compiled(model)
        problem = problem_of(form, model.name)
        _COLUMNS[problem] = ref(model), form.columns
        return problem

    def apply(self, answer: Answer, model: Any) -> None:
        """Set the variables' values, and mark all others as stale."""
        x = answer.solution()
        solved, variables = _COLUMNS.get(answer.problem, (None, []))
        if solved is not None and solved() is model:
            load(zip(variables, x.tolist(), strict=True))
        else:
            variables = compiled(model).columns
            load([(variables[j], value) for j, value in values_at(answer, [v.name for v in variables])])


def compiled(model: Any) -> Any:
    """Return the model in Pyomo's standard form.

    Raises UnsupportedError with Pyomo's reason, which names the component.
    """
    from pyomo.common.errors import PyomoException
    from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

    if not model.is_constructed():
        raise InputError(f"{model.name}: an abstract model has no data yet; call create_instance() first")
    try:
        return LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    except (ValueError, PyomoException) as error:
        raise UnsupportedError(" ".join(str(error).split())) from error


def problem_of(form: Any, name: str) -> Problem:
    """Return a model in Pyomo's standard form as a problem; several objectives raise UnsupportedError."""
    if len(form.objectives) > 1:
        names = " and ".join(one.name for one in form.objectives)
        raise UnsupportedError(f"{name}: several active objectives are not supported: {names}")
    bounds = [v.bounds for v in form.columns]
    # A constraint with two finite sides is two rows of the compiler, which follow each other.
    first = [True, *(a[0] is not b[0] for a, b in pairwise(form.rows))][: len(form.rows)]
    position = np.cumsum(first, dtype=int) - 1
    m = int(position[-1]) + 1 if len(position) else 0
    kinds, sides = np.array([kind for _, kind in form.rows], dtype=int), np.asarray(form.rhs, float)
    row_lo, row_hi = np.full(m, -inf), np.full(m, inf)
    for of, at in ((kinds != _AT_LEAST, row_hi), (kinds != _AT_MOST, row_lo)):
        at[position[of]] = sides[of]
    has_objective = len(form.objectives) == 1
    return from_arrays(
        np.asarray(form.c.todense(), float).reshape(-1) if has_objective else np.zeros(len(bounds)),
        form.A.tocsr()[np.flatnonzero(first)],
        row_lo,
        row_hi,
        [-inf if lower is None else lower for lower, _ in bounds],
        [inf if upper is None else upper for _, upper in bounds],
        [_is_integer(v) for v in form.columns],
        offset=float(form.c_offset[0]) if has_objective else 0.0,
        maximise=has_objective and int(form.objectives[0].sense) == _MAXIMISE,
        name=name,
        col_names=[v.name for v in form.columns],
        row_names=[row[0].name for row, begins in zip(form.rows, first, strict=True) if begins],
    )


def load(values: Iterable[tuple[Any, float]]) -> None:
    """Set the values of variables, and mark all others as stale."""
    from pyomo.core.staleflag import StaleFlagManager

    StaleFlagManager.mark_all_as_stale()
    for variable, value in values:
        variable.set_value(value, skip_validation=True)
    StaleFlagManager.mark_all_as_stale(delayed=True)


def _is_integer(variable: Any) -> bool:
    """Return whether a variable is integer. Raises UnsupportedError for a domain with gaps."""
    if variable.is_continuous():
        return False
    if variable.is_integer() or variable.is_binary():
        return True
    raise UnsupportedError(f"variable {variable.name}: the domain {variable.domain} is not supported")
