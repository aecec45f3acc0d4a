"""What kind of model this is: counts, kinds of rows, ranges of numbers.

Row kinds follow MIPLIB 2017's; a row gets the first that fits. Set rows and knapsacks are seen after
complementing binaries with negative coefficients and scaling: x + y - z <= 1 packs x, y and 1 - z.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.problem import Problem
from diffpump.record import instance_record
from diffpump.result import Vector

Mask = NDArray[np.bool_]


def summary(problem: Problem) -> dict[str, Any]:
    """A model as one record: the instance's, and what can be counted in it."""
    continuous = ~problem.integer
    finite_lb, finite_ub = np.isfinite(problem.lb), np.isfinite(problem.ub)
    sides = np.concatenate([problem.row_lo, problem.row_hi])
    return {
        **instance_record(problem),
        "continuous": int(continuous.sum()),
        "sense": "maximise" if problem.maximise else "minimise",
        "offset": -problem.offset if problem.maximise else problem.offset,
        "density": problem.nnz / (problem.m * problem.n) if problem.m and problem.n else 0.0,
        "row_kinds": row_kinds(problem),
        "bounds": {
            "fixed": int((problem.lb == problem.ub).sum()),
            "boxed": int((finite_lb & finite_ub & (problem.lb < problem.ub)).sum()),
            "one_sided": int((finite_lb ^ finite_ub).sum()),
            "free": int((~finite_lb & ~finite_ub).sum()),
        },
        "ranges": {
            "objective": _range(problem.c),
            "coefficients": _range(problem.A.data),
            "sides": _range(sides),
            "bounds": _range(np.concatenate([problem.lb, problem.ub])),
        },
    }


def row_kinds(problem: Problem) -> dict[str, int]:
    """How many rows are of each kind; kinds that do not occur are left out."""
    entries = _RowEntries(problem)
    left = np.ones(problem.m, dtype=bool)
    counts = {}
    for kind, mask in entries.kinds().items():
        counts[kind] = int((mask & left).sum())
        left &= ~mask
    return {kind: count for kind, count in counts.items() if count}


class _RowEntries:
    """Per-row sums over the nonzeros."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        matrix = problem.A
        self._row = np.repeat(np.arange(problem.m), np.diff(matrix.indptr))
        self._value, self._column = matrix.data, matrix.indices

    def count(self, mask: Mask | None = None) -> NDArray[np.intp]:
        """How many entries of each row the mask (nnz,) holds."""
        return np.bincount(self._row if mask is None else self._row[mask], minlength=self.problem.m)

    def kinds(self) -> dict[str, Mask]:
        """A mask of rows for each kind, in order of precedence."""
        p, size = self.problem, self.count()
        integer, binary = self.count(p.integer[self._column]), self.count(p.binary[self._column])
        low, high = np.isfinite(p.row_lo), np.isfinite(p.row_hi)
        equality, one_sided = p.row_lo == p.row_hi, low ^ high
        pair, binaries, integers = size == 2, binary == size, integer == size
        one_type = integers | (integer == 0)
        equal, lo, hi = self._complemented()
        unit = binaries & equal
        return {
            "empty": size == 0,
            "free": ~low & ~high,
            "singleton": size == 1,
            "aggregation": pair & equality,
            "precedence": pair & one_sided & one_type & self._opposite(),
            "variable bound": pair & one_sided & (binary >= 1) & ~binaries,
            "set partitioning": unit & equality & (hi == 1),
            "set packing": unit & ~equality & (hi == 1) & (lo <= 0),
            "set covering": unit & ~equality & (lo == 1) & (hi >= size),
            "cardinality": unit & equality & (hi == np.rint(hi)),
            "invariant knapsack": unit & one_sided,
            "equation knapsack": binaries & equality,
            "knapsack": binaries & one_sided,
            "integer knapsack": integers & one_sided & self._integral(),
            "mixed binary": (binary > 0) & (integer == binary),
            "ranged": low & high & ~equality,
            "equality": equality,
            "inequality": one_sided,
        }

    def _complemented(self) -> tuple[Mask, Vector, Vector]:
        """Whether a row's coefficients are +-a, and its sides over a with the negative ones complemented."""
        p, size = self.problem, np.abs(self._value)
        largest, smallest = np.zeros(p.m), np.full(p.m, np.inf)
        np.maximum.at(largest, self._row, size)
        np.minimum.at(smallest, self._row, size)
        scale = np.where(largest > 0, largest, 1.0)
        negative = self.count(self._value < 0)
        return largest == smallest, p.row_lo / scale + negative, p.row_hi / scale + negative

    def _opposite(self) -> Mask:
        """Rows whose entries sum to zero: a x - a y."""
        positive, negative = self.count(self._value > 0), self.count(self._value < 0)
        return np.asarray(self._complemented()[0] & (positive == negative))

    def _integral(self) -> Mask:
        """Rows whose coefficients are whole numbers."""
        return np.asarray(self.count(self._value != np.rint(self._value)) == 0)


def _range(values: Vector) -> list[float] | None:
    """Smallest and largest absolute value among the finite nonzero ones."""
    size = np.abs(values[np.isfinite(values) & (values != 0)])
    return [float(size.min()), float(size.max())] if size.size else None


def report(found: dict[str, Any]) -> str:
    """The record in lines for people."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in found["row_kinds"].items()) or "none"
    bounds = ", ".join(
        f"{count} {kind.replace('_', '-')}" for kind, count in found["bounds"].items() if count
    )
    lines = {
        "name": found["name"] or "unnamed",
        "sha256": found["sha256"] or "-",
        "sense": found["sense"] + (f", offset {found['offset']:.15g}" if found["offset"] else ""),
        "rows": found["rows"],
        "columns": f"{found['columns']} ({found['binaries']} binary, {found['integers']} general integer, "
        f"{found['continuous']} continuous)",
        "nonzeros": f"{found['nonzeros']} (density {found['density']:.3g})",
        "row kinds": kinds,
        "bounds": bounds or "none",
    }
    for what, span in found["ranges"].items():
        lines[f"|{what}|"] = "none" if span is None else f"{span[0]:.6g} to {span[1]:.6g}"
    return "\n".join(f"{key:<15} {value}" for key, value in lines.items())
