"""The portfolio: which arm runs next, and for how long.

Until there is a solution, the rounds of `first` run in order. The last round is then repeated, with every
slice twice as long as in the repetition before. The incumbents of earlier models of the family may change
the order of the arms in a round (`config.schedule.by_gains`).

After a solution, arms of `better` are chosen by the rewards of their slices. The reward of a slice is the
relative improvement of the objective. Rewards and efforts (seconds) decay with the half-life `HALF_LIFE`, and
a slice without an improvement also multiplies the arm's reward by `REWARD_DECAY`. Arms with an `immediate`
role run whenever they can, and those with an `early` turn take it before the others. Mutation and `rows` take
one while there is no root LP yet: on large models, where it takes long, they improve a poor first solution
much faster than what waits for it. Of the others, the next one has the largest

    (reward + PRIOR_EFFORT * PRIOR_FACTOR * mean) / (effort + PRIOR_EFFORT),

where `mean` is the reward per second of all rewarded arms. Arms that are not rewarded come last. The prior
rates an arm with little effort above the mean. If no arm has earned a reward, the arm with the least effort
runs. A slice without an improvement reduces the mean less than the arm's own reward. Otherwise an arm that
was the only one to improve the incumbent, and no longer does, would still rank first.

An arm that has had less than its minimum share of the effort goes before that comparison. There is a minimum
share for the root LP until it is solved, for the LP that gives a proven bound, for branch and cut, which
finds little before its root node is done, and for RINS and RENS, which have to find the size of their
neighbourhoods. During stagnation the shares of the root LP and of branch and cut grow, and those of RINS and
RENS shrink, since their neighbourhoods depend on a point that does not change. Stagnation does not count
before every arm has been tried: conflict-driven search may find a solution within seconds that HiGHS does not
find in a minute (satellites2-40).

An arm that fails sits out for the rest of the run, and the others go on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from diffpump.config.schedule import Role, Turns
from diffpump.core.errors import InputError, SolverRefusal
from diffpump.core.limits import RunLimits
from diffpump.search.budget import LP_ITERATION_WORK, WORK_PER_SECOND, Arm, Budget
from diffpump.search.pool import Pool
from diffpump.search.solutions import Solution

SIGNIFICANT_GAIN = 1e-3  # relative improvement that ends stagnation
# Seconds after which rewards and efforts count half. After as many seconds of stagnation, the minimum shares
# are halfway between their normal and their stagnant values.
HALF_LIFE = 8.0
REWARD_DECAY = 0.5  # share of its reward that an arm keeps after a slice without an improvement
MEAN_DECAY = 0.8  # share of the mean reward that is kept then
MIN_EFFORT = 0.05  # seconds that a slice counts as, at least
PRIOR_EFFORT = 2.0  # seconds of effort that are added to every arm's own ...
PRIOR_FACTOR = 2.0  # ... with a reward of so many times the mean
SHORT_EARLY_SECONDS = 0.1  # of an early turn while an arm that knows more than the model waits for its own


@dataclass
class ArmStatistics:
    """What an arm has cost and found.

    Attributes
    ----------
    slices : int
        The number of its slices.
    seconds : float
        Wall time.
    work : int
        Touched nonzeros.
    lp_iterations : int
        Simplex iterations, as far as they are known.
    incumbents : int
        The number of its incumbents.
    reward : float
        Relative improvement of the objective after the first solution, decayed.
    effort : float
        Seconds after the first solution, decayed likewise.
    """

    slices: int = 0
    seconds: float = 0.0
    work: int = 0
    lp_iterations: int = 0
    incumbents: int = 0
    reward: float = 0.0
    effort: float = 0.0


@dataclass(eq=False)
class Portfolio:
    """The arms of a run and what each has cost and found; runs slices until the run must end.

    Attributes
    ----------
    pool : Pool
        The solutions of the run.
    run_limits : RunLimits
        The limits of the run.
    arms : callable
        Returns the arm of a name, created on first use.
    roles : mapping of str to Role
        The arms' roles by name.
    first : tuple of Turns
        Rounds of turns until there is a solution, the last one repeated.
    better : Turns
        The turns after the first solution.
    enough : callable
        Returns whether the run needs no more solutions.
    has_kernels : callable
        Returns whether compiled kernels can be called; arms that need them do not run before.
    elsewhere : callable
        Returns whether another process runs an arm, so that it does not run here.
    first_factor : float
        Factor of the slices in the first rounds. It is smaller for small models, so that each arm soon has
        its turn.
    deterministic : bool
        Whether seconds are counted in work (see `Budget`).
    work_limit : float
        Touched nonzeros after which no slice begins. By default there is no limit.
    on_failure : callable
        Called with an arm and the exception with which it failed.
    on_slice : callable
        Called after each slice with the arm, its beginning (time.monotonic), the spent budget, and the number
        of its incumbents.
    statistics : dict of str to ArmStatistics
        What each arm that has run has cost and found.
    reward : float
        The reward of all arms, decayed.
    stagnation : float
        Seconds since the last improvement of at least `SIGNIFICANT_GAIN`.
    failed : set of str
        The arms that have failed.
    """

    pool: Pool
    run_limits: RunLimits
    arms: Callable[[str], Arm]
    roles: Mapping[str, Role]
    first: tuple[Turns, ...]
    better: Turns
    enough: Callable[[], bool] = lambda: False
    has_kernels: Callable[[], bool] = lambda: True
    first_factor: float = 1.0
    elsewhere: Callable[[str], bool] = lambda arm: False
    deterministic: bool = False
    work_limit: float = float("inf")
    on_failure: Callable[[str, Exception], None] = lambda arm, error: None
    on_slice: Callable[[str, float, Budget, int], None] = lambda arm, began, budget, incumbents: None
    statistics: dict[str, ArmStatistics] = field(default_factory=dict)
    reward: float = 0.0
    stagnation: float = 0.0
    failed: set[str] = field(default_factory=set)
    _had_early: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Run slices until the run must end or every arm is exhausted."""
        for name, seconds in self._turns():
            self.run_slice(name, seconds)

    def run_on(self, turns: Turns) -> None:
        """Run slices of some arms, although the goal is reached, until they are exhausted or a limit is.

        Parameters
        ----------
        turns : Turns
            The arms and the seconds of their slices.
        """
        running = True
        while running:
            running = False
            for name, seconds in turns:
                within = self.run_limits.reached() is None and self._work_left() > 0
                if within and self._can_run(name):
                    running = True
                    self.run_slice(name, seconds, to_goal=False)

    def _turns(self) -> Iterator[tuple[str, float]]:
        factor, rounds = self.first_factor, list(self.first)
        while self.is_open() and self.pool.best is None:
            idle = True
            for name, seconds in rounds[0]:
                if self.is_open() and self.pool.best is None and self._can_run(name):
                    idle = False
                    yield name, factor * seconds
            if len(rounds) > 1:
                del rounds[0]
            elif idle:
                return
            else:
                factor *= 2
        while self.is_open():
            ready = self._ready(immediate=True) or self._early() or self._ready(immediate=False)
            if not ready:
                return
            yield self._chosen(ready)

    def is_open(self) -> bool:
        """Return whether another slice may begin: no limit and no goal is reached, and the search is open."""
        over = self.run_limits.reached() is not None or self.pool.complete or self.enough()
        return not over and self._work_left() > 0

    def _work_left(self) -> float:
        return self.work_limit - sum(entry.work for entry in self.statistics.values())

    def _ready(self, immediate: bool) -> list[tuple[str, float]]:
        """Return the turns whose arms can run, of the immediate arms or of the others.

        The others are created only when no immediate arm is ready, so after presolve.
        """
        turns = [turn for turn in self.better if self.roles[turn[0]].immediate == immediate]
        return [turn for turn in turns if self._can_run(turn[0])]

    def _can_run(self, name: str) -> bool:
        """Return whether an arm has something to do now, and the kernels that it needs.

        An arm that cannot be created fails here.
        """
        if name in self.failed or (self.roles[name].needs_kernels and not self.has_kernels()):
            return False
        if self.elsewhere(name):
            return False
        with self._sits_out_if_it_fails(name):
            return not self.arms(name).exhausted
        return False

    def _early(self) -> list[tuple[str, float]]:
        """Return the early turn of the first arm that has not had it and is due, if any.

        It is short while an arm that runs only with a start or a history waits for its own.
        """
        due = [name for name, _ in self.better if self._is_due(name)]
        if not due:
            return []
        name, seconds = due[0], self.roles[due[0]].early
        assert seconds is not None
        if any(self.roles[one].only_with for one in due[1:]):
            seconds = min(seconds, SHORT_EARLY_SECONDS)
        self._had_early.add(name)
        return [(name, seconds)]

    def _is_due(self, name: str) -> bool:
        """Return whether an arm takes its early turn now."""
        if self.roles[name].early is None or name in self._had_early or not self._can_run(name):
            return False
        return bool(getattr(self.arms(name), "due", True))

    @contextmanager
    def _sits_out_if_it_fails(self, name: str) -> Iterator[None]:
        """Let an arm sit out after an exception of its own.

        An InputError is about the model's file, which may have changed, so it ends the run.
        """
        try:
            yield
        except Exception as error:
            if isinstance(error, InputError) and not isinstance(error, SolverRefusal):
                raise
            self.failed.add(name)
            self.on_failure(name, error)

    def _chosen(self, ready: list[tuple[str, float]]) -> tuple[str, float]:
        """Return the turn with the highest rank."""
        shares = self._min_shares([name for name, _ in ready])
        return max(ready, key=lambda turn: self._rank(turn[0], shares))

    def _rank(self, name: str, shares: Mapping[str, float]) -> tuple[float, float]:
        """Return the arm's key in the comparison: arms below their minimum share first, then by reward.

        Arms that are not rewarded come last.
        """
        entry = self.statistics.get(name, ArmStatistics())
        rewarded = [one for arm, one in self.statistics.items() if self._is_rewarded(arm)]
        effort = sum(one.effort for one in rewarded)
        if name in shares:
            due = shares[name] * (effort if self._is_rewarded(name) else effort + entry.effort)
            if entry.effort < due:
                return float("inf"), due - entry.effort
        if not self._is_rewarded(name):
            return float("-inf"), -entry.effort
        reward = max(sum(one.reward for one in rewarded), self.reward)
        mean = reward / effort if effort else 0.0
        return (entry.reward + PRIOR_EFFORT * PRIOR_FACTOR * mean) / (
            entry.effort + PRIOR_EFFORT
        ), -entry.effort

    def _is_rewarded(self, name: str) -> bool:
        role = self.roles[name]
        return role.rewarded and not role.immediate

    def _min_shares(self, ready: list[str]) -> dict[str, float]:
        """Return the minimum share of the effort of each arm that has one.

        Stagnation counts once every arm that is ready has been tried. While an urgent arm, such as the root
        LP, is ready, only such arms have a minimum share.
        """
        shared = {name: role for name, role in self.roles.items() if role.min_share}
        tried = all(name in shared or self.statistics.get(name, ArmStatistics()).effort for name in ready)
        stagnant = self.stagnation / (self.stagnation + HALF_LIFE) if tried else 0.0
        shares = {
            name: role.min_share + (role.min_share_stagnant - role.min_share) * stagnant
            for name, role in shared.items()
        }
        urgent = {name: share for name, share in shares.items() if name in ready and shared[name].urgent}
        return urgent or shares

    def run_slice(self, name: str, seconds: float, to_goal: bool = True) -> None:
        """Run an arm for one slice, and count what it cost and found.

        Parameters
        ----------
        name : str
            The name of the arm.
        seconds : float
            The length of the slice. An arm's `min_seconds` makes it longer, and what is left of the work
            limit makes it shorter in a deterministic run.
        to_goal : bool
            Whether the slice ends once the run needs no more solutions.
        """
        entry, pool = self.statistics.setdefault(name, ArmStatistics()), self.pool
        began, before, found = time.monotonic(), pool.best, len(pool.solutions)
        completing = pool.completion.iterations
        if self.deterministic:
            seconds = min(seconds, self._work_left() / WORK_PER_SECOND)
        budget = Budget(
            seconds,
            self.run_limits,
            lambda: to_goal and (self.enough() or self._overtaken(before)),
            self.deterministic,
        )
        with self._sits_out_if_it_fails(name):
            arm = self.arms(name)
            budget.seconds = max(seconds, getattr(arm, "min_seconds", 0.0))
            arm.run(budget)
        pool.prove_waiting()
        budget.spend_lp(pool.problem, pool.completion.iterations - completing)
        budget.spend(LP_ITERATION_WORK)  # a slice without any cost could be repeated for ever
        took, new = time.monotonic() - began, pool.solutions[found:]
        own = sum(not solution.foreign for solution in new)
        cost = budget.work / WORK_PER_SECOND if self.deterministic else took
        entry.slices += 1
        entry.seconds += took
        entry.work += budget.work
        entry.lp_iterations += budget.lp_iterations
        entry.incumbents += own
        if before is not None:
            self._count(name, entry, _gain(before, new), cost)
        self.on_slice(name, began, budget, own)

    def _count(self, name: str, entry: ArmStatistics, gain: float, cost: float) -> None:
        """Decay all rewards and efforts by the seconds of a slice, and add those of this slice."""
        kept = 0.5 ** (cost / HALF_LIFE)
        for one in self.statistics.values():
            one.reward, one.effort = kept * one.reward, kept * one.effort
        self.reward *= kept
        self.stagnation = 0.0 if gain >= SIGNIFICANT_GAIN else self.stagnation + cost
        role = self.roles[name]
        if not role.immediate:
            fruitless = not gain and not role.min_share
            self.reward = self.reward * MEAN_DECAY if fruitless else self.reward + gain
        entry.reward = entry.reward + gain if gain else REWARD_DECAY * entry.reward
        entry.effort += max(cost, MIN_EFFORT)

    def _overtaken(self, before: Solution | None) -> bool:
        """Return whether another process has found the first solution during this slice."""
        best = self.pool.best
        return before is None and best is not None and best.foreign


def _gain(before: Solution, new: list[Solution]) -> float:
    """Return the relative improvement of the objective by the solutions of this process."""
    gain, value = 0.0, before.value
    for solution in new:
        gain += 0.0 if solution.foreign else value - solution.value
        value = solution.value
    return gain / max(abs(before.value), abs(value), 1e-9)
