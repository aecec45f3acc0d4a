"""The named configurations of the pump.

FP and DP1 to DP4 are those of the paper's Table 2 (arXiv 2411.03535). sigma = 0.15 and the restarts are those
of the authors' code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diffpump.config.engine import AUTO
from diffpump.config.pump import Config
from diffpump.core.errors import UsageError
from diffpump.core.spec import Spec


def _preset(name: str, eta: float, regularisation: float, *losses: Spec) -> Config:
    terms = (*losses, Spec("regularisation", regularisation))
    return Config(name, terms, Spec("gradient", params={"eta": eta}))


def _integrality(weight: float, order: int) -> Spec:
    return Spec("integrality", weight, {"order": order})


PRESETS: Mapping[str, Config] = {
    "FP": _preset("FP", 1.0, 1.0, _integrality(1, 1)),
    "DP1": _preset("DP1", 1.0, 0.95, _integrality(1, 1)),
    "DP2": _preset("DP2", 0.8, 0.1, _integrality(1, 2)),
    "DP3": _preset("DP3", 0.3, 1.0, Spec("feasibility", 1)),
    "DP4": _preset("DP4", 0.6, 0.1, _integrality(10, 2), Spec("feasibility", 1e-3)),
}
DEFAULT_PRESET = "DP4"

ENGINE_PUMP = PRESETS["DP4"].with_(
    preset="engine",
    losses=("expected:10", "regularisation:0.1"),
    rounding="propagation",
    scaling="max",
    restarts=("search", "perturbation", "flip"),
)
"""The configuration of the engine's pump arms (results/engine/pump). It needs numba."""

PROJECTION_PUMP = PRESETS["FP"].with_(
    preset="engine, no gradient", rounding=ENGINE_PUMP.rounding, restarts=ENGINE_PUMP.restarts
)
"""The same with the projection of the original pump instead of the gradient, for the ablation."""

PRESET_HELP: Mapping[str, str] = {
    "FP": "the original feasibility pump (Fischetti, Glover, Lodi 2005) as a special case",
    "DP1": "the original pump with a slightly smaller regularisation weight",
    "DP2": "integrality of order 2 with a small regularisation, so that theta keeps most of its past",
    "DP3": "feasibility of the rounded point alone, through the soft rounding",
    "DP4": "integrality of order 2 and feasibility together: the paper's best",
}


def config(preset: str = DEFAULT_PRESET, **changes: Any) -> Config:
    """Return the configuration of a preset with changed fields.

    Parameters
    ----------
    preset : str
        A key of `PRESETS`. Upper and lower case do not matter.
    **changes
        New values of fields, as for `Config.with_`.

    Raises
    ------
    UsageError
        If the preset or a field is unknown, and as `Config` does.
    """
    for name, value in PRESETS.items():
        if name.lower() == preset.lower():
            return value.with_(**changes)
    if preset.lower() == AUTO:
        raise UsageError(f"{AUTO} is the preset of the engine; name one of the pump: {', '.join(PRESETS)}")
    raise UsageError(f"unknown preset '{preset}'; known: {', '.join(PRESETS)}, and {AUTO} for the engine")
