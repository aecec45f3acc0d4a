"""Laws of the rules by which the multipliers of the rows grow, and what they do in the pump."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.cli import run as command
from diffpump.config.presets import PRESETS, config
from diffpump.config.pump import Config
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Spec
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.operators.multipliers import MULTIPLIERS, Multipliers
from diffpump.pump import Pump, PumpState, relaxation_for

GAP = Path(__file__).parents[2] / "instances" / "gap-5x25-s0.mps"
ROW_LOSSES = {"feasibility", "expected", "argmin_feasibility"}
WEIGHTED = [name for name, preset in PRESETS.items() if ROW_LOSSES & {spec.name for spec in preset.losses}]
KINDS = list(MULTIPLIERS)
law = settings(derandomize=True, deadline=None, max_examples=30)
seeds = st.integers(0, 2**32 - 1)
ANY = from_arrays([0], [[1]], [0], [1], [0], [1], [True])


def rule(text: str) -> Multipliers:
    return MULTIPLIERS.build(Spec.parse(text), ANY)


def drawn(seed: int) -> tuple[Vector, Vector]:
    """Return multipliers >= 1 and violations, some of them 0."""
    rng = np.random.default_rng(seed)
    m = int(rng.integers(1, 9))
    violation = rng.uniform(0, 5, m) * rng.integers(0, 2, m) * 10.0 ** rng.integers(-9, 9)
    return rng.uniform(1, 5, m), violation


def quick(preset: str, **changes: Any) -> Config:
    """Return a preset without searches before the first LP, and with short ones in restarts."""
    if preset == "best":
        changes["restarts"] = ["search,work=2000", "perturbation", "flip"]
    return config(preset, lp_free="off", **changes)


def iterates(model: Problem, configuration: Config) -> tuple[list[bytes], list[Vector], list[PumpState]]:
    """Return theta, the LP points and losses as bytes, and the multipliers and states of every iteration."""
    pump = Pump(model, configuration, relaxation_for(model, configuration), 3)
    trace, weights, states = [], [], []
    for state in pump.iterates():
        trace.append(state.theta.tobytes() + state.x_lp.tobytes() + np.array([state.loss]).tobytes())
        weights.append(pump.row_weights)
        states.append(state)
    return trace, weights, states


def odd(n: int) -> Problem:
    """Return 2 (x_1 + ... + x_n) = n - 1 on n binaries, and a row that always holds; stalls for even n."""
    rows = np.vstack([np.full(n, 2.0), np.ones(n)])
    return from_arrays([1] * n, rows, [n - 1, 0], [n - 1, n], [0] * n, [1] * n, [True] * n)


# -- the rules --


@pytest.mark.parametrize("kind", KINDS)
@given(seed=seeds)
@law
def test_only_violated_rows_gain_weight(kind: str, seed: int) -> None:
    weights, violation = drawn(seed)
    grown = rule(kind).grown(weights, violation)
    assert ((grown > weights) == (violation > 0)).all() and (grown >= weights).all()
    np.testing.assert_array_equal(rule(f"{kind},step=0").grown(weights, violation), weights)
    np.testing.assert_allclose(
        rule(f"{kind},step=3").grown(weights, violation) - weights, 3 * (grown - weights), rtol=1e-9
    )


@pytest.mark.parametrize("kind", KINDS)
@given(seed=seeds)
@law
def test_the_scale_of_the_violations_does_not_matter(kind: str, seed: int) -> None:
    weights, violation = drawn(seed)
    np.testing.assert_allclose(
        rule(kind).grown(weights, 1e-7 * violation), rule(kind).grown(weights, violation), rtol=1e-9
    )


@pytest.mark.parametrize("kind", KINDS)
@given(seed=seeds)
@law
def test_the_cap_and_the_decay(kind: str, seed: int) -> None:
    weights, violation = drawn(seed)
    capped = rule(f"{kind},step=9,cap=4").grown(weights, violation)
    free = rule(f"{kind},step=9").grown(weights, violation)
    np.testing.assert_array_equal(capped, np.maximum(weights, np.minimum(free, 4)))
    np.testing.assert_allclose(rule(f"{kind},decay=0.25").decayed(weights), 1 + 0.75 * (weights - 1))
    np.testing.assert_array_equal(rule(kind).decayed(weights), weights)
    np.testing.assert_allclose(rule(f"{kind},decay=1").decayed(weights), 1)


def test_the_formulas() -> None:
    weights, violation = np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0])
    assert rule("ldf").grown(weights, violation).tolist() == [1, 2.5, 4]
    assert rule("jump").grown(weights, violation).tolist() == [1, 3, 4]
    # The loss is 2 + 6 = 8 and the square of the norm of the subgradient 1 + 4 = 5.
    np.testing.assert_allclose(rule("polyak").grown(weights, violation), [1, 2 + 8 / 5, 3 + 16 / 5])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bad", ["step=-1", "cap=0.5", "decay=1.5", "decay=-0.1"])
def test_parameters_out_of_range(kind: str, bad: str) -> None:
    with pytest.raises(UsageError, match=f"multipliers '{kind}'"):
        rule(f"{kind},{bad}")


# -- in the pump --


@pytest.mark.parametrize("preset", WEIGHTED)
def test_multipliers_fixed_at_1_are_the_papers_loss(preset: str) -> None:
    """Every iterate is the same, restarts included, with every kind."""
    base = quick(preset, max_iter=12)
    for model in (read(GAP), odd(6)):
        plain = iterates(model, base)[0]
        assert len(plain) > 1
        for kind in KINDS:
            trace, weights, _ = iterates(model, base.with_(multipliers=f"{kind},step=0"))
            assert trace == plain
            assert all((w == 1).all() for w in weights)


@pytest.mark.parametrize("preset", ["DP3", "DP4", "DP5", "best"])
def test_each_kind_changes_the_iterates(preset: str) -> None:
    model = odd(6)
    base = quick(preset, max_iter=25, scaling="none")
    traces = [iterates(model, base.with_(multipliers=text))[0] for text in ("none", *KINDS)]
    assert all(trace != traces[0] for trace in traces[1:])


def test_the_kinds_differ_where_several_rows_are_violated() -> None:
    rows = [[2] * 6, [6] * 4 + [0] * 2]
    model = from_arrays([1] * 6, rows, [5, 9], [5, 9], [0] * 6, [1] * 6, [True] * 6)
    ends = {
        kind: iterates(model, config("DP3", multipliers=f"{kind},cap=1e6", restarts=[], max_iter=9))[1][-1]
        for kind in KINDS
    }
    assert len({tuple(end) for end in ends.values()}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_stalls_raise_to_the_cap_and_restarts_lower(kind: str) -> None:
    text = f"{kind},step=2,cap=3.5,decay=0.5"
    _, weights, states = iterates(odd(6), config("DP4", multipliers=text, max_iter=60))
    first = [float(w[0]) for w in weights]
    assert max(first) <= 3.5 and all(w[1] == 1 for w in weights)
    kicked = [state.kick is not None for state in states]
    assert sum(kicked) > 3
    # A kick halves w - 1 of each multiplier w, after the growth at the same stall.
    for before, after, kick in zip(first, first[1:], kicked[1:], strict=False):
        if kick:
            assert after <= 1 + 0.5 * 2.5 and (after - 1) / 0.5 + 1 >= before - 1e-12
        else:
            assert after >= before


def test_a_row_that_the_argmin_loss_repairs_keeps_its_multiplier() -> None:
    """Row 0 is repaired by the continuous column u for any x, row 1 for none of the roundings."""
    model = from_arrays(
        [1, 1, 1, 0], [[1, 1, 1, -3], [2, 2, 2, 0]], [0, 3], [0, 3], [0] * 4, [1] * 4, [True] * 3 + [False]
    )
    base = config("DP5", multipliers="jump", restarts=[], max_iter=9)
    ends = {
        loss: iterates(model, base.with_(losses=[f"{loss}:1", "regularisation:0.5"]))[1][-1]
        for loss in ("argmin_feasibility", "feasibility")
    }
    assert ends["argmin_feasibility"][0] == 1 and ends["argmin_feasibility"][1] > 1
    assert ends["feasibility"][0] > 1


def test_a_stagnating_pump_is_a_stall() -> None:
    """With stall=1 multipliers grow although no rounding repeats twice in a row."""
    base = config("DP4", multipliers="jump", max_iter=30)
    model = odd(8)
    often, seldom = (iterates(model, base.with_(stall=stall))[1][-1][0] for stall in (1, 0))
    assert often > seldom


# -- texts --


def test_a_configuration_names_them(capsys: pytest.CaptureFixture[str]) -> None:
    changed = config("DP3", multipliers="ldf").set("multipliers.cap=7")
    assert str(changed.multipliers) == "ldf,step=1,cap=7,decay=0"
    assert changed.set("multipliers=none").digest == config("DP3").digest
    with pytest.raises(UsageError, match="has no multipliers"):
        config("DP3").set("multipliers.cap=7")
    with pytest.raises(UsageError, match="unknown multipliers 'newton'; known: ldf"):
        config("DP3", multipliers="newton")
    assert command(["solve", "--multipliers", "jump,decay=0.5", "--dump-config"]) == 0
    assert 'multipliers = "jump,step=1,cap=1000,decay=0.5"' in capsys.readouterr().out


def test_records_of_earlier_versions_have_a_number() -> None:
    values = config("DP3").as_dict()
    assert Config.from_dict({**values, "multipliers": 0.0}) == config("DP3")
    assert Config.from_dict({**values, "multipliers": 0.5}) == config("DP3", multipliers="ldf,step=0.5")
