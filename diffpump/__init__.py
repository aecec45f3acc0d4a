"""diffpump: the differentiable feasibility pump (arXiv 2411.03535) for mixed-integer linear programs.

    read                          reads a file into a `Problem`
    solve                         searches for solutions of a model and returns a `SolveResult`
    relax                         finds the point that violates a model least, and a contradiction in it
    milp                          solves in the calling convention of `scipy.optimize.milp`
    Config, PRESETS               the pump's configuration, and the named ones
    Problem, SolveResult, Status  a model, the outcome of a run, and how it ended
    RelaxResult                   the outcome of `relax`

>>> import numpy as np, diffpump
>>> result = diffpump.milp([5, 4, 3], integrality=1, bounds=(0, 1), constraints=([2, 3, 2], 5, np.inf))
>>> result.success, result.x
(True, array([0., 1., 1.]))

Names are imported when they are first used, so that `import diffpump` itself takes no time.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from diffpump.core.version import __version__

if TYPE_CHECKING:
    from diffpump.api import solve
    from diffpump.config.presets import PRESETS
    from diffpump.config.pump import Config
    from diffpump.core.problem import Problem
    from diffpump.core.status import Status
    from diffpump.elastic.relax import relax
    from diffpump.elastic.result import RelaxResult
    from diffpump.io.read import read
    from diffpump.outcome.result import SolveResult
    from diffpump.scipy_api import milp

__all__ = [
    "PRESETS", "Config", "Problem", "RelaxResult", "SolveResult", "Status", "__version__", "milp", "read",
    "relax", "solve",
]  # fmt: skip

# The module of each public name.
_HOMES = {
    "read": "io.read",
    "solve": "api",
    "relax": "elastic.relax",
    "milp": "scipy_api",
    "Config": "config.pump",
    "PRESETS": "config.presets",
    "Problem": "core.problem",
    "RelaxResult": "elastic.result",
    "SolveResult": "outcome.result",
    "Status": "core.status",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'diffpump' has no attribute '{name}'")
    from importlib import import_module

    try:
        module = import_module(f"diffpump.{_HOMES[name]}")
    except ImportError as error:
        if "ortools" not in sys.modules:
            raise
        if name != "solve":
            reason = f"diffpump.{name} needs highspy, which cannot be loaded after OR-Tools ({error})"
            raise ImportError(f"{reason}; use it in a process without ortools") from error
        module = import_module("diffpump.apart")
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
