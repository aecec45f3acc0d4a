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

from diffpump.bench.peers.task import SEEDS, Incumbents, Outcome, Task
from diffpump.core.errors import InputError
from diffpump.core.status import Status

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

        from diffpump.scip.improving import improving, values

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
        improving(
            model, lambda own, x: incumbents.add(own.getSolObjVal(x), lambda: values(own, x, variables))
        )
        self.settings(model)
        model.setParams({"randomization/randomseedshift": task.seed % SEEDS, "lp/threads": task.threads})
        if task.first:
            model.setParam("limits/solutions", 1)
        model.setParam("limits/time", min(task.left(), 1e20))
        model.optimizeNogil()  # other threads run on
        if model.getNSols():
            best = model.getBestSol()
            incumbents.end(model.getSolObjVal(best), values(model, best, variables))
        status = model.getStatus()
        return Outcome(
            incumbents, [variable.name for variable in variables],
            _STATUS.get(status, Status.LP_FAILED), status, read,
            bound=model.getDualbound(), nodes=model.getNTotalNodes(), lp_iterations=model.getNLPIterations(),
        )  # fmt: skip
