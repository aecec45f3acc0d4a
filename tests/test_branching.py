"""Branch and cut that is paused between slices: it continues, receives solutions, and ends with the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from command import GAP, children, market_split

from diffpump.backends.mip import MipResult
from diffpump.core.arrays import Vector
from diffpump.core.limits import RunLimits
from diffpump.core.luby import luby
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.io.read import read
from diffpump.outcome.run import RunSetup
from diffpump.search.arms.submip import PATIENCE_SECONDS, SubMip
from diffpump.search.budget import Budget
from diffpump.search.context import RunContext
from diffpump.search.mip_process import MipProcess, MipTask
from diffpump.search.pool import Pool
from diffpump.search.process import CAN_PAUSE, ProcessLost
from diffpump.search.space import Space, Spaces

psutil = pytest.importorskip("psutil", reason="the bench extra is not installed")
pytestmark = pytest.mark.skipif(not CAN_PAUSE, reason="processes cannot be paused here")

PATIENCE = 60.0  # seconds to wait for a condition on a busy machine
CFLP = str(Path(GAP).parent / "cflp-30x40-s0.mps")


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.02)


def running(pid: int) -> bool:
    return bool(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)


def child() -> int:
    """Return the id of the only process of branch and cut."""
    (one,) = children("diffpump.search.mip_process")
    return int(one.pid)


def seconds(amount: float) -> Callable[[], bool]:
    end = time.monotonic() + amount
    return lambda: time.monotonic() > end


@pytest.fixture
def market() -> Problem:
    return market_split()


@pytest.fixture
def exit_stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def pool_of(problem: Problem) -> Pool:
    return Pool(RunSetup(problem))


def arm_of(problem: Problem, pool: Pool, exit_stack: ExitStack, zero: bool = False) -> SubMip:
    space = Space(problem)
    context = RunContext(problem, pool, Spaces(space, space), 0, RunLimits(), exit_stack=exit_stack)
    return SubMip(space, context, "mip-zero" if zero else "mip", zero=zero)


def test_it_rests_between_slices_and_goes_on(market: Problem) -> None:
    search = MipProcess(MipTask(market, False, 0))
    assert search.run(seconds(1.0), lambda x: None) is None
    pid = child()
    until(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    used = sum(psutil.Process(pid).cpu_times()[:2])
    time.sleep(0.3)
    assert sum(psutil.Process(pid).cpu_times()[:2]) == used
    assert search.run(seconds(0.5), lambda x: None) is None and child() == pid
    until(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    assert sum(psutil.Process(pid).cpu_times()[:2]) > used
    search.end()
    search.end()
    until(lambda: not running(pid))


def test_a_search_cut_into_pieces_ends_with_the_optimum() -> None:
    problem, points = read(GAP), list[Vector]()
    search, result = MipProcess(MipTask(problem, False, 0)), None
    while result is None:
        result = search.run(seconds(0.03), points.append)
    search.end()
    assert isinstance(result, MipResult) and result.status is LpStatus.OPTIMAL
    assert points and result.objective == pytest.approx(float(problem.c @ points[-1]))


def test_what_it_is_told_counts_there(exit_stack: ExitStack) -> None:
    """The process receives the optimum while it is paused, and then proves that nothing is better."""
    problem = read(CFLP)
    pool, other = pool_of(problem), pool_of(problem)
    arm_of(problem, other, exit_stack).run(Budget(PATIENCE, RunLimits(), enough=lambda: other.complete))
    assert other.best is not None and other.complete
    arm = arm_of(problem, pool, exit_stack)
    arm.run(Budget(0.0, RunLimits()))
    pool.offer(other.best.x, "given")
    while not arm.exhausted:
        arm.run(Budget(PATIENCE, RunLimits(), enough=lambda: arm.exhausted))
    assert pool.complete and [solution.incumbent.arm for solution in pool.solutions] == ["given"]


def test_without_the_objective_it_ends_at_the_first_solution(exit_stack: ExitStack) -> None:
    problem = read(CFLP)
    pool = pool_of(problem)
    arm = arm_of(problem, pool, exit_stack, zero=True)
    arm.run(Budget(PATIENCE, RunLimits(), enough=lambda: pool.best is not None))
    assert len(pool.solutions) == 1 and not pool.complete


def test_no_solution_is_told_from_none_found(exit_stack: ExitStack) -> None:
    """A proof that there is no solution completes the pool; a slice that ends without one does not."""
    problem = read(GAP)
    none = Problem(**{**vars_of(problem), "ub": np.zeros(problem.n)})
    pool = pool_of(none)
    arm = arm_of(none, pool, exit_stack, zero=True)
    arm.run(Budget(0.0, RunLimits()))
    assert not pool.complete and not arm.exhausted
    arm.run(Budget(PATIENCE, RunLimits(), enough=lambda: pool.complete))
    assert pool.complete and arm.exhausted


def vars_of(problem: Problem) -> dict[str, object]:
    return {name: getattr(problem, name) for name in problem.__dataclass_fields__ if name != "source"}


def test_one_that_dies_costs_the_arm_only_and_is_counted(market: Problem, exit_stack: ExitStack) -> None:
    pool = pool_of(market)
    arm = arm_of(market, pool, exit_stack)
    arm.run(Budget(0.5, RunLimits()))
    os.kill(child(), signal.SIGKILL)
    arm.run(Budget(PATIENCE, RunLimits(), enough=lambda: arm.exhausted))
    assert arm.exhausted and pool.lost_processes == 1


def test_the_run_ends_it(market: Problem) -> None:
    with ExitStack() as exit_stack:
        arm_of(market, pool_of(market), exit_stack).run(Budget(0.2, RunLimits()))
        pid = child()
    until(lambda: not running(pid))


@pytest.mark.parametrize("resting", [True, False])
def test_it_ends_with_its_parent(resting: bool) -> None:
    """The parent is killed by kill -9 while the process is paused, or while it works."""
    script = f"""import sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from command import market_split
market = market_split()
from diffpump.search.mip_process import MipProcess, MipTask
search = MipProcess(MipTask(market, False, 0))
end = time.monotonic() + 1.0
search.run(lambda: time.monotonic() > end, lambda x: None)
if not {resting}:
    search._process.resume()
print(search._process.pid, flush=True)
time.sleep(1000)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    until(lambda: (psutil.Process(pid).status() == psutil.STATUS_STOPPED) == resting)
    parent.kill()
    parent.communicate()
    until(lambda: not running(pid))


def test_lost_is_told(market: Problem) -> None:
    search = MipProcess(MipTask(market, False, 0))
    search.run(seconds(0.5), lambda x: None)
    os.kill(child(), signal.SIGKILL)
    assert isinstance(search.run(seconds(PATIENCE), lambda x: None), ProcessLost)
    search.end()


def test_patience_ends_with_the_root_node_at_the_earliest(market: Problem) -> None:
    search = MipProcess(MipTask(market, False, 0, patience=0.0))
    result = search.run(seconds(PATIENCE), lambda x: None)
    search.end()
    assert isinstance(result, MipResult) and result.status is LpStatus.INTERRUPTED
    assert 0 < result.nodes < 1000


class FakeSearch:
    """A search that ends after its patience at once if it has any, and else only when its slice is spent."""

    pid = 0

    def __init__(self, task: MipTask) -> None:
        self.task, self.ended = task, False

    def run(self, is_spent: Callable[[], bool], on_message: object) -> MipResult | None:
        while np.isinf(self.task.patience):
            if is_spent():
                return None
        return MipResult(LpStatus.INTERRUPTED, None, np.inf, -np.inf, 1, 1, 0.0)

    def end(self) -> None:
        self.ended = True


@pytest.mark.parametrize("zero", [True, False])
def test_searches_without_the_objective_begin_anew(
    zero: bool, market: Problem, exit_stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They do so within one slice, with other seeds; the search with the objective stays the same process."""
    searches: list[FakeSearch] = []

    def start(task: MipTask) -> FakeSearch:
        searches.append(FakeSearch(task))
        return searches[-1]

    monkeypatch.setattr("diffpump.search.arms.submip.MipProcess", start)
    arm = arm_of(market, pool_of(market), exit_stack, zero)
    if zero:
        arm.run(Budget(PATIENCE, RunLimits(), enough=lambda: len(searches) == 7))
        patience = [search.task.patience for search in searches]
        assert patience == [PATIENCE_SECONDS * luby(k) for k in range(7)]
        assert len({search.task.seed for search in searches}) == 7
        assert all(search.ended and search.task.zero for search in searches)
    else:
        for _ in range(2):
            arm.run(Budget(0.05, RunLimits()))
        (search,) = searches
        assert np.isinf(search.task.patience) and not search.ended and not search.task.zero


def test_luby() -> None:
    assert [luby(k) for k in range(15)] == [1, 1, 2, 1, 1, 2, 4, 1, 1, 2, 1, 1, 2, 4, 8]
