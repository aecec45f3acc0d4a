"""Writing models as free-format MPS. The same model gives the same bytes on every machine.

* A number is the shortest decimal that reads back as the same float64.
* Every integer column has an entry in BOUNDS, because readers disagree on the default bounds.
* A free row is written as an additional N row, and a ranged row as an L row with an entry in RANGES.
* The offset is written as the objective's negated right-hand side, which is the convention of readers.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from math import inf
from pathlib import Path
from typing import IO, TypeVar

from diffpump.core.errors import OutputError
from diffpump.core.problem import Problem
from diffpump.io.files import replace_file, shortest_decimal

T = TypeVar("T")


def write_mps(problem: Problem, target: str | Path | IO[str]) -> None:
    """Write a model to a stream or to a file. A file appears complete or not at all.

    Parameters
    ----------
    problem : Problem
        The model.
    target : str, Path or text stream
        A path that ends in .gz is compressed, reproducibly.

    Raises
    ------
    OutputError
        For a name that free MPS cannot represent, and if the file cannot be written.
    """
    if isinstance(target, (str, Path)):
        write_mps_verified(problem, Path(target), lambda written: None)
    else:
        target.write(_text(problem))


def write_mps_verified(problem: Problem, path: Path, verify: Callable[[Path], T]) -> T:
    """Write a model to a file, and return the value of `verify`.

    Parameters
    ----------
    problem : Problem
        The model.
    path : Path
        The file, compressed as by `write_mps`.
    verify : callable
        Called with the path of the complete temporary file. An exception from it refuses the file.

    Raises
    ------
    OutputError
        As `write_mps` does.
    """
    data = _text(problem).encode()
    if path.suffix == ".gz":
        packed = io.BytesIO()
        # With an empty file name and a zero time, the header depends on neither the path nor the clock.
        with gzip.GzipFile("", "wb", fileobj=packed, mtime=0) as stream:
            stream.write(data)
        data = packed.getvalue()
    return replace_file(path, data, verify)


def _text(problem: Problem) -> str:
    return "".join(f"{line}\n" for line in mps_lines(problem))


def mps_lines(problem: Problem) -> Iterator[str]:
    """Yield the lines of the file, without line ends. Raises OutputError as `write_mps` does."""
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
        yield f" RHS {objective} {shortest_decimal(problem.offset if problem.maximise else -problem.offset)}"
    for name, lo, hi in rows:
        rhs = hi if hi < inf else lo
        if rhs and rhs > -inf:
            yield f" RHS {name} {shortest_decimal(rhs)}"
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
        if cost or not rows:  # an empty column needs its cost entry, even if it is 0
            yield f" {name} {objective} {shortest_decimal(cost)}"
        yield from (
            f" {name} {problem.row_names[i]} {shortest_decimal(a)}" for i, a in zip(rows, values, strict=True)
        )
    if inside:
        yield " MARKER 'MARKER' 'INTEND'"


def _row_type(lo: float, hi: float) -> str:
    if lo == hi:
        return "E"
    return "L" if hi < inf else "G" if lo > -inf else "N"


def _bounds(lb: float, ub: float, integer: bool) -> Iterator[tuple[str, str]]:
    """Yield the BOUNDS entries of a column: the type, and the value with a leading blank or nothing."""
    if lb == ub:
        yield "FX", f" {shortest_decimal(lb)}"
    elif integer and lb == 0 and ub == 1:
        yield "BV", ""
    elif lb == -inf and ub == inf:
        yield "FR", ""
    else:
        if lb == -inf:
            yield "MI", ""
        elif lb or ub < 0:
            yield "LO", f" {shortest_decimal(lb)}"
        if ub < inf:
            yield "UP", f" {shortest_decimal(ub)}"
        elif integer:
            yield "PL", ""


def _difference(hi: float, lo: float) -> str:
    """Return the exact difference of the printed numbers hi and lo.

    A difference rounded to float64 could change the row's lower side.
    """
    with localcontext(prec=800):
        return str(Decimal(shortest_decimal(hi)) - Decimal(shortest_decimal(lo)))


def _free_name(name: str, taken: list[str]) -> str:
    used = set(taken)
    while name in used:
        name += "_"
    return name
