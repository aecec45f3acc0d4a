"""The memory of paused searches: which of them ends, and that a search begins again."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack

import pytest
from command import children

from diffpump.core.limits import RunLimits
from diffpump.families import generate
from diffpump.outcome.run import RunSetup
from diffpump.search.arms import submip
from diffpump.search.arms.submip import PausedSearches, SubMip, resident
from diffpump.search.budget import Budget
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.process import CAN_PAUSE
from diffpump.search.space import Space, Spaces

pytestmark = pytest.mark.skipif(not (CAN_PAUSE and sys.platform == "linux"), reason="needs /proc and SIGSTOP")
MODULE = "diffpump.search.mip_process"


def test_the_resident_size_is_that_of_the_process() -> None:
    assert 10 * 2**20 < resident(os.getpid()) < 2**36
    assert resident(2**30) == 0


@pytest.mark.parametrize("limit", [2**40, -(2**40)])
def test_searches_beyond_the_limit_end(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the limit both processes are kept; far beyond it only the latest is, and the arms can go on."""
    monkeypatch.setattr(submip, "MOST_MEMORY", limit)
    problem = generate("gap", 0, agents=10, jobs=100, tightness=60)
    pool, space = Pool(RunSetup(problem)), Space(problem)
    with ExitStack() as exit_stack:
        context = RunContext(problem, pool, Spaces(space, space), 0, RunLimits(), exit_stack=exit_stack)
        searches = [SubMip(space, context, name) for name in ("mip", "rens")]
        for search in searches:
            search.run(Budget(0.6, RunLimits()))
            assert not search.exhausted
        assert len(children(MODULE)) == (2 if limit > 0 else 1)
        searches[0].run(Budget(0.6, RunLimits()))
        assert len(context.shared(PausedSearches).every) == 2
    assert not children(MODULE) and not context.shared(PausedSearches).every


def test_a_search_for_the_first_solution_ends_once_there_is_one() -> None:
    problem = generate("gap", 0, agents=10, jobs=100, tightness=60)
    pool, space = Pool(RunSetup(problem)), Space(problem)
    with ExitStack() as exit_stack:
        context = RunContext(problem, pool, Spaces(space, space), 0, RunLimits(), exit_stack=exit_stack)
        first, other = SubMip(space, context, "mip-zero", zero=True), SubMip(space, context, "mip")
        first._process = submip.MipProcess(submip.MipTask(problem, True, 0))
        assert len(children(MODULE)) == 1 and not first.is_over
        other.run(Budget(20.0, RunLimits(stop=lambda: pool.best is not None)))
        assert pool.best is not None and first.is_over
        context.shared(PausedSearches).settle(other)
        assert first._process is None
