"""The rounding by propagation: its slope, determinism, whole runs, and that numba is imported for it only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from diffpump.backends.relaxation import load
from diffpump.config.presets import config
from diffpump.core.spec import Spec
from diffpump.core.status import Status
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.operators.roundings import ROUNDINGS
from diffpump.pump import Pump
from diffpump.verify.check import Judge

INSTANCES = Path(__file__).parent.parent / "instances"
ROUNDING = "propagation,sigma=0.15"


def test_the_slope_is_that_of_the_gaussian_where_decided_and_zero_where_propagated() -> None:
    """With x + y = 1, x is nearer to an integer and y follows from it; z is in no row, w is continuous."""
    problem = from_arrays([0] * 4, [[1, 1, 0, 0]], [1], [1], [0] * 4, [1] * 4, [True] * 3 + [False])
    x, g = np.array([0.7, 0.6, 0.4, 0.3]), np.ones(4)
    rounding = ROUNDINGS.build(Spec.parse(ROUNDING), problem)
    gaussian = ROUNDINGS.build(Spec.parse("gaussian,sigma=0.15"), problem).vjp(x, g)
    assert rounding.vjp(x, g).tolist() == [gaussian[0], 0, gaussian[2], 1]  # before any forward pass
    assert rounding.forward(x).tolist() == [1, 0, 0, 0.3]
    other = rounding.forward(1 - x)
    assert other.tolist() == [0, 1, 1, 0.7]
    assert rounding.vjp(x, g).tolist() == [gaussian[0], 0, gaussian[2], 1]  # at x, not at 1 - x


@pytest.mark.parametrize("path", sorted(INSTANCES.glob("*.mps")), ids=lambda path: path.stem)
def test_runs_repeat_and_solutions_are_judged(path: Path) -> None:
    model = read(path)

    def run() -> tuple[list[bytes], Status | None]:
        configuration = config("DP4", rounding=ROUNDING, max_iter=15, lp_start="warm")
        states = list(Pump(model, configuration, load(model), seed=3).iterates())
        solution = states[-1].solution
        assert solution is None or Judge(model).feasible(solution)
        return [s.x_lp.tobytes() + s.x_round.tobytes() for s in states], states[-1].status

    assert run() == run()


def test_numba_is_imported_only_for_this_rounding() -> None:
    code = "import sys, diffpump.operators.roundings, diffpump.cli; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.miplib
@pytest.mark.slow
def test_roundings_of_real_lp_points(miplib: list[Path]) -> None:
    """Roundings are integral, within bounds, and mostly violate fewer rows than the nearest integers."""
    better = worse = 0
    for path in miplib[:15]:
        model = read(path)
        x = load(model).solve(model.c).x
        counts = []
        for name in ("nearest", "propagation"):
            y = ROUNDINGS.build(Spec(name), model).forward(x)
            j = model.integer
            assert np.array_equal(y[j], np.rint(y[j])) and (y >= model.lb).all() and (y <= model.ub).all()
            activity = model.A @ y
            counts.append(int(((activity > model.row_hi + 1e-6) | (activity < model.row_lo - 1e-6)).sum()))
        better += counts[1] < counts[0]
        worse += counts[1] > counts[0]
    assert better > worse
