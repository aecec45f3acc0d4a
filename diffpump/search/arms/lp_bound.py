"""The LP relaxation of the original model, for facts that are proven exactly.

Row multipliers of the presolved model do not prove a bound on the original one: HiGHS's postsolve of a MIP
is meant for points alone, and ends the process on some models (net12). So this arm solves the
original model's LP. Its multipliers or rays are verified on the file's own numbers (`search.facts`). The
first slice, in which HiGHS solves most small models, is the beginning of a run (`search.engine`). The LP's
point is a solution if it is integral. Coefficients that HiGHS would drop or refuse are scaled for it.
"""

from __future__ import annotations

from diffpump.config.schedule import arm
from diffpump.core.limits import LpLimits
from diffpump.core.scaling import equilibrated
from diffpump.search.arms.root import Root
from diffpump.search.budget import Arm
from diffpump.search.context import RunContext
from diffpump.search.facts import unscaled
from diffpump.search.lp_process import LpOutcome
from diffpump.search.space import Space, Spaces

NAME = "lp-bound"


@arm(
    NAME, "the original model's LP, for a proven bound", space="original", after=(35, 1.0), rewarded=False,
    alone=True, min_share=0.1, min_share_stagnant=0.25, needs_kernels=False,
)  # fmt: skip
def _bound(context: RunContext) -> Arm:
    """Return the root arm on a space of its own, so that its point does not replace other arms' guide."""
    scaled = equilibrated(context.problem)
    space = Space(scaled.problem)

    def learn(outcome: LpOutcome, limits: LpLimits) -> None:
        context.learn(unscaled(outcome, scaled), limits)

    return Root(Spaces(space, space), context.pool, learn, context.exit_stack)
