"""Conversion of HiGHS and PySCIPOpt models and of arrays to a `Problem`, and MIP starts for both solvers.

The module imports neither highspy nor PySCIPOpt, since a model can only exist if its library is loaded.

* The original model is read, for SCIP also after presolving or solving.
* Columns keep the model's order. An empty or repeated name is replaced by its position (`x3`, `row7`).
* Bounds of absolute value 1e20 or more are infinite, as in both solvers.
* Implied integers count as integers.
* Any part that a MILP does not have raises `UnsupportedError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from diffpump.core.arrays import Vector
from diffpump.core.errors import UnsupportedError, UsageError
from diffpump.core.problem import Problem
from diffpump.core.tolerances import INFINITE

_SCIP_PROBLEM_STAGE = 1  # SCIP_STAGE_PROBLEM: the model is built but not yet transformed


def to_problem(model: Any) -> Problem:
    """Return a `Problem`, a `highspy.Highs` or a `pyscipopt.Model` as a `Problem`.

    Raises
    ------
    UsageError
        For any other object.
    UnsupportedError
        For a part that a MILP does not have: a quadratic objective, a semicontinuous column, or a SCIP
        constraint that is not linear or has negated variables.
    InputError
        For numbers that form no valid model.
    """
    if isinstance(model, Problem):
        return model
    if _is_highs(model):
        return _from_highs(model)
    if _is_scip(model):
        return _from_scip(model)
    raise UsageError(
        f"cannot solve a {type(model).__name__}; pass a path, a Problem, a Highs or a pyscipopt Model"
    )


def from_arrays(
    c: ArrayLike, A: Any, row_lo: ArrayLike, row_hi: ArrayLike, lb: ArrayLike, ub: ArrayLike,
    integer: ArrayLike, *, offset: float = 0.0, maximise: bool = False, name: str = "",
    col_names: Sequence[str] | None = None, row_names: Sequence[str] | None = None,
) -> Problem:  # fmt: skip
    """Build a `Problem` from arrays, which are copied.

    Parameters
    ----------
    c : (n,) array_like
        Costs, in the model's own sense.
    A : (m, n) array_like or sparse matrix
        The coefficients; duplicate entries are added up.
    row_lo, row_hi : (m,) array_like
        Row sides.
    lb, ub : (n,) array_like
        Column bounds.
    integer : (n,) array_like of bool
        The integer columns.
    offset : float
        The constant of the objective, in the model's own sense.
    maximise : bool
        Whether the objective is maximised.
    name : str
        The name of the model.
    col_names, row_names : sequence of str, optional
        Names; empty and repeated ones are replaced (see the module's docstring). Default: all are empty.

    Raises
    ------
    InputError
        For shapes that do not agree and for numbers that form no valid model.
    """
    matrix = sp.csr_matrix(A, dtype=np.float64, copy=True)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    matrix.indices = matrix.indices.astype(np.int32)
    matrix.indptr = matrix.indptr.astype(np.int32)
    m, n = matrix.shape
    sign = -1.0 if maximise else 1.0
    return Problem(
        name=name,
        c=sign * np.array(c, dtype=np.float64) + 0.0,  # + 0.0 turns -0.0 into 0.0
        offset=sign * offset + 0.0,
        maximise=maximise,
        A=matrix,
        row_lo=_bounds(row_lo),
        row_hi=_bounds(row_hi),
        lb=_bounds(lb),
        ub=_bounds(ub),
        integer=np.array(integer, dtype=bool),
        col_names=_unique_names([""] * n if col_names is None else col_names, "x"),
        row_names=_unique_names([""] * m if row_names is None else row_names, "row"),
    )


def mip_start(problem: Problem, x: Vector, model: Any) -> None:
    """Pass a solution of a problem to a `highspy.Highs` or a `pyscipopt.Model` as a MIP start.

    Columns are matched by name if the model has every column name of the problem. The model may have further
    columns, which the solver completes. Otherwise, columns are matched by position if the model has as many
    columns as the problem.

    Parameters
    ----------
    problem : Problem
        The problem.
    x : (n,) float64
        The solution, in the problem's column order.
    model : highspy.Highs or pyscipopt.Model
        The model that gets the start.

    Raises
    ------
    UsageError
        If neither match is possible, if SCIP has begun to solve, if the solver refuses the start, and for an
        object of any other class.
    """
    if _is_highs(model):
        columns = _column_positions(problem, model.getLp().col_names_, model.getNumCol())
        status = model.setSolution(x.size, columns.astype(np.int32), x)
        if status.name == "kError":
            raise UsageError("HiGHS refused the solution as a MIP start")
    elif _is_scip(model):
        _give_scip_start(problem, x, model)
    else:
        raise UsageError(f"cannot give a MIP start to a {type(model).__name__}")


def _give_scip_start(problem: Problem, x: Vector, model: Any) -> None:
    if model.getStage() != _SCIP_PROBLEM_STAGE:
        raise UsageError("SCIP accepts a MIP start only before it solves: call freeTransform() on it first")
    variables = model.getVars(transformed=False)
    columns = _column_positions(problem, [v.name for v in variables], len(variables))
    complete = len(columns) == len(variables)
    solution = model.createOrigSol() if complete else model.createPartialSol()
    for j, value in zip(columns.tolist(), x.tolist(), strict=True):
        model.setSolVal(solution, variables[j], value)
    model.addSol(solution)  # SCIP frees it; the result is False if SCIP already has this solution


def _column_positions(problem: Problem, names: Sequence[str], n: int) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Return the position in the model with these `names` of each column of the problem (problem.n,)."""
    position = {name: j for j, name in enumerate(_unique_names(names or [""] * n, "x"))}
    if all(name in position for name in problem.col_names):
        return np.array([position[name] for name in problem.col_names], dtype=np.intp)
    if n == problem.n:
        return np.arange(n)
    missing = next(name for name in problem.col_names if name not in position)
    raise UsageError(
        f"the solution does not fit the model: it has {n} columns, not {problem.n}, and none called {missing}"
    )


def _unique_names(names: Sequence[str], prefix: str) -> list[str]:
    """Return the names, with empty and repeated ones replaced by prefix + position.

    An underscore is appended to a replacement until it is unique.
    """
    taken, seen, unique = set(names), set(), []
    for j, name in enumerate(names):
        if not name or name in seen:
            name = f"{prefix}{j}"
            while name in taken:
                name += "_"
            taken.add(name)
        seen.add(name)
        unique.append(name)
    return unique


def _bounds(values: ArrayLike) -> Vector:
    bounds = np.array(values, dtype=np.float64)
    huge = np.abs(bounds) >= INFINITE
    bounds[huge] = np.copysign(np.inf, bounds[huge])
    return bounds


def _is_instance(model: Any, library: str, name: str) -> bool:
    """Return whether the model is an instance of a library's class, without importing the library."""
    return any(
        base.__module__.partition(".")[0] == library and base.__name__ == name for base in type(model).__mro__
    )


def _is_highs(model: Any) -> bool:
    return _is_instance(model, "highspy", "_Highs")


def _is_scip(model: Any) -> bool:
    return _is_instance(model, "pyscipopt", "Model")


# --- reading ----------------------------------------------------------------------------------


def _from_highs(model: Any) -> Problem:
    if model.getHessianNumNz():
        raise UnsupportedError("quadratic objectives are not supported")
    lp = model.getLp()
    n, m = lp.num_col_, lp.num_row_
    kinds = [kind.name for kind in lp.integrality_] or ["kContinuous"] * n
    names = _unique_names(lp.col_names_ or [""] * n, "x")
    for name, kind in zip(names, kinds, strict=True):
        if kind.startswith("kSemi"):
            raise UnsupportedError(f"column {name}: semicontinuous columns are not supported")
    entries = lp.a_matrix_
    by_rows = entries.format_.name.startswith("kRow")
    arrays = (np.array(entries.value_, float), np.array(entries.index_, int), np.array(entries.start_, int))
    matrix = sp.csr_matrix(arrays, shape=(m, n)) if by_rows else sp.csc_matrix(arrays, shape=(m, n))
    return from_arrays(
        lp.col_cost_, matrix, lp.row_lower_, lp.row_upper_, lp.col_lower_, lp.col_upper_,
        [kind != "kContinuous" for kind in kinds],
        offset=lp.offset_, maximise=lp.sense_.name == "kMaximize", name=lp.model_name_,
        col_names=names, row_names=lp.row_names_ or None,
    )  # fmt: skip


def _from_scip(model: Any) -> Problem:
    variables = model.getVars(transformed=False)
    # Variables are matched by index, since two SCIP variables may share a name.
    position = {v.getIndex(): j for j, v in enumerate(variables)}
    rows: list[int] = []
    cols: list[int] = []
    values: list[float] = []
    constraints = model.getConss(transformed=False)
    for i, constraint in enumerate(constraints):
        kind = constraint.getConshdlrName()
        if kind != "linear":
            raise UnsupportedError(f"constraint {constraint.name}: {kind} constraints are not supported")
        members = [position.get(v.getIndex()) for v in model.getConsVars(constraint)]
        rows.extend([i] * len(members))
        for j in members:
            if j is None:
                raise UnsupportedError(f"constraint {constraint.name}: negated variables are not supported")
            cols.append(j)
        values.extend(model.getConsVals(constraint))
    shape = (len(constraints), len(variables))
    return from_arrays(
        [v.getObj() for v in variables],
        sp.csr_matrix((values, (np.array(rows, int), np.array(cols, int))), shape=shape),
        [model.getLhs(constraint) for constraint in constraints],
        [model.getRhs(constraint) for constraint in constraints],
        [v.getLbOriginal() for v in variables],
        [v.getUbOriginal() for v in variables],
        [v.isIntegral() for v in variables],
        offset=model.getObjoffset(original=True),
        maximise=model.getObjectiveSense() == "maximize",
        name=model.getProbName(),
        col_names=[v.name for v in variables],
        row_names=[constraint.name for constraint in constraints],
    )
