"""A local search before the first LP, for models whose LPs are slow."""

from __future__ import annotations

from diffpump.core.arrays import Vector
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem

WORK = 10_000_000  # touched nonzeros in each mode of the search, 0.2 s; at least `PASSES` over the matrix
PASSES = 20
CALL_WORK = 1_000_000  # touched nonzeros between two looks at the limits


def local_search(problem: Problem, run_limits: RunLimits, seed: int) -> Vector:
    """Return the best point (n,) of a local search that starts at 0 clipped into the bounds.

    It is integral on integer columns and within the bounds, and may violate rows.

    Parameters
    ----------
    problem : Problem
        The model.
    run_limits : RunLimits
        The limits of the run, at which the search ends.
    seed : int
        The seed of the search.
    """
    from diffpump.kernels import focused  # imported here since it imports numba, which is slow
    from diffpump.kernels.model import model

    m = model(problem)
    state = focused.focus(m, seed=seed)
    for mode in ("count", "magnitude"):
        left = max(WORK, PASSES * problem.nnz)
        while left > 0 and run_limits.reached() is None:
            violated, work = focused.search(m, state, mode, min(left, CALL_WORK))
            if violated == 0:
                return state.best.copy()
            left -= max(work, 1)
    return state.best.copy()
