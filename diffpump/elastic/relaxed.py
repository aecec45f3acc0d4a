"""The relaxed model: the model with its violated sides moved to the point that violates them.

A moved side is a float64 whose shortest decimal, which the file holds, is not inside of the exact one.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from diffpump.core.errors import OutputError, ProofError, UsageError
from diffpump.core.problem import Problem
from diffpump.io.files import refuse_directory, shortest_decimal
from diffpump.io.read import load_bytes, read_exact
from diffpump.io.write import mps_lines, write_mps_verified
from diffpump.verify.check import Proof, prove
from diffpump.verify.exact import nearest_float
from diffpump.verify.violations import Breach

SUFFIXES = (".mps", ".mps.gz")


def relaxed(problem: Problem, breaches: Iterable[Breach]) -> Problem:
    """Return the model with these violated sides moved outwards to the values of the point.

    Parameters
    ----------
    problem : Problem
        The original model.
    breaches : iterable of Breach
        The violated sides that may move.
    """
    sides = {
        ("row", "lower"): problem.row_lo.copy(), ("row", "upper"): problem.row_hi.copy(),
        ("column", "lower"): problem.lb.copy(), ("column", "upper"): problem.ub.copy(),
    }  # fmt: skip
    for one in breaches:
        sides[one.kind, one.side][one.index] = outside(one.value, one.side)
    row_lo, row_hi, lb, ub = sides.values()
    return replace(problem, row_lo=row_lo, row_hi=row_hi, lb=lb, ub=ub, source=None)


def outside(value: Fraction, side: str) -> float:
    """Return the nearest float whose shortest decimal is not above a lower, or not below an upper, side."""
    found, direction = nearest_float(value), -math.inf if side == "lower" else math.inf
    while math.isfinite(found):
        decimal = Fraction(shortest_decimal(found))
        if decimal <= value if side == "lower" else decimal >= value:
            return found
        found = math.nextafter(found, direction)
    return direction


def check_model_target(path: str | os.PathLike[str], problem: Problem | None = None) -> None:
    """Check in advance that a relaxed model can be written to a path.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    problem : Problem, optional
        The model, whose names are checked as well.

    Raises
    ------
    UsageError
        If the name of the file does not end in .mps or .mps.gz.
    OutputError
        If a name of the model cannot be in such a file, or if the file cannot be written.
    """
    target = Path(path)
    if not str(path).lower().endswith(SUFFIXES):
        raise UsageError(f"{path}: the name must end in {' or '.join(SUFFIXES)}")
    refuse_directory(path)
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: permission denied")
    if problem is not None:
        next(mps_lines(problem))


def write_relaxed(path: str | os.PathLike[str], problem: Problem, values: Mapping[str, str]) -> Proof:
    """Write a relaxed model and return the proof that a point is a solution of the file's content.

    The file appears complete or not at all, and only if the exact check accepts the point.

    Parameters
    ----------
    path : str or os.PathLike
        The file, .mps or .mps.gz.
    problem : Problem
        The relaxed model.
    values : mapping of str to str
        The point: decimal texts by column name; an absent column is 0.

    Raises
    ------
    ProofError
        If the point is not accepted.
    UsageError, OutputError
        As `check_model_target` does.
    """
    check_model_target(path, problem)

    def verify(written: Path) -> Proof:
        proof = prove(read_exact(load_bytes(str(written))[1]), values, "relaxed model")
        if not proof.accepted:
            raise ProofError(
                f"{path}: the point is no solution of the relaxed model as the file would hold it "
                f"(violation {proof.violation.worst:.3g}); it was not written"
            )
        return proof

    return write_mps_verified(problem, Path(path), verify)
