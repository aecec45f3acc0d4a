"""The pumps of the literature as presets: what each changes, and that FP does not have that property."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diffpump.cli.presets import options_text
from diffpump.config.presets import FP, PRESET_HELP, PRESETS
from diffpump.config.pump import Config
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult
from diffpump.io.read import read
from diffpump.operators.losses import Sides
from diffpump.pump import Pump, PumpState, relaxation_for

INSTANCES = Path(__file__).parent.parent / "instances"
LAW = ("gap-5x25-s0", "cflp-30x40-s0", "setcover-200x60-s0", "lotsizing-2x12-s0")
FAMILY = [name for name in PRESETS if "-20" in name]


class Costs:
    """A relaxation that keeps the cost of every LP."""

    def __init__(self, problem: Problem, configuration: Config) -> None:
        self.inner = relaxation_for(problem, configuration)
        self.costs: list[Vector] = []

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        self.costs.append(cost.copy())
        return self.inner.solve(cost, limits)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class Run:
    """A run of a configuration on a model, from a cold start, with the costs of its LPs."""

    def __init__(self, problem: Problem, configuration: Config, iterations: int = 60) -> None:
        self.problem = problem
        configuration = configuration.with_(lp_start="cold", max_iter=iterations, repair="off", final="none")
        self.relaxation = Costs(problem, configuration)
        relaxation: Any = self.relaxation.inner if configuration.integers == "aux" else self.relaxation
        self.pump = Pump(problem, configuration, relaxation, seed=3)
        self.states: list[PumpState] = list(self.pump.iterates())
        self.costs = self.relaxation.costs


@cache
def run(name: str, preset: str) -> Run:
    return Run(read(INSTANCES / f"{name}.mps"), PRESETS[preset])


def runs(preset: str) -> list[Run]:
    return [run(name, preset) for name in LAW]


# --- the properties: each holds for its preset and not for FP ----------------------------------


def relaxes_general_integers(preset: str) -> bool:
    """General integers have no cost, and keep the LP's values, in the first iterations."""
    one = run("lotsizing-2x12-s0", preset)
    general = np.flatnonzero(one.problem.general)
    y = one.states[0].x_round[general]
    return bool((y != np.rint(y)).any()) and not one.states[0].theta[general].any()


def has_the_objective_in_the_cost(preset: str) -> bool:
    """Continuous columns, which have no cost in FP, have that of the objective, with a share that falls."""
    one = run("cflp-30x40-s0", preset)
    j = np.flatnonzero(~one.problem.integer & (one.problem.c != 0))
    ratios = [cost[j] / one.problem.c[j] for cost in one.costs[1:4]]
    constant = all(np.allclose(ratio, ratio[0]) and ratio[0] > 0 for ratio in ratios)
    return constant and ratios[0][0] > ratios[1][0] > ratios[2][0]


def slopes(shape: Callable[[Vector], Vector]) -> Callable[[str], bool]:
    """Return the property that theta is the concave loss's slope at the LP point."""

    def holds(preset: str) -> bool:
        one = run("setcover-200x60-s0", preset)
        sides = Sides(one.problem)
        for before, after in zip(one.states, one.states[1:], strict=False):
            if after.kick is None and after.status is None:
                distance, side = sides(after.x_lp)
                if not np.allclose(after.theta[sides.index], shape(distance) * side):
                    return False
            assert before.iteration + 1 == after.iteration
        return True

    return holds


def keeps_the_objective_in_the_cost(preset: str) -> bool:
    """The objective's share in theta does not fall."""
    one = run("cflp-30x40-s0", preset)
    j = np.flatnonzero(~one.problem.integer & (one.problem.c != 0))
    shares = [state.theta[j] / one.problem.c[j] for state in one.states[1:-1]]
    return len(shares) > 2 and all(np.allclose(share, shares[0][0]) and share[0] > 0 for share in shares)


def penalises_instead_of_restarting(preset: str) -> bool:
    """There is no kick, and the largest entry of theta never falls and grows in the end."""
    one = run("gap-5x25-s0", preset)
    largest = [float(np.abs(state.theta).max()) for state in one.states[1:-1]]
    return (
        not any(state.kick for state in one.states)
        and all(b >= a - 1e-9 for a, b in itertools.pairwise(largest))
        and largest[-1] > 1.5 * largest[0]
    )


def moves_columns_of_violated_rows(preset: str) -> bool:
    """The kicks of repeated roundings are called walksat, and move columns of violated rows only."""
    kicks = 0
    for one in runs(preset):
        for state in one.states:
            if state.kick is not None and state.kick.kind == "walksat":
                kicks += 1
    return kicks > 0


def weighs_columns_by_slack(preset: str) -> bool:
    """Theta's entries differ in size between columns, with mean 1."""
    one = run("setcover-200x60-s0", preset)
    j = one.problem.integers
    sizes = [np.abs(state.theta[j]) for state in one.states[1:-1] if state.kick is None]
    return len(sizes) > 0 and all(size.std() > 1e-3 and abs(size.mean() - 1) < 1e-6 for size in sizes)


PROPERTIES: dict[str, list[Callable[[str], bool]]] = {
    "bertacco-2007": [relaxes_general_integers],
    "achterberg-2007": [has_the_objective_in_the_cost],
    "desantis-2013-exponential": [slopes(lambda d: 0.5 * np.exp(-d / 2))],
    "desantis-2013-logistic": [slopes(lambda d: 0.1 * np.exp(-d / 10) / (1 + np.exp(-d / 10)) ** 2)],
    "desantis-2013-hyperbolic": [slopes(lambda d: (d + 0.1) ** -2)],
    "desantis-2013-logarithmic": [slopes(lambda d: 1 / (d + 0.1))],
    "geissler-2017": [keeps_the_objective_in_the_cost, penalises_instead_of_restarting],
    "dey-2018": [moves_columns_of_violated_rows],
    "frangioni-2021": [weighs_columns_by_slack],
}


@pytest.mark.parametrize("preset", FAMILY)
def test_a_pump_of_the_literature_has_its_property_and_fp_has_not(preset: str) -> None:
    for holds in PROPERTIES[preset]:
        assert holds(preset), f"{preset}: {holds.__doc__}"
        assert not holds("FP"), f"FP: {holds.__doc__}"


def test_every_pump_of_the_literature_has_a_property() -> None:
    assert list(PROPERTIES) == FAMILY and len(FAMILY) == 9
    assert all(PRESET_HELP[name].startswith("FP ") and "(" in PRESET_HELP[name] for name in FAMILY)


def test_no_two_presets_give_the_same_traces() -> None:
    traces = {
        preset: tuple(
            tuple(
                state.x_lp.tobytes() + state.x_round.tobytes() + state.theta.tobytes() for state in one.states
            )
            for one in runs(preset)
        )
        for preset in PRESETS
    }
    seen: dict[Any, str] = {}
    for preset, trace in traces.items():
        assert trace not in seen, f"{preset} and {seen[trace]}"
        seen[trace] = preset


def test_fp_is_what_is_left_without_the_changed_parts() -> None:
    for preset in FAMILY:
        assert PRESETS[preset].with_(**{**FP.as_dict(), "preset": preset}).digest == FP.digest


def test_the_options_of_a_configuration_repeat_it() -> None:
    """Switches that are on are among them."""
    configuration = PRESETS["bertacco-2007"].with_(alpha=0.5)
    text = options_text(configuration.as_dict())
    assert "--set alpha=0.5" in text and "--set stages=binaries" in text and "--set final=nearest" in text
    assert "--set" not in options_text(FP.as_dict())
