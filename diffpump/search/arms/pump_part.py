"""The differentiable pump on a part of a mixed model, in competition with branch and cut.

The part is that of RINS, and its size adapts as there (`lns`). The pump asks for a share of the gap between
the incumbent and the part's LP relaxation, again after each solution. On models without continuous columns
the arm does not run: parts of these are what branch and cut is good at.

The arm has no turn in the default schedule, since branch and cut is better on most parts
(results/engine/pump).
"""

from __future__ import annotations

from dataclasses import replace

from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.core.status import Status
from diffpump.search.arms.lns import Lns, Part
from diffpump.search.arms.neighbourhoods import rins
from diffpump.search.budget import LP_ITERATION_WORK, Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.space import Space

NAME = "pump-part"
PATIENCE = 50  # iterations without a solution
GAP_SHARE = 0.1  # of the gap to the part's LP relaxation that the next solution must close


class PumpedLns(Lns):
    """Large-neighbourhood search whose parts are searched by the pump."""

    def __init__(self, context: RunContext) -> None:
        super().__init__(context, NAME, rins, needs_root=True)
        self._run_limits = context.run_limits

    @property
    def exhausted(self) -> bool:
        """True where `Lns` is exhausted, and on a model without continuous columns."""
        known = self._views()
        return super().exhausted or known is None or bool(known[0].problem.integer.all())

    def _searched(self, budget: Budget, subspace: Space, part: Part, start: Vector) -> bool:
        """Pump in a part (see `Lns`)."""
        from diffpump.config.presets import ENGINE_PUMP
        from diffpump.pump import Pump, relaxation_for
        from diffpump.pump.improvement import target

        problem, pool, limits = subspace.problem, self._pool, self._run_limits
        if not budget.deterministic:
            limits = replace(limits, deadline=limits.now() + budget.left())
        config = ENGINE_PUMP.with_(max_iter=PATIENCE)
        pump = Pump(
            problem, config, relaxation_for(problem, config), self._seed, limits,
            accept=lambda x: pool.offer(subspace.to_original(x), NAME), refute=lambda ray: False,
        )  # fmt: skip
        pump.set_cutoff(pool.target(0.0, subspace.shift))
        states, spent = pump.iterates(), 0
        while True:
            for state in states:
                iterations = state.counters["lp_iterations"]
                budget.spend_lp(problem, iterations - spent)
                budget.spend(problem.nnz + LP_ITERATION_WORK)
                spent = iterations
                if state.status is not None or budget.is_spent():
                    break
            if state.status is not Status.FEASIBLE or pump.relaxed is None or budget.is_spent():
                return state.status in (Status.EXHAUSTED, Status.INFEASIBLE)
            pump.config = pump.config.with_(max_iter=state.iteration + PATIENCE)
            pump.set_cutoff(target(pool.value - subspace.shift, pump.relaxed, GAP_SHARE))
            states = pump.iterates(state)


@arm(NAME, "the differentiable pump where the incumbent and the root LP differ, on mixed models")
def _pump_part(context: RunContext) -> Arm:
    return PumpedLns(context)
