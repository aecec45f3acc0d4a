"""The feasibility pump as a heuristic of SCIP. One line adds it to a `pyscipopt.Model`:

    import diffpump.scip
    diffpump.scip.include(model)
    model.optimize()

`diffpump.scip.run` solves a `Problem` by SCIP with this heuristic.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from diffpump.config.presets import ENGINE_PUMP, config
from diffpump.config.pump import Config
from diffpump.config.toml import read_toml
from diffpump.core.errors import UsageError
from diffpump.kernels.compile import warm
from diffpump.kernels.compile.jit import mode
from diffpump.scip.parameters import NAMES, Parameters

if TYPE_CHECKING:
    from pyscipopt import Model

    from diffpump.scip.heuristic import DiffPump

__all__ = ["Parameters", "include"]

ENGINE_NAME = "engine"
# A call has few iterations, so the local search of the pump must not wait until a rounding repeats.
SCIP_PUMP = ENGINE_PUMP.with_(stall=1)
# Fields of `Config` that the heuristic does not have, and the parameters that take their place.
REPLACED_BY = {"max_iter": "maxloops", "time_limit": "SCIP's limits/time", "cutoff": "minimprove"}


def include(
    model: Model, preset: str | os.PathLike[str] | Config = ENGINE_NAME, *, priority: int | None = None,
    freq: int | None = None, freqofs: int | None = None, maxdepth: int | None = None,
    has_kernels: Callable[[], bool] | None = None, **settings: Any,
) -> DiffPump:  # fmt: skip
    """Add the heuristic to a model before it is solved, and return it.

    Parameters
    ----------
    model : pyscipopt.Model
        The model, which is changed.
    preset : str, os.PathLike or Config
        "engine": the pump of diffpump's engine with `stall=1`, whose kernels take a few seconds to compile
        once (`diffpump doctor --warm`); "FP", "DP1" .. "DP4"; a `Config`; or the path of a TOML file with
        `preset` and any of the settings.
    priority, freq, freqofs, maxdepth : int, optional
        The parameters of every SCIP heuristic; they can be changed later as SCIP's parameters
        `heuristics/diffpump/...`. Default: the heuristic's own values.
    has_kernels : callable, optional
        Returns whether the kernels are compiled; the heuristic does not run before. By default they are
        compiled now.
    **settings
        Fields of `Parameters` and of `Config`, such as maxlpiterquot=0.2 and rounding="gaussian".

    Returns
    -------
    DiffPump
        The heuristic, which has the `statistics` of the solve.

    Raises
    ------
    UsageError
        For an unknown or invalid setting, an object that is not a `pyscipopt.Model`, a model that already has
        the heuristic, and a PySCIPOpt that is missing or hides SCIP's functions.
    """
    try:
        import pyscipopt
    except ImportError as error:
        raise UsageError("the SCIP plugin needs PySCIPOpt: pip install 'diffpump[scip]'") from error
    from diffpump.scip import heuristic
    from diffpump.scip.host import functions

    if not isinstance(model, pyscipopt.Model):
        raise UsageError(f"a pyscipopt.Model is needed, not a {type(model).__name__}")
    functions()
    plugin = heuristic.DiffPump(*configure(preset, settings), has_kernels or (lambda: True))
    if f"heuristics/{heuristic.NAME}/freq" in model.getParams():
        raise UsageError(f"the model already has a heuristic named {heuristic.NAME}; include it only once")
    if has_kernels is None:
        if plugin.config.uses_kernels and mode()[0] == "native" and not warm.is_warm():
            for _ in warm.warm(in_memory=True):
                pass
        heuristic.prepare(plugin.config)

    def or_default(value: int | None, default: int) -> int:
        return default if value is None else value

    model.includeHeur(
        plugin, heuristic.NAME, heuristic.DESCRIPTION, heuristic.DISPLAY,
        priority=or_default(priority, heuristic.PRIORITY), freq=or_default(freq, heuristic.FREQUENCY),
        freqofs=or_default(freqofs, heuristic.OFFSET), maxdepth=or_default(maxdepth, heuristic.MAXDEPTH),
        timingmask=heuristic.TIMING, usessubscip=heuristic.USES_SUBSCIP,
    )  # fmt: skip
    return plugin


def configure(preset: str | os.PathLike[str] | Config, settings: dict[str, Any]) -> tuple[Config, Parameters]:
    """Return the configuration of the pump and the parameters of the heuristic.

    Parameters
    ----------
    preset : str, os.PathLike or Config
        As in `include`.
    settings : dict of str to value
        Changes to it: fields of `Parameters` and of `Config`. They replace those of a TOML file.

    Returns
    -------
    config : Config
        The configuration of the pump, with max_iter = 10**9 and no time limit, since SCIP's limits and the
        parameters take their place (`REPLACED_BY`).
    parameters : Parameters
        The parameters of the heuristic.

    Raises
    ------
    UsageError
        For an unknown or invalid setting.
    """
    base = preset
    if isinstance(base, os.PathLike) or (isinstance(base, str) and base.endswith(".toml")):
        values = read_toml(base)
        base, settings = str(values.pop("preset", ENGINE_NAME)), {**values, **settings}
    for name, replacement in REPLACED_BY.items():
        if name in settings:
            raise UsageError(f"{name} is not a setting of SCIP's heuristic; set {replacement} instead")
    known = (*NAMES, *sorted({field.name for field in fields(Config)} - {"preset", *REPLACED_BY}))
    for name in settings:
        if name not in known:
            raise UsageError(f"unknown setting '{name}'; known: {', '.join(known)}")
    parameters = {name: settings[name] for name in NAMES if name in settings}
    changes = {name: value for name, value in settings.items() if name not in NAMES}
    if isinstance(base, str):
        base = SCIP_PUMP if base.lower() == ENGINE_NAME else config(base)
    return base.with_(**changes, max_iter=10**9, time_limit=None), Parameters(**parameters)
