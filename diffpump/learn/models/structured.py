"""Scores that the packed rows of today's model decode, trained by the Fenchel-Young loss.

With Y the points whose packed rows hold (`knapsack.packed`) and free columns outside them, the loss of scores
t for the solution v is V(t) - t'v with the gradient mu(t) - v. For a free column this is
the cross-entropy. The prediction is the best member of Y, so that it satisfies every packed row.

Source: Vivier-Ardisson, Sander, Parmentier, Blondel (arXiv 2601.21775).
"""

from __future__ import annotations

from diffpump.learn.model import MODELS, Model, Stage


@MODELS.register("structured", help="decoded by knapsack rows", extra="learn", modules=("torch",))
def structured(rate: float = 1e-3, clip: float = 1.0) -> Model:
    """Return the model.

    Parameters
    ----------
    rate, clip : float
        As of `fc`. The temperature is 1: the network chooses the scale of its scores.
    """
    return Model((Stage(rate, clip),), structured=True)
