"""The file from which a killed training goes on: NumPy arrays, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.io.files import replace_file
from diffpump.learn.family import packed_arrays

SECONDS = 5.0  # between two writes

Arrays = dict[str, NDArray[Any]]


@dataclass
class Checkpoint:
    """A checkpoint file.

    Attributes
    ----------
    path : Path
        The file.
    seconds : float
        The least seconds between two writes.
    notes : list of str
        Why a file was not taken, a line each.
    """

    path: Path
    seconds: float = SECONDS
    notes: list[str] = field(default_factory=list)
    _written: float = field(default_factory=monotonic)

    def read(self, digest: str) -> Arrays | None:
        """Return the arrays of the file if they are there and belong to the training with this digest."""
        try:
            with self.path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                arrays = {key: stored[key] for key in stored.files}
            found = str(arrays.pop("digest"))
        except FileNotFoundError:
            return None
        except Exception as error:  # NumPy raises many kinds for damaged files
            self.notes.append(f"{self.path}: left out: {type(error).__name__}: {error}")
            return None
        if found != digest:
            self.notes.append(f"{self.path}: left out: it is of other models or other settings")
            return None
        return arrays

    def keep(self, digest: str, arrays: Callable[[], Arrays]) -> None:
        """Write the arrays if it is time. Raises OutputError if the file cannot be written."""
        if monotonic() - self._written >= self.seconds:
            data = packed_arrays({"digest": np.array(digest), **arrays()})
            replace_file(self.path, data, lambda path: None)
            self._written = monotonic()

    def remove(self) -> None:
        """Remove the checkpoint once its training has ended; a missing one is no error."""
        self.path.unlink(missing_ok=True)
