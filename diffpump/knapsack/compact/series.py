"""Credible sets of a change point: from a series to probabilities, to compact sets, and to intervals.

Source: Santini, Malaguti, The min-knapsack problem with compactness constraints and applications in
statistics (European Journal of Operational Research 2024).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diffpump.core.errors import InputError, UsageError
from diffpump.families.compact_rows import share_of
from diffpump.knapsack.base import Array, exactly, number, numbers, shape
from diffpump.knapsack.compact.instance import Compact, indices, parsed

LEVEL, DISTANCE = 0.95, 3
TINY = 1e-300


def change_point(series: ArrayLike) -> Array:
    """Return the probabilities (n,) that a series' mean changes behind each place, with one change in all.

    A change behind place k has the likelihood of normal noise around one mean up to k and another one from
    there on. With flat priors of the place, the means and log sigma, its probability is proportional to

        (k (n - k))^(-1/2) S_k^(-(n - 2) / 2),   S_k the sum of squares around the two means.

    Parameters
    ----------
    series : (n,)
        The numbers, at least 4.

    Raises
    ------
    UsageError
        For other series, and where there is no noise.
    """
    x = numbers(series, "series")
    if x.ndim != 1 or x.size < 4:
        raise UsageError(f"a series must be (n,) with n >= 4, got {shape(x)}")
    if not np.isfinite(x).all():
        raise UsageError("a series must be finite")
    n = x.size
    scaled = x / max(float(np.abs(x).max()), TINY)  # so that no square overflows or vanishes
    centred = scaled - scaled.mean()
    centred /= max(float(np.abs(centred).max()), TINY)
    k = np.arange(1, n)
    left = np.cumsum(centred)[:-1]
    # The sum of the right part is minus that of the left one.
    squares = float(centred @ centred) - left**2 / k - left**2 / (n - k)
    if not squares.min() > 1e-12 * float(centred @ centred):
        raise UsageError("the series has no noise around its means; its change point is known")
    log = -0.5 * np.log(k * (n - k)) - 0.5 * (n - 2) * np.log(squares)
    p = np.exp(log - log.max())
    return np.append(p / p.sum(), 0.0)


def credible(
    probabilities: ArrayLike, level: float = LEVEL, distance: int = DISTANCE, costs: ArrayLike | None = None
) -> Compact:
    """Return the instance whose optimum is the smallest compact credible set.

    Parameters
    ----------
    probabilities : (n,)
        The probability of each place, >= 0 with sum 1.
    level : float
        The probability that the set must have, in (0, 1].
    distance : int
        The largest distance of two neighbours in the set.
    costs : (n,), optional
        What each place costs; 1 by default, for the smallest set.

    Raises
    ------
    UsageError
        For other arguments.
    """
    p = numbers(probabilities, "probabilities")
    if not 0 < number(level) <= 1:
        raise UsageError(f"the level must be in (0, 1], got {level!r}")
    if p.ndim != 1 or not (np.isfinite(p).all() and (p >= 0).all() and abs(p.sum() - 1) <= 1e-6):
        raise UsageError("probabilities must be a vector of numbers >= 0 with sum 1")
    own = np.ones(p.size) if costs is None else numbers(costs, "costs")
    return Compact(p, own, share_of(p, exactly(level)), distance)


def intervals(items: ArrayLike) -> list[tuple[int, int]]:
    """Return the runs of neighbouring items as (first, last)."""
    chosen = np.unique(indices(items))
    if not chosen.size:
        return []
    ends = np.flatnonzero(np.diff(chosen) > 1)
    first, last = np.append(0, ends + 1), np.append(ends, chosen.size - 1)
    return [(int(chosen[a]), int(chosen[b])) for a, b in zip(first, last, strict=True)]


def members(runs: list[tuple[int, int]]) -> NDArray[np.int64]:
    """Return the items of runs (first, last), in order."""
    parts = [np.arange(first, last + 1) for first, last in runs]
    return np.unique(np.concatenate(parts)).astype(np.int64) if parts else np.empty(0, np.int64)


def read(path: str | os.PathLike[str], level: float = LEVEL, distance: int = DISTANCE) -> Compact:
    """Read an instance, probabilities or a series from a JSON file.

    An instance has the keys of Santini and Malaguti (`Compact`). Otherwise the file has `probabilities`, or
    `series`, whose change point is looked for, and level and distance make the instance.

    Raises
    ------
    InputError
        If the file cannot be read or has none of them.
    """
    name = os.fspath(path)
    try:
        found: Any = json.loads(Path(path).read_text(encoding="utf-8"))
        if isinstance(found, dict) and "probabilities" in found:
            return credible(found["probabilities"], level, distance, found.get("costs"))
        if isinstance(found, dict) and "series" in found:
            return credible(change_point(found["series"]), level, distance)
        return parsed(found)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", name) from None
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InputError(f"is no compact knapsack: {error}", name) from None
    except UsageError as error:
        raise InputError(str(error), name) from None
