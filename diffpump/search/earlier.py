"""What earlier models of the family suggest for today's (`learn.history`, `learn.predict`)."""

from __future__ import annotations

from dataclasses import dataclass

from diffpump.core.arrays import Vector


@dataclass(frozen=True, eq=False)
class Earlier:
    """Points of earlier models and the prediction of a trained family, on today's columns.

    Attributes
    ----------
    points : tuple of (n,) float64
        The predicted point, if there is one, and solutions of earlier models, the nearest first. NaN where a
        column is unknown. They may violate rows.
    confidence : (n,) float64 or None
        2 p - 1 in [-1, 1] for binaries that are 1 with the predicted probability p, and NaN for other
        columns. None without a prediction.
    """

    points: tuple[Vector, ...] = ()
    confidence: Vector | None = None
