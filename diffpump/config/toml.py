"""Configurations as TOML: the fields of `Config`, or of the engine's `Settings`, under their own names.

    name = "mine"                       # what tables and logs call it; the file's stem where it is left out
    preset = "DP2"                      # gives what the file does not say; DP4 where it is left out
    losses = ["integrality:10,order=2", "regularisation:0.1"]
    optimizer = "momentum,eta=0.5,beta=0.3"
    restarts = []                       # none
    time_limit = "none"                 # TOML has no null

    preset = "auto"                     # the engine
    without = ["rins"]
    until = "gap-to-lp"
    gap = 0.05

`name` is the label, the field `preset` of what is made: the digest leaves it out. `dump_config` says every
field, so that what it wrote means the same under later defaults.
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
from diffpump.config.pump import DEFAULT_PRESET, NOT_NEGATIVE, Config, config
from diffpump.core.errors import UsageError

NO_LIMIT = "none"
KEYS = ("name", *(field.name for field in dataclasses.fields(Config)))
ENGINE_KEYS = ("name", *(field.name for field in dataclasses.fields(Settings)))
LIMITS: Mapping[str, type] = {"time_limit": float, "work_limit": int, "cutoff": float}
_NAMED = {bool: "true or false", int: "a whole number", float: "a number", str: "a text", list: "a list"}


def load_settled(path: str | os.PathLike[str]) -> Config | Settings:
    """What a TOML file describes; UsageError, with its name, for what does not fit."""
    values = read_toml(path)
    engine = str(values.get("preset")).lower() == AUTO
    try:
        return (_settings if engine else _config)({"name": Path(path).stem, **values})
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def read_toml(path: str | os.PathLike[str]) -> dict[str, Any]:
    """What stands in a TOML file; UsageError, with its name, where it cannot be read."""
    try:
        return tomllib.loads(Path(path).read_bytes().decode("utf-8-sig"))  # some editors begin with a mark
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, a number or a nesting without end
        raise UsageError(f"{path}: not TOML: {error}") from None


def load_config(path: str | os.PathLike[str]) -> Config:
    """The pump's configuration that a TOML file describes; UsageError, too, where it is the engine's."""
    settled = load_settled(path)
    if isinstance(settled, Settings):
        raise UsageError(f"{path}: auto is the engine; a configuration of the pump is needed here")
    return settled


def dump_config(settled: Config | Settings) -> str:
    """The text that `load_settled` reads back as an equal configuration."""
    values = settled.as_dict()
    head = {"name": values.pop("preset")}
    if isinstance(settled, Settings):
        head["preset"] = AUTO
    return tomli_w.dumps({**head, **{k: NO_LIMIT if v is None else v for k, v in values.items()}})


def _config(values: dict[str, Any]) -> Config:
    for key, value in values.items():
        if key not in KEYS:
            raise UsageError(f"unknown setting '{key}'; known: {', '.join(KEYS)}")
        _judge(key, value)
    _settle(values)
    label, base = values.pop("name"), values.pop("preset", DEFAULT_PRESET)
    return dataclasses.replace(config(base, **values), preset=label)


def _settings(values: dict[str, Any]) -> Settings:
    values["preset"] = values.pop("name")
    _judge("name", values["preset"])
    defaults = Settings().as_dict()
    for key, value in values.items():
        if key not in defaults:
            raise UsageError(f"auto has no setting '{key}'; it has: {', '.join(ENGINE_KEYS)}")
        if key in LIMITS:
            _judge(key, value)
            continue
        kind = list if isinstance(defaults[key], tuple) else type(defaults[key])
        if kind is float and type(value) is int:
            values[key] = value = float(value)
        if type(value) is not kind:
            raise UsageError(f"{key} must be {_NAMED[kind]}, got {value!r:.60}")
    _settle(values)
    try:
        return Settings.from_dict({**defaults, **values})
    except (TypeError, ValueError):
        raise UsageError("a list of arms does not fit; --dump-config shows what each looks like") from None


def _settle(values: dict[str, Any]) -> None:
    """None for no limit; one type for every number, so that 60 and 60.0 have one digest."""
    for key in LIMITS.keys() & values.keys():
        none = values[key] in (NO_LIMIT, math.inf)
        values[key] = None if none else LIMITS[key](values[key])


def _judge(key: str, value: object) -> None:
    """UsageError for a value of another kind; `Config` and `Settings` judge the values themselves."""
    if key in ("losses", "restarts"):
        fits, wanted = isinstance(value, list) and all(isinstance(v, str) for v in value), "a list of texts"
    elif key == "max_iter":
        fits, wanted = isinstance(value, int), "a whole number"
    elif key in LIMITS:
        number = isinstance(value, (int, float)) and abs(value) <= 1e300  # more is no float
        number = number and not isinstance(value, bool)
        unit = " of seconds" if key == "time_limit" else ""
        fits, wanted = number or value in (NO_LIMIT, math.inf), f'a number{unit} or "{NO_LIMIT}"'
    elif key in NOT_NEGATIVE:
        fits, wanted = isinstance(value, (int, float)), "a number"
    elif key == "name":
        fits, wanted = isinstance(value, str) and value != "" and value.isprintable(), "a text of one line"
    else:
        fits, wanted = isinstance(value, str), "a text"
    if not fits:
        raise UsageError(f"{key} must be {wanted}, got {value!r:.60}")
