"""The Lagrangian dual framework: cross-entropy, and row violations times multipliers (the paper's LDF)."""

from __future__ import annotations

from diffpump.learn.model import MODELS, Model, Stage


@MODELS.register("ldf", help="cross-entropy and row violations", extra="learn", modules=("torch",))
def ldf(rate: float = 1e-3, clip: float = 0.5, first: float = 1.0, step: float = 0.1) -> Model:
    """Return the model.

    Parameters
    ----------
    rate : float
        The learning rate of Adam; the paper's is 1e-4.
    clip : float
        The largest norm of a gradient; the paper tries 0.5, 1 and 10.
    first : float
        The first multiplier of every row.
    step : float
        The step of the multipliers, for mean violations. The paper's 1e-7 is for sums over 24 000 examples,
        and so 2.4e-3 here, for violations in units of weight.
    """
    return Model((Stage(rate, clip, first, step),))
