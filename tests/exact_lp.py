"""An exact LP solver for small models: the two-phase simplex on a tableau of Fractions, by Bland's rule."""

from __future__ import annotations

from fractions import Fraction
from math import inf

Exact = Fraction | int | float  # a float is infinite
Row = list[Fraction]


def exact_minimum(
    c: list[Exact], A: list[list[Exact]], lo: list[Exact], hi: list[Exact], lb: list[Exact], ub: list[Exact]
) -> Exact:
    """Return min c'x over lo <= A x <= hi and lb <= x <= ub; inf if infeasible, and -inf if unbounded."""
    if any(a > b for a, b in (*zip(lo, hi, strict=True), *zip(lb, ub, strict=True))):
        return inf
    # x_j = start_j + sum of sign z over the columns z >= 0 that stand for it
    parts: list[tuple[int, int]] = []
    start = []
    for j, (low, high) in enumerate(zip(lb, ub, strict=True)):
        start.append(low if low != -inf else high if high != inf else 0)
        parts += [(j, 1)] * (low != -inf or high == inf) + [(j, -1)] * (low == -inf)
    constraints: list[tuple[list[Exact], str, Exact]] = []
    for a, low, high in zip(A, lo, hi, strict=True):
        shift = sum(v * s for v, s in zip(a, start, strict=True))
        terms = [sign * a[j] for j, sign in parts]
        if low == high:
            constraints.append((terms, "=", low - shift))
        else:
            constraints += [(terms, "<", high - shift)] if high != inf else []
            constraints += [([-v for v in terms], "<", shift - low)] if low != -inf else []
    for j, (low, high) in enumerate(zip(lb, ub, strict=True)):
        if low != -inf and high != inf:
            constraints.append(([int(k == j) for k, _ in parts], "<", high - low))
    n, m = len(parts), len(constraints)
    rows: list[Row] = []
    for i, (terms, kind, right) in enumerate(constraints):
        slack = [int(k == i and kind == "<") for k in range(m)]
        sign = -1 if right < 0 else 1
        artificial = [int(k == i) for k in range(m)]
        rows.append([Fraction(sign * v) for v in (*terms, *slack)] + [*map(Fraction, artificial)])
        rows[-1].append(Fraction(sign * right))
    basis = [n + m + i for i in range(m)]
    first = [Fraction(int(k >= n + m)) for k in range(n + 2 * m)]
    value = _simplex(rows, basis, first, n + 2 * m)
    if value > 0:
        return inf
    for i in range(m):  # zero artificial columns leave the basis where a row allows it
        if basis[i] >= n + m:
            enter = next((k for k in range(n + m) if rows[i][k]), None)
            if enter is not None:
                _pivot(rows, basis, i, enter)
    cost = [Fraction(sign * c[j]) for j, sign in parts] + [Fraction(0)] * (2 * m)
    value = _simplex(rows, basis, cost, n + m)
    return value if value == -inf else value + sum(v * s for v, s in zip(c, start, strict=True))


def _simplex(rows: list[Row], basis: list[int], cost: list[Fraction], columns: int) -> Exact:
    """Minimise from a feasible basis; only the first `columns` columns enter."""
    while True:
        prices = [cost[k] for k in basis]
        enter = next(
            (
                k
                for k in range(columns)
                if cost[k] - sum(p * row[k] for p, row in zip(prices, rows, strict=True) if p and row[k]) < 0
            ),
            None,
        )
        if enter is None:
            return sum((p * row[-1] for p, row in zip(prices, rows, strict=True)), Fraction(0))
        ratios = [(row[-1] / row[enter], basis[i], i) for i, row in enumerate(rows) if row[enter] > 0]
        if not ratios:
            return -inf
        _pivot(rows, basis, min(ratios)[2], enter)


def _pivot(rows: list[Row], basis: list[int], leave: int, enter: int) -> None:
    divisor = rows[leave][enter]
    pivot = rows[leave] = [v / divisor for v in rows[leave]]
    for i, row in enumerate(rows):
        if i != leave and row[enter]:
            factor = row[enter]
            rows[i] = [v - factor * p if p else v for v, p in zip(row, pivot, strict=True)]
    basis[leave] = enter
