"""Every improving solution of a SCIP run as it comes, whoever runs SCIP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pyscipopt import SCIP_EVENTTYPE, Eventhdlr, Model

from diffpump.core.arrays import Vector


class _Improving(Eventhdlr):  # type: ignore[misc]
    def __init__(self, told: Callable[[Model, Any], None]) -> None:
        self._told = told

    def eventinit(self) -> None:
        self.model.catchEvent(SCIP_EVENTTYPE.BESTSOLFOUND, self)

    def eventexit(self) -> None:
        self.model.dropEvent(SCIP_EVENTTYPE.BESTSOLFOUND, self)

    def eventexec(self, event: Any) -> None:
        self._told(self.model, self.model.getBestSol())


def improving(model: Model, told: Callable[[Model, Any], None]) -> None:
    """Call `told(model, solution)` with every improving solution of the solve to come; SCIP's primal bound is
    still the old one then. The model that is told is not to be kept."""
    model.includeEventhdlr(_Improving(told), "diffpump improving", "tells of improving solutions")


def values(model: Model, solution: Any, variables: list[Any]) -> Vector:
    """A solution's values of original variables, as many."""
    return np.array([model.getSolVal(solution, variable) for variable in variables], dtype=np.float64)
