"""The differentiable feasibility pump as a primal heuristic of SCIP.

It takes the LP relaxation of the focus node (cuts, fixings and local bounds are in it), loads it into an LP
solver of its own with SCIP's basis, pumps from SCIP's LP solution, and offers what it finds to SCIP, whose
constraint handlers have the last word; what they refuse does not end the run. Nothing in SCIP is touched but
its store of solutions. In the root's LP loop it runs once, before the cuts are in; in the tree after plunges.

    gate                                              result
    the node is infeasible, its LP is not solved      DELAYED
    its LP value is not below the cutoff bound        DELAYED
    nothing is fractional                             DIDNOTRUN
    the root's LP loop, for the second time           DIDNOTRUN
    SCIP has `maxsols` solutions                      DIDNOTRUN
    its share of LP iterations is used up             DIDNOTRUN
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from pyscipopt import SCIP_HEURTIMING, SCIP_LPSOLSTAT, SCIP_RESULT, Heur

from diffpump.backends.relaxation import load
from diffpump.config.pump import Config
from diffpump.core.arrays import Vector
from diffpump.core.limits import Clock
from diffpump.io.foreign import from_arrays
from diffpump.pump import Pump
from diffpump.scip.host import CurrentLp, Host
from diffpump.scip.parameters import Parameters, Patience

NAME = "diffpump"
DESCRIPTION = "differentiable feasibility pump"
DISPLAY = "&"
PRIORITY = -999_000  # just before SCIP's own feasibility pump, -1 000 000
FREQUENCY = 20
OFFSET = 0
MAXDEPTH = -1
TIMING = SCIP_HEURTIMING.DURINGLPLOOP | SCIP_HEURTIMING.AFTERLPPLUNGE
USES_SUBSCIP = False

# LP iterations that a call may spend at least, and so many times its limit while violated rows become fewer,
# without a solution and with one: SCIP's own feasibility pump allows itself the same.
LEAST, WITHOUT, WITH = 5_000, 4, 2
GAIN = 1e-6  # relative: a second solution of the same integers has to be better by that

log = logging.getLogger("diffpump.scip")


@dataclass
class Statistics:
    """What the heuristic did in a solve: calls by SCIP, those of them that ran, and of these that found
    something; LP iterations, seconds, solutions that SCIP took and refused, errors caught; closed: calls by
    the gate that closed."""

    calls: int = 0
    runs: int = 0
    successes: int = 0
    lp_iterations: int = 0
    seconds: float = 0.0
    found: int = 0
    refused: int = 0
    errors: int = 0
    closed: Counter[str] = field(default_factory=Counter)


def prepare(config: Config) -> None:
    """Load what a pump of this configuration needs (0.1 s), so that SCIP's first call need not.

    Raises UsageError for a configuration that cannot be built.
    """
    small = from_arrays([1, 1], [[2, 2]], [1], [3], [0, 0], [1, 1], [True, True])
    relaxation = load(small, config.backend, "warm", config.lp_algorithm)
    pump = Pump(small, config, relaxation, 0, accept=lambda x: False, refute=lambda ray: False)
    for _ in islice(pump.iterates(), 3):
        pass


class DiffPump(Heur):  # type: ignore[misc]
    """The plugin; `statistics` can be read at any time, also after the solve; the next has its own."""

    def __init__(self, config: Config, parameters: Parameters) -> None:
        self.config, self.parameters = config, parameters
        self.statistics = Statistics()
        self._in_loop = False  # whether it has run in the root's LP loop

    def heurinit(self) -> None:
        """A solve begins, maybe another one of the same model: SCIP counts anew, and so does its share."""
        self.statistics = Statistics()

    def heurinitsol(self) -> None:
        """Branch and bound begins, or begins again after a restart."""
        self._in_loop = False

    def heurexec(self, heurtiming: int, nodeinfeasible: bool) -> dict[str, int]:
        """SCIP's call. Whatever goes wrong in here must not cost SCIP its solve."""
        began = time.perf_counter()
        self.statistics.calls += 1
        try:
            return {"result": self._called(heurtiming, nodeinfeasible)}
        except KeyboardInterrupt:
            self.model.interruptSolve()
        except Exception:
            self.statistics.errors += 1
            log.exception("the feasibility pump failed, and SCIP goes on without it")
        finally:
            self.statistics.seconds += time.perf_counter() - began
        return {"result": SCIP_RESULT.DIDNOTRUN}

    def _called(self, timing: int, infeasible: bool) -> int:
        host = Host(self.model)
        gate = self._gate(host, timing, infeasible)
        if gate is not None:
            reason, result = gate
            self.statistics.closed[reason] += 1
            return result
        self.statistics.runs += 1
        self._in_loop |= timing == SCIP_HEURTIMING.DURINGLPLOOP
        found = self._pump(host, host.lp())
        self.statistics.successes += found
        return int(SCIP_RESULT.FOUNDSOL if found else SCIP_RESULT.DIDNOTFIND)

    def _gate(self, host: Host, timing: int, infeasible: bool) -> tuple[str, int] | None:
        """Why not to run, and what to tell SCIP; the cheapest reasons first."""
        model, own = self.model, self.parameters
        if infeasible:
            return "node infeasible", SCIP_RESULT.DELAYED
        if timing == SCIP_HEURTIMING.DURINGLPLOOP and (self._in_loop or model.getDepth() > 0):
            return "in the LP loop once", SCIP_RESULT.DIDNOTRUN
        if model.getLPSolstat() != SCIP_LPSOLSTAT.OPTIMAL:
            return "LP not solved", SCIP_RESULT.DELAYED
        if not host.lp_value() < host.cutoff():
            return "cut off", SCIP_RESULT.DELAYED
        if model.getNLPBranchCands() == 0:
            return "not fractional", SCIP_RESULT.DIDNOTRUN
        if own.maxsols >= 0 and model.getNSolsFound() > own.maxsols:
            return "maxsols", SCIP_RESULT.DIDNOTRUN
        if self._budget() <= 0:
            return "maxlpiterquot", SCIP_RESULT.DIDNOTRUN
        return None

    def _budget(self) -> float:
        """LP iterations that are left; a heuristic that finds something may spend more, as SCIP's own."""
        own, done = self.parameters, self.statistics
        worth = (1 + done.successes) / (1 + done.runs)
        allowed = own.maxlpiterofs + own.maxlpiterquot * (1 + 10 * worth) * self.model.getNLPIterations()
        return float(allowed - done.lp_iterations)

    def _pump(self, host: Host, lp: CurrentLp) -> bool:
        """Iterations until SCIP has taken a solution, or the effort is used up."""
        config, own, before = self.config, self.parameters, self.statistics.found
        relaxation = load(lp.problem, config.backend, "warm", config.lp_algorithm)
        relaxation.restore_basis(lp.basis)
        seed = own.seed + self.model.getParam("randomization/randomseedshift") + self.statistics.runs
        more = WITH if self.model.getNSolsFound() else WITHOUT
        patience = Patience(max(self._budget(), LEAST), more, own.maxstallloops)
        clock = Clock(stop=host.stopped, iterations=lambda: patience.left(pump.counters["lp_iterations"]))
        pump = Pump(
            lp.problem, config, relaxation, seed, clock,
            accept=lambda x: self._accepted(lp, pump, x), refute=lambda ray: False, x0=lp.x,
        )  # fmt: skip
        cutoff = host.cutoff()
        if np.isfinite(cutoff):
            pump.cutoff(cutoff - own.minimprove * (cutoff - host.lp_value()) - lp.loose)
        for state in pump.iterates():
            spent = state.counters["lp_iterations"]
            if patience.over(state.violated_rows, spent) or state.iteration >= own.maxloops:
                break
        self.statistics.lp_iterations += spent
        return self.statistics.found > before

    def _accepted(self, lp: CurrentLp, pump: Pump, x: Vector) -> bool:
        """Whether SCIP takes a candidate (n,), as it is or with the continuous columns that an LP chooses for
        its integers: they come second, where that is better."""
        taken, repair = self._offer(lp, x), pump.judging.repair
        better = None if repair is None else repair(x)  # None, too, where x is what it chose
        if better is None or (taken and lp.problem.c @ (x - better) <= GAIN * (1 + abs(lp.problem.c @ x))):
            return taken
        return self._offer(lp, better) or taken

    def _offer(self, lp: CurrentLp, x: Vector) -> bool:
        """Have SCIP judge a point of the LP's columns, (n,); other variables stay as in its LP solution."""
        model = self.model
        solution = model.createSol(self, initlp=True)
        try:
            for j in np.flatnonzero(x != lp.x).tolist():
                model.setSolVal(solution, lp.columns[j], x[j])
        except BaseException:
            model.freeSol(solution)
            raise
        taken = bool(model.trySol(solution, printreason=False))  # which frees it
        self.statistics.found += taken
        self.statistics.refused += not taken
        return taken
