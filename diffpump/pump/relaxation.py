"""The LP relaxation that a configuration of the pump needs."""

from __future__ import annotations

from diffpump.backends.distance import DistanceRelaxation
from diffpump.backends.interface import Relaxation
from diffpump.backends.relaxation import load
from diffpump.config.pump import Config
from diffpump.core.problem import Problem


def relaxation_for(problem: Problem, config: Config) -> Relaxation:
    """Load the LP relaxation of a problem for a pump with a configuration.

    Parameters
    ----------
    problem : Problem
        The model.
    config : Config
        Its `backend`, `lp_start`, `lp_algorithm` and `integers` are used.

    Returns
    -------
    Relaxation
        With integers=aux and general integers a `DistanceRelaxation`, and else that of `load`.

    Raises
    ------
    UsageError
        If the backend is unknown.
    """
    make = DistanceRelaxation if config.integers == "aux" and problem.general.any() else load
    return make(problem, config.backend, config.lp_start, config.lp_algorithm)
