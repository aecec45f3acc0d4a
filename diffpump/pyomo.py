"""diffpump as a solver of Pyomo, in its newer solver interface and in `pyomo.environ.SolverFactory`.

    import diffpump.pyomo
    import pyomo.environ as pyo

    pyo.SolverFactory("diffpump").solve(model, timelimit=10)

Importing this module registers the solver; Pyomo finds no solvers by entry points.

| the run                                           | `termination_condition`      | `solution_status` |
|---------------------------------------------------|------------------------------|-------------------|
| a solution, claimed to be optimal                 | convergenceCriteriaSatisfied | optimal           |
| a solution within `rel_gap` of the LP bound       | convergenceCriteriaSatisfied | optimal           |
| another solution                                  | maxTimeLimit or unknown      | feasible          |
| the LP relaxation is unbounded, with a solution   | unbounded                    | feasible          |
| the LP relaxation is unbounded, without one       | infeasibleOrUnbounded        | noSolution        |
| no solution, proven or by branch and cut's report | provenInfeasible             | noSolution        |
| nothing found                                     | the limit, or unknown        | noSolution        |
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from math import inf
from typing import Any

from pyomo.common.collections import ComponentMap, ComponentSet
from pyomo.common.timing import HierarchicalTimer
from pyomo.contrib.solver.common.base import Availability, SolverBase
from pyomo.contrib.solver.common.config import BranchAndBoundConfig
from pyomo.contrib.solver.common.factory import SolverFactory
from pyomo.contrib.solver.common.results import Results, SolutionStatus, TerminationCondition
from pyomo.contrib.solver.common.util import (
    NoDualsError,
    NoFeasibleSolutionError,
    NoOptimalSolutionError,
    NoReducedCostsError,
    NoSolutionError,
)

import diffpump
from diffpump.core.errors import UsageError
from diffpump.core.status import Status
from diffpump.core.version import __version__
from diffpump.io.foreign.pyomo import compiled, load, problem_of
from diffpump.outcome.result import SolveResult

__all__ = ["Diffpump"]

_WITHOUT_SOLUTION = {
    Status.INFEASIBLE: TerminationCondition.provenInfeasible,
    Status.REPORTED_INFEASIBLE: TerminationCondition.provenInfeasible,
    Status.UNBOUNDED: TerminationCondition.infeasibleOrUnbounded,
    Status.TIME_LIMIT: TerminationCondition.maxTimeLimit,
    Status.ITERATION_LIMIT: TerminationCondition.iterationLimit,
    Status.INTERRUPTED: TerminationCondition.interrupted,
}


@SolverFactory.register(name="diffpump", doc="diffpump: verified solutions of mixed-integer linear programs")
class Diffpump(SolverBase):  # type: ignore[misc]  # Pyomo has no types
    """A Pyomo solver that searches with `diffpump.solve`.

    Its configuration is that of Pyomo's solvers with branch and bound: `time_limit`, `threads`, `rel_gap` to
    the proven LP bound, `tee` for a bar of the progress, and `solver_options` for all further arguments of
    `diffpump.solve`, such as {"seed": 1, "until": "first"}. `results.extra_info.result` is the `SolveResult`.

    Examples
    --------
    >>> import diffpump.pyomo
    >>> import pyomo.environ as pyo
    >>> m = pyo.ConcreteModel("bags")
    >>> m.x, m.y = pyo.Var(domain=pyo.Integers, bounds=(0, 4)), pyo.Var(domain=pyo.Integers, bounds=(0, 4))
    >>> m.worth = pyo.Objective(expr=2 * m.x + 3 * m.y, sense=pyo.maximize)
    >>> m.weight = pyo.Constraint(expr=3 * m.x + 5 * m.y <= 14.5)
    >>> found = pyo.SolverFactory("diffpump").solve(m, timelimit=30)
    >>> pyo.check_optimal_termination(found), pyo.value(m.x), pyo.value(m.y)
    (True, 3.0, 1.0)
    """

    CONFIG = BranchAndBoundConfig()

    def available(self) -> Any:
        """Return that the solver is available in full: it is installed, and needs no license."""
        return Availability.FullLicense

    def version(self) -> tuple[int, ...]:
        """Return the version as numbers."""
        return tuple(int(part) for part in __version__.split(".") if part.isdecimal())

    def solve(self, model: Any, **options: Any) -> Any:
        """Search, and load the solution unless `load_solutions` is False.

        Returns
        -------
        pyomo.contrib.solver.common.results.Results
            The results.

        Raises
        ------
        UnsupportedError, InputError, UsageError
            For a model or an option that diffpump refuses.
        NoOptimalSolutionError, NoFeasibleSolutionError
            Pyomo's errors, as its configuration asks for them.
        """
        began = datetime.datetime.now(datetime.UTC)
        config = self.config(value=options, preserve_implicit=True)
        timer = config.timer = config.timer or HierarchicalTimer()
        timer.start("compile_model")
        form = compiled(model)
        problem = problem_of(form, model.name)
        timer.stop("compile_model")
        timer.start("optimize")
        settings = _settings(config)
        result = diffpump.solve(problem, progress=bool(config.tee), **settings)
        timer.stop("optimize")
        results = _results(result)
        results.solution_loader = Loader(model, form.columns, result)
        results.solver_name, results.solver_version = self.name, self.version()
        results.solver_config = config
        results.timing_info.start_timestamp = began
        results.timing_info.wall_time = result.seconds["total"]
        results.timing_info.timer = timer
        if (
            config.raise_exception_on_nonoptimal_result
            and results.termination_condition is not TerminationCondition.convergenceCriteriaSatisfied
        ):
            raise NoOptimalSolutionError()
        if config.load_solutions:
            if not result.found:
                raise NoFeasibleSolutionError()
            results.solution_loader.load_vars()
        return results


class Loader:
    """Gives the solution of a run to the variables of its model."""

    def __init__(self, model: Any, variables: Sequence[Any], result: SolveResult) -> None:
        self._model, self._variables, self._result = model, variables, result

    def get_number_of_solutions(self) -> int:
        """Return 1 with a solution, else 0."""
        return int(self._result.found)

    def get_solution_ids(self) -> list[Any]:
        """Return the identifiers of the solutions."""
        return [None] * self.get_number_of_solutions()

    def load_solution(self) -> None:
        """Set the variables' values."""
        self.load_vars()

    def load_vars(self, vars_to_load: Sequence[Any] | None = None) -> None:
        """Set the values of these variables, or of all."""
        load(self.get_vars(vars_to_load).items())

    def get_vars(self, vars_to_load: Sequence[Any] | None = None) -> Any:
        """Return the values of these variables, or of all, as a ComponentMap."""
        if self._result.x is None:
            raise NoSolutionError()
        values = zip(self._variables, self._result.x.tolist(), strict=True)
        if vars_to_load is None:
            return ComponentMap(values)
        wanted = ComponentSet(vars_to_load)
        return ComponentMap((variable, value) for variable, value in values if variable in wanted)

    get_primals = get_vars  # the name in Pyomo before 6.10

    def get_duals(self, cons_to_load: Any = None) -> Any:
        """Raise NoDualsError: a solution of a MILP has none."""
        raise NoDualsError()

    def get_reduced_costs(self, vars_to_load: Any = None) -> Any:
        """Raise NoReducedCostsError: a solution of a MILP has none."""
        raise NoReducedCostsError()

    def load_import_suffixes(self) -> None:
        """Do nothing: there are no duals and reduced costs to load into suffixes."""


def _settings(config: Any) -> dict[str, Any]:
    """Return the arguments of `diffpump.solve`. Raises UsageError for an absolute gap."""
    settings = dict(config.solver_options.value())
    if config.abs_gap is not None:
        raise UsageError("abs_gap is not supported; set rel_gap, the gap to the proven LP bound")
    if config.time_limit is not None:
        settings["time_limit"] = config.time_limit
    if config.threads is not None:
        settings["threads"] = config.threads
    if config.rel_gap is not None:
        settings.update(until="gap-to-lp", gap=config.rel_gap)
    return settings


def _results(result: SolveResult) -> Any:
    """Return Pyomo's results of a run."""
    results = Results()
    results.termination_condition, results.solution_status = _conditions(result)
    results.incumbent_objective = result.objective
    worst = inf if result.problem.maximise else -inf
    results.objective_bound = worst if result.bound is None else result.bound
    results.extra_info.result = result
    return results


def _conditions(result: SolveResult) -> tuple[Any, Any]:
    """Return Pyomo's termination condition and solution status."""
    condition, status, gap = TerminationCondition, SolutionStatus, result.gap_to_lp
    if not result.found:
        return _WITHOUT_SOLUTION.get(result.status, condition.unknown), status.noSolution
    if result.status is Status.UNBOUNDED:
        return condition.unbounded, status.feasible
    meets_gap = result.config.get("until") == "gap-to-lp" and gap is not None and gap <= result.config["gap"]
    if result.optimal or meets_gap:
        return condition.convergenceCriteriaSatisfied, status.optimal
    limit, total = result.config.get("time_limit"), result.seconds["total"]
    ended_by_time = limit is not None and total is not None and total >= limit
    return (condition.maxTimeLimit if ended_by_time else condition.unknown), status.feasible
