"""The pool of solutions.

A point that an arm offers is judged in float64, completed by an LP where only its continuous columns are
wrong, and proven exactly before it counts as a solution.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from diffpump.backends.completion import Completion
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.tolerances import IMPROVEMENT, INTEGRAL_TOL, NOISE
from diffpump.outcome.claim import Claim
from diffpump.outcome.incumbent import Incumbent
from diffpump.outcome.result import Kept
from diffpump.outcome.run import RunSetup
from diffpump.search.solutions import Collection, Solution
from diffpump.verify.check import Judge

MAX_EXACT_ATTEMPTS = 50  # proofs of points that are no better than the incumbent but violate less
MAX_PROOF_SHARE = 0.1  # share of the time after the first solution that proofs of better ones may take


class Pool:
    """The solutions of a run, each better than the one before; `on_incumbent` receives those proven here.

    Solutions may come faster than they can be proven. The first one is proven at once. While proofs take more
    than their share of the time, a better one waits, and `prove_waiting` proves the best that waits.

    Parameters
    ----------
    setup : RunSetup
        The model, its exact check, the clock and the callbacks of the run.
    deterministic : bool
        In a deterministic run, where no decision may depend on time, every better solution waits for
        `prove_waiting`.
    collection : Collection, optional
        Keeps several solutions that differ, those among them that are no better than the incumbent.

    Attributes
    ----------
    solutions : list of Solution
        In the order in which they were found.
    rejected : int
        The number of points that the judge accepted and the exact check did not.
    lost_processes : int
        The number of processes that died at work (out of memory, or a crash in HiGHS).
    complete : Claim or None
        The claim that the incumbent is optimal or, without an incumbent, that the model is infeasible. It is
        set by the arm that ran the search, or by the engine.
    multipliers : (m,) float64 or None
        The absolute multipliers of the rows in the LP relaxation, once they are known.
    step : float
        The step of the objective's values, in the unit of the costs; 0 if none is known.
    completion : Completion
        The LP over the continuous columns.
    """

    def __init__(
        self, setup: RunSetup, deterministic: bool = False, collection: Collection | None = None
    ) -> None:
        self.collection = collection
        self.problem, self.solutions = setup.problem, list[Solution]()
        self.rejected, self.lost_processes = 0, 0
        self.complete: Claim | None = None
        self.multipliers: Vector | None = None
        self.completion = Completion(setup.problem)
        self._setup, self._deterministic = setup, deterministic
        self._judge = Judge(setup.problem)
        self._waiting: tuple[Vector, float, str, bool] | None = None
        self._first_proof_seconds = 0.0
        self._exact_attempts = MAX_EXACT_ATTEMPTS
        self.step = 0.0

    @property
    def best(self) -> Solution | None:
        """The last solution."""
        return self.solutions[-1] if self.solutions else None

    @property
    def value(self) -> float:
        """c'x of the best point, one that waits for its proof included; infinite without one."""
        if self._waiting is not None:
            return self._waiting[1]
        return self.solutions[-1].value if self.solutions else np.inf

    def outcome(self) -> dict[str, Any]:
        """Return the fields of a `SolveResult` that the solutions decide."""
        best = self.best
        return {
            "x": None if best is None else best.x,
            "objective": None if best is None else best.incumbent.objective,
            "violation": None if best is None else best.proof.violation,
            "exactly_feasible": best is not None and best.proof.exactly_feasible,
            "proof": None if best is None else best.proof.against,
            "incumbents": tuple(solution.incumbent for solution in self.solutions),
            "solutions": tuple(Kept(one.x, one.incumbent) for one in self.kept),
            "complete": self.complete,
        }

    @property
    def kept(self) -> list[Solution]:
        """The solutions to report: the incumbent, then those of the collection, the best first."""
        others = [] if self.collection is None else self.collection.kept
        return [*self.solutions[-1:], *(one for one in others if one is not self.best)]

    def is_steady(self, seconds: float) -> bool:
        """Return whether the incumbent is that old. A deterministic run does not count time: True."""
        return self._deterministic or (
            self.best is not None and self._setup.seconds() - self.best.incumbent.seconds >= seconds
        )

    def offer(self, x: Vector, arm: str, limits: LpLimits | None = None, *, foreign: bool = False) -> bool:
        """Take a point that may be a solution.

        Parameters
        ----------
        x : (n,) float64
            The point on the original columns. It is clipped to the bounds, and its integers are rounded.
        arm : str
            The name of the arm that found it.
        limits : LpLimits, optional
            The limits of the LP that completes the point, by default the run's.
        foreign : bool
            Whether another process found it.

        Returns
        -------
        bool
            Whether it is a new best solution, or waits for its proof as such.
        """
        problem = self.problem
        x = np.clip(x, problem.lb, problem.ub)
        rounded = np.rint(x)
        if not (np.abs(x - rounded) <= INTEGRAL_TOL)[problem.integer].all():
            return False
        x = np.where(problem.integer, rounded, x)
        if not self._judge.feasible(x):
            completed = self.completion(x, limits or self._setup.run_limits.for_lp())
            if completed is None or not self._judge.feasible(completed):
                return False
            x = completed
        return self._take(x, arm, foreign)

    def offer_with_completion(
        self,
        x: Vector,
        arm: str,
        limits: Callable[[], LpLimits],
        *,
        holds: bool = True,
        to_original: Callable[[Vector], Vector] = lambda x: x,
        completion: Completion | None = None,
        may_complete: Callable[[], bool] = lambda: True,
    ) -> tuple[bool, bool]:
        """Offer a point, then its integers with the continuous columns that an LP chooses for them.

        Parameters
        ----------
        x : (n,) float64
            A point in a space, by default on the original columns.
        arm : str
            The name of the arm that found it.
        limits : callable
            Returns the limits of an LP that begins now.
        holds : bool
            Whether x may be a solution itself.
        to_original : callable
            Carries points of the space to the original columns.
        completion : Completion, optional
            The LP over the space's continuous columns, by default the pool's.
        may_complete : callable
            Asked before that LP.

        Returns
        -------
        found : bool
            Whether one of the two is a new best solution.
        completed : bool
            Whether the LP found a point.
        """
        found = holds and self.offer(to_original(x), arm, limits())
        completed = (completion or self.completion)(x, limits()) if may_complete() else None
        if completed is None:
            return found, False
        return self.offer(to_original(completed), arm, limits()) or found, True

    def improves(self, value: float) -> bool:
        """Return whether a solution with c'x = value would be a new best one.

        Where objectives have a step, such as 1 for integral costs, half of it is an improvement.
        """
        least = IMPROVEMENT * max(1.0, abs(value))
        return value < self.value - (min(least, self.step / 2) if self.step else least)

    def target(self, share: float, shift: float = 0.0) -> float:
        """Return the c'x that is better than the incumbent's by a share of it, infinite without one.

        Parameters
        ----------
        share : float
            The share of |c'x|, or of 1 if that is more.
        shift : float
            That of the space whose c'x is meant.
        """
        return self.value - share * max(1.0, abs(self.value)) - shift if self.value < np.inf else np.inf

    def prove_waiting(self, if_due: bool = False) -> None:
        """Prove the point that waits, if any.

        Parameters
        ----------
        if_due : bool
            Whether to do so only while proofs have not taken their share of the time.
        """
        if self._waiting is not None and not (if_due and self._proofs_exceed_their_share()):
            waiting, self._waiting = self._waiting, None
            self._prove(*waiting)

    def take_proven(self, solution: Solution) -> None:
        """Take a solution that another process has proven, if it is better; no callback is called."""
        if self.improves(solution.value):
            self._waiting = None
            self._append(replace(solution, foreign=True))

    def clear(self) -> None:
        """Remove all solutions."""
        self._waiting = None
        self.solutions.clear()

    def _take(self, x: Vector, arm: str, foreign: bool) -> bool:
        """Prove a feasible point now, or let it wait."""
        value = float(self.problem.c @ x)
        if not self.improves(value):
            self._collect(x, value, arm, foreign)
            return self._prefer_less_violated(x, value, arm, foreign)
        if (point := self._as_exact_as_the_incumbent(x)) is None:
            return False
        if point is not x:
            x, value = point, float(self.problem.c @ point)
            if not self.improves(value):
                return False
        if self.solutions and (self._deterministic or self._proofs_exceed_their_share()):
            self._waiting = x, value, arm, foreign
            return True
        self._waiting = None
        return self._prove(x, value, arm, foreign)

    def uses_tolerance(self, x: Vector) -> bool:
        """Return whether a feasible point (n,) violates a row by more than rounding errors explain."""
        violation = self.problem.excess(x)
        rows = np.flatnonzero(violation > NOISE)
        terms = abs(self.problem.A[rows]) @ np.abs(x)
        return bool((violation[rows] > NOISE * np.maximum(terms, 1.0)).any())

    def _as_exact_as_the_incumbent(self, x: Vector) -> Vector | None:
        """Return a point that uses the tolerance only if the incumbent does: x, its completion, or None.

        What a violation within the tolerance gains has no limit where columns are integer: in x + 4 b >=
        3.0000009, x <= 3, it is the cost of b. So no such gain replaces a solution that holds.
        """
        if self.best is None or not self.uses_tolerance(x) or self.uses_tolerance(self.best.x):
            return x
        completed = self.completion(x, self._setup.run_limits.for_lp())
        if completed is None or not self._judge.feasible(completed) or self.uses_tolerance(completed):
            return None
        return completed

    def _gain_of_violations(self, x: Vector) -> float:
        """Return an upper estimate of the gain in c'x that a point's row violations explain, doubled.

        A violation v of row i lets a column j move by v / |a_ij|, which gains |c_j| v / |a_ij|. In the LP
        relaxation it gains |y_i| v for the row's multiplier y_i. The larger of the two counts.
        """
        violation = np.maximum(self.problem.excess(x), 0.0)
        rows = np.flatnonzero(violation)
        if not rows.size:
            return 0.0
        part = self.problem.A[rows]
        rates = np.abs(self.problem.c[part.indices] / part.data)
        gains = np.zeros(rows.size)
        np.maximum.at(gains, np.repeat(np.arange(rows.size), np.diff(part.indptr)), rates)
        if self.multipliers is not None:
            gains = np.maximum(gains, self.multipliers[rows])
        return 2.0 * float(gains @ violation[rows])

    def _prefer_less_violated(self, x: Vector, value: float, arm: str, foreign: bool) -> bool:
        """Take a point in place of an incumbent that is better only by its violations.

        The point must hold exactly, or be worse by less than its smaller violations cost.
        """
        best = self.best
        if best is None or best.proof.exactly_feasible or self._waiting is not None or foreign:
            return False
        if not self._exact_attempts or np.array_equal(x, best.x):
            return False
        explained, loss = self._gain_of_violations(best.x), value - best.value
        if loss > explained:
            return False
        violation = self._judge.violation(x)
        exactly = not (violation.rows or violation.bounds)
        least = IMPROVEMENT * max(1.0, abs(value))
        if not exactly and loss + self._gain_of_violations(x) >= explained - least:
            return False
        self._exact_attempts -= 1
        return self._prove(x, value, arm, foreign, exactly)

    def make_exact(self, limits: LpLimits) -> None:
        """Try to replace an incumbent with violations by an exactly feasible one with the same integers."""
        best = self.best
        if best is None or best.proof.exactly_feasible:
            return
        x = self.completion(best.x, limits)
        if x is not None and self._judge.feasible(x):
            self._take(x, best.incumbent.arm, False)

    def _proofs_exceed_their_share(self) -> bool:
        since = self._setup.seconds() - self.solutions[0].incumbent.seconds
        return self._setup.verifier.seconds - self._first_proof_seconds > MAX_PROOF_SHARE * since

    def _prove(self, x: Vector, value: float, arm: str, foreign: bool, exactly: bool = False) -> bool:
        """Prove a point, and take it as the new best solution; return whether it is one.

        With `exactly`, only a point that holds with tolerance 0 is taken.
        """
        found, verifier = self._proven(x, value, arm, foreign), self._setup.verifier
        if found is None or (exactly and not found.proof.exactly_feasible):
            return False
        if not self.solutions:
            self._first_proof_seconds = verifier.seconds
            grid = verifier.grid
            self.step = 0.0 if grid is None else float(grid.step) / self.problem.unit
        self._append(found)
        self._setup.on_incumbent(found.incumbent, x)
        return True

    def _proven(self, x: Vector, value: float, arm: str, foreign: bool) -> Solution | None:
        """Return a point as a solution, or None and count it as rejected if the exact check refuses it."""
        verifier = self._setup.verifier
        if not verifier(x):
            self.rejected += 1
            return None
        proof = verifier.proof
        assert proof is not None
        incumbent = Incumbent(self._setup.seconds(), float(proof.objective), arm)
        return Solution(x, value, proof, incumbent, foreign)

    def _append(self, solution: Solution) -> None:
        """Make a solution the best one."""
        self.solutions.append(solution)
        if self.collection is not None:
            self.collection.add(solution, is_best=True)

    def _collect(self, x: Vector, value: float, arm: str, foreign: bool) -> None:
        """Prove a feasible point that is no better than the incumbent, if the collection would keep it."""
        if self.best is None or self.collection is None:
            return
        value = max(value, self.best.value)  # a point that is better by a rounding error is not the best one
        if not self.collection.takes(x, value):
            return
        if (found := self._proven(x, value, arm, foreign)) is not None:
            self.collection.add(found)
