"""`milp`: `solve` in the calling convention of `scipy.optimize.milp`; existing calls change one name."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult

from diffpump.api import configure, default_preset, solve
from diffpump.config.engine import Settings
from diffpump.core.errors import UnsupportedError, UsageError
from diffpump.core.status import Status
from diffpump.io.foreign import from_arrays

if TYPE_CHECKING:
    from diffpump.outcome.incumbent import Incumbent
    from diffpump.pump import PumpState

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
    """Search for a good solution of min c'x, b_l <= A x <= b_u, l <= x <= u, some x_j integer.

    The arguments are those of `scipy.optimize.milp`.

    Parameters
    ----------
    c : (n,) array_like
        Finite costs.
    integrality : array_like of int, optional
        0 (continuous) or 1 (integer), broadcast to (n,). By default, all columns are continuous.
    bounds : Bounds or (lb, ub), optional
        The column bounds, broadcast to (n,); by default 0 <= x.
    constraints : LinearConstraint, tuple (A, b_l, b_u), or a sequence of these, optional
        The rows.
    options : mapping, optional
        `disp` (whether to print a line for each solution, or for each iteration of the pump), and scipy's
        `time_limit` (in seconds, default 60) and `mip_rel_gap`; also `preset`, `seed` and all settings of
        `solve`, one that only the pump has selecting the pump. scipy's `presolve` and `node_limit` are
        ignored with a RuntimeWarning, and so is `mip_rel_gap` by the pump.

    Returns
    -------
    scipy.optimize.OptimizeResult
        The result, with scipy's fields and the whole `SolveResult`:

        status : int
            0 : A solution was found (`success` is True), and it is proven optimal, or branch and cut reports
                that none is better: `message` says which.
            4 : A solution was found (`success` is True), or the run ended in another way: see `message`.
            1 : No solution within the iteration or time limit.
            2 : The model has no solution, which was proven exactly.
            3 : The LP relaxation is unbounded. `x` is a solution if one was found (`success` is True).
        success : bool
            True if `x` is a solution verified in exact arithmetic (rows and bounds within 1e-6, integers
            integral). It does NOT mean that `x` is optimal.
        message : str
            How the run ended, as a sentence.
        x : (n,) float64 or None
            The solution.
        fun : float or None
            The objective c'x.
        mip_dual_bound : float or None
            A bound from the LP relaxation, verified exactly. If `status` is 0 because branch and cut reports
            it, the value is `fun` less `result.complete.within`, and is not verified. None without a bound
            (the pump has none).
        mip_gap : float or None
            The gap between `fun` and `mip_dual_bound`, relative to `fun`: None if either is None, and
            infinite if only `fun` is 0.
        mip_node_count : None
            Nodes are not counted.
        nit : int
            The number of the pump's iterations.
        result : SolveResult
            The whole result.

    Raises
    ------
    UsageError, UnsupportedError, InputError
        For arguments that do not define a model. The values 2 and 3 of `integrality` (semicontinuous and
        semi-integer) raise UnsupportedError.

    Examples
    --------
    >>> import numpy as np, diffpump
    >>> from scipy.optimize import LinearConstraint
    >>> rows = LinearConstraint([[-1, 1], [3, 2], [2, 3]], -np.inf, [1, 12, 12])
    >>> found = diffpump.milp([0, -1], integrality=1, constraints=rows)
    >>> found.success, found.status, found.fun
    (True, 0, -2.0)
    >>> found = diffpump.milp([0, -1], integrality=1, constraints=rows, options={"preset": "FP", "seed": 1})
    >>> found.success, found.status, found.x
    (True, 4, array([2., 2.]))
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
    if not isinstance(options, Mapping | None) or not all(isinstance(name, str) for name in options or {}):
        raise UsageError(f"options must be a mapping of names to values, got {options!r:.60}")
    settings = dict(options or {})
    seed, preset, show = settings.pop("seed", 0), settings.pop("preset", None), settings.pop("disp", False)
    scipy_options = {name: settings.pop(name, None) for name in ("presolve", "node_limit", "mip_rel_gap")}
    config = configure(default_preset(settings) if preset is None else preset, settings)
    callbacks: dict[str, Any] = {"observers": (_show_state,)}
    if isinstance(config, Settings):
        callbacks = {"incumbent": _show_incumbent}
        if (gap := scipy_options.pop("mip_rel_gap")) is not None:
            config = config.with_(until="gap-to-lp", gap=gap)
    for name, value in scipy_options.items():
        if value is not None:
            warnings.warn(f"milp: option '{name}' is ignored", RuntimeWarning, stacklevel=2)
    result = solve(problem, config, seed=seed, **(callbacks if show else {}))
    bound, message = result.bound, result.status.value
    if result.optimal and (claim := result.complete) is not None and result.objective is not None:
        message = f"{message}; {claim.sentence(True)}"
        bound = bound if claim.proven else result.objective - claim.within
    fields: dict[str, Any] = {
        "status": 0 if result.optimal else _SCIPY_STATUS.get(result.status, 4),
        "success": result.found,
        "message": message,
        "x": result.x,
        "fun": result.objective,
        "mip_node_count": None,
        "mip_dual_bound": bound,
        "mip_gap": _gap(result.objective, bound),
        "nit": 0 if result.pump is None else result.pump.iterations,
        "result": result,
    }
    return OptimizeResult(**fields)


def _vector(name: str, values: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    try:
        return np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError):
        raise UsageError(f"{name} must be a dense array of numbers") from None


def _broadcast(name: str, values: Any, n: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    vector = _vector(name, values)
    try:
        return np.broadcast_to(vector, (n,))
    except ValueError:
        raise UsageError(f"{name} has shape {vector.shape}, which does not fit ({n},)") from None


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
    """Return all constraints as one A (m, n), b_l and b_u, (m,) each."""
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
    """Return the list of constraints: of one, of a tuple that makes one, or of a sequence of these.

    Three tuples are first tried as one tuple (A, b_l, b_u), as in scipy.
    """
    if given is None:
        return []
    if isinstance(given, LinearConstraint):
        return [given]
    try:
        if len(given) == 3 and not any(isinstance(item, LinearConstraint) for item in given):
            try:
                return [LinearConstraint(*given)]
            except (TypeError, ValueError):
                pass  # these are three tuples
        return [item if isinstance(item, LinearConstraint) else LinearConstraint(*item) for item in given]
    except (TypeError, ValueError) as error:
        raise UsageError(f"constraints must be LinearConstraints or tuples (A, b_l, b_u): {error}") from None


def _gap(objective: float | None, bound: float | None) -> float | None:
    """Return the gap as scipy defines it: relative to the objective, infinite if only that is 0."""
    if objective is None or bound is None:
        return None
    difference = abs(objective - bound)
    return difference / abs(objective) if objective else (np.inf if difference else 0.0)


def _show_incumbent(found: Incumbent) -> None:
    print(f"{found.seconds:8.2f} s  objective {found.objective:15.9g}  {found.arm}")


def _show_state(state: PumpState) -> None:
    print(f"{state.iteration:6d}  fractional {state.fractional:6d}  violated rows {state.violated_rows:6d}")
