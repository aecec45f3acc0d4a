"""The model: min c'x + offset, row_lo <= A x <= row_hi, lb <= x <= ub, x_j integer where `integer`.

Sense, ranges and free rows are settled once, by the reader: `c` and `offset` are always those of a
minimisation, and `maximise` only tells how to print a value (`Problem.value`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.errors import InputError
from diffpump.core.parsed import ParsedModel


@dataclass(frozen=True)
class Source:
    """Where a model came from: the path as given, the sha256 of the file's bytes as stored, those bytes
    themselves when they cannot be read again (standard input), and what makes the model in the file's own
    numbers, which stays in the process that read it."""

    path: str
    sha256: str
    data: bytes | None = field(default=None, repr=False)
    model: Callable[[], ParsedModel] | None = field(default=None, repr=False, compare=False)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "model": None}


@dataclass(frozen=True, eq=False)
class Problem:
    """A mixed-integer linear program.

    Shapes: c, lb, ub, integer (n,); row_lo, row_hi (m,); A (m, n) CSR float64 with int32 indices,
    no duplicates, sorted, no explicit zeros. Infinite bounds are +-inf. Names are in column and
    row order and unique. `source` is None for a model built in memory.
    """

    name: str
    c: Vector
    offset: float
    maximise: bool
    A: sp.csr_matrix
    row_lo: Vector
    row_hi: Vector
    lb: Vector
    ub: Vector
    integer: Mask
    col_names: list[str]
    row_names: list[str]
    source: Source | None = None

    def __post_init__(self) -> None:
        m, n = self.A.shape
        for what, size, expected in (
            ("c", self.c.shape, n), ("lb", self.lb.shape, n), ("ub", self.ub.shape, n),
            ("integer", self.integer.shape, n), ("row_lo", self.row_lo.shape, m),
            ("row_hi", self.row_hi.shape, m), ("col_names", (len(self.col_names),), n),
            ("row_names", (len(self.row_names),), m),
        ):  # fmt: skip
            if size != (expected,):
                raise InputError(f"{what} has shape {size}, expected ({expected},)")
        if not (np.isfinite(self.c).all() and np.isfinite(self.A.data).all() and np.isfinite(self.offset)):
            raise InputError("a cost or coefficient is not a finite number")
        for what, lo, hi, names in (
            ("column", self.lb, self.ub, self.col_names), ("row", self.row_lo, self.row_hi, self.row_names),
        ):  # fmt: skip
            if np.isnan(lo).any() or np.isnan(hi).any():
                raise InputError(f"a {what} bound is not a number")
            bad = np.flatnonzero((lo > hi) | (lo == np.inf) | (hi == -np.inf))
            if bad.size:
                j = int(bad[0])
                raise InputError(f"{what} {names[j]}: lower bound {lo[j]:g} is above upper bound {hi[j]:g}")

    @property
    def n(self) -> int:
        """Number of columns."""
        return self.c.size

    @property
    def m(self) -> int:
        """Number of rows."""
        return self.row_lo.size

    @property
    def nnz(self) -> int:
        """Number of nonzero coefficients in the rows."""
        return int(self.A.nnz)

    @cached_property
    def csc(self) -> sp.csc_matrix:
        """A by columns, made on first use."""
        return self.A.tocsc()

    @cached_property
    def At(self) -> sp.csr_matrix:
        """A' as CSR (shares no memory with A), for products with row vectors."""
        return self.A.T.tocsr()

    @cached_property
    def pattern(self) -> sp.csr_matrix:
        """1 where A has an entry, (m, n)."""
        return sp.csr_matrix((np.ones(self.A.nnz), self.A.indices, self.A.indptr), shape=self.A.shape)

    @cached_property
    def binary(self) -> Mask:
        """B: integer columns whose bounds lie inside [0, 1], fixed ones included."""
        return self.integer & (self.lb >= 0) & (self.ub <= 1)

    @cached_property
    def integers(self) -> NDArray[np.intp]:
        """I: the integer columns' positions."""
        return np.flatnonzero(self.integer)

    @cached_property
    def integer_range(self) -> tuple[Vector, Vector]:
        """The least and greatest integers inside the bounds of the columns I."""
        return np.ceil(self.lb[self.integers]), np.floor(self.ub[self.integers])

    @cached_property
    def general(self) -> Mask:
        """G: the other integer columns."""
        return self.integer & ~self.binary

    def value(self, x: Vector) -> float:
        """The objective at x in the model's own sense, offset included."""
        return self.own(float(self.c @ x))

    def own(self, value: float) -> float:
        """c'x = value in the model's own sense, offset included."""
        value += self.offset
        return -value if self.maximise else value

    def excess(self, x: Vector) -> Vector:
        """By how much x (n,) is outside the sides of each row, (m,); not positive where the row holds."""
        activity = self.A @ x
        return np.asarray(np.maximum(self.row_lo - activity, activity - self.row_hi))


def activity_range(A: sp.csr_matrix, lb: Vector, ub: Vector) -> tuple[Vector, Vector]:
    """Least and greatest activity (m,) of the rows of A (m, n) over lb <= x <= ub, infinities included."""
    rows = np.repeat(np.arange(A.shape[0]), np.diff(A.indptr))
    at_lb, at_ub = A.data * lb[A.indices], A.data * ub[A.indices]
    low = np.bincount(rows, np.minimum(at_lb, at_ub), A.shape[0])
    high = np.bincount(rows, np.maximum(at_lb, at_ub), A.shape[0])
    return low.astype(np.float64), high.astype(np.float64)
