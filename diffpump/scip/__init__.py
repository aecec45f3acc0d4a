"""The feasibility pump inside SCIP: one line adds it to a `pyscipopt.Model`.

import diffpump.scip
diffpump.scip.include(model)
model.optimize()
"""

from __future__ import annotations

import os
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from diffpump.config.pump import ENGINE, Config, config
from diffpump.config.toml import read_toml
from diffpump.core.errors import UsageError
from diffpump.kernels.compile import warm
from diffpump.scip.parameters import NAMES, Parameters

if TYPE_CHECKING:
    from pyscipopt import Model

    from diffpump.scip.heuristic import DiffPump

__all__ = ["Parameters", "include"]

ENGINE_NAME = "engine"
PUMP = ENGINE.with_(stall=1)  # alone, with few iterations: the local search does not wait for a repetition
NOT_HERE = {"max_iter": "maxloops", "time_limit": "SCIP's limits/time", "cutoff": "minimprove"}


def include(
    model: Model, preset: str | os.PathLike[str] | Config = ENGINE_NAME, *, priority: int | None = None,
    freq: int | None = None, freqofs: int | None = None, maxdepth: int | None = None, **settings: Any,
) -> DiffPump:  # fmt: skip
    """Add the heuristic to a model, before it is solved; its statistics are in what is returned.

    preset    "engine", the pump of diffpump's own engine with `stall=1`, which needs its kernels compiled (a
              few seconds, once for all: `diffpump doctor --warm`); "FP", "DP1" .. "DP4"; a `Config`; the path
              of a TOML file with `preset` and any of the settings
    priority, freq, freqofs, maxdepth  as every SCIP heuristic has them; they can be changed later, under
              `heuristics/diffpump/` in SCIP's parameters
    settings  fields of `Parameters` and of `Config`: maxlpiterquot=0.2, rounding="gaussian"

    Raises UsageError for a setting that does not exist or does not fit, a model that has the heuristic
    already, and a PySCIPOpt that hides SCIP's functions.
    """
    try:
        import pyscipopt
    except ImportError as error:
        raise UsageError("the SCIP plugin needs PySCIPOpt: pip install diffpump[scip]") from error
    from diffpump.scip import heuristic as card
    from diffpump.scip.host import functions

    if not isinstance(model, pyscipopt.Model):
        raise UsageError(f"a pyscipopt.Model is needed, not a {type(model).__name__}")
    functions()
    plugin = card.DiffPump(*settled(preset, settings))
    if f"heuristics/{card.NAME}/freq" in model.getParams():
        raise UsageError(f"the model has a heuristic of the name {card.NAME} already")
    if plugin.config.rounding.name == "propagation":
        for _ in () if warm.is_warm() else warm.warm():
            pass
    card.prepare(plugin.config)

    def or_default(value: int | None, default: int) -> int:
        return default if value is None else value

    model.includeHeur(
        plugin, card.NAME, card.DESCRIPTION, card.DISPLAY,
        priority=or_default(priority, card.PRIORITY), freq=or_default(freq, card.FREQUENCY),
        freqofs=or_default(freqofs, card.OFFSET), maxdepth=or_default(maxdepth, card.MAXDEPTH),
        timingmask=card.TIMING, usessubscip=card.USES_SUBSCIP,
    )  # fmt: skip
    return plugin


def settled(preset: str | os.PathLike[str] | Config, settings: dict[str, Any]) -> tuple[Config, Parameters]:
    """The pump's configuration and the heuristic's parameters that a preset, or a file, and changes mean."""
    base = preset
    if isinstance(base, os.PathLike) or (isinstance(base, str) and base.endswith(".toml")):
        values = read_toml(base)
        base, settings = str(values.pop("preset", ENGINE_NAME)), {**values, **settings}
    for name, instead in NOT_HERE.items():
        if name in settings:
            raise UsageError(f"{name} is not for SCIP's heuristic: use {instead}")
    known = (*NAMES, *sorted({field.name for field in fields(Config)} - {"preset", *NOT_HERE}))
    for name in settings:
        if name not in known:
            raise UsageError(f"unknown setting '{name}'; known: {', '.join(known)}")
    own = {name: settings[name] for name in NAMES if name in settings}
    changes = {name: value for name, value in settings.items() if name not in NAMES}
    if isinstance(base, str):
        base = PUMP if base.lower() == ENGINE_NAME else config(base)
    return base.with_(**changes, max_iter=10**9, time_limit=None), Parameters(**own)
