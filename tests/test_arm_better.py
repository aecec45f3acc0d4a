"""Improvement of a solution: neighbourhoods, polishing, search below a cutoff, and the choice of arms."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from command import GAP, children
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import feasible_models

from diffpump.backends.mip import presolve, solve_mip
from diffpump.config.schedule import ARMS, Role, role
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits, RunLimits
from diffpump.core.problem import Problem
from diffpump.families import generate
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.outcome.run import RunSetup
from diffpump.search.arms import neighbourhoods
from diffpump.search.arms.cutoff import Cutoff
from diffpump.search.arms.lns import Lns, Neighbourhood, View
from diffpump.search.arms.local import focused, jump
from diffpump.search.arms.polish import Polish
from diffpump.search.arms.presolve import Presolve
from diffpump.search.arms.pump_part import PumpedLns
from diffpump.search.arms.rens import Rens
from diffpump.search.arms.root import Root
from diffpump.search.budget import Budget
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.portfolio import Portfolio
from diffpump.search.space import Space, Spaces
from diffpump.verify.check import Judge, feasible

INSTANCES = Path(GAP).parent
NEIGHBOURHOODS: dict[str, Neighbourhood] = {
    "rins": neighbourhoods.rins,
    "crossover": neighbourhoods.crossover,
    "visited": neighbourhoods.visited,
    "mutation": neighbourhoods.mutation,
    "rows": neighbourhoods.rows,
    "branching": neighbourhoods.branching,
}


def pool_of(problem: Problem) -> Pool:
    return Pool(RunSetup(problem))


def model(name: str) -> Problem:
    return read(INSTANCES / f"{name}.mps")


def poor(problem: Problem) -> list[Vector]:
    """Return two poor solutions, the worse one first: the last two of a search that maximises the cost."""
    seen: list[Vector] = []
    solve_mip(problem, LpLimits(60, None, 100), cost=-problem.c, incumbent=lambda x, _: seen.append(x))
    return [np.where(problem.integer, np.rint(x), x) for x in seen[:-3:-1]]


def box() -> Problem:
    """Return a model with 30 integers in [0, 5], 3 continuous columns, and 12 covering rows."""
    rng = np.random.default_rng(1)
    rows = (rng.random((12, 33)) < 0.3).astype(float)
    return from_arrays(
        rng.integers(1, 9, 33), rows, rows.sum(axis=1), np.full(12, np.inf), np.zeros(33), np.full(33, 5.0),
        np.arange(33) < 30,
    )  # fmt: skip


# -- neighbourhoods --


@pytest.mark.parametrize("name", NEIGHBOURHOODS)
@given(seed=st.integers(0, 999), share=st.none() | st.floats(0.01, 1))
@settings(max_examples=25, deadline=None)
def test_a_neighbourhood_contains_the_incumbent_and_is_as_large_as_asked(
    name: str, seed: int, share: float | None
) -> None:
    problem, rng = box(), np.random.default_rng(seed)
    x, *others = (rng.integers(0, 6, 33).astype(float) for _ in range(4))
    view = View(problem, x, rng.random(33) * 5, others[:2], others[2:])
    part = NEIGHBOURHOODS[name](view, share, rng)
    assert part is not None and 0 < part.share <= 1
    assert (part.lb <= x).all() and (x <= part.ub).all()
    assert (part.lb >= problem.lb).all() and (part.ub <= problem.ub).all()
    if part.row is not None:
        assert part.row[0] @ x <= part.row[1]
    else:
        free = (part.lb < part.ub) & problem.integer
        assert free.sum() <= round(30 * part.share)
        assert share is None or abs(30 * part.share - max(1, 30 * share)) <= 0.5


def test_without_other_points_there_is_nothing_to_compare_with() -> None:
    view, rng = View(box(), np.ones(33)), np.random.default_rng(0)
    for name in ("rins", "crossover", "visited"):
        assert NEIGHBOURHOODS[name](view, None, rng) is None


def test_rins_frees_first_where_the_root_lp_differs_most() -> None:
    root = np.ones(33)
    root[[4, 7, 9]] = [4.0, 3.0, 1.2]
    view = View(box(), np.ones(33), root)
    for share, free in ((None, [4, 7, 9]), (2 / 30, [4, 7])):
        part = neighbourhoods.rins(view, share, np.random.default_rng(0))
        assert part is not None
        assert np.flatnonzero(part.lb < part.ub)[:-3].tolist() == free


def test_local_branching_bounds_how_many_columns_change() -> None:
    x = np.zeros(33)
    x[:5] = 5
    part = neighbourhoods.branching(View(box(), x), 4 / 30, np.random.default_rng(0))
    assert part is not None and part.row is not None
    moved = x.copy()
    moved[[0, 6, 8]] = [4, 1, 2]  # distance 4
    assert part.row[0] @ moved == part.row[1]
    moved[9] = 1
    assert part.row[0] @ moved > part.row[1]


@pytest.mark.parametrize("root", [None, np.zeros(60)])
def test_what_continuous_columns_cost_comes_to_the_integers_in_their_rows(root: Vector | None) -> None:
    """The first five integer columns are connected with continuous ones that cost more than they have to.

    No integer column has a cost. Each has a row with a continuous column, which has a row with another
    continuous column. Ten of the latter cost 9, and five of these are positive in the incumbent.
    """
    size = 20
    one, none = np.eye(size), np.zeros((size, size))
    rows = np.vstack([np.hstack([one, one, none]), np.hstack([none, one, -one])])
    cost = np.concatenate([np.zeros(2 * size), np.repeat([9.0, 0.0], size // 2)])
    problem = from_arrays(
        cost, rows, np.full(40, -np.inf), np.full(40, 2.0), np.zeros(60), np.ones(60), np.arange(60) < size
    )
    x = np.zeros(60)
    x[[40, 41, 42, 43, 44, 55]] = 1
    freed = np.zeros(60)
    for seed in range(40):
        part = neighbourhoods.mutation(View(problem, x, root), 0.25, np.random.default_rng(seed))
        freed += part.lb < part.ub
    assert freed[:5].min() > 30 > 15 > freed[5:size].max()


def test_rows_frees_columns_that_share_rows() -> None:
    """The model has two halves that share no row, and a small share stays in the half where it began."""
    rows = np.zeros((60, 40))
    for i in range(60):
        half = 20 * (i % 2)
        rows[i, half + np.random.default_rng(i).permutation(20)[:4]] = 1
    problem = from_arrays(
        np.ones(40), rows, np.zeros(60), np.full(60, 4.0), np.zeros(40), np.ones(40), np.ones(40, bool)
    )
    for seed in range(20):
        part = neighbourhoods.rows(View(problem, np.ones(40)), 0.2, np.random.default_rng(seed))
        free = np.flatnonzero(part.lb < part.ub)
        assert free.size == 8 and len({int(j) // 20 for j in free}) == 1


# -- mapping points to the presolved model and to parts of a model --


@pytest.mark.parametrize("name", ["lotsizing-1x3-s3", "lotsizing-2x12-s0"])
def test_a_presolved_point_drops_to_itself(name: str) -> None:
    problem = model(name)
    reduced = presolve(problem)
    assert reduced is not None
    rng = np.random.default_rng(0)
    inner = rng.random(reduced.problem.n)
    assert reduced.reduce(reduced.restore(inner)) == pytest.approx(inner)
    found = solve_mip(reduced.problem, LpLimits(20), first=True).x
    assert found is not None and Judge(reduced.problem).feasible(reduced.reduce(reduced.restore(found)))


def test_columns_that_presolve_shifts_and_scales_drop_too() -> None:
    """Presolve may shift columns with lower bounds 3 and 2, and scale columns with entries 2 and 4."""
    problem = from_arrays(
        [1, 1, 1], [[2, 3, 0], [0, 5, 2], [2, 0, 4]], [31, 40, 22], [np.inf] * 3, [3, 0, 2], [9, 9, 9],
        [True, True, True],
    )  # fmt: skip
    reduced = presolve(problem)
    if reduced is not None and reduced.problem.n:
        inner = np.floor((reduced.problem.lb + reduced.problem.ub) / 2)
        assert reduced.reduce(reduced.restore(inner)) == pytest.approx(inner)


@given(model=feasible_models(), seed=st.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_what_is_left_of_a_part_has_its_points_and_no_other(model: tuple[Problem, Vector], seed: int) -> None:
    problem, x = model
    rng = np.random.default_rng(seed)
    free = rng.random(problem.n) < 0.6
    lb, ub = np.where(free, problem.lb, x), np.where(free, problem.ub, x)
    rest = Space(problem).restrict(lb, ub)
    assert rest is not None and rest.problem.n == (lb != ub).sum()
    y = rest.to_presolved(x)
    assert feasible(rest.problem, y) and rest.to_original(y) == pytest.approx(x)
    moved = np.where(
        rest.problem.integer, np.rint(y + rng.normal(0, 2, y.size)), y + rng.normal(0, 2, y.size)
    )
    assert feasible(rest.problem, moved) == feasible(problem, rest.to_original(moved))
    assert rest.problem.c @ moved + rest.shift == pytest.approx(problem.c @ rest.to_original(moved))


def test_a_part_with_a_row_that_cannot_hold_is_none() -> None:
    problem = from_arrays([1, 1], [[1, 0], [0, 1]], [1, 0], [1, 1], [0, 0], [1, 1], [True, True])
    assert Space(problem).restrict(np.zeros(2), np.array([0.0, 1.0])) is None
    assert Space(problem).restrict(np.ones(2), np.array([1.0, 0.0])) is None  # empty bounds


# -- the arms --


def spaces_of(problem: Problem, pool: Pool) -> Spaces:
    raw = Space(problem)
    spaces = Spaces(raw, raw)
    Presolve(spaces, pool).run(Budget(20, RunLimits()))
    with ExitStack() as exit_stack:
        Root(spaces, pool, lambda outcome, limits: None, exit_stack).run(Budget(20, RunLimits()))
    return spaces


def lns_of(problem: Problem, pool: Pool, spaces: Spaces, name: str) -> Lns:
    context = RunContext(problem, pool, spaces, 0, RunLimits())
    return Lns(context, name, NEIGHBOURHOODS[name], needs_root=name == "rins")


def rens_of(space: Space, pool: Pool, exit_stack: ExitStack) -> Rens:
    context = RunContext(pool.problem, pool, Spaces(space, space), 0, RunLimits(), exit_stack=exit_stack)
    return Rens(space, context)


@pytest.mark.parametrize("name", NEIGHBOURHOODS)
def test_a_neighbourhood_search_improves_a_poor_solution(name: str) -> None:
    problem = model("setcover-200x60-s0")
    pool = pool_of(problem)
    spaces = spaces_of(problem, pool)
    assert [pool.offer(x, "given") for x in poor(problem)] == [True, True]
    before = pool.value
    arm = lns_of(problem, pool, spaces, name)
    for _ in range(6):
        if pool.value == before and not arm.exhausted:
            arm.run(Budget(max(0.05, arm.min_seconds), RunLimits(), deterministic=True))
            pool.prove_waiting()
    assert pool.value < before


@pytest.mark.parametrize("name", ["mutation", "rows"])
def test_some_neighbourhoods_are_early_as_long_as_there_is_no_root_lp(name: str) -> None:
    problem = model("setcover-200x60-s0")
    pool, space = pool_of(problem), Space(problem)
    arm = ARMS.factory(name)(RunContext(problem, pool, Spaces(space, space), 0, RunLimits()))
    pool.offer(poor(problem)[0], "given")
    assert role(name).early and arm.due and not arm.exhausted
    space.root = np.ones(problem.n)
    assert not arm.due and not arm.exhausted


def test_the_pump_improves_a_poor_solution_on_a_part_of_a_mixed_model() -> None:
    problem = model("cflp-30x40-s0")
    pool = pool_of(problem)
    spaces = spaces_of(problem, pool)
    assert pool.offer(poor(problem)[0], "given")
    before = pool.value
    arm = PumpedLns(RunContext(problem, pool, spaces, 0, RunLimits()))
    for _ in range(6):
        if pool.value == before and not arm.exhausted:
            arm.run(Budget(max(0.05, arm.min_seconds), RunLimits(), deterministic=True))
            pool.prove_waiting()
    assert pool.value < before and pool.best is not None and feasible(problem, pool.best.x)


def test_the_pump_leaves_parts_of_pure_integer_models_to_branch_and_cut() -> None:
    problem = model("setcover-200x60-s0")
    pool = pool_of(problem)
    spaces = spaces_of(problem, pool)
    assert pool.offer(poor(problem)[0], "given")
    context = RunContext(problem, pool, spaces, 0, RunLimits())
    assert PumpedLns(context).exhausted
    assert not Lns(context, "rins", NEIGHBOURHOODS["rins"], needs_root=True).exhausted


def test_a_neighbourhood_searched_as_a_whole_is_exhausted_until_something_changes() -> None:
    problem = model("gap-3x8-s0")
    pool = pool_of(problem)
    spaces = spaces_of(problem, pool)
    assert lns_of(problem, pool, spaces, "rins").exhausted  # no incumbent
    pool.offer(poor(problem)[0], "given")
    arm = lns_of(problem, pool, spaces, "mutation")
    for _ in range(20):
        if not arm.exhausted:
            arm.run(Budget(max(2.0, arm.min_seconds), RunLimits(), deterministic=True))
            pool.prove_waiting()
    assert arm.exhausted
    optimum = solve_mip(problem, LpLimits(60)).objective
    assert pool.value == pytest.approx(optimum)


def test_the_root_lps_neighbourhood_grows_until_it_is_the_model() -> None:
    """This holds in deterministic slices and in timed ones, whose process ends with the run."""
    problem = generate("gap", 1, agents=4, jobs=12)
    for counted in (True, False):
        pool = pool_of(problem)
        with ExitStack() as exit_stack:
            assert rens_of(Space(problem), pool, exit_stack).exhausted  # no root LP
            arm = rens_of(spaces_of(problem, pool).presolved, pool, exit_stack)
            assert pool.offer(poor(problem)[0], "given")
            before = pool.value
            while not arm.exhausted:
                arm.run(Budget(1.0, RunLimits(), deterministic=counted))
            pool.prove_waiting()
            assert pool.value < before and pool.best is not None and pool.best.incumbent.arm == "rens"
            assert pool.value == pytest.approx(solve_mip(problem, LpLimits(60)).objective)
        assert not children("diffpump.search.mip_process")


def test_a_part_without_a_better_solution_does_not_end_the_search() -> None:
    """x + y >= 1.5 at costs 1 and 1.1.

    x is integral in the LP's point, and fixing it leaves no better solution.
    """
    problem = from_arrays([1, 1.1, 9], [[1, 1, 1]], [1.5], [np.inf], [0, 0, 0], [1, 1, 1], [True, True, True])
    pool, space = pool_of(problem), Space(problem)
    space.root, space.reduced = np.array([1.0, 0.5, 0.0]), np.array([-0.1, 0.0, 7.9])
    pool.offer(np.array([1.0, 1.0, 0.0]), "given")
    with ExitStack() as exit_stack:
        arm = rens_of(space, pool, exit_stack)
        while not arm.exhausted:
            arm.run(Budget(1.0, RunLimits(), deterministic=True))
    assert not pool.complete


def test_a_run_may_end_between_two_looks_at_its_clock() -> None:
    problem = model("gap-5x25-s0")
    pool = pool_of(problem)
    for x in poor(problem):
        pool.offer(x, "poor")
    ticks = itertools.count(1.0)
    arm = lns_of(problem, pool, spaces_of(problem, pool), "mutation")
    limits = RunLimits(3.0, now=lambda: next(ticks))  # the run ends at the third look
    arm.run(Budget(max(5.0, arm.min_seconds), limits))


def test_polish_moves_columns_and_solves_for_the_continuous_ones_once() -> None:
    """max 5a + 4b + 3c + y, 2a + 3b + c + y <= 5."""
    problem = from_arrays(
        [5, 4, 3, 1], [[2, 3, 1, 1]], [-np.inf], [5], [0, 0, 0, 0], [1, 1, 1, 9], [True, True, True, False],
        maximise=True,
    )  # fmt: skip
    pool = pool_of(problem)
    arm = Polish(Space(problem), pool)
    assert arm.exhausted
    pool.offer(np.zeros(4), "given")
    assert not arm.exhausted
    arm.run(Budget(5.0, RunLimits()))
    assert (
        pool.best is not None and pool.best.x.tolist() == [1, 0, 0, 3] and pool.best.incumbent.arm == "polish"
    )
    assert arm.exhausted
    pool.offer(np.array([1, 0, 1, 2.0]), "given")
    pool.prove_waiting()
    assert not arm.exhausted


@pytest.mark.parametrize("make", [focused, jump], ids=["focused", "jump"])
def test_local_search_below_the_incumbent(make: object) -> None:
    problem = model("setcover-200x60-s0")
    pool = pool_of(problem)
    raw = Space(problem)
    assert pool.offer(poor(problem)[0], "given")
    before = pool.value
    arm = Cutoff(Spaces(raw, raw), pool, "cutoff", make, 0)  # type: ignore[arg-type]
    for _ in range(4):
        arm.run(Budget(0.3, RunLimits(), deterministic=True))
        pool.prove_waiting()
    assert pool.value < 0.7 * before


def test_there_is_nothing_to_search_for_without_an_objective() -> None:
    problem = from_arrays([0, 0], [[1, 1]], [1], [2], [0, 0], [1, 1], [True, True])
    pool, raw = pool_of(problem), Space(problem)
    pool.offer(np.ones(2), "given")
    assert Cutoff(Spaces(raw, raw), pool, "cutoff", jump, 0).exhausted and Polish(raw, pool).exhausted


def test_there_is_nothing_to_polish_once_the_solution_is_forgotten() -> None:
    """If polish were not exhausted after another process refused the solution, it would take every slice."""
    problem = box()
    pool = pool_of(problem)
    polish = Polish(Space(problem), pool)
    assert polish.exhausted
    assert pool.offer(poor(problem)[0], "given") and not polish.exhausted
    polish.run(Budget(5.0, RunLimits()))
    pool.clear()
    assert polish.exhausted


# -- the portfolio's choice of the next arm --


class ScriptedArm:
    """An arm that spends its whole budget and improves the objective by the next number of its script."""

    exhausted = False

    def __init__(self, pool: Pool, gains: Iterator[float]) -> None:
        self.pool, self.gains, self.seconds = pool, gains, list[float]()

    def run(self, budget: Budget) -> None:
        self.seconds.append(budget.seconds)
        budget.spend(int(budget.seconds * 50_000_000))
        step = next(self.gains)
        if step:
            assert self.pool.best is not None
            self.pool.offer(self.pool.best.x - step, "scripted")


def turns(gains: dict[str, list[float]], slices: int) -> dict[str, ScriptedArm]:
    """Return the arms after so many slices of one second; each arm follows its script, then gains nothing."""
    problem = from_arrays([1.0], np.zeros((0, 1)), [], [], [0], [1e6], [True])
    pool = pool_of(problem)
    pool.offer(np.array([1000.0]), "given")

    def steps(values: list[float]) -> Iterator[float]:
        yield from values
        while True:
            yield 0.0

    arms = {name: ScriptedArm(pool, steps(values)) for name, values in gains.items()}
    Portfolio(
        pool, RunLimits(), arms.__getitem__, {name: role(name) if name in ARMS else Role() for name in gains},
        (), tuple((name, 1.0) for name in gains),
        enough=lambda: sum(len(arm.seconds) for arm in arms.values()) >= slices, deterministic=True,
    ).run()  # fmt: skip
    return arms


def test_who_pays_goes_on_and_everybody_is_tried() -> None:
    arms = turns({"idle": [], "good": [10.0] * 99, "poor": [1.0] * 99}, 30)
    slices = {name: len(arm.seconds) for name, arm in arms.items()}
    assert slices["good"] > 2 * slices["poor"] and min(slices.values()) >= 1


def test_who_stops_paying_is_left() -> None:
    arms = turns({"spent": [100.0] * 3, "late": [0.0] * 2 + [50.0] * 99}, 40)
    assert len(arms["late"].seconds) > len(arms["spent"].seconds)


def test_where_nobody_pays_time_is_shared() -> None:
    arms = turns({"a": [], "b": [], "c": []}, 24)
    assert {len(arm.seconds) for arm in arms.values()} == {8}


def test_one_large_step_is_no_reason_to_go_on_for_long() -> None:
    arms = turns({"once": [500.0], "steady": [1.0] * 99}, 30)
    assert len(arms["once"].seconds) < len(arms["steady"].seconds)


def test_who_alone_has_paid_and_does_no_more_is_left() -> None:
    arms = turns({"once": [100.0], "a": [], "b": [], "c": [], "d": []}, 40)
    assert len(arms["once"].seconds) < 20
    assert min(len(arm.seconds) for arm in arms.values()) >= 4


def test_polish_goes_first() -> None:
    arms = turns({"good": [10.0] * 99, "poor": [1.0] * 99, "polish": []}, 9)
    assert len(arms["polish"].seconds) == 9  # here the arm is never exhausted


def test_what_pays_late_has_its_share() -> None:
    """The minimum shares hold for the root LP, then for branch and cut and RINS."""
    arms = turns({"good": [10.0] * 99, "poor": [1.0] * 99, "mip": [], "root": []}, 60)
    assert len(arms["root"].seconds) == pytest.approx(60 * role("root").min_share, abs=6)
    assert len(arms["mip"].seconds) <= len(arms["poor"].seconds) < len(arms["good"].seconds)
    arms = turns({"mip": [1.0] * 99, "good": [10.0] * 99, "root": [0.0] * 99}, 60)
    assert len(arms["good"].seconds) > len(arms["mip"].seconds)
    arms = turns({"good": [10.0] * 99, "poor": [1.0] * 99, "mip": [], "rins": []}, 60)
    assert len(arms["rins"].seconds) == pytest.approx(60 * role("rins").min_share, abs=3)
    assert (
        60 * role("mip").min_share - 3 <= len(arms["mip"].seconds) < 60 * role("mip").min_share_stagnant - 3
    )


def test_the_lp_for_the_bound_has_its_minimum_share_and_no_more() -> None:
    """It improves no solution, so it waits behind arms that may, and comes after the root LP's share."""
    arms = turns({"root": [], "lp-bound": [], "a": [], "b": []}, 3)
    assert not arms["lp-bound"].seconds
    arms = turns({"lp-bound": [], "good": [1.0] * 99}, 60)
    assert len(arms["lp-bound"].seconds) == pytest.approx(60 * role("lp-bound").min_share, abs=4)


def test_branch_and_cut_has_more_where_nobody_pays() -> None:
    arms = turns({"mip": [], "rins": [], "a": [], "b": [], "c": []}, 60)
    assert (
        30 * role("mip").min_share_stagnant < len(arms["mip"].seconds) <= 60 * role("mip").min_share_stagnant
    )
    assert min(len(arm.seconds) for arm in arms.values()) >= 1


def test_everybody_is_tried_before_it_is_late() -> None:
    """Arms with large minimum shares during stagnation do not keep the others from their first slice."""
    arms = turns({"mip": [], "rins": [], "rens": [], **{name: [] for name in "abcdefgh"}}, 22)
    assert min(len(arm.seconds) for arm in arms.values()) >= 1
