"""Configurations as TOML: the fields of `Config` under their own names, operators as their one-line texts.

    name = "mine"                       # what tables and logs call it; the file's stem where it is left out
    preset = "DP2"                      # gives what the file does not say; DP4 where it is left out
    losses = ["integrality:10,order=2", "regularisation:0.1"]
    optimizer = "momentum,eta=0.5,beta=0.3"
    restarts = []                       # none
    time_limit = "none"                 # TOML has no null

`name` is the label, the field `preset` of the `Config` made: the digest leaves it out. `dump_config` says
every field, so that what it wrote means the same under later defaults.
"""

from __future__ import annotations

import dataclasses
import math
import os
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from diffpump.config import DEFAULT_PRESET, Config, config
from diffpump.result import UsageError

NO_LIMIT = "none"
KEYS = ("name", *(field.name for field in dataclasses.fields(Config)))


def load_config(path: str | os.PathLike[str]) -> Config:
    """The configuration that a TOML file describes; UsageError, with its name, for what does not fit."""
    file = Path(path)
    try:
        values = tomllib.loads(file.read_bytes().decode("utf-8-sig"))  # some editors begin with a mark
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, a number or a nesting without end
        raise UsageError(f"{path}: not TOML: {error}") from None
    try:
        return _config({"name": file.stem, **values})
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def dump_config(settled: Config) -> str:
    """The text that `load_config` reads back as an equal configuration."""
    values = settled.as_dict()
    name = values.pop("preset")
    limit = NO_LIMIT if settled.time_limit is None else settled.time_limit
    return tomli_w.dumps({"name": name, **values, "time_limit": limit})


def _config(values: dict[str, Any]) -> Config:
    for key, value in values.items():
        _judge(key, value)
    limit = values.get("time_limit")
    if limit in (NO_LIMIT, math.inf):
        values["time_limit"] = None
    elif isinstance(limit, int) and not isinstance(limit, bool):
        values["time_limit"] = float(limit)  # 60 and 60.0 are one configuration, with one digest
    label, base = values.pop("name"), values.pop("preset", DEFAULT_PRESET)
    return dataclasses.replace(config(base, **values), preset=label)


def _judge(key: str, value: object) -> None:
    """UsageError for an unknown key or a value of another kind; `Config` judges the values themselves."""
    if key not in KEYS:
        raise UsageError(f"unknown setting '{key}'; known: {', '.join(KEYS)}")
    if key in ("losses", "restarts"):
        fits, wanted = isinstance(value, list) and all(isinstance(v, str) for v in value), "a list of texts"
    elif key == "max_iter":
        fits, wanted = isinstance(value, int), "a whole number"
    elif key == "time_limit":
        number = isinstance(value, (int, float)) and abs(value) <= 1e300  # more is no float
        fits, wanted = number or value in (NO_LIMIT, math.inf), f'a number of seconds or "{NO_LIMIT}"'
    elif key == "name":
        fits, wanted = isinstance(value, str) and value != "" and value.isprintable(), "a text of one line"
    else:
        fits, wanted = isinstance(value, str), "a text"
    if not fits:
        raise UsageError(f"{key} must be {wanted}, got {value!r:.60}")
