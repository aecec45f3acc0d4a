"""SCIP: branch and cut with its defaults.

    randomization/randomseedshift   the seed of the run; permutations stay off, as they reorder the model
    lp/threads                      as requested; the search itself uses one thread
    limits/time                     the rest of the job's time once SCIP has the model
    limits/solutions                1 to end at the first solution

An event handler reports every improving solution. Its values, of the original variables, are read only if the
point is stored.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from diffpump.bench.peers.task import PEERS, SEED_LIMIT, Incumbents, Outcome, Task
from diffpump.core.problem import Problem
from diffpump.core.status import Status

_STATUS = {
    "infeasible": Status.INFEASIBLE,
    "unbounded": Status.UNBOUNDED,
    "inforunbd": Status.UNBOUNDED,  # the record's message keeps the distinction
    "timelimit": Status.TIME_LIMIT,
    "nodelimit": Status.ITERATION_LIMIT,
    "userinterrupt": Status.INTERRUPTED,
}


@PEERS.register("scip", help="SCIP, branch and cut, its defaults", extra="scip", modules=("pyscipopt",))
class Scip:
    """SCIP as a `Peer` and `Loader`, through PySCIPOpt."""

    gzip = True

    def missing(self) -> str | None:
        """Return None if PySCIPOpt is installed."""
        found = find_spec("pyscipopt")
        return None if found else "pip install 'diffpump[scip]'"

    def versions(self) -> dict[str, str]:
        """Return the versions of SCIP and PySCIPOpt."""
        import pyscipopt

        model = pyscipopt.Model()
        scip = f"{model.getMajorVersion()}.{model.getMinorVersion()}.{model.getTechVersion()}"
        return {"scip": scip, "pyscipopt": pyscipopt.__version__}

    def settings(self, model: Any) -> None:
        """Set parameters of the peer before the limits are set; SCIP itself keeps its defaults."""

    def load(self, problem: Problem) -> Any:
        """Return SCIP with the problem, and its variables in the problem's order."""
        from diffpump.scip.model import built

        return built(problem)

    def run(self, task: Task) -> Outcome:
        """Search in the loaded model or in the file; an event handler reports every improving solution."""
        from diffpump.scip.improving import improving, values

        began = task.elapsed()
        from diffpump.scip.model import natively_read

        if task.model is None:
            model = natively_read(task.path, task.path)
            variables = model.getVars(transformed=False)
        else:
            model, variables = task.model
        read = began, task.elapsed()
        incumbents = Incumbents(task)
        improving(
            model, lambda own, x: incumbents.add(own.getSolObjVal(x), lambda: values(own, x, variables))
        )
        self.settings(model)
        model.setParams({"randomization/randomseedshift": task.seed % SEED_LIMIT, "lp/threads": task.threads})
        if task.first:
            model.setParam("limits/solutions", 1)
        model.setParam("limits/time", min(task.left(), 1e20))
        model.optimizeNogil()  # releases the GIL, so that other threads keep running
        if model.getNSols():
            best = model.getBestSol()
            incumbents.end(model.getSolObjVal(best), values(model, best, variables))
        status = model.getStatus()
        return Outcome(
            incumbents, [variable.name for variable in variables],
            _STATUS.get(status, Status.LP_FAILED), status, read,
            bound=model.getDualbound(), nodes=model.getNTotalNodes(), lp_iterations=model.getNLPIterations(),
        )  # fmt: skip
