"""Runs whose kernels are not compiled yet: the arms that need none, limits, two runs at once, no cache."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import GAP, market_split, process

import diffpump
from diffpump.config.engine import Settings
from diffpump.config.schedule import ARMS, default_schedule, role
from diffpump.core.limits import RunLimits
from diffpump.core.status import Status
from diffpump.io.read import read
from diffpump.io.write import write_mps
from diffpump.kernels.compile import cache, jit
from diffpump.kernels.compile.warm import ELSEWHERE, notice
from diffpump.outcome.run import RunSetup
from diffpump.search import compilation
from diffpump.search.compilation import Compilation, CompiledMessage, CompileTask
from diffpump.search.engine import Engine

HOLDER = """
from diffpump.kernels.compile import cache
import sys, time
with cache.locked():
    print("locked", flush=True)
    time.sleep(float(sys.argv[1]))
"""


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache without kernels."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def never_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels that are never compiled, and must not be called."""

    def called(self: jit.Kernel, *arguments: Any) -> None:
        raise AssertionError(f"{self.function.__name__} was called")

    monkeypatch.setattr(jit.Kernel, "__call__", called)
    monkeypatch.setattr(Compilation, "__init__", lambda self, exit_stack, starts=True: None)
    monkeypatch.setattr(Compilation, "is_ready", lambda self: False)


def holder(seconds: float) -> subprocess.Popen[str]:
    """Return a process that holds the lock of those who compile."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "locked\n"
    return process


# --- without kernels ----------------------------------------------------------------------------

WITHOUT_KERNELS = [name for name in ARMS if not role(name).needs_kernels]


def test_some_arms_need_no_kernels() -> None:
    assert {"presolve", "root", "mip-zero", "mip", "rins", "rens", "start"} <= set(WITHOUT_KERNELS)
    assert not {"raw", "jump", "conflict", "fix", "polish", "pump", "dive"} & set(WITHOUT_KERNELS)
    cold = [name for name, _ in default_schedule().cold]
    assert cold and set(cold) <= set(WITHOUT_KERNELS)


@pytest.mark.parametrize("name", WITHOUT_KERNELS)
def test_an_arm_that_needs_no_kernels_calls_none(name: str, never_ready: None) -> None:
    """Without a solution and with one, before presolve and after the root LP."""
    problem = read(Path(GAP).parent / "cflp-6x8-s0.mps")
    solved = diffpump.solve(problem, Settings(without=("gradient",)), until="first", time_limit=20)
    assert solved.x is not None
    engine = Engine(RunSetup(problem, 0, RunLimits()), Settings(solutions=2), start=np.round(solved.x + 0.4))
    with engine.exit_stack:
        for one in (name, "presolve", "root", name, "mip-zero", name, name):
            if not engine.portfolio.arms(one).exhausted:
                engine.portfolio.run_slice(one, 0.3)


@pytest.mark.parametrize("start", [False, True])
def test_a_run_goes_on_without_kernels(start: bool, never_ready: None) -> None:
    problem = read(GAP)
    point = np.zeros(problem.n) if start else None
    result = diffpump.solve(problem, "auto", start=point, time_limit=30)
    assert result.found and result.complete and result.objective == 446
    assert result.engine is not None and set(result.engine.arms) <= set(WITHOUT_KERNELS)


def test_a_run_waits_for_kernels_if_no_other_arm_can_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search does not end before the arms with kernels have run."""
    ready = time.monotonic() + 1.0
    monkeypatch.setattr(Compilation, "is_ready", lambda self: time.monotonic() > ready)
    result = diffpump.solve(GAP, Settings(first=(("raw", 0.1),), cold=()), until="first", time_limit=30)
    assert result.found and result.incumbents[0].arm == "raw" and result.incumbents[0].seconds > 0.9


def test_limits_hold_while_a_run_waits(never_ready: None) -> None:
    for changes in ({"first": (("raw", 0.1),), "cold": ()}, {"deterministic": True}):
        result = diffpump.solve(GAP, Settings(**changes), time_limit=0.5)  # type: ignore[arg-type]
        assert result.status is Status.TIME_LIMIT and result.seconds["total"] < 3
    stops = diffpump.solve(GAP, Settings(first=(("raw", 0.1),), cold=()), time_limit=60, stop=lambda: True)
    assert stops.status is Status.INTERRUPTED
    for setting in ({"rounding": "propagation"}, {"restarts": ("search",)}):
        result = diffpump.solve(GAP, "DP4", time_limit=0.5, **setting)
        assert result.status is Status.TIME_LIMIT and result.seconds["total"] < 3
        assert str(result.config).count(next(iter(setting.values()))[0]) > 0


# --- cold starts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options", [[], ["--deterministic"], ["--preset", "DP4", "--rounding", "propagation"]]
)
def test_a_cold_start_keeps_its_limit(options: list[str], cold: Path) -> None:
    """Compiling takes many seconds, in a process that ends with the run."""
    write_mps(market_split(), str(cold / "m.mps"))
    done = process("solve", str(cold / "m.mps"), "--time-limit", "3", "--json", *options)
    found = json.loads(done.stdout)
    assert done.returncode in (0, 10) and found["seconds"]["total"] < 5, done.stderr
    assert done.stderr.count("compiling kernels in the background") == 1


def test_the_second_run_waits_for_the_first_ones_kernels(cold: Path) -> None:
    """It says so, and goes on without them; a killed owner holds no lock."""
    owner = holder(60)
    try:
        assert notice() == ELSEWHERE
        with cache.locked(wait=False) as is_held:
            assert not is_held
        done = process("solve", GAP, "--stop", "first", "--time-limit", "30")
        assert done.returncode == 0 and done.stderr.count(ELSEWHERE) == 1
    finally:
        owner.kill()
        owner.communicate()
    assert notice() != ELSEWHERE
    with cache.locked(wait=False) as is_held:
        assert is_held


def test_doctor_says_that_it_waits() -> None:
    """The kernels of all tests are compiled, so that only the lock is waited for."""
    owner = holder(4)
    done = process("doctor", "--warm")
    assert owner.wait(60) == 0
    owner.communicate()
    assert done.returncode == 0 and done.stderr.splitlines()[0] == ELSEWHERE
    assert "all kernels are compiled" in done.stderr


# --- the process --------------------------------------------------------------------------------


def test_what_cannot_be_kept_is_sent(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file once; the parent process reads them as if they were in the cache."""
    (cold / "cache").write_text("not a folder")
    monkeypatch.setattr(cache, "_memory", {})

    def warm(in_memory: bool) -> Any:
        assert in_memory
        for name in ("a.o", "b.o"):
            jit._keep(name, name.encode(), "q")
            yield name, 0.0
        raise RuntimeError("the parent process reports this")

    monkeypatch.setattr(compilation, "warm", warm)
    sent: list[Any] = []
    compilation._compile(CompileTask(), [], sent.append)
    assert [message.name for message in sent[:-1]] == ["a.o", "b.o"]
    assert isinstance(sent[-1], CompiledMessage)

    class Started:
        def __init__(self, module: str, task: object, on_message: Any, final_type: type) -> None:
            self.on_message = on_message
            started.append(self)

        def end(self) -> None:
            started.clear()

    started: list[Started] = []
    monkeypatch.setattr(compilation, "Process", Started)
    monkeypatch.setattr(cache, "_memory", {})
    with ExitStack() as exit_stack:
        waiting = Compilation(exit_stack)
        assert not waiting.is_ready() and jit._kept("a.o") is None
        for message in sent:
            assert not waiting.is_ready()
            started[0].on_message(message)
        assert waiting.is_ready() and jit._kept("a.o") == (b"a.o", "q")
    assert not started


def test_a_member_of_a_run_starts_no_process(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for the kernels in the cache, or compiles them itself if there is none."""
    monkeypatch.setattr(compilation, "Process", None)
    with ExitStack() as exit_stack:
        waiting = Compilation(exit_stack, starts=False)
        assert not waiting.is_ready()
        cache.complete()
        time.sleep(2 * compilation.POLL_SECONDS)
        assert waiting.is_ready()
    (cache.folder() / cache._complete()).unlink()
    cache.folder().chmod(0o777)
    assert Compilation(ExitStack(), starts=False).is_ready()


@pytest.mark.slow
def test_kernels_without_a_cache(cold: Path) -> None:
    """A run gets all kernels from its process, and needs no numba itself."""
    code = (
        "import sys\nfrom contextlib import ExitStack\n"
        "from diffpump.core.limits import RunLimits\nfrom diffpump.kernels.compile.warm import warm\n"
        "from diffpump.search.compilation import Compilation\n"
        "with ExitStack() as stack:\n    assert Compilation(stack).wait(RunLimits())\n"
        "assert len(list(warm(in_memory=True))) >= 6\nassert 'numba' not in sys.modules\n"
    )
    (cold / "cache").write_text("not a folder")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
