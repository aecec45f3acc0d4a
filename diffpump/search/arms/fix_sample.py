"""Fix, propagate, repair towards sampled choices of the packed rows (arXiv 2601.21775; results/knapsack).

Packed rows share no column and are choices of subsets: one-of, cardinality, packing and knapsack rows
(`knapsack.rows`). Each plan draws a point at which all of them hold, nearer to the root LP's point the lower
the temperature. The sampled items are fixed first, in random order, and then the other columns.

The arm has no turn by default. A TOML file whose `first` or `better` names it runs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.knapsack.packed import Packed, packed
from diffpump.search.arms.fix import FixPropagateRepair
from diffpump.search.budget import Arm
from diffpump.search.context import RunContext

if TYPE_CHECKING:
    from diffpump.kernels.model import Index

LEAST_SHARE = 0.2  # share of the binary columns that the packed rows must cover
TEMPERATURES = (0.05, 0.1, 0.2, 0.4)  # of the samples, in turn


class SampledChoices(FixPropagateRepair):
    """Fix, propagate, repair towards samples of the packed rows around the root LP's point."""

    @property
    def exhausted(self) -> bool:
        """True as of `FixPropagateRepair`, and if the packed rows cover too little."""
        if super().exhausted:
            return True
        binaries = int(self._space.problem.binary.sum())
        return self._packed.columns.size < max(1.0, LEAST_SHARE * binaries)

    @cached_property
    def _packed(self) -> Packed:
        return packed(self._space.problem)

    def _all_plans(self) -> Iterator[tuple[Index, Vector, float]]:
        """Yield orders of the integer columns, sampled targets (n,) and rounding thresholds, without end."""
        from diffpump.kernels import fixing

        while True:
            for g in TEMPERATURES:
                root, columns = self._space.root, self._packed.columns
                assert root is not None
                target = np.clip(root, self._space.problem.lb, self._space.problem.ub)
                target[columns] = self._packed.sample(target[columns], g, self._rng)
                taken = np.zeros(target.size)
                taken[columns] = target[columns]
                order = fixing.at_random(self._space.model, int(self._rng.integers(2**31)))
                yield order[np.argsort(-taken[order], kind="stable")], target, 0.5


@arm("fix-sample", "fix, propagate, repair towards sampled choices of packed rows")
def _sampled(context: RunContext) -> Arm:
    name = "fix-sample"
    return SampledChoices(context.space(name), context.pool, name, context.seed_of(name), guided=True)
