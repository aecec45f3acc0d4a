"""Searches before the first LP, for models whose LPs are slow: local search, jumps, and fix and propagate.

Sources: Lin, Zou, Cai, Local-MIP (2024); Luteberget, Sartor, Feasibility Jump (2023); Salvagnin, Roberti,
Fischetti, A fix-propagate-repair heuristic (2025).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem

# Orders of the integer columns and targets to which they are fixed, by their names in `kernels.targets`.
PLANS = (("locks", "cheap"), ("random", "cheap"), ("locks", "random"), ("locks", "loose"), ("locks", "low"))
WORK = 10_000_000  # touched nonzeros of one local search, 0.2 s; at least `PASSES` over the matrix
PASSES = 20
CALL_WORK = 1_000_000  # touched nonzeros between two looks at the limits
BACKTRACKS = 200  # of one fixing


def points(problem: Problem, run_limits: RunLimits, seed: int) -> Iterator[Vector]:
    """Yield points (n,) whose rows hold, or may hold with other values of the continuous columns.

    They are integral on integer columns and within the bounds. At first a local search, and then Feasibility
    Jump, start at 0. Then every plan fixes the columns. Where that meets a conflict, a local search starts,
    and the columns are fixed once more, to the point that it reaches.

    Parameters
    ----------
    problem : Problem
        The model.
    run_limits : RunLimits
        The limits of the run, at which the searches end.
    seed : int
        The seed of the draws.
    """
    from diffpump.kernels import fixing, focused, propagation, targets  # imported here, as numba is slow
    from diffpump.kernels.jump.search import jump, jumper
    from diffpump.kernels.model import model
    from diffpump.kernels.rng import rng

    m, draws, fixing_draws = model(problem), np.random.default_rng(seed), rng(seed)
    state, bounds = focused.focus(m, seed=seed), propagation.domain(m)
    budget = max(WORK, PASSES * problem.nnz)
    propagation.propagate(m, bounds, budget)
    lb, ub = bounds.lb.copy(), bounds.ub.copy()

    def holds_after(search: Callable[[int], tuple[int, int]]) -> bool:
        left = budget
        while left > 0 and run_limits.reached() is None:
            violated, work = search(min(left, CALL_WORK))
            if violated == 0:
                return True
            left -= max(work, 1)
        return False

    def walk(work: int) -> tuple[int, int]:
        return focused.search(m, state, "count", work)

    def fixed(order: str, target: Vector) -> tuple[Vector, bool]:
        start = propagation.mark(bounds)
        columns = targets.ORDERS[order](m, target, draws)
        status, x, *_ = fixing.fix(m, bounds, columns, target, 0.5, fixing_draws, BACKTRACKS, budget)
        propagation.undo(m, bounds, start)
        return x, status != fixing.CONFLICT

    if holds_after(walk):
        yield state.best.copy()
    jumps = jumper(m, np.zeros(problem.n), seed)
    if holds_after(lambda work: jump(m, jumps, work)):
        yield jumps.best_x.copy()
    for order, name in PLANS:
        target = targets.bounds_target(name, m, lb, ub, draws)
        for _ in range(2):
            if run_limits.reached() is not None:
                return
            x, consistent = fixed(order, target)
            if consistent:
                yield x
                break
            focused.restart(m, state, x)
            if holds_after(walk):
                yield state.best.copy()
                break
            target = state.best.copy()
