"""The file of a trained family, `family.npz`: NumPy arrays alone, and nothing that is unpickled.

    format, model, facts         the number of this format, the model's spec, and a JSON object
    feature_*                    the features (`learn.features`)
    column_*                     the integer columns of the family (`Columns`)
    weights0, bias0, ...         the layers

Between two layers stands a rectifier. Batch normalisation is part of the layer behind it.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.errors import InputError, UsageError
from diffpump.core.registry import Registry
from diffpump.core.spec import Spec
from diffpump.io.files import replace_file
from diffpump.learn.features import Features
from diffpump.learn.history import NUMBERS, Names
from diffpump.learn.lagrangian import sigmoid
from diffpump.learn.model import MODELS, Model

FORMAT = 1
Matrix = NDArray[np.float32]
Layers = tuple[tuple[Matrix, Matrix], ...]


@dataclass(frozen=True, eq=False)
class Columns:
    """The integer columns of a family, c of them, k of which have an output of the network.

    Attributes
    ----------
    name : (c,) str
        The names.
    low, high : (c,) float64
        The ranges of the labels, 0 and 1 for a binary.
    binary : (c,) bool
        Whether the column is a binary in all models.
    constant : (c,) float64
        The position in the range of a column that has the same value in all labels, for a binary
        (v N + 1/2) / (N + 1) with N labels v; NaN for the columns with an output.
    """

    name: Names
    low: Vector
    high: Vector
    binary: Mask
    constant: Vector

    @property
    def learned(self) -> NDArray[np.intp]:
        """The columns with an output, (k,)."""
        return np.flatnonzero(np.isnan(self.constant))


@dataclass(frozen=True, eq=False)
class Family:
    """A trained family.

    Attributes
    ----------
    spec : Spec
        The model, of `MODELS`.
    features : Features
        The inputs.
    columns : Columns
        The outputs and the columns without one.
    layers : tuple of (weights (out, in), bias (out,)), float32
        The network.
    facts : mapping
        The seed, the number of examples and what else describes the training.
    """

    spec: Spec
    features: Features
    columns: Columns
    layers: Layers
    facts: Mapping[str, Any]

    @property
    def model(self) -> Model:
        """The way in which the network was trained and is decoded, made from `spec`."""
        return built(self.spec)

    def logits(self, features: Matrix) -> Vector:
        """Return the logits (k,) of the features (f,) of a model."""
        found: Vector = forward(self.layers, features[None])[0]
        return found

    def positions(self, logits: Vector) -> Vector:
        """Return the positions in their ranges of all columns, (c,), for logits (k,)."""
        found = self.columns.constant.copy()
        found[self.columns.learned] = sigmoid(logits)
        return found

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file, whole or not at all. Raises OutputError if it cannot be written."""
        arrays = {
            "format": np.array(FORMAT), "model": np.array(str(self.spec)),
            "facts": np.array(json.dumps(dict(self.facts))),
            **{f"feature_{key}": value for key, value in vars(self.features).items()},
            **{f"column_{key}": value for key, value in vars(self.columns).items()},
        }  # fmt: skip
        for k, (weights, bias) in enumerate(self.layers):
            arrays |= {f"weights{k}": weights, f"bias{k}": bias}
        replace_file(path, packed_arrays(arrays), load)


def built(spec: Spec) -> Model:
    """Return the model of a spec. Raises UsageError for an unknown name or parameter."""
    registry: Registry[Model] = MODELS
    spec = registry.resolve(spec)
    return registry.factory(spec.name)(**spec.params)


def forward(layers: Layers, features: Matrix) -> NDArray[np.float64]:
    """Return the outputs (B, k), float64, of a network for inputs (B, f)."""
    values = features
    for weights, bias in layers[:-1]:
        values = np.maximum(values @ weights.T + bias, 0.0)
    weights, bias = layers[-1]
    return (values @ weights.T + bias).astype(np.float64)


def packed_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the bytes of an .npz file."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def load(path: str | os.PathLike[str]) -> Family:
    """Read the file of a family. Raises InputError for a file that is none, or is damaged."""
    try:
        with Path(path).open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in stored.files}
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", str(path)) from None
    except Exception as error:  # NumPy and zlib raise many kinds for damaged files
        raise InputError(f"is no family file, or is damaged: {type(error).__name__}", str(path)) from None
    try:
        return _checked(arrays)
    except (KeyError, ValueError, TypeError, UsageError) as error:
        what = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise InputError(f"is no family file of this version: {what}", str(path)) from None


def _checked(arrays: Mapping[str, NDArray[Any]]) -> Family:
    """Return the family of a file's arrays. Raises KeyError, ValueError or UsageError if they do not fit."""
    if arrays["format"].shape != () or int(arrays["format"]) != FORMAT:
        raise ValueError(f"format {arrays['format']}, expected {FORMAT}")

    def vector(key: str, kind: str, fits: Callable[[Any], bool] = lambda values: True) -> Any:
        values = arrays[key]
        if values.ndim != 1 or values.dtype.kind != kind or not fits(values):
            raise ValueError(f"{key} does not fit")
        return values

    def finite(values: Any) -> bool:
        return bool(np.isfinite(values).all())

    features = Features(
        vector("feature_kind", "i", lambda v: bool(((v >= 0) & (v < len(NUMBERS))).all())),
        vector("feature_name", "U"), vector("feature_mean", "f", finite),
        vector("feature_spread", "f", lambda v: finite(v) and bool((v > 0).all())),
    )  # fmt: skip
    columns = Columns(
        vector("column_name", "U"), vector("column_low", "f", finite), vector("column_high", "f", finite),
        vector("column_binary", "b"), vector("column_constant", "f"),
    )  # fmt: skip
    for group in (features, columns):
        if len({values.shape for values in vars(group).values()}) != 1:
            raise ValueError(f"the {type(group).__name__.lower()} do not fit together")
    count = sum(key.startswith("weights") for key in arrays)
    layers = tuple((arrays[f"weights{k}"], arrays[f"bias{k}"]) for k in range(count))
    width = features.kind.size
    for weights, bias in layers:
        if weights.shape != (bias.size, width) or not (finite(weights) and finite(bias)):
            raise ValueError("the layers do not fit together")
        width = bias.size
    if not layers or width != columns.learned.size:
        raise ValueError("the layers do not fit the columns")
    spec = Spec.parse(str(arrays["model"]))
    built(spec)
    return Family(spec, features, columns, layers, json.loads(str(arrays["facts"])))
