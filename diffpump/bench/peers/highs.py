"""HiGHS: branch and cut with its defaults, which include its heuristics (feasibility jump, RENS, RINS, ...).

    threads                  as requested; global to the process, so the scheduler is reset
    random_seed              the seed of the run
    time_limit               the rest of the job's time once HiGHS has the model
    mip_max_improving_sols   1 to end at the first solution; an interrupt is set as well, since not all parts
                             of HiGHS look at this limit

A callback reports every improving solution with its values.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

from diffpump.bench.peers.task import PEERS, SEED_LIMIT, Incumbents, Outcome, Task
from diffpump.core.errors import InputError
from diffpump.core.problem import Problem
from diffpump.core.status import Status

_STATUS = {
    "kInfeasible": Status.INFEASIBLE,
    "kUnbounded": Status.UNBOUNDED,
    "kUnboundedOrInfeasible": Status.UNBOUNDED,  # the record's message keeps the distinction
    "kTimeLimit": Status.TIME_LIMIT,
    "kInterrupt": Status.INTERRUPTED,
}
_FEASIBLE_POINT = 2  # HighsInfo.primal_solution_status


@PEERS.register("highs", help="HiGHS, branch and cut, its defaults")
class Highs:
    """HiGHS as a `Peer` and `Loader`, through highspy."""

    gzip = True

    def missing(self) -> str | None:
        """Return None if highspy is installed."""
        return None if find_spec("highspy") else "pip install highspy"

    def versions(self) -> dict[str, str]:
        """Return the version of HiGHS."""
        from diffpump.backends.highs_model import silent_highs

        return {"highs": silent_highs().version()}

    def load(self, problem: Problem) -> Any:
        """Return a HiGHS object with the problem, its offset included."""
        from diffpump.backends.highs_model import loaded

        return loaded(problem, offset=problem.offset)

    def run(self, task: Task) -> Outcome:
        """Search in the loaded model or in the file; a callback reports every improving solution."""
        import highspy

        from diffpump.backends.highs_model import silent_highs

        began = task.elapsed()
        highspy.Highs.resetGlobalScheduler(True)
        highs = silent_highs() if task.model is None else task.model
        options = {"threads": task.threads, "random_seed": task.seed % SEED_LIMIT}
        for option, value in options.items():
            highs.setOptionValue(option, value)
        if task.model is None and highs.readModel(task.path) == highspy.HighsStatus.kError:
            raise InputError("HiGHS's reader refuses the file", task.path)
        columns = None if task.model else list(highs.getLp().col_names_)
        read = began, task.elapsed()
        if task.first:
            highs.setOptionValue("mip_max_improving_sols", 1)
        incumbents = Incumbents(task)

        calls = highspy.cb.HighsCallbackType

        def on_event(kind: object, message: str, out: Any, into: Any, user: object) -> None:
            if kind == calls.kCallbackMipImprovingSolution:
                # np.array copies: HiGHS owns the memory of `mip_solution`.
                incumbents.add(float(out.objective_function_value), lambda: np.array(out.mip_solution))
            elif task.first and incumbents:
                into.user_interrupt = True

        highs.setCallback(on_event, None)
        highs.startCallback(calls.kCallbackMipImprovingSolution)
        highs.startCallback(calls.kCallbackMipInterrupt)
        highs.setOptionValue("time_limit", highs.getRunTime() + task.left())
        highs.run()
        info, status = highs.getInfo(), highs.getModelStatus()
        if info.primal_solution_status == _FEASIBLE_POINT:
            incumbents.end(float(info.objective_function_value), np.array(highs.getSolution().col_value))
        words = highs.modelStatusToString(status).lower()
        if status == highspy.HighsModelStatus.kInterrupt and incumbents:
            words = "solution limit reached"
        optimal_lp = info.mip_node_count < 0 and status == highspy.HighsModelStatus.kOptimal
        return Outcome(
            incumbents, columns,
            _STATUS.get(status.name, Status.LP_FAILED), words, read,
            bound=float(info.objective_function_value if optimal_lp else info.mip_dual_bound),
            nodes=max(0, int(info.mip_node_count)), lp_iterations=max(0, int(info.simplex_iteration_count)),
        )  # fmt: skip
