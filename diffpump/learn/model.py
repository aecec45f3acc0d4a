"""What a registered model of a family is: the stages of its training, and how its scores are decoded.

The networks are the same for all: rectifiers with batch normalisation after each hidden layer. A member of
`MODELS` is one file in `learn.models` with a function that returns a `Model`; it does not import torch.
"""

from __future__ import annotations

from dataclasses import dataclass

from diffpump.core.registry import Registry


@dataclass(frozen=True)
class Stage:
    """One stage of training, by Adam.

    Attributes
    ----------
    rate : float
        The learning rate.
    clip : float
        The largest norm of a gradient.
    first : float
        The first multiplier of every row; 0 trains without rows.
    step : float
        The step of the multipliers.
    """

    rate: float
    clip: float
    first: float = 0.0
    step: float = 0.0

    @property
    def constrained(self) -> bool:
        """Whether row violations are part of the loss."""
        return self.first > 0 or self.step > 0


@dataclass(frozen=True)
class Model:
    """A way to train and to decode.

    Attributes
    ----------
    stages : tuple of Stage
        A stage begins with the weights that the one before has selected.
    structured : bool
        Whether the loss is the Fenchel-Young loss of the packed rows, and scores are decoded in them.
    """

    stages: tuple[Stage, ...]
    structured: bool = False


MODELS: Registry[Model] = Registry("model of a family", "diffpump.learn.models", "diffpump.family_models")
