"""The Lagrangian dual framework from the weights of `fc` (the paper's pre-trained LDF)."""

from __future__ import annotations

from diffpump.learn.model import MODELS, Model
from diffpump.learn.models.fc import fc
from diffpump.learn.models.ldf import ldf


@MODELS.register(
    "ldf-pretrained", help="fc, and then ldf from its weights", extra="learn", modules=("torch",)
)
def ldf_pretrained(
    rate: float = 1e-3, pretrained_clip: float = 1.0, clip: float = 0.5, first: float = 1.0, step: float = 0.1
) -> Model:
    """Return the model.

    Parameters
    ----------
    pretrained_clip : float
        The clip of `fc`.
    rate, clip, first, step
        As of `ldf`; the rate is that of both.
    """
    return Model((*fc(rate, pretrained_clip).stages, *ldf(rate, clip, first, step).stages))
