"""Configurations as TOML files, whose keys are the fields of `Config` or of the engine's `Settings`.

    name = "mine"                       # the label in tables and logs; by default the stem of the file's name
    preset = "DP2"                      # the values of keys that are left out; by default DP4
    losses = ["integrality:10,order=2", "regularisation:0.1"]
    optimizer = "momentum,eta=0.5,beta=0.3"
    restarts = []                       # no restarts
    time_limit = "none"                 # TOML has no null

    preset = "auto"                     # the engine instead of the pump
    without = ["rins"]
    until = "gap-to-lp"
    gap = 0.05

`name` becomes the field `preset` of the result, a label that is not part of the digest. `dump_config` writes
every field, so that its text keeps its meaning if defaults change later.
"""

from __future__ import annotations

import dataclasses
import math
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from diffpump.config.engine import AUTO, Settings
from diffpump.config.presets import DEFAULT_PRESET, config
from diffpump.config.pump import NON_NEGATIVE, Config
from diffpump.core.errors import UsageError

NO_LIMIT = "none"
PUMP_KEYS = ("name", *(field.name for field in dataclasses.fields(Config)))
ENGINE_KEYS = ("name", *(field.name for field in dataclasses.fields(Settings)))
LIMIT_TYPES: Mapping[str, type] = {
    "time_limit": float,
    "work_limit": int,
    "cutoff": float,
    "objective_target": float,
    "within": float,
}
_TYPE_NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "a text", list: "a list"}


def load_configuration(path: str | os.PathLike[str]) -> Config | Settings:
    """Return the configuration that a TOML file describes.

    Parameters
    ----------
    path : path-like
        The file. The stem of its name is the label of the configuration if the key `name` is left out.

    Returns
    -------
    Config or Settings
        The settings of the engine if the key `preset` is "auto", else a configuration of the pump.

    Raises
    ------
    UsageError
        If the file cannot be read or its content is not a configuration. The message has the file's name.
    """
    values = read_toml(path)
    engine = str(values.get("preset")).lower() == AUTO
    try:
        return (_settings if engine else _config)({"name": Path(path).stem, **values})
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def read_toml(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the values of a TOML file.

    Raises
    ------
    UsageError
        If the file cannot be read or is not TOML. The message has the file's name.
    """
    try:
        return tomllib.loads(Path(path).read_bytes().decode("utf-8-sig"))  # some editors write a BOM
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, too many digits, too deep a nesting
        raise UsageError(f"{path}: not TOML: {error}") from None


def load_config(path: str | os.PathLike[str]) -> Config:
    """Return the configuration of the pump that a TOML file describes.

    Raises
    ------
    UsageError
        As `load_configuration` does, and for a configuration of the engine.
    """
    loaded = load_configuration(path)
    if isinstance(loaded, Settings):
        raise UsageError(f"{path}: auto is the engine; a configuration of the pump is needed here")
    return loaded


def dump_config(configuration: Config | Settings) -> str:
    """Return the TOML text that `load_configuration` reads back as an equal configuration."""
    values = configuration.as_dict()
    head = {"name": values.pop("preset")}
    if isinstance(configuration, Settings):
        head["preset"] = AUTO
    return tomli_w.dumps({**head, **{k: NO_LIMIT if v is None else v for k, v in values.items()}})


def _config(values: dict[str, Any]) -> Config:
    for key, value in values.items():
        if key in ENGINE_KEYS and key not in PUMP_KEYS:
            raise UsageError(f"'{key}' is a setting of the engine: add the line preset = \"{AUTO}\"")
        if key not in PUMP_KEYS:
            raise UsageError(f"unknown setting '{key}'; known: {', '.join(PUMP_KEYS)}")
        _check_type(key, value)
    _convert_limits(values)
    label, base = values.pop("name"), values.pop("preset", DEFAULT_PRESET)
    return dataclasses.replace(config(base, **values), preset=label)


def _settings(values: dict[str, Any]) -> Settings:
    values["preset"] = values.pop("name")
    _check_type("name", values["preset"])
    defaults = Settings().as_dict()
    for key, value in values.items():
        if key not in defaults:
            raise UsageError(f"auto has no setting '{key}'; it has: {', '.join(ENGINE_KEYS)}")
        if key in LIMIT_TYPES:
            _check_type(key, value)
            continue
        kind = list if isinstance(defaults[key], tuple) else type(defaults[key])
        if kind is float and type(value) is int:
            values[key] = value = float(value)
        if type(value) is not kind:
            raise UsageError(f"{key} must be {_TYPE_NAMES[kind]}, got {value!r:.60}")
    _convert_limits(values)
    try:
        return Settings.from_dict({**defaults, **values})
    except (TypeError, ValueError):
        raise UsageError("a list of arms has the wrong form; --dump-config shows the form of each") from None


def _convert_limits(values: dict[str, Any]) -> None:
    """Replace "none" and infinity by None, and give numbers one type, so that 60 and 60.0 have one digest."""
    for key in LIMIT_TYPES.keys() & values.keys():
        none = values[key] in (NO_LIMIT, math.inf)
        values[key] = None if none else LIMIT_TYPES[key](values[key])


def _check_type(key: str, value: object) -> None:
    """Raise UsageError for a value of the wrong type; `Config` and `Settings` check the values themselves."""
    if key in ("losses", "restarts"):
        fits, wanted = isinstance(value, list) and all(isinstance(v, str) for v in value), "a list of texts"
    elif key == "max_iter":
        fits, wanted = isinstance(value, int), "a whole number"
    elif key in LIMIT_TYPES:
        number = isinstance(value, (int, float)) and abs(value) <= 1e300  # a larger integer may be no float
        number = number and not isinstance(value, bool)
        unit = " of seconds" if key == "time_limit" else ""
        fits, wanted = number or value in (NO_LIMIT, math.inf), f'a number{unit} or "{NO_LIMIT}"'
    elif key in NON_NEGATIVE:
        fits, wanted = isinstance(value, (int, float)), "a number"
    elif key == "name":
        fits, wanted = isinstance(value, str) and value != "" and value.isprintable(), "a text of one line"
    else:
        fits, wanted = isinstance(value, str), "a text"
    if not fits:
        raise UsageError(f"{key} must be {wanted}, got {value!r:.60}")
