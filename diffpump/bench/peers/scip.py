"""SCIP: branch and cut with its defaults.

    randomization/randomseedshift   the run's seed; permutations stay off: they would change the model's order
    lp/threads                      as asked; the search itself has one
    limits/time                     what is left of the job's time once the model is read
    limits/solutions                1 to end at the first solution

Every improving solution comes by an event; its values are read, those of the original variables, if kept.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

from diffpump.bench.peers.task import SEEDS, Incumbents, Outcome, Task
from diffpump.result import InputError, Status, Vector

_STATUS = {
    "infeasible": Status.INFEASIBLE,
    "unbounded": Status.UNBOUNDED,
    "inforunbd": Status.UNBOUNDED,  # the message has the difference
    "timelimit": Status.TIME_LIMIT,
    "nodelimit": Status.ITERATION_LIMIT,
    "userinterrupt": Status.INTERRUPTED,
}


class Scip:
    """A `Peer`."""

    name = "scip"
    about = "SCIP, branch and cut, its defaults"
    gzip = True

    def missing(self) -> str | None:
        """None if PySCIPOpt is there."""
        found = find_spec("pyscipopt")
        return None if found else f"{self.name} is not installed: pip install 'diffpump[scip]'"

    def versions(self) -> dict[str, str]:
        """SCIP's and PySCIPOpt's."""
        import pyscipopt

        model = pyscipopt.Model()
        scip = f"{model.getMajorVersion()}.{model.getMinorVersion()}.{model.getTechVersion()}"
        return {"scip": scip, "pyscipopt": pyscipopt.__version__}

    def settings(self, model: Any) -> None:
        """What sets this peer apart, before the limits; nothing here."""

    def run(self, task: Task) -> Outcome:
        """Read and search; every improving solution comes by an event."""
        from pyscipopt import Model

        began = task.elapsed()
        model = Model()
        model.hideOutput()
        try:
            model.readProblem(task.path)
        except OSError as error:  # SCIP's own error codes, too
            raise InputError(f"SCIP's reader refuses the file: {error}", task.path) from None
        variables = model.getVars(transformed=False)
        read = began, task.elapsed()
        incumbents = Incumbents(task)
        _watch(model, variables, incumbents)
        self.settings(model)
        model.setParams({"randomization/randomseedshift": task.seed % SEEDS, "lp/threads": task.threads})
        if task.first:
            model.setParam("limits/solutions", 1)
        model.setParam("limits/time", min(task.left(), 1e20))
        model.optimizeNogil()  # other threads run on
        if model.getNSols():
            best = model.getBestSol()
            incumbents.end(model.getSolObjVal(best), _values(model, best, variables))
        status = model.getStatus()
        return Outcome(
            incumbents, [variable.name for variable in variables],
            _STATUS.get(status, Status.LP_FAILED), status, read,
            bound=model.getDualbound(), nodes=model.getNTotalNodes(), lp_iterations=model.getNLPIterations(),
        )  # fmt: skip


def _watch(model: Any, variables: list[Any], incumbents: Incumbents) -> None:
    from pyscipopt import SCIP_EVENTTYPE, Eventhdlr

    class Improvements(Eventhdlr):  # type: ignore[misc]
        def eventinit(self) -> None:
            self.model.catchEvent(SCIP_EVENTTYPE.BESTSOLFOUND, self)

        def eventexit(self) -> None:
            self.model.dropEvent(SCIP_EVENTTYPE.BESTSOLFOUND, self)

        def eventexec(self, event: Any) -> None:
            best = self.model.getBestSol()  # the primal bound is still the old one here
            incumbents.add(self.model.getSolObjVal(best), lambda: _values(self.model, best, variables))

    model.includeEventhdlr(Improvements(), "incumbents", "the time and the values of improving solutions")


def _values(model: Any, solution: Any, variables: list[Any]) -> Vector:
    """Values of the original variables."""
    return np.array([model.getSolVal(solution, variable) for variable in variables], dtype=np.float64)
