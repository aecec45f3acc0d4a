"""The engine: the pool takes proven solutions, the portfolio keeps its schedule, and runs find solutions."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from command import GAP, endless, process

import diffpump
from diffpump.api import configure
from diffpump.config.engine import Settings
from diffpump.config.schedule import Role
from diffpump.core.errors import UsageError
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.outcome.run import RunSetup
from diffpump.outcome.verifier import Verifier
from diffpump.search.budget import Budget
from diffpump.search.engine import Engine
from diffpump.search.pool import Pool
from diffpump.search.portfolio import SHORT_EARLY_SECONDS, Portfolio

INSTANCES = Path(GAP).parent
NAMES = ("gap-3x8-s0", "setcover-20x15-s0", "cflp-6x8-s0", "lotsizing-1x3-s3")


def optimum(name: str) -> float:
    lines = (INSTANCES / "instances.solu").read_text().splitlines()
    return next(float(line.split()[2]) for line in lines if line.split()[1] == name)


def pool_of(problem: Problem) -> Pool:
    return Pool(RunSetup(problem))


def knapsack() -> Problem:
    """max 5a + 4b + 3c + y, 2a + 3b + c + y <= 5, integers in [0, 1], y in [0, 9]."""
    return from_arrays(
        [5, 4, 3, 1], [[2, 3, 1, 1]], [-np.inf], [5], [0, 0, 0, 0], [1, 1, 1, 9], [True, True, True, False],
        maximise=True,
    )  # fmt: skip


# -- the pool --


def test_the_pool_takes_improvements_and_completes_continuous_columns() -> None:
    pool = pool_of(knapsack())
    assert pool.offer(np.array([0, 0, 0, 0.0]), "a") and pool.best is not None
    assert not pool.offer(np.array([0, 0, 0, 0.0]), "a")  # not better
    assert not pool.offer(np.array([0.5, 0, 0, 0.0]), "a")  # not integral
    assert not pool.offer(np.array([1, 1, 1, 0.0]), "a")  # not feasible, whatever y is
    assert pool.offer(np.array([1, 0, 1, 9.0]), "b")  # y is infeasible, and the LP corrects it
    assert pool.best.x.tolist() == [1, 0, 1, 2] and pool.best.incumbent.objective == 10
    assert [solution.incumbent.arm for solution in pool.solutions] == ["a", "b"]


def test_what_the_exact_check_refuses_is_no_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = pool_of(knapsack())
    monkeypatch.setattr(Verifier, "__call__", lambda self, x: False)
    assert not pool.offer(np.zeros(4), "a")
    assert pool.best is None and pool.rejected


# -- the portfolio --


class ScriptedArm:
    """An arm that offers a given point in given slices, and records the length of its slices."""

    def __init__(self, pool: Pool, points: dict[int, list[float]], slices: int = 99) -> None:
        self.pool, self.points, self.left = pool, points, slices
        self.seconds: list[float] = []

    @property
    def exhausted(self) -> bool:
        return self.left == 0

    def run(self, budget: Budget) -> None:
        self.left -= 1
        self.seconds.append(budget.seconds)
        if len(self.seconds) in self.points:
            self.pool.offer(np.array(self.points[len(self.seconds)], dtype=float), "fake")


def test_rounds_until_a_solution_then_who_pays() -> None:
    pool = pool_of(knapsack())
    lazy, finder = ScriptedArm(pool, {}), ScriptedArm(pool, {2: [0, 0, 0, 0]})
    better, idle = ScriptedArm(pool, {1: [1, 0, 0, 3], 2: [1, 0, 1, 2]}, 6), ScriptedArm(pool, {}, 6)
    arms = {"lazy": lazy, "finder": finder, "better": better, "idle": idle}
    Portfolio(
        pool,
        RunLimits(),
        arms.__getitem__,
        dict.fromkeys(arms, Role()),
        ((("lazy", 1.0), ("finder", 2.0)),),
        (("idle", 3.0), ("better", 4.0)),
    ).run()
    assert lazy.seconds == [1, 2] and finder.seconds == [2, 4]  # the second round is twice as long
    assert better.exhausted and idle.exhausted  # no arm is neglected
    assert pool.best is not None and pool.best.incumbent.objective == 10


def test_an_early_turn_comes_once_and_when_the_arm_is_due() -> None:
    class Waiting(ScriptedArm):
        """An arm that becomes due when the other arm has had two slices."""

        @property
        def due(self) -> bool:
            return len(other.seconds) >= 2

    pool = pool_of(knapsack())
    finder, other = ScriptedArm(pool, {1: [0, 0, 0, 0]}), ScriptedArm(pool, {}, 4)
    early, waiting = ScriptedArm(pool, {}, 3), Waiting(pool, {}, 3)
    arms = {"finder": finder, "other": other, "early": early, "waiting": waiting}
    roles = {"finder": Role(), "other": Role(), "early": Role(early=0.3), "waiting": Role(early=0.7)}
    turns: list[str] = []
    Portfolio(
        pool, RunLimits(), arms.__getitem__, roles, ((("finder", 1.0),),),
        (("other", 1.0), ("early", 2.0), ("waiting", 3.0)),
        on_slice=lambda name, began, budget, found: turns.append(name),
    ).run()  # fmt: skip
    assert turns[:2] == ["finder", "early"]
    assert early.seconds == [0.3, 2, 2]
    assert waiting.seconds.count(0.7) == 1 and waiting.seconds[-1] == 3
    begins = [i for i, name in enumerate(turns) if name == "other"]
    assert turns[begins[1] + 1] == "waiting"


@pytest.mark.parametrize("known", ["with_history", "with_start", None])
def test_an_arm_that_knows_more_does_not_wait_long(known: str | None) -> None:
    """Early turns before that of an arm with a history or a start are short."""
    pool = pool_of(knapsack())
    arms = {"finder": ScriptedArm(pool, {1: [0, 0, 0, 0]}), "early": ScriptedArm(pool, {}, 2),
            "informed": ScriptedArm(pool, {}, 2)}  # fmt: skip
    informed = Role(early=3.0, **({} if known is None else {known: 2.0}))
    roles = {"finder": Role(), "early": Role(early=0.5), "informed": informed}
    turns = (("early", 1.0), ("informed", 2.0))
    Portfolio(pool, RunLimits(), arms.__getitem__, roles, ((("finder", 1.0),),), turns).run()
    assert arms["early"].seconds == [0.5 if known is None else SHORT_EARLY_SECONDS, 1.0]
    assert arms["informed"].seconds == [3.0, 2.0]


def test_the_portfolio_ends_when_nobody_can_go_on_or_there_is_enough() -> None:
    pool = pool_of(knapsack())
    Portfolio(
        pool, RunLimits(), {"a": ScriptedArm(pool, {}, 3)}.__getitem__, {"a": Role()}, ((("a", 1.0),),), ()
    ).run()
    assert pool.best is None
    finder = ScriptedArm(pool, {1: [0, 0, 0, 0]})
    Portfolio(
        pool, RunLimits(), {"a": finder}.__getitem__, {"a": Role()}, ((("a", 1.0),),), (("a", 1.0),),
        enough=lambda: pool.best is not None,
    ).run()  # fmt: skip
    assert len(finder.seconds) == 1


# -- settings --


def test_settings_survive_being_written_down_and_have_a_digest() -> None:
    settings = Settings(without=("rins",), until="first", time_limit=None)
    again = Settings.from_dict(json.loads(json.dumps(settings.as_dict())))
    assert again == settings and again.digest == settings.digest != Settings().digest


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"until": "never"}, "unknown until 'never'"),
        ({"without": ("luck",)}, "unknown arm 'luck'; known: .*raw"),
        ({"first": (("start", 1.0),)}, "arm 'start' runs only with a start"),
        ({"losses": ["cost:1"]}, "auto has no setting 'losses'"),
        ({"time_limit": -1.0}, "time_limit must be"),
    ],
)
def test_settings_that_do_not_fit(changes: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        configure("auto", changes)


# -- runs of the engine --


@pytest.mark.parametrize("name", NAMES)
def test_the_optimum_of_small_models(name: str) -> None:
    incumbents = []
    result = diffpump.solve(INSTANCES / f"{name}.mps", "auto", time_limit=20, incumbent=incumbents.append)
    assert result.status is Status.FEASIBLE and result.objective == pytest.approx(optimum(name))
    assert tuple(incumbents) == result.incumbents and result.objective == incumbents[-1].objective
    values = [found.objective for found in incumbents]
    assert values == sorted(values, reverse=True)  # all models minimise
    assert [found.seconds for found in incumbents] == sorted(found.seconds for found in incumbents)
    assert result.engine is not None
    assert sum(arm["incumbents"] for arm in result.engine.arms.values()) == len(incumbents)


@pytest.mark.parametrize("without", [("presolve",), ("mip-zero",), ("mip", "rins"), ("pump", "mip-zero")])
def test_every_arm_can_be_left_out(without: tuple[str, ...]) -> None:
    result = diffpump.solve(
        INSTANCES / "cflp-6x8-s0.mps", "auto", time_limit=10, until="first", without=without
    )
    assert result.engine is not None
    assert result.found and not set(without) & set(result.engine.arms)


def test_after_a_solution_of_the_model_as_it_is_arms_work_on_the_presolved_one() -> None:
    problem = read(INSTANCES / "lotsizing-2x12-s0.mps")
    settings = Settings(first=(("fix", 5.0),), better=(("root", 2.0), ("presolve", 9.0), ("rens", 2.0)))
    search = Engine(RunSetup(problem, run_limits=RunLimits(time.monotonic() + 20)), settings)
    search.run()
    work = search.spaces.presolved
    assert (
        work is not search.spaces.original and work.root is not None and "rens" in search.portfolio.statistics
    )


def test_maximisation() -> None:
    result = diffpump.solve(knapsack(), "auto", time_limit=10)
    assert result.objective == 10 and result.values["x1"] == 0


def model(
    c: list[float], rows: list[list[float]], lo: list[float], hi: list[float], integer: bool
) -> Problem:
    n = len(c)
    return from_arrays(c, np.reshape(rows, (len(rows), n)), lo, hi, [0.0] * n, [np.inf] * n, [integer] * n)


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (model([1, 1], [[1, 1], [-1, -1]], [3, -2.5], [9, 9], True), Status.INFEASIBLE),
        (model([-1, 0], [[0, 1]], [0], [1], True), Status.UNBOUNDED),
        (model([1, 1], [[1, 1]], [1.5], [9], False), Status.FEASIBLE),
        (model([1], [], [], [], True), Status.FEASIBLE),
    ],
    ids=["infeasible", "unbounded", "no integers", "no rows"],
)
def test_other_ends(problem: Problem, status: Status) -> None:
    assert diffpump.solve(problem, "auto", time_limit=10).status is status


def test_no_integer_point_is_no_proof(tmp_path: Path) -> None:
    path = tmp_path / "odd.mps"
    path.write_text(endless())
    result = diffpump.solve(path, "auto", time_limit=3)
    assert result.status in (Status.TIME_LIMIT, Status.REPORTED_INFEASIBLE) and not result.found
    assert (result.complete is not None) == (result.status is Status.REPORTED_INFEASIBLE)


def test_the_clock_and_a_stop_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "odd.mps"
    path.write_text(endless(61))
    began = time.monotonic()
    status = diffpump.solve(path, "auto", time_limit=1).status
    assert status in (Status.TIME_LIMIT, Status.REPORTED_INFEASIBLE)
    assert time.monotonic() - began < 4
    began = time.monotonic()
    stopped = diffpump.solve(path, "auto", time_limit=60, stop=lambda: time.monotonic() - began > 0.5)
    assert stopped.status in (Status.INTERRUPTED, Status.REPORTED_INFEASIBLE) and time.monotonic() - began < 4


# -- the command --


def test_the_command_tells_of_every_incumbent(tmp_path: Path) -> None:
    target = tmp_path / "x.sol"
    done = process("solve", GAP, "--preset", "auto", "--time-limit", "20", "--solution-file", str(target))
    assert done.returncode == 0 and "feasible: a solution was found" in done.stdout
    assert "  arms " in done.stdout and target.exists()
    assert process("check", GAP, str(target)).returncode == 0
    found = json.loads(
        process("solve", GAP, "--preset", "auto", "--time-limit", "20", "--json", "--stop", "first").stdout
    )
    assert len(found["incumbents"]) == 1 and found["arms"] and found["config"]["until"] == "first"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--preset", "auto", "--max-iter", "5"], "--max-iter is an option of the pump's presets"),
        (["--preset", "auto", "--trace", "x.jsonl"], "--trace is an option of the pump's presets"),
        (["--preset", "FP", "--stop", "time"], "is an option of auto"),
    ],
)
def test_options_that_do_not_fit(args: list[str], words: str) -> None:
    done = process("solve", GAP, *args)
    assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1
