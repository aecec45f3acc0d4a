"""Relaxation-enforced neighbourhood search (Berthold 2014): branch and cut around the root LP's point.

Of the integer columns that are integral in the root LP's point, those with the largest reduced costs are
fixed: at first `FIRST_FIXED_SHARE` of all integer columns. Whenever a sub-MIP was searched to its end, which
takes less than a second if too many columns were fixed, the share shrinks by `SHARE_STEP`. A search without a
better solution for `PATIENCE` seconds is replaced by one with more columns fixed and `PATIENCE_GROWTH` times
the patience. These sub-MIPs are larger than those of other neighbourhoods, and HiGHS itself searches
neighbourhoods inside them. Therefore a search continues from slice to slice.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

import numpy as np

from diffpump.config.schedule import arm
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.search.arms.submip import SUBMIP_GAP, SubMip
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.space import Space

FIRST_FIXED_SHARE = 0.9  # share of the integer columns that is fixed at first
SHARE_STEP = 0.1  # by which the fixed share shrinks
PATIENCE = 6.0  # seconds of a search without a better solution, at first
PATIENCE_GROWTH = 1.5  # factor of the patience after a search that found nothing

NAME = "rens"


class Rens:
    """Relaxation-enforced neighbourhood search in a space."""

    def __init__(self, space: Space, context: RunContext) -> None:
        self._space, self._context = space, context
        self._pool, self._seed = context.pool, context.seed
        self._rng = np.random.default_rng(context.seed)
        self._share = FIRST_FIXED_SHARE  # of the integer columns, to fix
        self._too_many = 1.0  # the last share that was too large
        self._patience, self._spent = PATIENCE, 0.0
        self._search: SubMip | None = None
        self._exit_stack = context.exit_stack.enter_context(ExitStack())  # ends the current search

    @property
    def exhausted(self) -> bool:
        """True if there is no root LP or integer column, or if the whole model was searched."""
        return self._too_many <= 0 or self._space.root is None or not self._space.problem.integer.any()

    def run(self, budget: Budget) -> None:
        """Continue the current search, or begin the next one."""
        while not (budget.is_spent() or self.exhausted or self._pool.complete):
            if self._search is None:
                self._search = self._new_search()
            if self._search is None:
                self._fix_fewer()
                continue
            value, before = self._pool.value, budget.left()
            part = budget.split(max(self._patience - self._spent, self._search.min_seconds))
            self._search.run(part)
            budget.absorb(part)
            self._spent = 0.0 if self._pool.value < value else self._spent + before - budget.left()
            if self._search.exhausted:
                self._fix_fewer()
            elif self._spent >= self._patience:
                self._fix_more()

    def _fix_fewer(self) -> None:
        """Fix fewer columns next, after a part that was searched to its end."""
        self._too_many, self._share = self._share, max(0.0, self._share - SHARE_STEP)
        self._end_search()

    def _fix_more(self) -> None:
        """Fix more columns next, after a search without a better solution."""
        self._share = (self._share + self._too_many) / 2
        self._patience *= PATIENCE_GROWTH
        self._end_search()

    def _end_search(self) -> None:
        self._exit_stack.close()
        self._search, self._spent = None, 0.0

    def _new_search(self) -> SubMip | None:
        """Return the search with the current share of columns fixed, or None if a row excludes that."""
        space, problem = self._space, self._space.problem
        assert space.root is not None
        x, columns = space.root, problem.integers
        fractionality = np.abs(x - np.rint(x))
        if space.basis is not None:
            columns = columns[fractionality[columns] <= INTEGRAL_TOL]
        self._share = min(self._share, columns.size / problem.integers.size)
        if not columns.size:
            return None
        size = np.zeros(problem.n) if space.reduced is None else np.abs(space.reduced)
        order = np.lexsort((self._rng.random(columns.size), fractionality[columns], -size[columns]))
        fixed = columns[order[: round(self._share * problem.integers.size)]]
        lb, ub = problem.lb.copy(), problem.ub.copy()
        lb[fixed] = ub[fixed] = np.rint(x[fixed])
        subspace = space.restrict(lb, ub)
        if subspace is None or not subspace.problem.n:
            return None
        self._seed += 1
        context = replace(self._context, seed=self._seed, exit_stack=self._exit_stack)
        return SubMip(subspace, context, NAME, part=True, gap=SUBMIP_GAP if fixed.size else 0.0)


@arm(
    NAME,
    "branch and cut around the root LP's point",
    after=(90, 1.0),
    min_share=0.15,
    min_share_stagnant=0.08,
    needs_kernels=False,
)
def _rens(context: RunContext) -> Arm:
    return Rens(context.space(NAME), context)
