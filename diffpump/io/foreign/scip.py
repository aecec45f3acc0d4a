"""Models of PySCIPOpt: the original one, also after presolving or solving, and MIP starts for SCIP."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from diffpump.core.errors import UnsupportedError, UsageError
from diffpump.core.problem import Problem
from diffpump.io.foreign.arrays import from_arrays
from diffpump.io.foreign.base import ADAPTERS, Answer, Handles, values_at

_PROBLEM_STAGE = 1  # SCIP_STAGE_PROBLEM: the model is built but not yet transformed


@ADAPTERS.register("scip", help="pyscipopt.Model", facts=Handles("pyscipopt", "Model"))
class Scip:
    """The `Adapter` of `pyscipopt.Model`."""

    def problem(self, model: Any) -> Problem:
        """Return the model; constraints that are not linear and negated variables raise UnsupportedError."""
        variables = model.getVars(transformed=False)
        # Variables are matched by index, since two SCIP variables may share a name.
        position = {v.getIndex(): j for j, v in enumerate(variables)}
        rows: list[int] = []
        cols: list[int] = []
        values: list[float] = []
        constraints = model.getConss(transformed=False)
        for i, constraint in enumerate(constraints):
            kind = constraint.getConshdlrName()
            if kind != "linear":
                raise UnsupportedError(f"constraint {constraint.name}: {kind} constraints are not supported")
            members = [position.get(v.getIndex()) for v in model.getConsVars(constraint)]
            rows.extend([i] * len(members))
            for j in members:
                if j is None:
                    raise UnsupportedError(
                        f"constraint {constraint.name}: negated variables are not supported"
                    )
                cols.append(j)
            values.extend(model.getConsVals(constraint))
        shape = (len(constraints), len(variables))
        return from_arrays(
            [v.getObj() for v in variables],
            sp.csr_matrix((values, (np.array(rows, int), np.array(cols, int))), shape=shape),
            [model.getLhs(constraint) for constraint in constraints],
            [model.getRhs(constraint) for constraint in constraints],
            [v.getLbOriginal() for v in variables],
            [v.getUbOriginal() for v in variables],
            [v.isIntegral() for v in variables],
            offset=model.getObjoffset(original=True),
            maximise=model.getObjectiveSense() == "maximize",
            name=model.getProbName(),
            col_names=[v.name for v in variables],
            row_names=[constraint.name for constraint in constraints],
        )

    def apply(self, answer: Answer, model: Any) -> None:
        """Pass the solution to SCIP as a MIP start; SCIP completes further columns."""
        answer.solution()
        if model.getStage() != _PROBLEM_STAGE:
            raise UsageError(
                "SCIP accepts a MIP start only before it solves: call freeTransform() on it first"
            )
        variables = model.getVars(transformed=False)
        values = values_at(answer, [v.name for v in variables])
        complete = len(values) == len(variables)
        solution = model.createOrigSol() if complete else model.createPartialSol()
        for j, value in values:
            model.setSolVal(solution, variables[j], value)
        model.addSol(solution)  # SCIP frees it; the result is False if SCIP already has this solution
