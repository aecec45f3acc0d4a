"""diffpump: the differentiable feasibility pump (arXiv 2411.03535) for mixed-integer linear programs.

    read, solve, milp        a file to a `Problem`, a model to a `SolveResult`, and scipy's calling convention
    Config, PRESETS          what a run is
    Problem, SolveResult, Status

>>> import numpy as np, diffpump
>>> result = diffpump.milp([5, 4, 3], integrality=1, bounds=(0, 1), constraints=([2, 3, 2], 5, np.inf))
>>> result.success, result.x
(True, array([0., 1., 1.]))

Names are imported when they are first used, so that `import diffpump` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diffpump.core.version import __version__

if TYPE_CHECKING:
    from diffpump.api import solve
    from diffpump.config.pump import PRESETS, Config
    from diffpump.core.problem import Problem
    from diffpump.core.status import Status
    from diffpump.io.read import read
    from diffpump.outcome.result import SolveResult
    from diffpump.scipy_api import milp

__all__ = ["PRESETS", "Config", "Problem", "SolveResult", "Status", "__version__", "milp", "read", "solve"]

_HOMES = {
    "read": "io.read",
    "solve": "api",
    "milp": "scipy_api",
    "Config": "config.pump",
    "PRESETS": "config.pump",
    "Problem": "core.problem",
    "SolveResult": "outcome.result",
    "Status": "core.status",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'diffpump' has no attribute '{name}'")
    from importlib import import_module

    value = getattr(import_module(f"diffpump.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
