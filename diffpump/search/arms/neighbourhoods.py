"""Neighbourhoods of an incumbent: the parts of a model that branch and cut may search in moments.

Most give every integer column a score: the share with the largest scores is free, the others keep the
incumbent's values. Ties are broken by chance, so that a neighbourhood is another one every time. How large
the share is the caller says; where it does not, columns with a score above NEAR are free.

    rins       |x_j - root_j|, and a little for a small reduced cost  Danna, Rothberg, Le Pape 2005
    crossover  how far some solutions differ, and only in their box  Rothberg 2007
    visited    the same, of solutions, near points and the root LP   (mRENS)
    mutation   chance, in favour of columns that could bring more
    rows       heat that spreads from such a column along short rows: columns that have to move together

One is no share: `branching` (local branching, Fischetti and Lodi 2003) frees every column, and bounds how
many integer columns at a bound leave it (the others stay within as many units).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import INTEGRAL_TOL

NEAR = 0.1  # a point of an interior LP is never quite at an integer
LARGEST = 0.1  # share that a score may suggest: small parts are over in no time, and then grow
CROSSED = 2  # other solutions that a crossover takes
VISITED = 8  # solutions, and near points, that span the box of visited points
STEPS = 6  # of the heat, and of what continuous columns cost
FLAT = 0.05  # weight of a column that brings nothing; the mean of all is 1
BLIND = 0.05  # the share where the score does not suggest one
DISTANCE = 20  # of local branching, at first


@dataclass(frozen=True, eq=False)
class View:
    """An incumbent `x` and what else is known, all on the columns of one model, (n,).

    root       the root LP's point, or None
    solutions  others, the latest first
    near       points that violate some rows
    reduced    the root LP's reduced costs, or None
    """

    problem: Problem
    x: Vector
    root: Vector | None = None
    solutions: list[Vector] = field(default_factory=list)
    near: list[Vector] = field(default_factory=list)
    reduced: Vector | None = None


@dataclass(frozen=True, eq=False)
class Part:
    """Bounds (n,), and a row a'x <= b over columns that these leave free, (a, b); `share`: of the integer
    columns, how many are free."""

    lb: Vector
    ub: Vector
    share: float
    row: tuple[Vector, float] | None = None


Neighbourhood = Callable[[View, float | None, np.random.Generator], Part | None]


def rins(view: View, share: float | None, rng: np.random.Generator) -> Part | None:
    """Free where incumbent and root LP differ, then where reduced costs are small; None without a root LP."""
    if view.root is None:
        return None
    score = np.abs(view.x - view.root)
    if view.reduced is not None:
        size = np.abs(view.reduced)
        score += 0.9 * NEAR / (1.0 + size / max(float(size.mean()), np.finfo(float).tiny))
    return _free(view, score, share, rng)


def crossover(view: View, share: float | None, rng: np.random.Generator) -> Part | None:
    """Free where some solutions differ; None where there is one only."""
    if not view.solutions:
        return None
    chosen = rng.permutation(len(view.solutions))[:CROSSED]
    return _spanned(view, [view.solutions[k] for k in chosen], share, rng)


def visited(view: View, share: float | None, rng: np.random.Generator) -> Part | None:
    """Free where visited points differ; None where there is none but the incumbent."""
    points = [*view.solutions[:VISITED], *view.near[:VISITED]]
    if view.root is not None:
        points += [np.floor(view.root + INTEGRAL_TOL), np.ceil(view.root - INTEGRAL_TOL)]
    return _spanned(view, points, share, rng) if points else None


def mutation(view: View, share: float | None, rng: np.random.Generator) -> Part:
    """Free by chance: a draw without replacement, by weight."""
    score = np.log(_weights(view)) + rng.gumbel(size=view.x.size)
    return _free(view, score, BLIND if share is None else share, rng)


def rows(view: View, share: float | None, rng: np.random.Generator) -> Part:
    """Free as the heat of a column drawn by weight has reached them, and a little by chance."""
    problem, weights = view.problem, _weights(view)[view.problem.integers]
    pattern, length = problem.pattern, np.maximum(1.0, np.diff(problem.A.indptr))
    heat = np.zeros(view.x.size)
    heat[rng.choice(problem.integers, p=weights / weights.sum())] = 1.0
    for _ in range(STEPS):
        heat = np.maximum(heat, pattern.T @ (pattern @ heat / length**2))
    score = np.log(heat + np.finfo(float).tiny) + rng.gumbel(size=heat.size)
    return _free(view, score, BLIND if share is None else share, rng)


def branching(view: View, share: float | None, rng: np.random.Generator) -> Part | None:
    """Free within a distance: that share of the integer columns. None where none is at a bound."""
    problem, x = view.problem, view.x
    count = max(1, int(problem.integer.sum()))
    reach = max(1, round(DISTANCE if share is None else share * count))
    moves = problem.integer & (problem.lb < problem.ub)
    low, high = moves & (x <= problem.lb), moves & (x >= problem.ub)
    if not (low | high).any():
        return None
    side = low.astype(float) - high
    lb, ub = _within(problem, x - reach, x + reach)
    return Part(lb, ub, min(1.0, reach / count), (side, reach + float(side @ x)))


def _free(
    view: View,
    score: Vector,
    share: float | None,
    rng: np.random.Generator,
    box: tuple[Vector, Vector] | None = None,
) -> Part:
    """The share of the integer columns with the largest scores, at least one, free within a box (lb, ub)."""
    problem = view.problem
    integer = np.flatnonzero(problem.integer)
    score = score[integer]
    if share is None:
        share = min(LARGEST, float((score > NEAR).mean()))
    count = max(1, min(integer.size, round(share * integer.size)))
    order = np.lexsort((rng.random(integer.size), -np.round(score, 6)))
    free = ~problem.integer
    free[integer[order[:count]]] = True
    lb, ub = box or (problem.lb, problem.ub)
    return Part(np.where(free, lb, view.x), np.where(free, ub, view.x), count / integer.size)


def _spanned(view: View, points: list[Vector], share: float | None, rng: np.random.Generator) -> Part:
    """Free where the incumbent and some points differ, within their box."""
    every = np.vstack([view.x, *points])
    low, high = every.min(axis=0), every.max(axis=0)
    return _free(view, high - low, share, rng, _within(view.problem, low, high))


def _within(problem: Problem, low: Vector, high: Vector) -> tuple[Vector, Vector]:
    """The problem's bounds, those of integer columns within [low, high]."""
    return (
        np.where(problem.integer, np.maximum(problem.lb, low), problem.lb),
        np.where(problem.integer, np.minimum(problem.ub, high), problem.ub),
    )


def _weights(view: View) -> Vector:
    """What an integer column could bring, (n,), their mean 1, and a little; all positive.

    That is |c_j| times the way to the cheaper bound, and of what continuous columns cost more than in the
    root LP, or than at that bound, a part: it comes along the rows, from column to column, up to an integer.
    """
    problem, x = view.problem, view.x
    cheaper = np.where(problem.c > 0, problem.lb, np.where(problem.c < 0, problem.ub, x))
    way = np.where(np.isfinite(cheaper), np.abs(x - cheaper), np.maximum(1.0, np.abs(x)))
    gain = np.abs(problem.c) * way
    if view.root is not None:
        dearer = np.maximum(0.0, problem.c * (x - view.root))
        gain = np.where(problem.integer, gain, dearer)
    if (gain > 0)[~problem.integer].any():
        gain = _arrived(problem, gain)
    mean = float(gain[problem.integer].mean())
    return gain / mean + FLAT if mean > 0 else np.ones(x.size)


def _arrived(problem: Problem, gain: Vector) -> Vector:
    """The integer columns' gains, (n,), with what comes to them from continuous ones in STEPS along rows."""
    length = np.maximum(1, np.diff(problem.A.indptr))
    degree = np.maximum(1, np.bincount(problem.A.indices, minlength=gain.size))
    arrived, moving = np.where(problem.integer, gain, 0.0), np.where(problem.integer, 0.0, gain)
    for _ in range(STEPS):
        moved = problem.pattern.T @ (problem.pattern @ (moving / degree) / length)
        arrived += np.where(problem.integer, moved, 0.0)
        moving = np.where(problem.integer, 0.0, moved)
    return arrived
