"""Min-knapsack with compactness: a cheap choice of ordered items, heavy enough and without long gaps.

The weights are those of Santini and Malaguti's synthetic instances: a histogram over n places of samples
around one or two peaks, or noise, as probabilities of a change point look; they add up to about 1.

    one peak    10 000 samples of N(mu, n / spread), mu ~ N(n/2, n/4)
    two peaks   5000 samples each of N(mu, n / (2 spread)), mu ~ N(n/3, n/6) and N(2n/3, n/6)
    noise       1/n + N(0, 1/(4n))

N has the mean and the standard deviation as arguments. Its numbers come from sums of whole ones, so that the
bytes do not depend on the machine.

Samples outside 0..n are drawn again, and weights below 1e-12 are raised to it. A model has them in units of
1/10000. Costs are 1, whole hundredths from 1 to 10, or 1 except for n/100 items of 0.1 that are drawn by
weight. The semidefinite paper draws one spread, one least weight and one distance for each instance: a size
of 0 draws it from `SPREADS`, `SHARES` or `DISTANCES`.

Source: Santini, Malaguti, The min-knapsack problem with compactness constraints and applications in
statistics (European Journal of Operational Research 2024); Knapsack with compactness: a semidefinite
approach.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.families.compact_rows import CompactNumbers, Lifted, share_of
from diffpump.families.draft import FAMILIES, Size, generator

PEAKS, COSTS = ("noise", "one peak", "two peaks"), ("constant", "random", "few")
SPREADS, SHARES, DISTANCES = (8, 16, 32), (90, 95), (2, 3, 5)  # what a size of 0 draws from
SAMPLES = 10_000
LEAST_WEIGHT = 1e-12
DIGITS = 8  # decimals of a model's weights, the least of which is 1e-8
UNIFORMS = 12  # whole random numbers whose sum stands for a normal one
RESOLUTION = 1 << 20


def instance(
    seed: int, items: int, peaks: int, spread: int, costs: int, least: int, distance: int, lifted: int = 0
) -> CompactNumbers:
    """Return the numbers of an instance, with the sizes of `mkpc`.

    Raises
    ------
    UsageError
        For a share above 100 %, and as `draw` does.
    """
    if least > 100:
        raise UsageError(f"least must be at most 100, got {least}")
    # This stream is another one than that of the weights, which has the seed alone.
    own = np.random.Generator(np.random.PCG64([seed, 1]))
    drawn = [kinds[own.integers(len(kinds))] for kinds in (SPREADS, SHARES, DISTANCES)]
    spread, least, distance = spread or drawn[0], least or drawn[1], distance or drawn[2]
    weights, price = draw(seed, items, peaks, spread, costs)
    # In units of 1/10000, so that no solver takes the least weights for 0.
    weights = np.round(weights * SAMPLES, DIGITS)
    name = f"mkpc-{peaks}-{items}-{distance}-s{seed}"
    return CompactNumbers(
        name, weights, price, share_of(weights, Fraction(least, 100)), distance, bool(lifted)
    )


@FAMILIES.register(
    "mkpc", help="min-knapsack with compactness: heavy enough, cheap, without long gaps", facts=instance
)
def mkpc(
    seed: int,
    items: Annotated[int, Size("number of items", minimum=2)] = 30,
    peaks: Annotated[int, Size("peaks of the weights: 1, 2, or 0 for noise", minimum=0)] = 1,
    spread: Annotated[
        int, Size("a peak's standard deviation is items / spread; 0: drawn from 8, 16, 32", minimum=0)
    ] = 8,
    costs: Annotated[int, Size("0: all 1; 1: random from 1 to 10; 2: a few of 0.1", minimum=0)] = 1,
    least: Annotated[
        int, Size("least weight of a choice in percent, at most 100; 0: drawn from 90, 95", minimum=0)
    ] = 95,
    distance: Annotated[
        int, Size("largest distance of two neighbours in a choice; 0: drawn from 2, 3, 5", minimum=0)
    ] = 3,
    lifted: Lifted = 0,
) -> Problem:
    """Return the mixed-integer program with `items` binaries."""
    return instance(seed, items, peaks, spread, costs, least, distance, lifted).problem()


def draw(seed: int, items: int, peaks: int, spread: int, costs: int) -> tuple[Vector, Vector]:
    """Return the weights and the costs (items,).

    Raises
    ------
    UsageError
        For unknown kinds of weights or costs.
    """
    if peaks >= len(PEAKS) or costs >= len(COSTS):
        raise UsageError(f"peaks must be 0, 1 or 2 and costs 0, 1 or 2, got {peaks} and {costs}")
    rng = generator(seed)
    if peaks == 0:
        weights = np.maximum(LEAST_WEIGHT, (1.0 + _normal(rng, items) / 4.0) / items)
    else:
        counts = np.zeros(items, np.int64)
        for peak in range(peaks):
            middle = items / 2 if peaks == 1 else (peak + 1) * items / 3
            mean = middle + float(_normal(rng, 1)[0]) * items / (4 if peaks == 1 else 6)
            near = min(max(mean, 0.5), items - 0.5)  # a narrow peak at the end would lie outside
            places = _within(rng, near, items / (spread * peaks), items, SAMPLES // peaks)
            counts += np.bincount(places, minlength=items)
        weights = np.where(counts > 0, counts / SAMPLES, LEAST_WEIGHT)
    price = np.ones(items)
    if costs == 1:
        price = rng.integers(100, 1001, items) / 100
    elif costs == 2:
        parts = np.maximum(1, np.floor(weights * 1e9).astype(np.int64))
        for _ in range(max(1, items // 100)):
            ends = np.cumsum(parts)
            drawn = int(np.searchsorted(ends, rng.integers(int(ends[-1])), side="right"))
            price[drawn], parts[drawn] = 0.1, 0
    return weights, price


def _normal(rng: np.random.Generator, count: int) -> Vector:
    """Return numbers that are nearly normal, sums of uniform ones less their mean."""
    parts = rng.integers(0, RESOLUTION, (count, UNIFORMS)).sum(axis=1)
    return np.asarray(parts / RESOLUTION - UNIFORMS / 2)


def _within(
    rng: np.random.Generator, mean: float, deviation: float, items: int, count: int
) -> NDArray[np.int64]:
    """Return the places of samples around a peak, those outside drawn again."""
    kept = np.empty(0)
    while kept.size < count:
        drawn = mean + deviation * _normal(rng, count)
        kept = np.append(kept, drawn[(drawn >= 0) & (drawn < items)])
    return np.floor(kept[:count]).astype(np.int64)
