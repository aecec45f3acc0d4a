"""Comparisons of two parsed models, and of a `Problem` with what a solver reads from the same file."""

from __future__ import annotations

from pathlib import Path

import highspy
import numpy as np
import scipy.sparse as sp

from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem

NEGLIGIBLE = 1e-9  # HiGHS and SCIP drop coefficients up to this size, and SCIP reads such sides as 0


def same_parsed(a: ParsedModel, b: ParsedModel) -> bool:
    """Return whether two parsed models are equal to the last bit, the order of entries included."""
    arrays = ("c", "rows", "cols", "values", "row_lo", "row_hi", "lb", "ub", "integer")
    plain = ("name", "maximise", "offset", "col_names", "row_names")
    return all(np.array_equal(getattr(a, f), getattr(b, f)) for f in arrays) and all(
        getattr(a, f) == getattr(b, f) for f in plain
    )


def highs_differences(path: Path, ours: Problem) -> list[str]:
    """Return the attributes of a model that HiGHS reads differently, order and names included."""
    solver = highspy.Highs()
    solver.silent()
    if solver.readModel(str(path)) == highspy.HighsStatus.kError:
        return ["refused"]
    theirs, sign = solver.getLp(), -1.0 if ours.maximise else 1.0
    shape = (theirs.num_row_, theirs.num_col_)
    if shape != (ours.m, ours.n):
        return [f"shape {shape}"]
    entries = theirs.a_matrix_
    matrix = sp.csc_matrix(
        (np.array(entries.value_), np.array(entries.index_), np.array(entries.start_)), shape
    )
    gap = abs(matrix.tocsr() - ours.A)
    kinds = [kind != highspy.HighsVarType.kContinuous for kind in theirs.integrality_] or [False] * ours.n
    pairs = {
        "c": (sign * np.array(theirs.col_cost_), ours.c), "offset": (sign * theirs.offset_, ours.offset),
        "lb": (theirs.col_lower_, ours.lb), "ub": (theirs.col_upper_, ours.ub),
        "integer": (kinds, ours.integer), "col_names": (theirs.col_names_, ours.col_names),
        "row_names": (theirs.row_names_, ours.row_names),
        "maximise": (theirs.sense_ == highspy.ObjSense.kMaximize, ours.maximise),
    }  # fmt: skip
    found = [what for what, (a, b) in pairs.items() if not np.array_equal(np.asarray(a), np.asarray(b))]
    sides = np.array([theirs.row_lower_, theirs.row_upper_]), np.array([ours.row_lo, ours.row_hi])
    # The end of a range may differ in the last bit, since diffpump rounds it once.
    scale = np.where(np.isfinite(sides[1]), np.abs(sides[1]), 0).max(0)
    if not np.isclose(*sides, rtol=0, atol=1e-15 * scale).all():
        found.append("sides")
    return found + (["A"] if gap.nnz and gap.max() > NEGLIGIBLE else [])


def scip_differences(path: Path, ours: Problem) -> list[str]:
    """Return the attributes of a model that SCIP reads differently, columns and rows matched by name."""
    import pyscipopt

    solver = pyscipopt.Model()
    solver.hideOutput()
    solver.readProblem(str(path))
    infinity, sign = solver.infinity(), -1.0 if ours.maximise else 1.0

    def side(value: float) -> float:
        return value if abs(value) < infinity else float(np.copysign(np.inf, value))

    columns = {var.name: var for var in solver.getVars()}
    rows = {row.name: row for row in solver.getConss()}
    if set(columns) != set(ours.col_names) or set(rows) != set(ours.row_names):
        return ["names"]
    found = []
    for j, name in enumerate(ours.col_names):
        var = columns[name]
        theirs = (
            sign * var.getObj(),
            side(var.getLbOriginal()),
            side(var.getUbOriginal()),
            var.vtype() != "CONTINUOUS",
        )
        if theirs != (ours.c[j], ours.lb[j], ours.ub[j], ours.integer[j]):
            found.append(f"column {name}")
    for i, name in enumerate(ours.row_names):
        row, entries = rows[name], slice(ours.A.indptr[i], ours.A.indptr[i + 1])
        terms = zip(ours.A.indices[entries].tolist(), ours.A.data[entries].tolist(), strict=True)
        mine = {ours.col_names[j]: value for j, value in terms if abs(value) > NEGLIGIBLE}
        if row.getConshdlrName() != "linear" or solver.getValsLinear(row) != mine:
            found.append(f"row {name}")
        elif [side(solver.getLhs(row)), side(solver.getRhs(row))] != [
            0 if abs(value) < NEGLIGIBLE else value for value in (ours.row_lo[i], ours.row_hi[i])
        ]:
            found.append(f"sides of {name}")
    if (
        sign * solver.getObjoffset() != ours.offset
        or (solver.getObjectiveSense() == "maximize") != ours.maximise
    ):
        found.append("objective")
    return found
