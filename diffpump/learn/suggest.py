"""What a history folder and a trained family suggest for a model (`suggested`)."""

from __future__ import annotations

import os
from dataclasses import replace

from diffpump.core.problem import Problem
from diffpump.learn.history import Recalled, recalled
from diffpump.learn.predict import predicted
from diffpump.search.earlier import Earlier

Path = str | os.PathLike[str]


def suggested(problem: Problem, history: Path | None, family: Path | None) -> tuple[Recalled, Earlier]:
    """Return what a folder recalls, and this with a family's prediction as the engine takes it.

    Parameters
    ----------
    problem : Problem
        Today's model.
    history : path, optional
        The folder.
    family : path, optional
        The family file.

    Raises
    ------
    InputError
        As `predict.predicted`.
    """
    found = Recalled() if history is None else recalled(history, problem)
    if family is None:
        return found, found.earlier
    prediction = predicted(family, problem)
    return found, replace(found.earlier, predicted=prediction.point, confidence=prediction.confidence)
