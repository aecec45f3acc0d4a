"""What the experiments of this folder share: intervals and the folder of the pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t

HERE = Path(__file__).parent


def interval(values: ArrayLike) -> tuple[float, float]:
    """Return the mean and the half-width of its 95 % interval by Student's t."""
    array = np.asarray(values, float)
    half = float(t.ppf(0.975, array.size - 1) * array.std(ddof=1) / array.size**0.5)
    return float(array.mean()), half
