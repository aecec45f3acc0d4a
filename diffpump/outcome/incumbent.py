"""`Incumbent`: a verified solution at the moment it was found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Incumbent:
    """A verified solution at the moment it was found.

    Attributes
    ----------
    seconds : float
        Seconds since the run began.
    objective : float
        The objective in the model's own sense, offset included.
    arm : str
        The name of the arm or heuristic that found it.
    """

    seconds: float
    objective: float
    arm: str
