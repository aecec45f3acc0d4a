"""The statistics of a model."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.explain.rows import KINDS, kinds
from diffpump.outcome.record import instance_record

DENSE_SHARE, DENSE_ROWS = 0.1, 100  # a dense column is in more than this share, and this number, of rows
MAX_NAMED_COLUMNS = 5  # dense columns that are named
# Classes of general integer columns: the largest number of values, and the name of the class.
DOMAINS = ((3, "up to 3"), (10, "4 to 10"), (100, "11 to 100"), (10_000, "101 to 10 000"))


def describe(problem: Problem) -> dict[str, Any]:
    """Return the statistics of a model as one record."""
    return {
        **instance_record(problem),
        "continuous": int((~problem.integer).sum()),
        "sense": sense(problem),
        "density": density(problem),
        "row_kinds": coverage(problem),
        "domains": domains(problem),
        "bounds": bounds(problem),
        "lengths": {"row": _spread(np.diff(problem.A.indptr)), "column": _spread(_lengths(problem))},
        "dense_columns": dense_columns(problem),
        "columns_without": _without(problem),
        "blocks": blocks(problem),
        "ranges": {**ranges(problem), "ratio_in_a_row": _ratio(problem)},
    }


def sense(problem: Problem) -> str:
    """Return "maximise" or "minimise"."""
    return "maximise" if problem.maximise else "minimise"


def density(problem: Problem) -> float:
    """Return nonzeros / (rows * columns), 0 if there are no rows or columns."""
    return problem.nnz / (problem.m * problem.n) if problem.m and problem.n else 0.0


def coverage(problem: Problem) -> list[dict[str, Any]]:
    """Return for each kind of row that occurs its rows, their nonzeros, and the columns in any of them."""
    kind, n = kinds(problem), problem.n
    length = np.diff(problem.A.indptr)
    rows = np.bincount(kind, minlength=len(KINDS))
    nonzeros = np.bincount(kind, length, len(KINDS))
    pairs = np.unique(np.repeat(kind, length) * np.int64(max(n, 1)) + problem.A.indices)
    columns = np.bincount(pairs // max(n, 1), minlength=len(KINDS))
    return [
        {"kind": KINDS[k], "rows": int(rows[k]), "nonzeros": int(nonzeros[k]), "columns": int(columns[k])}
        for k in np.flatnonzero(rows)
    ]


def domains(problem: Problem) -> dict[str, int]:
    """Return the number of general integer columns in each nonempty class, by their number of values."""
    j = problem.general
    values = np.floor(problem.ub[j]) - np.ceil(problem.lb[j]) + 1
    edges = [largest for largest, _ in DOMAINS]
    classes = np.where(np.isfinite(values), np.searchsorted(edges, values), len(edges) + 1)
    names = [*(name for _, name in DOMAINS), "more", "unbounded"]
    counts = np.bincount(classes, minlength=len(names))
    return {name: int(count) for name, count in zip(names, counts, strict=True) if count}


def bounds(problem: Problem) -> dict[str, int]:
    """Return how many columns are fixed, boxed, bounded on one side, and free."""
    low, high = np.isfinite(problem.lb), np.isfinite(problem.ub)
    return {
        "fixed": int((problem.lb == problem.ub).sum()),
        "boxed": int((low & high & (problem.lb < problem.ub)).sum()),
        "one_sided": int((low ^ high).sum()),
        "free": int((~low & ~high).sum()),
    }


def dense_columns(problem: Problem) -> dict[str, Any]:
    """Return the number of dense columns, and the names of the longest ones."""
    lengths = _lengths(problem)
    dense = np.flatnonzero(lengths > max(DENSE_ROWS, DENSE_SHARE * problem.m))
    longest = dense[np.argsort(-lengths[dense], kind="stable")][:MAX_NAMED_COLUMNS]
    return {"count": int(dense.size), "longest": [problem.col_names[j] for j in longest]}


def blocks(problem: Problem) -> dict[str, Any]:
    """Return the number of blocks that share no column and no row, and the column share of the largest.

    Blocks without a row, which are single columns, are not counted.
    """
    m, n = problem.m, problem.n
    row = np.repeat(np.arange(m), np.diff(problem.A.indptr))
    graph = sp.coo_matrix((np.ones(problem.nnz), (row, m + problem.A.indices)), shape=(m + n, m + n))
    count, label = connected_components(graph, directed=False)
    with_row = np.unique(label[:m])
    columns = np.bincount(label[m:], minlength=count)[with_row]
    return {"count": int(with_row.size), "largest": float(columns.max(initial=0) / max(n, 1))}


def ranges(problem: Problem) -> dict[str, list[float] | None]:
    """Return the smallest and largest absolute values of costs, coefficients, sides and bounds."""
    return {
        "objective": _range(problem.c),
        "coefficients": _range(problem.A.data),
        "sides": _range(np.concatenate([problem.row_lo, problem.row_hi])),
        "bounds": _range(np.concatenate([problem.lb, problem.ub])),
    }


def _range(values: Vector) -> list[float] | None:
    """Return the smallest and largest absolute value of the finite nonzero values; None without any."""
    size = np.abs(values[np.isfinite(values) & (values != 0)])
    return [float(size.min()), float(size.max())] if size.size else None


def _ratio(problem: Problem) -> float | None:
    """Return the largest ratio of two absolute coefficients in the same row."""
    starts = problem.A.indptr[:-1][np.diff(problem.A.indptr) > 0]
    if not starts.size:
        return None
    size = np.abs(problem.A.data)
    return float((np.maximum.reduceat(size, starts) / np.minimum.reduceat(size, starts)).max())


def _lengths(problem: Problem) -> NDArray[np.intp]:
    """Return the number of entries of each column, (n,)."""
    return np.bincount(problem.A.indices, minlength=problem.n)


def _spread(lengths: NDArray[np.intp]) -> dict[str, float] | None:
    """Return the smallest, median, mean and largest length of rows or columns."""
    if not lengths.size:
        return None
    return {
        "least": int(lengths.min()), "median": float(np.median(lengths)), "mean": float(lengths.mean()),
        "most": int(lengths.max()),
    }  # fmt: skip


def _without(problem: Problem) -> dict[str, int]:
    """Return how many columns have no up-locks, no down-locks, no cost, and no entry in a row."""
    value, column = problem.A.data, problem.A.indices
    row = np.repeat(np.arange(problem.m), np.diff(problem.A.indptr))
    low, high = np.isfinite(problem.row_lo)[row], np.isfinite(problem.row_hi)[row]
    up = np.bincount(column[((value > 0) & high) | ((value < 0) & low)], minlength=problem.n)
    down = np.bincount(column[((value > 0) & low) | ((value < 0) & high)], minlength=problem.n)
    return {
        "up_locks": int((up == 0).sum()), "down_locks": int((down == 0).sum()),
        "cost": int((problem.c == 0).sum()), "rows": int((_lengths(problem) == 0).sum()),
    }  # fmt: skip
