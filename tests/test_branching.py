"""Branch and cut that rests between slices: goes on where it was, hears of solutions, ends with the run."""

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
from diffpump.core.limits import Clock
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.io.read import read
from diffpump.outcome.verifier import Verifier
from diffpump.search.arm import Slice
from diffpump.search.arms.submip import SubMip, luby
from diffpump.search.branching import Branching, Job
from diffpump.search.pool import Pool
from diffpump.search.process import CAN_REST, Lost
from diffpump.search.space import Space

psutil = pytest.importorskip("psutil", reason="the bench extra is not installed")
pytestmark = pytest.mark.skipif(not CAN_REST, reason="processes cannot be stopped here")

SOON = 60.0  # seconds: the machine may be busy
CFLP = str(Path(GAP).parent / "cflp-30x40-s0.mps")


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def running(pid: int) -> bool:
    return bool(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)


def child() -> int:
    """The only one."""
    (one,) = children("diffpump.search.branching")
    return int(one.pid)


def seconds(amount: float) -> Callable[[], bool]:
    end = time.monotonic() + amount
    return lambda: time.monotonic() > end


@pytest.fixture
def market() -> Problem:
    return market_split()


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def pool_of(problem: Problem) -> Pool:
    return Pool(problem, Verifier(problem), Clock(), time.monotonic, lambda incumbent, x: None)


def arm_of(problem: Problem, pool: Pool, ending: ExitStack, zero: bool = False) -> SubMip:
    return SubMip(Space(problem), pool, "mip-zero" if zero else "mip", 0, ending, zero)


def test_it_rests_between_slices_and_goes_on(market: Problem) -> None:
    search = Branching(Job(market, False, 0))
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
    assert not running(pid)


def test_a_search_cut_into_pieces_ends_with_the_optimum() -> None:
    problem, points = read(GAP), list[Vector]()
    search, result = Branching(Job(problem, False, 0)), None
    while result is None:
        result = search.run(seconds(0.03), points.append)
    search.end()
    assert isinstance(result, MipResult) and result.status is LpStatus.OPTIMAL
    assert points and result.objective == pytest.approx(float(problem.c @ points[-1]))


def test_what_it_is_told_counts_there(ending: ExitStack) -> None:
    """It is told the optimum while it rests, and has nothing better to say than that this is it."""
    problem = read(CFLP)
    pool, other = pool_of(problem), pool_of(problem)
    arm_of(problem, other, ending).run(Slice(SOON, Clock(), enough=lambda: other.closed))
    assert other.best is not None and other.closed
    arm = arm_of(problem, pool, ending)
    arm.run(Slice(0.0, Clock()))
    pool.offer(other.best.x, "told")
    while not arm.exhausted:
        arm.run(Slice(SOON, Clock(), enough=lambda: arm.exhausted))
    assert pool.closed and [solution.incumbent.arm for solution in pool.solutions] == ["told"]


def test_without_the_objective_it_ends_at_the_first_solution(ending: ExitStack) -> None:
    problem = read(CFLP)
    pool = pool_of(problem)
    arm = arm_of(problem, pool, ending, zero=True)
    arm.run(Slice(SOON, Clock(), enough=lambda: pool.best is not None))
    assert len(pool.solutions) == 1 and not pool.closed


def test_no_solution_is_told_from_none_found(ending: ExitStack) -> None:
    """A proof that there is none closes the pool; a slice that is over does not."""
    problem = read(GAP)
    none = Problem(**{**vars_of(problem), "ub": np.zeros(problem.n)})
    pool = pool_of(none)
    arm = arm_of(none, pool, ending, zero=True)
    arm.run(Slice(0.0, Clock()))
    assert not pool.closed and not arm.exhausted
    arm.run(Slice(SOON, Clock(), enough=lambda: pool.closed))
    assert pool.closed and arm.exhausted


def vars_of(problem: Problem) -> dict[str, object]:
    return {name: getattr(problem, name) for name in problem.__dataclass_fields__ if name != "source"}


def test_one_that_dies_costs_the_arm_only_and_is_counted(market: Problem, ending: ExitStack) -> None:
    pool = pool_of(market)
    arm = arm_of(market, pool, ending)
    arm.run(Slice(0.5, Clock()))
    os.kill(child(), signal.SIGKILL)
    arm.run(Slice(SOON, Clock(), enough=lambda: arm.exhausted))
    assert arm.exhausted and pool.lost == 1


def test_the_run_ends_it(market: Problem) -> None:
    with ExitStack() as ending:
        arm_of(market, pool_of(market), ending).run(Slice(0.2, Clock()))
        pid = child()
    assert not running(pid)


@pytest.mark.parametrize("resting", [True, False])
def test_it_ends_with_its_parent(resting: bool) -> None:
    """kill -9 while it rests, or while it works."""
    script = f"""import sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from command import market_split
market = market_split()
from diffpump.search.branching import Branching, Job
search = Branching(Job(market, False, 0))
end = time.monotonic() + 1.0
search.run(lambda: time.monotonic() > end, lambda x: None)
if not {resting}:
    search._process.wake()
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
    search = Branching(Job(market, False, 0))
    search.run(seconds(0.5), lambda x: None)
    os.kill(child(), signal.SIGKILL)
    assert isinstance(search.run(seconds(SOON), lambda x: None), Lost)
    search.end()


def test_patience_ends_with_the_root_node_at_the_earliest(market: Problem) -> None:
    search = Branching(Job(market, False, 0, patience=0.0))
    result = search.run(seconds(SOON), lambda x: None)
    search.end()
    assert isinstance(result, MipResult) and result.status is LpStatus.INTERRUPTED
    assert 0 < result.nodes < 1000


def test_searches_without_the_objective_begin_anew(
    market: Problem, ending: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one slice, with other seeds; the search with the objective stays the same one."""
    monkeypatch.setattr("diffpump.search.arms.submip.PATIENCE", 0.1)
    for zero in (True, False):
        pids = set[int]()

        def look(pids: set[int] = pids) -> bool:
            pids.update(one.pid for one in children("diffpump.search.branching"))
            return len(pids) > 2

        arm_of(market, pool_of(market), ending, zero).run(Slice(6.0 if zero else 2.0, Clock(), enough=look))
        assert len(pids) > 2 or not zero
        ending.close()
        assert zero or len(pids) == 1


def test_luby() -> None:
    assert [luby(k) for k in range(1, 16)] == [1, 1, 2, 1, 1, 2, 4, 1, 1, 2, 1, 1, 2, 4, 8]
