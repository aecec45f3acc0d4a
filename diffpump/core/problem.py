"""The model: min c'x + offset, row_lo <= A x <= row_hi, lb <= x <= ub, x_j integer where `integer`.

The reader resolves the sense, ranges and free rows once: `c` and `offset` are always those of a
minimisation, and `maximise` matters only where a value is printed (`Problem.value`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.errors import InputError
from diffpump.core.parsed import ParsedModel
from diffpump.core.tolerances import COST_BITS, FEASIBILITY_TOL, MODERATE_COSTS


@dataclass(frozen=True)
class Source:
    """The file that a model was read from.

    Attributes
    ----------
    path : str
        The path as the user gave it.
    sha256 : str
        The digest of the bytes as stored, compressed or not.
    data : bytes or None
        Those bytes where they cannot be read again (standard input).
    model : callable or None
        Returns the model in the file's exact numbers; it stays in the process that read the file.
    """

    path: str
    sha256: str
    data: bytes | None = field(default=None, repr=False)
    model: Callable[[], ParsedModel] | None = field(default=None, repr=False, compare=False)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "model": None}


@dataclass(frozen=True, eq=False)
class Problem:
    """A mixed-integer linear program.

    Infinite bounds and sides are +-inf.

    Attributes
    ----------
    name : str
        The name of the model.
    c : (n,) float64
        The finite costs of a minimisation.
    offset : float
        The constant of the objective, as that of a minimisation.
    maximise : bool
        Whether the model's own sense is to maximise; then `c` and `offset` are negated.
    A : (m, n) CSR float64 with int32 indices
        The coefficients, with no duplicates, sorted, no explicit zeros.
    row_lo, row_hi : (m,) float64
        The row sides.
    lb, ub : (n,) float64
        The column bounds.
    integer : (n,) bool
        The integer columns.
    col_names, row_names : list of str
        The unique names in column and row order.
    source : Source or None
        The file; None for a model built in memory.
    unit : float
        The objective is unit * c'x + offset. It differs from 1 only in the model that a search works on
        (`in_moderate_numbers`).

    Raises
    ------
    InputError
        For shapes that do not agree, for a number that is not finite or a bound that is not a number, and for
        a lower bound above the upper one.
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
    unit: float = 1.0

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
        """The number of columns."""
        return self.c.size

    @property
    def m(self) -> int:
        """The number of rows."""
        return self.row_lo.size

    @property
    def nnz(self) -> int:
        """The number of nonzero coefficients in the rows."""
        return int(self.A.nnz)

    def rows(self) -> Iterator[tuple[list[int], list[float]]]:
        """Yield the columns and the coefficients of each row, for libraries that take one row at a time."""
        columns, values = self.A.indices.tolist(), self.A.data.tolist()
        for begin, end in pairwise(self.A.indptr.tolist()):
            yield columns[begin:end], values[begin:end]

    @cached_property
    def csc(self) -> sp.csc_matrix:
        """A in CSC format, made on first use."""
        return self.A.tocsc()

    @cached_property
    def At(self) -> sp.csr_matrix:
        """A' in CSR format, for products with row vectors; it shares no memory with A."""
        return self.A.T.tocsr()

    @cached_property
    def pattern(self) -> sp.csr_matrix:
        """The sparsity pattern of A: 1 where A has an entry, (m, n) CSR."""
        return sp.csr_matrix((np.ones(self.A.nnz), self.A.indices, self.A.indptr), shape=self.A.shape)

    @cached_property
    def binary(self) -> Mask:
        """The columns B, as a mask (n,): integer ones with bounds inside [0, 1], fixed ones included."""
        return self.integer & (self.lb >= 0) & (self.ub <= 1)

    @cached_property
    def integers(self) -> NDArray[np.intp]:
        """The positions of the integer columns I."""
        return np.flatnonzero(self.integer)

    @cached_property
    def integer_range(self) -> tuple[Vector, Vector]:
        """The smallest and largest integers within the bounds of the columns I, (|I|,) each.

        An integer that misses a bound by at most FEASIBILITY_TOL counts as within, as in the exact check.
        """
        lb, ub = self.lb[self.integers], self.ub[self.integers]
        return np.ceil(lb - FEASIBILITY_TOL) + 0.0, np.floor(ub + FEASIBILITY_TOL)  # + 0.0: -0.0 becomes 0.0

    @cached_property
    def general(self) -> Mask:
        """The columns G, as a mask (n,): integer columns that are not in B."""
        return self.integer & ~self.binary

    def difference(self, x: Vector, y: Vector) -> int:
        """Return the number of integer columns in which two points (n,) with integral values there differ."""
        return int(np.count_nonzero(np.abs(x - y)[self.integer] > 0.5))

    def value(self, x: Vector) -> float:
        """Return the objective at x (n,) in the model's own sense, offset included."""
        return self.in_own_sense(float(self.c @ x))

    def in_own_sense(self, value: float) -> float:
        """Return the objective in the model's own sense, offset included, for c'x = value."""
        value = self.unit * value + self.offset
        return -value if self.maximise else value

    def in_moderate_numbers(self) -> Problem:
        """Return the same model in numbers that the solvers' absolute tolerances fit, or this one if it is.

        The costs are divided by a power of two, which is the new `unit`, if the largest one is outside
        `MODERATE_COSTS`: HiGHS takes a reduced cost of 1e-7 as zero and refuses a cost of 1e20. The bounds of
        integer columns become integers (`integer_range`), unless a column has none.
        """
        least, greatest = self.integer_range
        lb, ub, given = self.lb.copy(), self.ub.copy(), self.integers
        fits = least <= greatest
        lb[given[fits]], ub[given[fits]] = least[fits], greatest[fits]
        same = bool((lb == self.lb).all() and (ub == self.ub).all())
        largest = float(np.abs(self.c).max(initial=0.0))
        low, high = MODERATE_COSTS
        if largest == 0 or low <= largest <= high:
            return self if same else replace(self, lb=lb, ub=ub)
        power = math.frexp(largest)[1] - (0 if largest < low else COST_BITS)
        unit = math.ldexp(self.unit, power)
        return replace(self, lb=lb, ub=ub, c=np.ldexp(self.c, -power), unit=unit)

    def excess(self, x: Vector) -> Vector:
        """Return by how much x (n,) violates each row, (m,); zero or negative where the row holds."""
        activity = self.A @ x
        return np.asarray(np.maximum(self.row_lo - activity, activity - self.row_hi))

    def violated_rows(self, x: Vector, activity: Vector | None = None) -> Mask:
        """Return which rows a point violates by more than FEASIBILITY_TOL.

        Parameters
        ----------
        x : (n,) or (n, k) float64
            A point, or k points in columns.
        activity : (m,) or (m, k) float64, optional
            A x if the caller has it already.

        Returns
        -------
        (m,) or (m, k) bool
            True for a violated row. A row whose activity is not a number counts as violated.
        """
        activity = self.A @ x if activity is None else activity
        lo, hi = self.row_lo - FEASIBILITY_TOL, self.row_hi + FEASIBILITY_TOL
        if activity.ndim == 2:
            lo, hi = lo[:, None], hi[:, None]
        return np.asarray(~((activity >= lo) & (activity <= hi)))

    @cached_property
    def locks(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(down, up), (n,) each: the number of finite row sides that a decrease, or increase, may violate."""
        A = self.A
        return count_locks(A.indptr, A.indices, A.data, self.row_lo, self.row_hi, self.n)


def count_locks(
    start: NDArray[Any], columns: NDArray[Any], values: Vector, row_lo: Vector, row_hi: Vector, n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the number of finite row sides that a decrease, or an increase, of each column may violate.

    Parameters
    ----------
    start, columns, values : arrays
        The row pointers, column indices and coefficients of A in CSR form.
    row_lo, row_hi : (m,) float64
        The sides in row_lo <= A x <= row_hi.
    n : int
        The number of columns.

    Returns
    -------
    down, up : (n,) int64
        See `Problem.locks`.
    """
    rows = np.repeat(np.arange(row_lo.size), np.diff(start))
    lo, hi = np.isfinite(row_lo)[rows], np.isfinite(row_hi)[rows]
    positive = values > 0
    down = np.bincount(columns, np.where(positive, lo, hi), n)
    up = np.bincount(columns, np.where(positive, hi, lo), n)
    return down.astype(np.int64), up.astype(np.int64)


def activity_range(A: sp.csr_matrix, lb: Vector, ub: Vector) -> tuple[Vector, Vector]:
    """Return the least and the greatest activity of the rows of A over lb <= x <= ub.

    Parameters
    ----------
    A : (m, n) CSR float64
        The coefficients.
    lb, ub : (n,) float64
        The column bounds.

    Returns
    -------
    low, high : (m,) float64
        The activities, which may be infinite.
    """
    rows = np.repeat(np.arange(A.shape[0]), np.diff(A.indptr))
    at_lb, at_ub = A.data * lb[A.indices], A.data * ub[A.indices]
    low = np.bincount(rows, np.minimum(at_lb, at_ub), A.shape[0])
    high = np.bincount(rows, np.maximum(at_lb, at_ub), A.shape[0])
    return low.astype(np.float64), high.astype(np.float64)
