"""Where an arm works: the model as it is, or presolved, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from diffpump.problem import Problem
from diffpump.result import Vector


@dataclass(eq=False)
class Space:
    """A model, and `lift`, which carries its points, (n,), to the original columns."""

    problem: Problem
    lift: Callable[[Vector], Vector] = lambda x: x


@dataclass(eq=False)
class Spaces:
    """`raw`, the original model, and `work`, the presolved one once there is one. `root` is the optimum of
    the LP relaxation under the model's own cost, on the original columns, once an arm has it."""

    raw: Space
    work: Space
    root: Vector | None = None
