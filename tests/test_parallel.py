"""Parallel search: this process proves the members' solutions, and members end however this process ends."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import COMMAND, GAP, children, market_split

import diffpump
from diffpump.config.engine import Settings
from diffpump.config.schedule import ARMS
from diffpump.core.errors import InputError
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.families import generate
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.io.write import write_mps
from diffpump.outcome.run import RunSetup, SliceReport
from diffpump.outcome.verifier import Verifier
from diffpump.search.context import RunContext
from diffpump.search.engine import Engine
from diffpump.search.launch import MEMBER, member_ahead
from diffpump.search.parallel import ParallelSearch, complementary, dealt
from diffpump.search.pool import Pool
from diffpump.search.process import END_SECONDS, Process, messages, send
from diffpump.search.solutions import Solution
from diffpump.search.space import Space, Spaces
from diffpump.search.starter import Starter

psutil = pytest.importorskip("psutil", reason="the bench extra is not installed")

PATIENCE = 60.0  # seconds to wait for a condition on a busy machine
CFLP = str(Path(GAP).parent / "cflp-30x40-s0.mps")


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.02)


def gone(pids: list[int]) -> bool:
    return not any(psutil.pid_exists(p) and psutil.Process(p).status() != "zombie" for p in pids)


def pool_of(problem: Problem) -> Pool:
    return Pool(RunSetup(problem))


def spaces_of(problem: Problem) -> Spaces:
    space = Space(problem)
    return Spaces(space, space)


@contextmanager
def search_of(
    pool: Pool, reports: list[SliceReport], spaces: Spaces | None = None, **settings: Any
) -> Iterator[ParallelSearch]:
    """Run a parallel search with one member, which has started, and check that the member ends with it."""
    began = time.monotonic()
    chosen = Settings(threads=2, **settings)
    setup = RunSetup(pool.problem, run_limits=RunLimits(began + PATIENCE), started=began)
    spaces = spaces or spaces_of(pool.problem)
    with ParallelSearch(setup, chosen, pool, spaces, reports.append) as search:
        until(lambda: search.pids)
        yield search
        pids = search.pids
    until(lambda: gone(pids))


def polled(search: ParallelSearch, condition: Callable[[], object]) -> None:
    def look() -> object:
        search.poll()
        return condition()

    until(look)


def unsolved(folder: Path) -> str:
    """Return the path of a model on which no arm ends; branch and cut refutes `endless` in seconds."""
    path = folder / "market.mps"
    write_mps(market_split(), path)
    return str(path)


# -- one member, seen from its parent --


def test_points_of_others_are_proven_here_and_keep_their_arm() -> None:
    pool, reports = pool_of(read(GAP)), list[SliceReport]()
    with search_of(pool, reports) as search:
        polled(search, lambda: pool.best is not None and len(reports) > 1)
    assert all(solution.foreign and solution.proof.against == "original file" for solution in pool.solutions)
    known = {name for name, _ in (*Settings().first, *Settings().better)}
    assert {solution.incumbent.arm for solution in pool.solutions} <= known
    assert {report.process for report in reports} == {1} and pool.lost_processes == 0
    assert all(report.ended >= report.began >= 0 for report in reports)


def test_a_member_goes_on_from_the_best() -> None:
    """The member receives the optimum, so it has nothing better to send."""
    problem = read(GAP)
    optimum = diffpump.solve(
        problem, "auto", time_limit=PATIENCE, until="gap-to-lp", gap=0.0, deterministic=True,
        work_limit=3_000_000,
    )  # fmt: skip
    assert optimum.x is not None
    pool, reports = pool_of(problem), list[SliceReport]()
    with search_of(pool, reports) as search:
        pool.offer(optimum.x, "given")
        search.poll()
        polled(search, lambda: sum(report.arm not in ("raw", "presolve") for report in reports) >= 3)
    assert [solution.incumbent.arm for solution in pool.solutions] == ["given"]


def test_what_is_refused_is_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A member gives up a point that the exact check has refused, and finds another one."""
    pool, reports = pool_of(read(CFLP)), list[SliceReport]()
    monkeypatch.setattr(Verifier, "__call__", lambda self, x: False)
    with search_of(pool, reports) as search:
        polled(search, lambda: pool.rejected >= 2)
    assert pool.best is None


def test_a_member_that_dies_is_counted(tmp_path: Path) -> None:
    pool = pool_of(read(unsolved(tmp_path)))
    with search_of(pool, []) as search:
        assert search.is_busy
        os.kill(search.pids[0], signal.SIGKILL)
        polled(search, lambda: pool.lost_processes == 1)
        assert not search.is_busy


def test_a_member_that_hangs_holds_up_nobody() -> None:
    """It delays neither the messages that it does not read nor the end of the search."""
    problem = from_arrays(np.ones(20_000), np.ones((1, 20_000)), [0], [9], np.zeros(20_000), np.ones(20_000),
                          np.ones(20_000, bool))  # fmt: skip
    pool = pool_of(problem)
    with search_of(pool, []) as search:
        os.kill(search.pids[0], signal.SIGSTOP)
        for k in range(8, -1, -1):
            pool.offer(np.arange(20_000) < k, "here")
            search.poll()
            time.sleep(0.01)
    assert pool.value == 0


def test_a_member_that_is_done_says_so() -> None:
    """Presolve solves the model, so no arm has anything to do afterwards."""
    problem = from_arrays([1.0], [[1.0]], [1.0], [3.0], [0.0], [9.0], [True])
    pool = pool_of(problem)
    with search_of(pool, []) as search:
        polled(search, lambda: not search.is_busy)
    assert pool.best is not None and pool.best.value == 1 and pool.lost_processes == 0


# -- which members are started --


class FakeProcess:
    """A process that only counts what happens to it."""

    pid = 0

    def __init__(self) -> None:
        self.calls: list[str] = []

    def kill(self) -> None:
        self.calls.append("kill")

    def end(self, seconds: float) -> None:
        assert 0 <= seconds <= END_SECONDS
        self.calls.append("end")


def starter_of(
    count: int, deadline: float | None = None, refuse_at: int = 99
) -> tuple[Starter, list[FakeProcess], list[str]]:
    """Return a starter that has begun, its processes, and what it has reported."""
    processes, reports = list[FakeProcess](), list[str]()

    def start(number: int) -> Any:
        if number == refuse_at:
            raise BlockingIOError("Resource temporarily unavailable")
        assert number == len(processes) + 1
        processes.append(FakeProcess())
        return processes[-1]

    found = Starter(start, count, deadline, lambda: reports.append("refused"))
    found.begin()
    return found, processes, reports


def test_a_member_starts_when_the_one_before_is_at_work() -> None:
    found, processes, _ = starter_of(3)
    for number in (1, 2):
        until(lambda number=number: len(processes) == number)
        time.sleep(0.05)
        assert len(processes) == number and found.is_starting
        found.count_at_work()
    until(lambda: len(processes) == 3)
    found.end()
    assert not found.is_starting and all(process.calls == ["kill", "end"] for process in processes)


def test_no_member_starts_when_too_little_time_is_left() -> None:
    found, processes, _ = starter_of(3, time.monotonic() + 1.0)
    until(lambda: not found.is_starting)
    assert not processes
    found, processes, _ = starter_of(9, time.monotonic() + 2.0)  # time for one that takes 0.7 s to start
    until(lambda: processes)
    time.sleep(0.8)
    found.count_at_work()
    until(lambda: not found.is_starting)
    assert len(processes) == 1


def test_members_need_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diffpump.search.starter.available_memory", lambda: 1000)
    monkeypatch.setattr("diffpump.search.starter.resident_memory", lambda: 100)
    found, processes, _ = starter_of(9)
    for _ in range(9):
        found.count_at_work()
    until(lambda: not found.is_starting)
    assert len(processes) == 2


def test_no_member_starts_after_one_that_was_lost_or_refused() -> None:
    found, processes, reports = starter_of(9)
    until(lambda: processes)
    found.stop()
    until(lambda: not found.is_starting)
    assert len(processes) == 1 and not reports
    found, processes, reports = starter_of(9, refuse_at=2)
    found.count_at_work()
    until(lambda: not found.is_starting)
    assert len(processes) == 1 and reports == ["refused"]


def test_a_member_that_is_started_ahead_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diffpump.search.launch.usable_cores", lambda: 2)
    pool = pool_of(read(GAP))
    with member_ahead(2):
        (ahead,) = children(MEMBER)
        with search_of(pool, []) as search:
            assert search.pids == [ahead.pid]
            polled(search, lambda: pool.best is not None)


def test_a_member_that_is_started_ahead_ends_if_it_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diffpump.search.launch.usable_cores", lambda: 2)
    with member_ahead(2):
        assert len(children(MEMBER)) == 1
    assert not children(MEMBER)
    with pytest.raises(InputError):
        diffpump.solve("missing.mps", "auto", threads=2)
    assert not children(MEMBER)
    for threads, cores in ((None, 2), (1, 2), (2, 1)):
        monkeypatch.setattr("diffpump.search.launch.usable_cores", lambda cores=cores: cores)
        with member_ahead(threads):
            assert not children(MEMBER)


def test_a_member_that_the_system_does_not_start_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr("diffpump.search.process.subprocess.Popen", refuse)
    pool = Pool(RunSetup(read(GAP)))
    spaces = spaces_of(pool.problem)
    with ParallelSearch(
        RunSetup(pool.problem), Settings(threads=4), pool, spaces, lambda report: None
    ) as search:

        def is_counted() -> bool:
            search.poll()
            return pool.lost_processes > 0

        until(is_counted)  # the thread that starts members may come after the first solution of a whole run
        until(lambda: not search.is_busy)
        assert pool.lost_processes == 1 and search.pids == []
    result = diffpump.solve(GAP, "auto", threads=4, time_limit=PATIENCE, until="first")
    assert result.found and result.engine is not None and result.engine.counters["processes"] == 1


def test_a_process_that_does_not_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process at the lowest priority may wait long for its turn to end."""
    process = Process("diffpump.search.member", None, lambda message: None, type(None))
    os.kill(process.pid, signal.SIGSTOP)
    monkeypatch.setattr(process._process, "kill", lambda: None)  # a kill that takes no effect yet
    began = time.monotonic()
    process.end(0.2)
    assert time.monotonic() - began < PATIENCE / 4
    monkeypatch.undo()
    process.end(PATIENCE)
    assert gone([process.pid])


# -- whole runs --


def test_two_processes_find_what_one_finds() -> None:
    incumbents = []
    result = diffpump.solve(GAP, "auto", threads=2, time_limit=2, incumbent=incumbents.append)
    assert result.status is Status.FEASIBLE and tuple(incumbents) == result.incumbents
    values = [found.objective for found in incumbents]
    assert values == sorted(values, reverse=True) and result.engine is not None
    assert result.engine.counters["lost"] == 0
    assert sum(arm["incumbents"] for arm in result.engine.arms.values()) == len(incumbents)


def test_one_process_runs_branch_and_cut_after_the_first_solution() -> None:
    began, reports = time.monotonic(), list[SliceReport]()
    setup = RunSetup(
        generate("setcover", 0, elements=800, sets=400, frequency=10), run_limits=RunLimits(began + 6.0),
        started=began, on_slice=reports.append,
    )  # fmt: skip
    engine = Engine(setup, Settings(threads=2, time_limit=6.0))
    engine.run()
    first = engine.pool.solutions[0].incumbent.seconds
    by = {report.process for report in reports if report.arm == "mip" and report.began > first + 1.0}
    assert by == {1} and engine.pool.lost_processes == 0
    assert {report.process for report in reports if report.arm == "rins"} == {0, 1}


def test_the_first_solution_ends_all() -> None:
    result = diffpump.solve(CFLP, "auto", threads=3, time_limit=PATIENCE, until="first")
    assert result.found and len(result.incumbents) == 1
    until(lambda: not children())


def test_one_that_is_killed_does_not_end_the_others(tmp_path: Path) -> None:
    """The result counts the lost process."""

    def kill() -> None:
        until(lambda: children("diffpump.search.member"))
        children("diffpump.search.member")[0].kill()

    killer = threading.Thread(target=kill)
    killer.start()
    result = diffpump.solve(unsolved(tmp_path), "auto", threads=2, time_limit=4)
    killer.join()
    assert result.engine is not None
    assert not result.found and result.engine.counters["lost"] == 1


@pytest.mark.skipif(os.name == "nt", reason="no signals there")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_members_end_with_their_parent(number: signal.Signals, tmp_path: Path) -> None:
    """On Ctrl-C, which a terminal sends to all processes, the members print nothing."""
    command = [*COMMAND, "solve", unsolved(tmp_path), "--threads", "3", "--time-limit", "none", "-q"]
    parent = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until(lambda: len(psutil.Process(parent.pid).children()) == 2)
    members = psutil.Process(parent.pid).children()
    time.sleep(0.3)  # until they are at work
    if number is signal.SIGINT:
        os.killpg(parent.pid, number)
    else:
        parent.send_signal(number)
    out, errors = parent.communicate(timeout=PATIENCE)
    until(lambda: gone([member.pid for member in members]))
    assert parent.returncode == {signal.SIGKILL: -9, signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    assert errors == "" and ("interrupted" in out) == (number is not signal.SIGKILL)


def test_a_process_that_has_lost_its_parent_ends_without_a_word() -> None:
    """A message may meet the closed pipe before the end of the parent's messages is seen."""
    code = "from diffpump.search.process import connect; reply, _ = connect(); reply(0); raise SystemExit(1)"
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None
    child.stdout.close()
    with child.stdin, child.stderr:
        assert (child.wait(PATIENCE), child.stderr.read()) == (0, b"")


# -- settings --


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_every_process_has_all_arms_in_an_order_of_its_own(threads: int) -> None:
    settings = Settings(threads=threads, without=("rins",))
    orders = [complementary(settings, number) for number in range(threads)]
    for number, order in enumerate(orders):
        for turns in ("first", "cold"):
            assert Counter(getattr(order, turns)) == Counter(getattr(settings, turns))
        left_out = Counter(settings.better) - Counter(order.better)
        assert [name for name, _ in left_out] == ["mip"] * (number > 1)  # one process is enough for it
        if number > 0:
            assert set(order.without) == {"lp-bound", "several", "rins"}  # what only process 0 does
            assert order.first[0][0] == order.cold[0][0] == "presolve"
            assert order.threads == 1
    assert len({order.first for order in orders}) == threads


def test_turns_are_dealt_to_the_process_that_is_free_first() -> None:
    turns = (("raw", 0.5), ("presolve", 9.0), ("fix", 0.4), ("jump", 2.0), ("conflict", 1.0), ("pump", 1.0))
    assert dealt(turns, 0, 1) == turns
    raw, presolve, fix, jump, conflict, pump = turns
    assert dealt(turns, 0, 2) == (raw, presolve, jump, fix, conflict, pump)
    assert dealt(turns, 1, 2) == (presolve, fix, conflict, pump, raw, jump)


# -- findings --


def test_findings_reach_a_space_of_the_same_model_alone() -> None:
    """They complete what is known there: a point of its own is kept, near-feasible points are merged."""
    problem, other = read(GAP), read(CFLP)
    found = Space(problem)
    found.root, found.bound, found.row_weights = np.zeros(problem.n), 3.0, np.ones(problem.m)
    found.keep_near_feasible(np.ones(problem.n), 2, "jump")
    spaces = Spaces(Space(other), Space(other))
    spaces.received[1] = pickle.loads(pickle.dumps(found.findings(1)))
    spaces.adopt_received()
    assert spaces.presolved.root is None and spaces.received  # presolve is not done yet
    spaces.presolved = own = Space(read(GAP))
    own.keep_near_feasible(np.zeros(problem.n), 5, "jump")
    spaces.adopt_received()
    assert not spaces.received and own.bound == 3 and own.row_weights is not None
    assert [near.violated for near in own.near_feasible] == [2]
    other_root = Space(problem)
    other_root.root = np.ones(problem.n)
    own.adopt(other_root.findings(1))
    assert own.root is not None and not own.root.any()


def test_a_key_depends_on_every_number() -> None:
    problem = read(GAP)
    keys = {Space(problem).key}
    for name, step in (("c", 1), ("lb", -1), ("ub", 1), ("row_lo", -1), ("row_hi", 1)):
        changed = np.nan_to_num(getattr(problem, name), posinf=99, neginf=-99) + step
        keys.add(Space(replace(problem, **{name: changed})).key)
    keys.add(Space(replace(problem, A=2 * problem.A)).key)
    keys.add(Space(replace(problem, integer=~problem.integer)).key)
    assert len(keys) == 8 and Space(read(GAP)).key in keys


def test_a_member_sends_what_it_finds_out() -> None:
    """Presolve changes nothing on this model."""
    problem = read(CFLP)
    pool, spaces = pool_of(problem), spaces_of(problem)
    with search_of(pool, [], spaces) as search:
        polled(search, lambda: 1 in spaces.received and spaces.received[1].root is not None)
    assert spaces.received[1].key == spaces.presolved.key
    spaces.adopt_received()
    assert spaces.presolved.bound is not None and spaces.presolved.reduced is not None


def test_processes_of_a_parallel_search_share_the_algorithms_of_the_root_lp() -> None:
    setup = RunSetup(read(CFLP))
    alone, shared, first = (
        RunContext(
            setup.problem, pool_of(setup.problem), spaces_of(setup.problem), 0, RunLimits(), number=number,
            is_shared=lambda is_shared=is_shared: is_shared,
        )
        for number, is_shared in ((0, False), (0, True), (1, True))
    )  # fmt: skip
    algorithms = [ARMS.factory("root")(context)._algorithms() for context in (alone, shared, first)]
    assert algorithms == [("ipm", "simplex"), ("simplex",), ("ipm",)]


# -- pool and messages --


def test_adopted_and_forgotten() -> None:
    problem = from_arrays([-1, -1], [[1, 1]], [0], [2], [0, 0], [1, 1], [True, True])
    pool, other = pool_of(problem), pool_of(problem)
    assert pool.offer(np.eye(2)[0], "a") and other.offer(np.ones(2), "b") and other.best is not None
    pool.take_proven(other.best)
    assert pool.value == -2 and isinstance(pool.best, Solution) and pool.best.foreign
    other.take_proven(pool.solutions[0])  # not better
    assert len(other.solutions) == 1
    pool.clear()
    assert pool.best is None and pool.value == np.inf and pool.offer(np.zeros(2), "c")


def test_messages_of_all_sizes_and_one_cut_off() -> None:
    read_end, write_end = os.pipe()
    sent = [0, "x", np.arange(100_000.0)]

    def write() -> None:
        for message in sent:
            send(write_end, message)
        os.write(write_end, pickle.dumps(list(range(999)))[:100])
        os.close(write_end)

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(read_end, "rb", buffering=0) as pipe:
        came = list(messages(pipe))
    writer.join()
    assert came[:2] == sent[:2] and np.array_equal(came[2], sent[2]) and len(came) == 3
