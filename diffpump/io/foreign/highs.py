"""Models of HiGHS: the one that was passed to it, before presolve, and solutions as MIP starts for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from diffpump.core.errors import UnsupportedError, UsageError
from diffpump.core.problem import Problem
from diffpump.io.foreign.arrays import from_arrays, unique_names
from diffpump.io.foreign.base import ADAPTERS, Answer, Handles, column_positions


@ADAPTERS.register("highs", help="highspy.Highs", facts=Handles("highspy", "_Highs"))
class Highs:
    """The `Adapter` of `highspy.Highs`."""

    def problem(self, model: Any) -> Problem:
        """Return the model; a quadratic objective and semicontinuous columns raise UnsupportedError."""
        if model.getHessianNumNz():
            raise UnsupportedError("quadratic objectives are not supported")
        lp = model.getLp()
        n, m = lp.num_col_, lp.num_row_
        kinds = [kind.name for kind in lp.integrality_] or ["kContinuous"] * n
        names = unique_names(lp.col_names_ or [""] * n, "x")
        for name, kind in zip(names, kinds, strict=True):
            if kind.startswith("kSemi"):
                raise UnsupportedError(f"column {name}: semicontinuous columns are not supported")
        entries = lp.a_matrix_
        by_rows = entries.format_.name.startswith("kRow")
        arrays = (
            np.array(entries.value_, float), np.array(entries.index_, int), np.array(entries.start_, int),
        )  # fmt: skip
        matrix = sp.csr_matrix(arrays, shape=(m, n)) if by_rows else sp.csc_matrix(arrays, shape=(m, n))
        return from_arrays(
            lp.col_cost_, matrix, lp.row_lower_, lp.row_upper_, lp.col_lower_, lp.col_upper_,
            [kind != "kContinuous" for kind in kinds],
            offset=lp.offset_, maximise=lp.sense_.name == "kMaximize", name=lp.model_name_,
            col_names=names, row_names=lp.row_names_ or None,
        )  # fmt: skip

    def apply(self, answer: Answer, model: Any) -> None:
        """Pass the solution to HiGHS as a MIP start; HiGHS completes further columns."""
        x = answer.solution()
        names = model.getLp().col_names_ or [""] * model.getNumCol()
        columns = column_positions(answer.problem, names)
        status = model.setSolution(x.size, columns.astype(np.int32), x)
        if status.name == "kError":
            raise UsageError("HiGHS refused the solution as a MIP start")
