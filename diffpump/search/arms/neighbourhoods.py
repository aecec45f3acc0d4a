"""Neighbourhoods of an incumbent: parts of the model that are small enough for a short branch and cut.

Most of them give every integer column a score. The columns with the largest scores are free, and the others
keep the incumbent's values. Ties are broken at random, so that a neighbourhood differs each time. The caller
gives the share of free columns; if it gives none, columns with a score above `MIN_SCORE` are free.

    rins       score |x_j - root_j|, plus a little for a small reduced cost (Danna, Rothberg, Le Pape 2005)
    crossover  the range of some solutions, and only within their box (Rothberg 2007)
    recalled   the same for solutions of earlier models, which may violate rows. With the prediction of a
               trained family also |x_j - p_j|, p_j the probability of 1, and in no box
    visited    the same for solutions, near-feasible points and the root LP's point (mRENS)
    mutation   a random choice that prefers columns with a large possible gain
    rows       heat that spreads from such a column along short rows: columns that have to move together

`branching` is different (local branching, Fischetti and Lodi 2003): every column is free, and a row bounds
the distance: the sum of the changes of the integer columns that are at a bound. Every other integer column
may change by at most that distance.
"""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.search.arms.lns import VISITED_POINTS, Part, View, neighbourhood
from diffpump.search.arms.nearby import SPREAD_STEPS, spread_heat

MIN_SCORE = 0.1  # scores above it count: the point of an interior point method is never quite integral
MAX_FIRST_SHARE = 0.1  # largest first share by scores: small parts are solved at once, and then grow
CROSSOVER_SOLUTIONS = 2  # solutions beside the incumbent that a crossover takes
MIN_WEIGHT = 0.05  # weight of a column without a gain; the mean gain is 1
FIRST_SHARE = 0.05  # first share of neighbourhoods whose scores do not suggest one
FIRST_DISTANCE = 20  # first distance of local branching


@neighbourhood(
    "rins",
    "branch and cut where the incumbent and the root LP differ",
    after=(40, 1.0),
    min_share=0.2,
    min_share_stagnant=0.1,
    needs_root=True,
)
def rins(view: View, share: float | None, rng: np.random.Generator) -> Part | None:
    """Free the columns where incumbent and root LP differ, then those with small reduced costs.

    Returns None without a root LP.
    """
    if view.root is None:
        return None
    score = np.abs(view.x - view.root)
    if view.reduced is not None:
        size = np.abs(view.reduced)
        score += 0.9 * MIN_SCORE / (1.0 + size / max(float(size.mean()), np.finfo(float).tiny))
    return _free(view, score, share, rng)


@neighbourhood("crossover", "branch and cut where some solutions differ", after=(120, 1.0))
def crossover(view: View, share: float | None, rng: np.random.Generator) -> Part | None:
    """Free the columns where some solutions differ; None if there is only one solution."""
    if not view.solutions:
        return None
    chosen = rng.permutation(len(view.solutions))[:CROSSOVER_SOLUTIONS]
    return _spanned(view, [view.solutions[k] for k in chosen], share, rng)


@neighbourhood("visited", "branch and cut where visited points differ", after=(160, 1.0))
def visited(view: View, share: float | None, rng: np.random.Generator) -> Part | None:
    """Free the columns where visited points differ; None if there is no point beside the incumbent."""
    points = [*view.solutions[:VISITED_POINTS], *view.near_feasible[:VISITED_POINTS]]
    if view.root is not None:
        points += [np.floor(view.root + INTEGRAL_TOL), np.ceil(view.root - INTEGRAL_TOL)]
    return _spanned(view, points, share, rng) if points else None


@neighbourhood(
    "recalled", "branch and cut where earlier models' solutions differ", with_history=1.0, early=1.0
)
def recalled(view: View, share: float | None, rng: np.random.Generator) -> Part | None:
    """Free the columns where the incumbent and the solutions of earlier models differ.

    With a prediction the columns whose value in the incumbent is least certain are free as well.
    """
    if not view.recalled:
        return None
    if view.probability is None:
        return _spanned(view, view.recalled, share, rng)
    points = np.vstack([view.x, *view.recalled])
    score = np.fmax(points.max(axis=0) - points.min(axis=0), np.abs(view.x - view.probability))
    return _free(view, score, share, rng)


@neighbourhood(
    "mutation", "branch and cut on columns drawn by their possible gain", after=(60, 1.0), early=1.0,
    before_root=True,
)  # fmt: skip
def mutation(view: View, share: float | None, rng: np.random.Generator) -> Part:
    """Free random columns, drawn by weight without replacement."""
    score = np.log(_weights(view)) + rng.gumbel(size=view.x.size)
    return _free(view, score, FIRST_SHARE if share is None else share, rng)


@neighbourhood(
    "rows", "branch and cut on columns that short rows connect", after=(80, 1.0), early=1.0, before_root=True
)
def rows(view: View, share: float | None, rng: np.random.Generator) -> Part:
    """Free the columns that heat from one column, drawn by weight, reaches most, with some randomness."""
    problem, weights = view.problem, _weights(view)[view.problem.integers]
    hot = np.zeros(view.x.size, bool)
    hot[rng.choice(problem.integers, p=weights / weights.sum())] = True
    heat = spread_heat(problem, hot)
    score = np.log(heat + np.finfo(float).tiny) + rng.gumbel(size=heat.size)
    return _free(view, score, FIRST_SHARE if share is None else share, rng)


@neighbourhood("branching", "local branching: branch and cut within a distance", after=(170, 1.0))
def branching(view: View, share: float | None, rng: np.random.Generator) -> Part | None:
    """Free all columns within a distance, which is the share times the number of integer columns.

    Returns None if no integer column is at a bound.
    """
    problem, x = view.problem, view.x
    count = max(1, int(problem.integer.sum()))
    radius = max(1, round(FIRST_DISTANCE if share is None else share * count))
    moves = problem.integer & (problem.lb < problem.ub)
    low, high = moves & (x <= problem.lb), moves & (x >= problem.ub)
    if not (low | high).any():
        return None
    side = low.astype(float) - high
    lb, ub = _within(problem, x - radius, x + radius)
    return Part(lb, ub, min(1.0, radius / count), (side, radius + float(side @ x)))


def _free(
    view: View,
    score: Vector,
    share: float | None,
    rng: np.random.Generator,
    box: tuple[Vector, Vector] | None = None,
) -> Part:
    """Free the share of the integer columns with the largest scores, at least one, within a box (lb, ub)."""
    problem = view.problem
    integer = np.flatnonzero(problem.integer)
    score = score[integer]
    if share is None:
        share = min(MAX_FIRST_SHARE, float((score > MIN_SCORE).mean()))
    count = max(1, min(integer.size, round(share * integer.size)))
    order = np.lexsort((rng.random(integer.size), -np.round(score, 6)))
    free = ~problem.integer
    free[integer[order[:count]]] = True
    lb, ub = box or (problem.lb, problem.ub)
    return Part(np.where(free, lb, view.x), np.where(free, ub, view.x), count / integer.size)


def _spanned(view: View, points: list[Vector], share: float | None, rng: np.random.Generator) -> Part:
    """Free the columns where the incumbent and the points differ, within their box."""
    all_points = np.vstack([view.x, *points])
    low, high = all_points.min(axis=0), all_points.max(axis=0)
    return _free(view, high - low, share, rng, _within(view.problem, low, high))


def _within(problem: Problem, low: Vector, high: Vector) -> tuple[Vector, Vector]:
    """Return the problem's bounds, with those of integer columns restricted to [low, high]."""
    return (
        np.where(problem.integer, np.maximum(problem.lb, low), problem.lb),
        np.where(problem.integer, np.minimum(problem.ub, high), problem.ub),
    )


def _weights(view: View) -> Vector:
    """Return the possible gain of each integer column, (n,), scaled to mean 1, plus `MIN_WEIGHT`.

    The gain is |c_j| times the distance to the cheaper bound. Continuous columns pass on a part of what they
    cost more than in the root LP, or than at that bound: it spreads along rows from column to column, up to
    an integer column.
    """
    problem, x = view.problem, view.x
    cheaper = np.where(problem.c > 0, problem.lb, np.where(problem.c < 0, problem.ub, x))
    distance = np.where(np.isfinite(cheaper), np.abs(x - cheaper), np.maximum(1.0, np.abs(x)))
    gain = np.abs(problem.c) * distance
    if view.root is not None:
        excess = np.maximum(0.0, problem.c * (x - view.root))
        gain = np.where(problem.integer, gain, excess)
    if (gain > 0)[~problem.integer].any():
        gain = _spread(problem, gain)
    mean = float(gain[problem.integer].mean())
    return gain / mean + MIN_WEIGHT if mean > 0 else np.ones(x.size)


def _spread(problem: Problem, gain: Vector) -> Vector:
    """Return the integer columns' gains (n,) with those that continuous columns pass on along rows."""
    length = np.maximum(1, np.diff(problem.A.indptr))
    degree = np.maximum(1, np.bincount(problem.A.indices, minlength=gain.size))
    received, moving = np.where(problem.integer, gain, 0.0), np.where(problem.integer, 0.0, gain)
    for _ in range(SPREAD_STEPS):
        moved = problem.pattern.T @ (problem.pattern @ (moving / degree) / length)
        received += np.where(problem.integer, moved, 0.0)
        moving = np.where(problem.integer, 0.0, moved)
    return received
