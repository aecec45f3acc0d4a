"""A callback for every improving solution of a SCIP run, for `diffpump scip` and for SCIP as a peer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pyscipopt import SCIP_EVENTTYPE, Eventhdlr, Model

from diffpump.core.arrays import Vector


class _Improving(Eventhdlr):  # type: ignore[misc]
    def __init__(self, callback: Callable[[Model, Any], None]) -> None:
        self._callback = callback

    def eventinit(self) -> None:
        self.model.catchEvent(SCIP_EVENTTYPE.BESTSOLFOUND, self)

    def eventexit(self) -> None:
        self.model.dropEvent(SCIP_EVENTTYPE.BESTSOLFOUND, self)

    def eventexec(self, event: Any) -> None:
        self._callback(self.model, self.model.getBestSol())


def improving(model: Model, callback: Callable[[Model, Any], None]) -> None:
    """Call `callback(model, solution)` for every improving solution of the next solve.

    During the call SCIP's primal bound is still the old one. The callback must not keep its model argument.
    """
    model.includeEventhdlr(_Improving(callback), "diffpump improving", "reports improving solutions")


def values(model: Model, solution: Any, variables: list[Any]) -> Vector:
    """Return the values (n,) of n original variables in a solution."""
    return np.array([model.getSolVal(solution, variable) for variable in variables], dtype=np.float64)
