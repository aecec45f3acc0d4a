"""Proposition 3.2: the FP preset has the LP iterates of the original feasibility pump.

It is compared with `oracle_fp`, an independent classic pump that shares no code with diffpump. Both start
every LP cold, so that an LP point depends on the model and the cost only. Neither stops at a solution, so
that every instance runs its full length, with flips and perturbations among the iterations.

With general integers and integers=aux, each LP point has the least distance to the rounding before it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from oracle_fp import Model, classic_pump, least_distance

from diffpump.backends.relaxation import load
from diffpump.config.presets import config
from diffpump.io.read import read
from diffpump.pump import Pump, relaxation_for

INSTANCES = Path(__file__).parent.parent / "instances"
OURS = sorted(path for family in ("gap", "setcover", "cflp") for path in INSTANCES.glob(f"{family}-*.mps"))
ITERATIONS = 110  # more than 100, so that the periodic perturbation occurs too
# MIPLIB instances without general integers, pure and mixed, of 33 to 2993 columns.
REAL = (
    "p0033 p0201 p0282 p0548 lseu mod008 mod010 misc03 misc07 stein27 stein45 enigma rgn khb05250 egout vpm1 "
    "vpm2 fixnet6 pp08a set1ch harp2 l152lav glass4 pk1 mas74 mas76 tr12-30 markshare_4_0 neos5"
).split()


def compare(path: Path, seed: int, iterations: int) -> Counter[str | None]:
    """Compare both pumps iterate by iterate. Return how often each kind of kick occurred."""
    problem = read(path)
    configuration = config("FP", lp_start="cold", repair="off", max_iter=iterations, time_limit=None)
    pump = Pump(problem, configuration, load(problem, "highs", "cold"), seed, accept=lambda x: False)
    kinds: Counter[str | None] = Counter()
    for ours, theirs in zip(pump.iterates(), classic_pump(path, seed, iterations, stop=False), strict=True):
        where = f"{path.name}, iteration {theirs.k}"
        assert ours.iteration == theirs.k
        assert (ours.kick.kind if ours.kick else None) == theirs.kick, where
        # The pumps pass the matrix to HiGHS in different orders, which changes continuous values by 1e-15.
        np.testing.assert_allclose(ours.x_lp, theirs.x, rtol=0, atol=1e-9, err_msg=where)
        np.testing.assert_allclose(ours.x_round, theirs.y_after, rtol=0, atol=1e-9, err_msg=where)
        kinds[theirs.kick] += 1
    return kinds


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_fp_is_the_classic_pump_on_our_instances(path: Path) -> None:
    kinds = compare(path, seed=1, iterations=ITERATIONS)
    assert kinds["flip"] and kinds["perturbation"]


@pytest.mark.miplib
@pytest.mark.parametrize("name", REAL)
def test_fp_is_the_classic_pump_on_real_instances(name: str, miplib: list[Path]) -> None:
    path = next(path for path in miplib if path.name == f"{name}.mps.gz")
    kinds = compare(path, seed=3, iterations=ITERATIONS)
    assert kinds["perturbation"] and kinds.total() == ITERATIONS + 1


def compare_distances(path: Path, start: str, iterations: int) -> tuple[float, Counter[str | None]]:
    """Compare the distances in every LP. Return the largest one, and how often each kind of kick occurred."""
    problem, theirs = read(path), Model(path, general=True)
    configuration = config("FP", integers="aux", lp_start=start, max_iter=iterations, time_limit=None)
    relaxation = relaxation_for(problem, configuration)
    pump = Pump(problem, configuration, relaxation, seed=2, accept=lambda x: False)
    integers, largest = problem.integers, 0.0
    first, *states = pump.iterates()
    kinds: Counter[str | None] = Counter()
    y = first.x_round
    for state in states:
        distance = float(np.abs(state.x_lp - y)[integers].sum())
        assert distance == pytest.approx(least_distance(theirs, y), rel=1e-6, abs=1e-5), state.iteration
        y, largest = state.x_round, max(largest, distance)
        kinds[state.kick.kind if state.kick else None] += 1
    assert len(states) == iterations and state.counters.get("lp_failures", 0) == 0
    return largest, kinds


@pytest.mark.parametrize("start", ["warm", "cold"])
@pytest.mark.parametrize("path", sorted(INSTANCES.glob("lotsizing-2x12-*.mps")), ids=lambda path: path.name)
def test_fp_with_distance_columns_projects_onto_its_rounding(path: Path, start: str) -> None:
    largest, kinds = compare_distances(path, start, ITERATIONS)
    assert largest > 0.1 and kinds["perturbation"]


@pytest.mark.miplib
@pytest.mark.parametrize("name", ["gesa2", "gt2", "noswot", "rout", "bell5"])
def test_fp_with_distance_columns_projects_on_real_instances(name: str, miplib: list[Path]) -> None:
    path = next(path for path in miplib if path.name == f"{name}.mps.gz")
    largest, kinds = compare_distances(path, "warm", ITERATIONS)
    assert largest > 0.1 and kinds["perturbation"]
