"""What has been proven about the LP relaxation of the original model, in exact arithmetic."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from diffpump.backends.lp import solve_lp
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.scaling import Scaled, equilibrated
from diffpump.core.status import LpStatus, Status
from diffpump.core.tolerances import NOISE
from diffpump.outcome.claim import Certificate
from diffpump.outcome.verifier import Verifier
from diffpump.search.lp_process import LpOutcome, solve_root_lp


class Facts:
    """The proven facts of a run. Solvers give the hints, and the verifier decides.

    Parameters
    ----------
    problem : Problem
        The original model in the numbers of the search.
    verifier : Verifier
        Verifies rays and bounds on the file's own numbers.

    Attributes
    ----------
    refutation : Certificate or None
        Why the model has no solution.
    unbounded : Certificate or None
        Why the LP relaxation has no finite optimum if it has a point.
    bound : Fraction or None
        The best bound on the objective so far, in the model's own sense: no point that satisfies the model
        exactly is better.
    """

    def __init__(self, problem: Problem, verifier: Verifier) -> None:
        self._problem, self._verifier = problem, verifier
        self.refutation: Certificate | None = None
        self.unbounded: Certificate | None = None
        self.bound: Fraction | None = None

    def examine(self, limits: LpLimits) -> None:
        """Look for an integer column without an integer, then solve the LP relaxation and learn from it.

        Parameters
        ----------
        limits : LpLimits
            The limits of each LP.
        """
        self.refutation = self._verifier.empty_column()
        if self.refutation is None:
            scaled = equilibrated(self._problem)
            self.learn(unscaled(solve_root_lp(scaled.problem, "simplex", limits), scaled), limits)

    def learn(self, outcome: LpOutcome, limits: LpLimits) -> None:
        """Prove what the outcome of the original model's LP relaxation implies.

        Parameters
        ----------
        outcome : LpOutcome
            The outcome, with a dual ray or row multipliers if the solver left them.
        limits : LpLimits
            The limits of the LP that looks for a primal ray.
        """
        if outcome.status is LpStatus.INFEASIBLE and outcome.ray is not None:
            self.refutation = self._verifier.refute(outcome.ray) or self.refutation
        elif outcome.status is LpStatus.UNBOUNDED:
            self.unbounded = unbounded_along(self._problem, self._verifier, limits)
        elif outcome.status is LpStatus.OPTIMAL and outcome.duals is not None:
            self.improve(self._verifier.bound(self._problem.unit * outcome.duals))

    def status(self, found: bool) -> Status | None:
        """Return how the run ended as far as that is proven, None if nothing is.

        Parameters
        ----------
        found : bool
            Whether there is a solution.
        """
        if self.refutation is not None and not found:
            return Status.INFEASIBLE
        if self.unbounded is not None:
            return Status.UNBOUNDED
        return Status.FEASIBLE if found else None

    def improve(self, bound: Fraction | None) -> None:
        """Keep a proven bound if it is better than the present one."""
        if bound is not None and (self.bound is None or self.is_better(self.bound, bound)):
            self.bound = bound

    def is_better(self, value: Fraction | float, than: Fraction | float) -> bool:
        """Return whether an objective is strictly better than another one, in the model's own sense."""
        return value > than if self._problem.maximise else value < than


def unscaled(outcome: LpOutcome, scaled: Scaled) -> LpOutcome:
    """Return the outcome of a scaled LP as that of the model."""

    def times(values: Vector | None, scale: Vector) -> Vector | None:
        return None if values is None else values * scale

    return replace(
        outcome, x=times(outcome.x, scaled.cols), duals=times(outcome.duals, scaled.rows),
        ray=times(outcome.ray, scaled.rows),
    )  # fmt: skip


def unbounded_along(problem: Problem, verifier: Verifier, limits: LpLimits) -> Certificate | None:
    """Return the certificate of a ray along which the LP relaxation is unbounded, or None if none is proven.

    Parameters
    ----------
    problem : Problem
        The model in the numbers of the search.
    verifier : Verifier
        Verifies the ray on the file's own numbers.
    limits : LpLimits
        The limits of the LP that looks for the ray.
    """
    ray = recession_ray(problem, limits)
    return None if ray is None else verifier.recedes(ray)


def recession_ray(problem: Problem, limits: LpLimits) -> Vector | None:
    """Return a direction along which the LP relaxation stays feasible and its objective improves, or None.

    It is an optimum r of min c'r over the recession cone of the relaxation, cut to -1 <= r <= 1.

    Parameters
    ----------
    problem : Problem
        The model, whose integrality is ignored.
    limits : LpLimits
        The limits of this LP.
    """
    scaled = equilibrated(problem)
    lp = scaled.problem
    cone = replace(
        lp,
        row_lo=np.where(np.isfinite(lp.row_lo), 0.0, -np.inf),
        row_hi=np.where(np.isfinite(lp.row_hi), 0.0, np.inf),
        lb=np.where(np.isfinite(lp.lb), 0.0, -1.0),
        ub=np.where(np.isfinite(lp.ub), 0.0, 1.0),
    )
    result = solve_lp(cone, limits)
    if result.status is not LpStatus.OPTIMAL or lp.c @ result.x >= -NOISE:
        return None
    return result.x * scaled.cols
