"""`milp`: the pump behind scipy's calling convention, so that existing calls need one word changed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult

from diffpump.config import DEFAULT_PRESET
from diffpump.engine import solve
from diffpump.models import from_arrays
from diffpump.result import Status, UnsupportedError, UsageError

if TYPE_CHECKING:
    from diffpump.engine import Observer
    from diffpump.pump import PumpState

_WITHOUT_MEANING = ("presolve", "node_limit", "mip_rel_gap")
_SCIPY_STATUS = {
    Status.ITERATION_LIMIT: 1,
    Status.TIME_LIMIT: 1,
    Status.INFEASIBLE: 2,
    Status.UNBOUNDED: 3,
}


def milp(
    c: Any,
    *,
    integrality: Any = None,
    bounds: Any = None,
    constraints: Any = None,
    options: Mapping[str, Any] | None = None,
) -> OptimizeResult:
    """Look for a feasible point of min c'x, b_l <= A x <= b_u, l <= x <= u, x_j integer where asked.

    The arguments are those of `scipy.optimize.milp`:

    c            (n,) finite costs; a cost pulls the first LP only, unless the configuration has a cost loss
    integrality  0 (continuous) or 1 (integer), broadcast to (n,); 2 and 3 (semicontinuous and
                 semi-integer) are refused with UnsupportedError
    bounds       a `Bounds` or a pair (lb, ub), broadcast to (n,); default 0 <= x
    constraints  a `LinearConstraint`, a tuple (A, b_l, b_u), or a sequence of these
    options      `disp` (a line per iteration on standard output), `preset`, `seed`, and every setting of
                 `Config`: time_limit (default 60 s), max_iter, backend, losses, ... scipy's presolve,
                 node_limit and mip_rel_gap mean nothing to a pump: they are ignored with a RuntimeWarning

    The result has scipy's keys. `success` means that `x` is a solution verified in exact arithmetic (rows
    and bounds within 1e-6, integers integral), NOT that it is optimal, so `status` is never 0:

        4   a solution was found (`success` is True), or another end: see `message`
        1   no solution within the iteration or time limit
        2   the LP relaxation is infeasible      3   the LP relaxation is unbounded

    `mip_node_count`, `mip_dual_bound` and `mip_gap` are None, because a pump has no tree and no bound. `nit`
    counts the pump's iterations and `result` holds the whole `SolveResult`. Raises UsageError,
    UnsupportedError and InputError for arguments that make no model.

    >>> import numpy as np, diffpump
    >>> from scipy.optimize import LinearConstraint
    >>> rows = LinearConstraint([[-1, 1], [3, 2], [2, 3]], -np.inf, [1, 12, 12])
    >>> found = diffpump.milp([0, -1], integrality=1, constraints=rows, options={"preset": "FP", "seed": 1})
    >>> found.success, found.status, found.fun
    (True, 4, -2.0)
    >>> found.x, found.mip_gap
    (array([2., 2.]), None)
    """
    cost = _vector("c", c)
    if cost.ndim != 1 or not cost.size:
        raise UsageError("c must be a one-dimensional array with at least one element")
    n = cost.size
    kinds = _broadcast("integrality", 0 if integrality is None else integrality, n)
    if not np.isin(kinds, (0, 1, 2, 3)).all():
        raise UsageError("integrality must contain the integers 0 to 3")
    if (kinds >= 2).any():
        j = int(np.argmax(kinds >= 2))
        raise UnsupportedError(f"column {j}: semicontinuous and semi-integer columns are not supported")
    lb, ub = _bounds(bounds)
    A, row_lo, row_hi = _rows(constraints, n)
    problem = from_arrays(
        cost, A, row_lo, row_hi, _broadcast("bounds.lb", lb, n), _broadcast("bounds.ub", ub, n), kinds == 1
    )
    settings = dict(options or {})
    for name in _WITHOUT_MEANING:
        if settings.pop(name, None) is not None:
            warnings.warn(f"milp: option '{name}' means nothing to a pump", RuntimeWarning, stacklevel=2)
    observers: tuple[Observer, ...] = (_show,) if settings.pop("disp", False) else ()
    preset = settings.pop("preset", DEFAULT_PRESET)
    result = solve(problem, preset, observers=observers, **settings)
    fields: dict[str, Any] = {
        "status": _SCIPY_STATUS.get(result.status, 4),
        "success": result.found,
        "message": result.status.value,
        "x": result.x,
        "fun": result.objective,
        "mip_node_count": None,
        "mip_dual_bound": None,
        "mip_gap": None,
        "nit": result.iterations,
        "result": result,
    }
    return OptimizeResult(**fields)


def _vector(what: str, values: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    try:
        return np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError):
        raise UsageError(f"{what} must be a dense array of numbers") from None


def _broadcast(what: str, values: Any, n: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    vector = _vector(what, values)
    try:
        return np.broadcast_to(vector, (n,))
    except ValueError:
        raise UsageError(f"{what} has shape {vector.shape}, which does not fit ({n},)") from None


def _bounds(bounds: Any) -> tuple[Any, Any]:
    if bounds is None:
        return 0.0, np.inf
    if not isinstance(bounds, Bounds):
        try:
            bounds = Bounds(*bounds)
        except (TypeError, ValueError):
            raise UsageError("bounds must be a scipy.optimize.Bounds or a pair (lb, ub)") from None
    return bounds.lb, bounds.ub


def _rows(constraints: Any, n: int) -> tuple[Any, Any, Any]:
    """All constraints as one A (m, n), b_l and b_u (m,)."""
    matrices: list[Any] = [sp.csr_matrix((0, n))]
    row_lo, row_hi = [np.empty(0)], [np.empty(0)]
    for constraint in _constraints(constraints):
        A: Any = constraint.A  # dense or sparse, two-dimensional
        if A.shape[1] != n:
            raise UsageError(f"a constraint's A has shape {A.shape}, expected {n} columns")
        matrices.append(sp.csr_matrix(A))
        row_lo.append(np.broadcast_to(constraint.lb, A.shape[:1]))
        row_hi.append(np.broadcast_to(constraint.ub, A.shape[:1]))
    return sp.vstack(matrices), np.concatenate(row_lo), np.concatenate(row_hi)


def _constraints(given: Any) -> list[LinearConstraint]:
    """One constraint, a tuple that makes one, or a sequence of these; three of them are tried as a tuple
    (A, b_l, b_u) first, as scipy does."""
    if given is None:
        return []
    if isinstance(given, LinearConstraint):
        return [given]
    try:
        if len(given) == 3 and not any(isinstance(item, LinearConstraint) for item in given):
            try:
                return [LinearConstraint(*given)]
            except (TypeError, ValueError):
                pass  # three tuples
        return [item if isinstance(item, LinearConstraint) else LinearConstraint(*item) for item in given]
    except (TypeError, ValueError) as error:
        raise UsageError(f"constraints must make LinearConstraints: {error}") from None


def _show(state: PumpState) -> None:
    print(f"{state.iteration:6d}  fractional {state.fractional:6d}  violated rows {state.violated_rows:6d}")
