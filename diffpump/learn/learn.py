"""Train a family from a history folder and write its file (`learn`)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from diffpump.core.errors import InputError, UsageError
from diffpump.core.spec import Spec
from diffpump.core.version import __version__
from diffpump.io.files import refuse_directory
from diffpump.learn.checkpoint import Checkpoint
from diffpump.learn.family import Family, built, load
from diffpump.learn.gather import gather
from diffpump.learn.model import MODELS

if TYPE_CHECKING:
    from diffpump.learn.training import Epoch, Plan

VALIDATION_SHARE = 0.2  # of the models


def check_target(path: str | os.PathLike[str]) -> None:
    """Raise UsageError, OutputError or InputError if a family file may not be written to a path."""
    if Path(path).suffix != ".npz":
        raise UsageError(f"{path}: the name must end in .npz")
    refuse_directory(path)
    if Path(path).exists():
        try:
            load(path)
        except InputError as error:
            raise InputError(f"{error.reason}; it is not replaced, choose another name", str(path)) from None


def checkpoint_of(path: str | os.PathLike[str]) -> Path:
    """Return the path of the checkpoint beside a family file."""
    return Path(f"{os.fspath(path)}.checkpoint")


def learn(
    folder: str | os.PathLike[str], target: str | os.PathLike[str], spec: str | Spec = "ldf",
    plan: Plan | None = None, *, on_epoch: Callable[[Epoch], None] = lambda epoch: None,
    on_note: Callable[[str], None] = lambda note: None, checkpoint_seconds: float | None = None,
) -> Family:  # fmt: skip
    """Train a family, write its file, and return it.

    Parameters
    ----------
    folder : path
        The history folder.
    target : path
        The family file. A killed call goes on from the checkpoint beside it.
    spec : str or Spec
        The model, of `MODELS`.
    plan : Plan, optional
        How to train; the first mu selects the network.
    on_epoch, on_note : callable
        Called after each epoch, and with a line on whatever is left out.
    checkpoint_seconds : float, optional
        The least seconds between two checkpoints.

    Raises
    ------
    InputError
        For a folder without enough to learn from, and for a target that exists and is no family file.
    UsageError
        For an unknown model, and without torch.
    """
    spec = MODELS.resolve(Spec.parse(spec) if isinstance(spec, str) else spec)
    model = built(spec)
    check_target(target)
    from diffpump.learn.objectives import CrossEntropy, PackedRows
    from diffpump.learn.training import Plan, split, train

    plan = Plan() if plan is None else plan
    found = gather(folder)
    for note in found.notes:
        on_note(note)
    examples = found.examples
    objective = PackedRows(examples, found.packed) if model.structured else CrossEntropy(examples)
    checkpoint = Checkpoint(checkpoint_of(target))
    if checkpoint_seconds is not None:
        checkpoint.seconds = checkpoint_seconds
    parts = split(len(examples.features), VALIDATION_SHARE, plan.seed)
    trained = train(examples, model, objective, plan, parts, resume=checkpoint, on_epoch=on_epoch)
    for note in checkpoint.notes:
        on_note(note)
    loss, epoch = trained.chosen[plan.mus[0]]
    facts = {
        "version": __version__, "seed": plan.seed, "models": len(examples.features), "mu": plan.mus[0],
        "mu_loss": loss, "epoch": epoch, "epochs": list(trained.epochs), "hidden": list(plan.hidden),
    }  # fmt: skip
    family = Family(spec, found.features, found.columns, trained.layers[plan.mus[0]], facts)
    family.save(target)
    checkpoint.remove()
    return family
