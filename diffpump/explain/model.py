"""What can be counted in a model."""

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

DENSE, DENSE_ROWS = 0.1, 100  # a dense column is in more than this share of the rows, and more than so many
NAMED = 5  # of the dense columns
DOMAINS = ((3, "up to 3"), (10, "4 to 10"), (100, "11 to 100"), (10_000, "101 to 10 000"))


def describe(problem: Problem) -> dict[str, Any]:
    """A model as one record: the instance's, and what can be counted in it."""
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
    """In a word."""
    return "maximise" if problem.maximise else "minimise"


def density(problem: Problem) -> float:
    """Nonzeros over rows times columns."""
    return problem.nnz / (problem.m * problem.n) if problem.m and problem.n else 0.0


def coverage(problem: Problem) -> list[dict[str, Any]]:
    """For each kind of row that occurs: how many rows, their nonzeros, and how many columns are in one."""
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
    """How many general integer columns have so many values, classes without one left out."""
    j = problem.general
    values = np.floor(problem.ub[j]) - np.ceil(problem.lb[j]) + 1
    edges = [most for most, _ in DOMAINS]
    classes = np.where(np.isfinite(values), np.searchsorted(edges, values), len(edges) + 1)
    names = [*(name for _, name in DOMAINS), "more", "unbounded"]
    counts = np.bincount(classes, minlength=len(names))
    return {name: int(count) for name, count in zip(names, counts, strict=True) if count}


def bounds(problem: Problem) -> dict[str, int]:
    """How many columns are fixed, boxed, bounded on one side, free."""
    low, high = np.isfinite(problem.lb), np.isfinite(problem.ub)
    return {
        "fixed": int((problem.lb == problem.ub).sum()),
        "boxed": int((low & high & (problem.lb < problem.ub)).sum()),
        "one_sided": int((low ^ high).sum()),
        "free": int((~low & ~high).sum()),
    }


def dense_columns(problem: Problem) -> dict[str, Any]:
    """How many columns are in many rows, and the names of the longest of them."""
    lengths = _lengths(problem)
    dense = np.flatnonzero(lengths > max(DENSE_ROWS, DENSE * problem.m))
    longest = dense[np.argsort(-lengths[dense], kind="stable")][:NAMED]
    return {"count": int(dense.size), "longest": [problem.col_names[j] for j in longest]}


def blocks(problem: Problem) -> dict[str, Any]:
    """Parts that share no row: how many with a row, and the largest one's share of the columns."""
    m, n = problem.m, problem.n
    row = np.repeat(np.arange(m), np.diff(problem.A.indptr))
    graph = sp.coo_matrix((np.ones(problem.nnz), (row, m + problem.A.indices)), shape=(m + n, m + n))
    count, label = connected_components(graph, directed=False)
    with_row = np.unique(label[:m])
    columns = np.bincount(label[m:], minlength=count)[with_row]
    return {"count": int(with_row.size), "largest": float(columns.max(initial=0) / max(n, 1))}


def ranges(problem: Problem) -> dict[str, list[float] | None]:
    """Smallest and largest absolute values."""
    return {
        "objective": _range(problem.c),
        "coefficients": _range(problem.A.data),
        "sides": _range(np.concatenate([problem.row_lo, problem.row_hi])),
        "bounds": _range(np.concatenate([problem.lb, problem.ub])),
    }


def _range(values: Vector) -> list[float] | None:
    """Smallest and largest absolute value among the finite nonzero ones."""
    size = np.abs(values[np.isfinite(values) & (values != 0)])
    return [float(size.min()), float(size.max())] if size.size else None


def _ratio(problem: Problem) -> float | None:
    """The largest ratio of two coefficients of one row."""
    starts = problem.A.indptr[:-1][np.diff(problem.A.indptr) > 0]
    if not starts.size:
        return None
    size = np.abs(problem.A.data)
    return float((np.maximum.reduceat(size, starts) / np.minimum.reduceat(size, starts)).max())


def _lengths(problem: Problem) -> NDArray[np.intp]:
    """Entries of each column, (n,)."""
    return np.bincount(problem.A.indices, minlength=problem.n)


def _spread(lengths: NDArray[np.intp]) -> dict[str, float] | None:
    """Of rows' or columns' lengths."""
    if not lengths.size:
        return None
    return {
        "least": int(lengths.min()), "median": float(np.median(lengths)), "mean": float(lengths.mean()),
        "most": int(lengths.max()),
    }  # fmt: skip


def _without(problem: Problem) -> dict[str, int]:
    """Columns that can be raised, or lowered, without harm to any row; without a cost; in no row."""
    value, column = problem.A.data, problem.A.indices
    row = np.repeat(np.arange(problem.m), np.diff(problem.A.indptr))
    low, high = np.isfinite(problem.row_lo)[row], np.isfinite(problem.row_hi)[row]
    up = np.bincount(column[((value > 0) & high) | ((value < 0) & low)], minlength=problem.n)
    down = np.bincount(column[((value > 0) & low) | ((value < 0) & high)], minlength=problem.n)
    return {
        "up_locks": int((up == 0).sum()), "down_locks": int((down == 0).sum()),
        "cost": int((problem.c == 0).sum()), "rows": int((_lengths(problem) == 0).sum()),
    }  # fmt: skip
