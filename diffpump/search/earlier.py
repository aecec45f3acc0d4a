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
        Solutions of earlier models, the nearest first, NaN where a column is new. They may violate rows.
    predicted : (n,) float64 or None
        The predicted point, NaN where a column is unknown. It may violate rows. None without a prediction.
    confidence : (n,) float64 or None
        2 p - 1 in [-1, 1] for binaries that are 1 with the predicted probability p, and NaN for other
        columns. None without a prediction.
    """

    points: tuple[Vector, ...] = ()
    predicted: Vector | None = None
    confidence: Vector | None = None

    @property
    def every(self) -> tuple[Vector, ...]:
        """The predicted point, if there is one, and the other points."""
        return self.points if self.predicted is None else (self.predicted, *self.points)
