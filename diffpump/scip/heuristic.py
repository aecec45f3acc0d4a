"""The differentiable feasibility pump as a primal heuristic of SCIP.

A call takes the LP relaxation of the focus node, with its cuts, fixings and local bounds, loads it with
SCIP's basis into a separate LP solver, and runs the pump from SCIP's LP solution. It offers the points that
it finds to SCIP, whose constraint handlers decide; a point that they refuse does not end the call. The call
changes nothing in SCIP but its store of solutions. The heuristic runs once in the LP loop of the root, before
cuts are added, and in the tree after plunges. These conditions prevent a run:

    condition                                         result
    the kernels are not compiled yet                  DIDNOTRUN
    the node is infeasible, or its LP is not solved   DELAYED
    the LP value is not below the cutoff bound        DELAYED
    no column is fractional                           DIDNOTRUN
    an LP loop below the root, or again at the root   DIDNOTRUN
    SCIP has more than `maxsols` solutions            DIDNOTRUN
    the share of LP iterations is used up             DIDNOTRUN
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from pyscipopt import SCIP_HEURTIMING, SCIP_LPSOLSTAT, SCIP_RESULT, Heur

from diffpump.config.pump import Config
from diffpump.core.arrays import Vector
from diffpump.core.limits import RunLimits
from diffpump.io.foreign import from_arrays
from diffpump.pump import Pump, relaxation_for
from diffpump.scip.host import CurrentLp, Host
from diffpump.scip.parameters import Parameters, Patience

NAME = "diffpump"
DESCRIPTION = "differentiable feasibility pump"
DISPLAY = "&"
PRIORITY = -999_000  # runs just before SCIP's own feasibility pump, whose priority is -1 000 000
FREQUENCY = 20
OFFSET = 0
MAXDEPTH = -1
TIMING = SCIP_HEURTIMING.DURINGLPLOOP | SCIP_HEURTIMING.AFTERLPPLUNGE
USES_SUBSCIP = False

# The limit of LP iterations of a call is at least this. While the number of violated rows decreases, the call
# may take a multiple of its limit, which depends on whether SCIP has a solution. SCIP's own feasibility pump
# has the same rules.
MIN_CALL_LP_ITERATIONS = 5_000
EXTENSION_WITHOUT_SOLUTION, EXTENSION_WITH_SOLUTION = 4, 2
MIN_GAIN = 1e-6  # relative gain in objective for which a second solution with the same integers is offered

log = logging.getLogger("diffpump.scip")


@dataclass
class Statistics:
    """The statistics of the heuristic in a solve.

    calls          by SCIP
    runs           calls in which the pump ran
    successes      runs in which SCIP accepted a solution
    lp_iterations  simplex iterations of the pump
    seconds        wall seconds of all calls
    found          solutions that SCIP accepted
    refused        solutions that SCIP refused
    errors         exceptions that were caught
    skipped        calls without a run, by the condition that prevented it
    """

    calls: int = 0
    runs: int = 0
    successes: int = 0
    lp_iterations: int = 0
    seconds: float = 0.0
    found: int = 0
    refused: int = 0
    errors: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def prepare(config: Config) -> None:
    """Run the pump on a tiny model to load its modules and kernels (0.1 s) before SCIP's first call.

    Raises UsageError for an invalid configuration.
    """
    small = from_arrays([1, 1], [[2, 2]], [1], [3], [0, 0], [1, 1], [True, True])
    relaxation = relaxation_for(small, config.with_(lp_start="warm"))
    pump = Pump(small, config, relaxation, 0, accept=lambda x: False, refute=lambda ray: False)
    for _ in islice(pump.iterates(), 3):
        pass


class DiffPump(Heur):  # type: ignore[misc]
    """The heuristic plugin.

    `statistics` can be read at any time, also after the solve; every solve has a new object.
    """

    def __init__(
        self, config: Config, parameters: Parameters, has_kernels: Callable[[], bool] = lambda: True
    ) -> None:
        self.config, self.parameters, self._has_kernels = config, parameters, has_kernels
        self.statistics = Statistics()
        self._ran_in_lp_loop = False  # whether it has run in the LP loop of the root

    def heurinit(self) -> None:
        """Begin a solve with new statistics, since SCIP restarts its count of LP iterations as well."""
        self.statistics = Statistics()

    def heurinitsol(self) -> None:
        """Begin branch and bound, the first time or after a restart."""
        self._ran_in_lp_loop = False

    def heurexec(self, heurtiming: int, nodeinfeasible: bool) -> dict[str, int]:
        """Run when SCIP calls. An exception must not end SCIP's solve, so every exception is caught."""
        began = time.perf_counter()
        self.statistics.calls += 1
        try:
            return {"result": self._called(heurtiming, nodeinfeasible)}
        except KeyboardInterrupt:
            self.model.interruptSolve()
        except Exception:
            self.statistics.errors += 1
            log.exception("the feasibility pump failed; SCIP continues without it")
        finally:
            self.statistics.seconds += time.perf_counter() - began
        return {"result": SCIP_RESULT.DIDNOTRUN}

    def _called(self, timing: int, infeasible: bool) -> int:
        host = Host(self.model)
        skipped = self._reason_not_to_run(host, timing, infeasible)
        if skipped is not None:
            reason, result = skipped
            self.statistics.skipped[reason] += 1
            return result
        self.statistics.runs += 1
        self._ran_in_lp_loop |= timing == SCIP_HEURTIMING.DURINGLPLOOP
        found = self._pump(host, host.lp())
        self.statistics.successes += found
        return int(SCIP_RESULT.FOUNDSOL if found else SCIP_RESULT.DIDNOTFIND)

    def _reason_not_to_run(self, host: Host, timing: int, infeasible: bool) -> tuple[str, int] | None:
        """Return the condition that prevents a run, if any, and SCIP's result; cheap tests come first."""
        model, parameters = self.model, self.parameters
        if not self._has_kernels():
            return "no kernels", SCIP_RESULT.DIDNOTRUN
        if infeasible:
            return "node infeasible", SCIP_RESULT.DELAYED
        if timing == SCIP_HEURTIMING.DURINGLPLOOP and (self._ran_in_lp_loop or model.getDepth() > 0):
            return "in the LP loop once", SCIP_RESULT.DIDNOTRUN
        if model.getLPSolstat() != SCIP_LPSOLSTAT.OPTIMAL:
            return "LP not solved", SCIP_RESULT.DELAYED
        if not host.lp_value() < host.cutoff():
            return "cut off", SCIP_RESULT.DELAYED
        if model.getNLPBranchCands() == 0:
            return "not fractional", SCIP_RESULT.DIDNOTRUN
        if parameters.maxsols >= 0 and model.getNSolsFound() > parameters.maxsols:
            return "maxsols", SCIP_RESULT.DIDNOTRUN
        if self._lp_iterations_left() <= 0:
            return "maxlpiterquot", SCIP_RESULT.DIDNOTRUN
        return None

    def _lp_iterations_left(self) -> float:
        """Return the LP iterations left; success raises the share, as in SCIP's own feasibility pump."""
        parameters, done = self.parameters, self.statistics
        success_rate = (1 + done.successes) / (1 + done.runs)
        quotient = parameters.maxlpiterquot * (1 + 10 * success_rate)
        allowed = parameters.maxlpiterofs + quotient * self.model.getNLPIterations()
        return float(allowed - done.lp_iterations)

    def _pump(self, host: Host, lp: CurrentLp) -> bool:
        """Iterate until SCIP accepts a solution or the limits are reached; return whether it accepted one."""
        config, parameters, found_before = self.config, self.parameters, self.statistics.found
        relaxation = relaxation_for(lp.problem, config.with_(lp_start="warm"))
        relaxation.restore_basis(lp.basis)
        seed = parameters.seed + self.model.getParam("randomization/randomseedshift") + self.statistics.runs
        extension = EXTENSION_WITH_SOLUTION if self.model.getNSolsFound() else EXTENSION_WITHOUT_SOLUTION
        limit = max(self._lp_iterations_left(), MIN_CALL_LP_ITERATIONS)
        patience = Patience(limit, extension, parameters.maxstallloops)
        limits = RunLimits(
            stop=host.stopped, iterations=lambda: patience.left(pump.counters["lp_iterations"])
        )
        pump = Pump(
            lp.problem, config, relaxation, seed, limits,
            accept=lambda x: self._accepted(lp, pump, x), refute=lambda ray: False, x0=lp.x,
        )  # fmt: skip
        cutoff = host.cutoff()
        if np.isfinite(cutoff):
            pump.set_cutoff(cutoff - parameters.minimprove * (cutoff - host.lp_value()) - lp.loose)
        for state in pump.iterates():
            lp_iterations = state.counters["lp_iterations"]
            exhausted = patience.exhausted(state.violated_rows, lp_iterations)
            if exhausted or state.iteration >= parameters.maxloops:
                break
        self.statistics.lp_iterations += lp_iterations
        return self.statistics.found > found_before

    def _accepted(self, lp: CurrentLp, pump: Pump, x: Vector) -> bool:
        """Return whether SCIP accepts a candidate x (n,).

        An LP may choose better continuous columns for the integers of x; SCIP is offered that point as well.
        """
        accepted, repair = self._offer(lp, x), pump.candidates.repair
        repaired = None if repair is None else repair(x)  # also None if x is the LP's own choice
        min_gain = MIN_GAIN * (1 + abs(lp.problem.c @ x))
        if repaired is None or (accepted and lp.problem.c @ (x - repaired) <= min_gain):
            return accepted
        return self._offer(lp, repaired) or accepted

    def _offer(self, lp: CurrentLp, x: Vector) -> bool:
        """Offer SCIP a point x (n,) of the LP's columns; return whether it accepts it.

        Variables that are not in the LP keep their values of SCIP's LP solution.
        """
        model = self.model
        solution = model.createSol(self, initlp=True)
        try:
            for j in np.flatnonzero(x != lp.x).tolist():
                model.setSolVal(solution, lp.columns[j], x[j])
        except BaseException:
            model.freeSol(solution)
            raise
        accepted = bool(model.trySol(solution, printreason=False))  # this call frees the solution
        self.statistics.found += accepted
        self.statistics.refused += not accepted
        return accepted
