"""Deterministic runs: the same solutions in the same order for the same work, on a busy machine as well."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import GAP, endless, process

import diffpump
from diffpump.config.engine import Settings
from diffpump.config.schedule import Role, default_schedule
from diffpump.core.errors import UsageError
from diffpump.core.limits import RunLimits
from diffpump.io.foreign import from_arrays
from diffpump.outcome.result import EngineStatistics, SolveResult
from diffpump.outcome.run import RunSetup
from diffpump.search.budget import WORK_PER_SECOND, Budget
from diffpump.search.pool import Pool
from diffpump.search.portfolio import Portfolio

FIRST, BETTER = default_schedule().first, default_schedule().better
INSTANCES = Path(GAP).parent
SPIN = "import time\nend = time.time() + 300\nwhile time.time() < end: sum(range(10**6))"


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Run so many processes that use as much processor time as they can get."""
    load = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in load:
            process.kill()
            process.wait()


def run(name: str, seed: int, work: int, **settings: Any) -> SolveResult:
    return diffpump.solve(
        INSTANCES / f"{name}.mps", "auto", seed=seed, time_limit=None, deterministic=True, work_limit=work,
        **settings,
    )  # fmt: skip


def engine(result: SolveResult) -> EngineStatistics:
    """Return the engine's statistics of its run."""
    assert result.engine is not None
    return result.engine


def record(result: SolveResult) -> object:
    """Return everything about a run except its seconds."""
    return (
        result.status,
        [(found.objective, found.arm) for found in result.incumbents],
        {name: {k: v for k, v in arm.items() if k != "seconds"} for name, arm in engine(result).arms.items()},
        None if result.x is None else result.x.tolist(),
        result.bound,
    )


@pytest.mark.parametrize(("name", "seed"), [("gap-5x25-s0", 1), ("setcover-200x60-s0", 2)])
def test_a_run_repeats_on_a_busy_machine(name: str, seed: int) -> None:
    quiet = run(name, seed, 2_000_000)
    with busy(2):
        assert record(run(name, seed, 2_000_000)) == record(quiet)
    assert quiet.found and len(engine(quiet).arms) > 2


def test_every_arm_repeats(tmp_path: Path) -> None:
    """Arms for a first solution run on a model without one, and the others on another model."""
    path = tmp_path / "odd.mps"
    path.write_text(endless(61))
    first = tuple((name, 0.01) for name in dict.fromkeys(name for name, _ in FIRST if "mip" not in name))
    settings = Settings(time_limit=None, deterministic=True, first=first, work_limit=6_000_000)
    one, two = (diffpump.solve(path, settings) for _ in range(2))
    assert record(one) == record(two) and set(engine(one).arms) == {*dict(first), "lp-bound"}
    better = tuple((name, 0.01) for name, _ in BETTER)
    settings = settings.with_(first=FIRST, better=better, work_limit=3_000_000)
    one, two = (diffpump.solve(INSTANCES / "cflp-30x40-s1.mps", settings) for _ in range(2))
    assert record(one) == record(two) and len(dict(better).keys() & set(engine(one).arms)) > 2


def test_a_goal_ends_it_the_same_way() -> None:
    one, two = (run("cflp-6x8-s0", 0, 10**9, until="first") for _ in range(2))
    assert record(one) == record(two) and len(one.incumbents) == 1


def test_seeds_differ() -> None:
    assert record(run("gap-5x25-s1", 0, 1_000_000)) != record(run("gap-5x25-s1", 1, 1_000_000))


def test_work_ends_a_run() -> None:
    little, more = (run("setcover-200x60-s0", 0, work) for work in (100_000, 2_000_000))
    assert sum(arm["work"] for arm in engine(little).arms.values()) < sum(
        arm["work"] for arm in engine(more).arms.values()
    )
    # The last slice may exceed the limit by an LP, a node, or the extension of a search that gains.
    assert sum(arm["slices"] for arm in engine(little).arms.values()) < sum(
        arm["slices"] for arm in engine(more).arms.values()
    )


def test_slices_know_no_time_but_the_end() -> None:
    late = 0.0
    budget = Budget(2.0, RunLimits(10.0, now=lambda: late), deterministic=True)
    budget.spend(WORK_PER_SECOND)
    late = 9.5
    assert budget.left() == 1.0 and not budget.is_spent()  # although the run ends in half a second
    late = 10.0
    assert budget.is_spent() and budget.must_stop() and budget.left() == 1.0
    assert Budget(2.0, RunLimits(10.0, now=lambda: 9.5)).left() == 0.5


def test_a_slice_that_does_nothing_costs_something() -> None:
    """Otherwise a run without a time limit would never end."""

    class Idle:
        exhausted = False

        def run(self, budget: Budget) -> None: ...

    problem = from_arrays([1], [[1]], [0], [1], [0], [1], [True])
    pool = Pool(RunSetup(problem), deterministic=True)
    portfolio = Portfolio(
        pool,
        RunLimits(),
        lambda name: Idle(),
        {"idle": Role()},
        ((("idle", 1.0),),),
        (),
        deterministic=True,
        work_limit=10_000,
    )
    portfolio.run()
    assert portfolio.statistics["idle"].slices > 1


def test_better_solutions_wait_for_the_end_of_a_counted_slice() -> None:
    problem = from_arrays([-1, -1], [[1, 1]], [0], [2], [0, 0], [1, 1], [True, True])
    pool = Pool(RunSetup(problem), deterministic=True)
    assert pool.offer(np.zeros(2), "a") and pool.offer(np.eye(2)[0], "a") and pool.offer(np.ones(2), "b")
    assert len(pool.solutions) == 1 and pool.value == -2
    pool.prove_waiting()
    assert [solution.value for solution in pool.solutions] == [0, -2]


def test_the_command_repeats() -> None:
    args = ["--deterministic", "--work-limit", "500000", "--time-limit", "none", "--seed", "3", "--json"]
    one, two = (process("solve", GAP, *args) for _ in range(2))
    assert one.returncode == 0 and "--deterministic --work-limit 500000 --seed 3" in one.stderr
    found = [json.loads(done.stdout)["incumbents"] for done in (one, two)]
    assert [(f["objective"], f["arm"]) for f in found[0]] == [(f["objective"], f["arm"]) for f in found[1]]


def test_a_limit_of_work_that_is_none() -> None:
    with pytest.raises(UsageError, match="work_limit"):
        Settings(work_limit=0)
