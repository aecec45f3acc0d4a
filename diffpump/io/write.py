"""Free-format MPS out: the same bytes for the same model, on every machine.

Numbers are the shortest text that reads back as the same float64. Every integer column states its bounds,
because readers disagree on the default. A free row is an extra N row, a range row an L row with
RANGES, and the offset stands on the objective's right-hand side, negated, as readers expect it.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from decimal import Decimal, localcontext
from math import inf
from pathlib import Path
from typing import IO

from diffpump.core.errors import OutputError
from diffpump.core.problem import Problem
from diffpump.io.files import decimal, replace_file


def write_mps(problem: Problem, target: str | Path | IO[str]) -> None:
    """Write a model to a stream or a file; a name that ends in .gz is compressed, reproducibly.

    A file appears complete or not at all. OutputError: a name that free MPS cannot carry, or a failed write.
    """
    text = "".join(f"{line}\n" for line in mps_lines(problem))
    if not isinstance(target, (str, Path)):
        target.write(text)
        return
    path, data = Path(target), text.encode()
    if path.suffix == ".gz":
        packed = io.BytesIO()
        # An empty file name and a zero time keep the header free of where and when.
        with gzip.GzipFile("", "wb", fileobj=packed, mtime=0) as stream:
            stream.write(data)
        data = packed.getvalue()
    replace_file(path, data, lambda written: None)


def mps_lines(problem: Problem) -> Iterator[str]:
    """The lines of the file, without their ends."""
    for name in (*problem.col_names, *problem.row_names):
        if not name or name.startswith(("*", "$")) or any(ch.isspace() for ch in name):
            raise OutputError(f"free MPS cannot carry the name '{name}'")
    objective = _free_name("obj", problem.row_names)
    yield f"NAME {'_'.join(problem.name.split())}"
    if problem.maximise:
        yield "OBJSENSE"
        yield "    MAX"
    yield "ROWS"
    yield f" N {objective}"
    rows = list(zip(problem.row_names, problem.row_lo.tolist(), problem.row_hi.tolist(), strict=True))
    yield from (f" {_row_type(lo, hi)} {name}" for name, lo, hi in rows)
    yield "COLUMNS"
    yield from _columns(problem, objective)
    yield "RHS"
    if problem.offset:
        yield f" RHS {objective} {decimal(problem.offset if problem.maximise else -problem.offset)}"
    for name, lo, hi in rows:
        rhs = hi if hi < inf else lo
        if rhs and rhs > -inf:
            yield f" RHS {name} {decimal(rhs)}"
    ranges = [f" RNG {name} {_difference(hi, lo)}" for name, lo, hi in rows if -inf < lo < hi < inf]
    if ranges:
        yield "RANGES"
        yield from ranges
    yield "BOUNDS"
    bounds = zip(
        problem.col_names, problem.lb.tolist(), problem.ub.tolist(), problem.integer.tolist(), strict=True
    )
    for name, lb, ub, integer in bounds:
        yield from (f" {kind} BND {name}{value}" for kind, value in _bounds(lb, ub, integer))
    yield "ENDATA"


def _columns(problem: Problem, objective: str) -> Iterator[str]:
    sign = -1.0 if problem.maximise else 1.0
    matrix, inside = problem.csc, False
    for j, name in enumerate(problem.col_names):
        if problem.integer[j] != inside:
            inside = not inside
            yield f" MARKER 'MARKER' '{'INTORG' if inside else 'INTEND'}'"
        entries = slice(matrix.indptr[j], matrix.indptr[j + 1])
        rows, values = matrix.indices[entries].tolist(), matrix.data[entries].tolist()
        cost = sign * float(problem.c[j])
        if cost or not rows:  # a column without entries exists only by its cost, be it 0
            yield f" {name} {objective} {decimal(cost)}"
        yield from (f" {name} {problem.row_names[i]} {decimal(a)}" for i, a in zip(rows, values, strict=True))
    if inside:
        yield " MARKER 'MARKER' 'INTEND'"


def _row_type(lo: float, hi: float) -> str:
    if lo == hi:
        return "E"
    return "L" if hi < inf else "G" if lo > -inf else "N"


def _bounds(lb: float, ub: float, integer: bool) -> Iterator[tuple[str, str]]:
    """The BOUNDS entries of a column: (type, value with its leading blank)."""
    if lb == ub:
        yield "FX", f" {decimal(lb)}"
    elif integer and lb == 0 and ub == 1:
        yield "BV", ""
    elif lb == -inf and ub == inf:
        yield "FR", ""
    else:
        if lb == -inf:
            yield "MI", ""
        elif lb or ub < 0:
            yield "LO", f" {decimal(lb)}"
        if ub < inf:
            yield "UP", f" {decimal(ub)}"
        elif integer:
            yield "PL", ""


def _difference(hi: float, lo: float) -> str:
    """hi - lo as the two are printed, exactly: a range in float64 could move the row's other side."""
    with localcontext(prec=800):
        return str(Decimal(decimal(hi)) - Decimal(decimal(lo)))


def _free_name(wish: str, taken: list[str]) -> str:
    used = set(taken)
    while wish in used:
        wish += "_"
    return wish
