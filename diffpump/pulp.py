"""diffpump as a solver of PuLP.

import pulp
from diffpump.pulp import DIFFPUMP

prob.solve(DIFFPUMP(timeLimit=10))
"""

from __future__ import annotations

from typing import Any

import pulp

import diffpump
from diffpump.core.errors import DiffpumpError
from diffpump.outcome.result import SolveResult

__all__ = ["DIFFPUMP"]


class DIFFPUMP(pulp.LpSolver):  # type: ignore[misc]  # PuLP has no types
    """A PuLP solver that searches with `diffpump.solve`.

    Parameters
    ----------
    mip : bool
        If False, integer variables are taken as continuous.
    msg : bool
        Whether a bar shows the progress.
    timeLimit : float, optional
        The wall seconds of a solve. Default: 60.
    gapRel : float, optional
        The run ends at this gap to the proven LP bound.
    threads : int, optional
        The number of processes.
    warmStart : bool
        Whether the variables' values are the starting point.
    **settings
        Further arguments of `diffpump.solve`, such as seed=1, until="first", preset="DP4".

    Attributes
    ----------
    result : SolveResult or None
        The result of the last solve.

    Examples
    --------
    >>> import pulp, warnings
    >>> from diffpump.pulp import DIFFPUMP
    >>> warnings.simplefilter("ignore", DeprecationWarning)  # of PuLP 3.3, before PuLP 4
    >>> prob = pulp.LpProblem("bags", pulp.LpMaximize)
    >>> x, y = (pulp.LpVariable(name, 0, 4, cat="Integer") for name in "xy")
    >>> prob += 2 * x + 3 * y
    >>> prob += 3 * x + 5 * y <= 14.5, "weight"
    >>> pulp.LpStatus[prob.solve(DIFFPUMP(msg=False, timeLimit=30))]
    'Optimal'
    >>> x.value(), y.value(), pulp.value(prob.objective)
    (3.0, 1.0, 9.0)
    """

    name = "DIFFPUMP"

    def __init__(
        self, mip: bool = True, msg: bool = True, timeLimit: float | None = None,
        gapRel: float | None = None, threads: int | None = None, warmStart: bool = False, **settings: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            mip=mip, msg=msg, timeLimit=timeLimit, gapRel=gapRel, threads=threads, warmStart=warmStart,
            **settings,
        )  # fmt: skip
        self.result: SolveResult | None = None

    def available(self) -> bool:
        """Return True: diffpump is installed."""
        return True

    def actualSolve(self, lp: Any, **settings: Any) -> int:
        """Search, write values and status into the problem, and return PuLP's status.

        Raises PulpSolverError with one line for a model or a setting that diffpump refuses.
        """
        options = {**self.optionsDict, **settings}
        gap, warm = options.pop("gapRel", None), options.pop("warmStart", False)
        if self.timeLimit is not None:
            options["time_limit"] = self.timeLimit
        if gap is not None:
            options.update(until="gap-to-lp", gap=gap)
        if warm:
            options["start"] = {v.name: v.varValue for v in lp.variables() if v.varValue is not None}
        try:
            model = lp if self.mip else _relaxed(lp)
            self.result = diffpump.solve(model, progress=bool(self.msg), **options)
        except DiffpumpError as error:
            raise pulp.PulpSolverError(f"DIFFPUMP: {error}") from error
        self.result.apply(lp)
        return int(lp.status)


def _relaxed(lp: Any) -> Any:
    """Return the problem with all columns continuous."""
    from dataclasses import replace

    import numpy as np

    from diffpump.io.foreign import to_problem

    problem = to_problem(lp)
    return replace(problem, integer=np.zeros(problem.n, dtype=bool))
