"""The pump on a compact knapsack, with a linear or a semidefinite relaxation as its oracle."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffpump.backends.interface import Relaxation
from diffpump.backends.relaxation import load
from diffpump.config.presets import config
from diffpump.core.errors import UsageError
from diffpump.core.limits import RunLimits
from diffpump.knapsack.base import duration
from diffpump.knapsack.compact import Compact
from diffpump.knapsack.compact.oracle import SdpRelaxation
from diffpump.pump import Pump


@dataclass(frozen=True, eq=False)
class PumpedChoice:
    """What the pump found.

    Attributes
    ----------
    items : (k,) int64 or None
        A choice of the instance, verified in rationals.
    iterations : int
        Its iterations.
    """

    items: NDArray[np.int64] | None
    iterations: int


def pump(
    instance: Compact, relaxation: str = "lp", preset: str = "FP", seed: int = 0, time_limit: float = 60.0,
    max_iter: int = 200,
) -> PumpedChoice:  # fmt: skip
    """Pump for a choice of a compact knapsack.

    Parameters
    ----------
    instance : Compact
        The instance.
    relaxation : {"lp", "sdp"}
        The set over which each iteration minimises theta'x: the linear relaxation of the mixed-integer
        program, or the naive semidefinite relaxation (`pip install 'diffpump[sdp]'`).
    preset : str
        The pump's preset.
    seed : int
        The seed.
    time_limit : float
        Wall seconds.
    max_iter : int
        The most iterations.

    Raises
    ------
    UsageError
        For other arguments, and without the semidefinite solver.
    """
    problem = instance.problem()
    settings = config(preset, max_iter=max_iter, repair="off")  # every column is binary
    if relaxation not in ("lp", "sdp"):
        raise UsageError(f"the relaxation must be 'lp' or 'sdp', got {relaxation!r}")
    oracle: Relaxation = load(problem) if relaxation == "lp" else SdpRelaxation(instance)
    run = Pump(
        problem, settings, oracle, seed, RunLimits(time.monotonic() + duration(time_limit)),
        accept=lambda x: instance.holds(np.flatnonzero(x > 0.5)), refute=lambda ray: False,
    )  # fmt: skip
    *_, last = run.iterates()
    if last.solution is None:
        return PumpedChoice(None, last.iteration)
    return PumpedChoice(np.flatnonzero(last.solution > 0.5).astype(np.int64), last.iteration)
