"""The fully connected network, trained by the cross-entropy alone (the paper's FC)."""

from __future__ import annotations

from diffpump.learn.model import MODELS, Model, Stage


@MODELS.register("fc", help="cross-entropy alone", extra="learn", modules=("torch",))
def fc(rate: float = 1e-3, clip: float = 1.0) -> Model:
    """Return the model.

    Parameters
    ----------
    rate : float
        The learning rate of Adam; the paper's is 1e-4, for many more examples than a family has.
    clip : float
        The largest norm of a gradient; the paper tries 1 and 10.
    """
    return Model((Stage(rate, clip),))
