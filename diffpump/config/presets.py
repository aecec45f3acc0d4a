"""The named configurations of the pump: the paper's, those of its revision, and the pumps they generalise.

FP, DP1 to DP4      Table 2 of the paper (arXiv 2411.03535); sigma = 0.15 and the restarts are those of the
                    authors' code
DP1r to DP4r, DP5   its revision (Mathematical Programming), tuned on 851 instances
AUTHOR-YEAR         a pump of the literature: FP with the part that its authors changed, at their defaults
best                our own
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diffpump.config.engine import AUTO
from diffpump.config.pump import Config
from diffpump.core.errors import UsageError
from diffpump.core.spec import Spec


def _descent(name: str, eta: float, regularisation: float, *losses: str) -> Config:
    """Return a configuration that differs from FP in its losses and in the step alone."""
    return Config(
        name,
        (*map(Spec.parse, losses), Spec("regularisation", regularisation)),
        Spec("gradient", params={"eta": eta}),
    )


FIRST, SECOND = "integrality:1,order=1", "integrality:1,order=2"
TO_ROUNDING, PROPAGATION = "distance:1,order=1", "random-propagation,backtracks=0"
FP = _descent("FP", 1.0, 1.0, FIRST)
CONCAVE = {  # the losses of De Santis, Lucidi, Rinaldi of a distance d
    "exponential": "1 - exp(-d/2)",
    "logistic": "1 / (1 + exp(-d/10))",
    "hyperbolic": "-1 / (d + 0.1)",
    "logarithmic": "log(d + 0.1)",
}

DP4 = _descent("DP4", 0.6, 0.1, "integrality:10,order=2", "feasibility:0.001")
ENGINE_PUMP = DP4.with_(
    preset="engine",
    losses=("expected:10", "regularisation:0.1"),
    rounding="propagation",
    scaling="max",
    restarts=("search", "perturbation", "flip"),
)
"""The configuration of the engine's pump arms (results/engine/pump). It needs numba."""


def _variant(name: str, **changes: Any) -> Config:
    """Return FP with the parts that a pump of the literature changes."""
    return FP.with_(preset=name, **changes)


_ABOUT: tuple[tuple[Config, str], ...] = (
    (FP, "the original feasibility pump (Fischetti, Glover, Lodi 2005) as a special case"),
    (_descent("DP1", 1.0, 0.95, FIRST), "the original pump with a slightly smaller regularisation weight"),
    (
        _descent("DP2", 0.8, 0.1, SECOND),
        "integrality of order 2 with a small regularisation, so that theta keeps most of its past",
    ),
    (
        _descent("DP3", 0.3, 1.0, "feasibility:1"),
        "feasibility of the rounded point alone, through the soft rounding",
    ),
    (
        DP4,
        "integrality of order 2 and feasibility together: the paper's best",
    ),
    (_descent("DP1r", 0.55, 0.95, FIRST), "DP1 with the weights of the paper's revision"),
    (_descent("DP2r", 0.8, 0.65, SECOND), "DP2 with the weights of the paper's revision"),
    (_descent("DP3r", 0.45, 0.9, "feasibility:1"), "DP3 with the weights of the paper's revision"),
    (
        _descent("DP4r", 0.6, 0.7, "integrality:0.3,order=2", "feasibility:0.1"),
        "DP4 with the weights of the paper's revision",
    ),
    (
        _descent("DP5", 0.5, 0.5, "integrality:0.9,order=2", "argmin_feasibility:0.9"),
        "DP4 that counts violations as far as continuous columns cannot repair them: the revision's best",
    ),
    (
        _variant("bertacco-2007", integers="aux", stages="binaries", final="nearest", max_iter=12_000),
        "FP on the binaries first, general integers by distance columns, branch and cut near the closest "
        "rounding at the end (Bertacco, Fischetti, Lodi)",
    ),
    (
        _variant("achterberg-2007", alpha=0.9),
        "FP with the objective in the LPs' cost, by a share that falls by a tenth in every iteration "
        "(Achterberg, Berthold)",
    ),
    (
        _variant("fischetti-2009", losses=[TO_ROUNDING, "regularisation:1"], rounding=PROPAGATION),
        "FP that rounds one column after another, from a random threshold on, and propagates the rows after "
        "each (Fischetti, Salvagnin)",
    ),
    (
        _variant("baena-2011", losses=[TO_ROUNDING, "regularisation:1"], rounding="centre"),
        "FP that rounds points on the segment from the LP point to the analytic centre (Baena, Castro)",
    ),
    *(
        (
            _variant(f"desantis-2013-{loss}", losses=[loss, "regularisation:1"]),
            f"FP with the loss {formula} of the distance d to an integer (De Santis, Lucidi, Rinaldi)",
        )
        for loss, formula in CONCAVE.items()
    ),
    (
        _variant("boland-2014", line_search="exact"),
        "FP that tries every rounding on the segment from the LP point to the last rounding (Boland et al.)",
    ),
    (
        _variant(
            "geissler-2017",
            losses=["cost:1,share=1", FIRST, "regularisation:1"],
            penalties=1,
            restarts=[],
        ),
        "FP with the objective in the cost, and penalties of columns that grow in place of restarts "
        "(Geissler, Morsi, Schewe, Schmidt)",
    ),
    (
        _variant("dey-2018", restarts=["perturbation", "walksat"]),
        "FP with restarts that move columns of violated rows, as WalkSAT does (Dey, Iroume, Molinaro, "
        "Salvagnin)",
    ),
    (
        _variant("frangioni-2021", losses=["slack_integrality:1", "regularisation:1"]),
        "FP with columns weighted by the slack of their rows (Frangioni et al.)",
    ),
    (
        _variant(
            "mexi-2023",
            losses=[TO_ROUNDING, "regularisation:0.5"],
            rounding=PROPAGATION,
            alpha=0.9,
            objective="value",
            final="hull",
        ),
        "FP with earlier roundings in the cost, each half as heavy as the next, the objective scaled by its "
        "value, propagation, and branch and cut over the LP points at the end (Mexi, Berthold, Salvagnin)",
    ),
    (
        ENGINE_PUMP.with_(preset="best", presolve="on", lp_free="on", polish="on", improvements=8, stall=1),
        "our own (results/best): searches without an LP first, then the gradient of the expected violation, "
        "propagation, local search from stalled roundings, and improvements of the solution",
    ),
)
PRESETS: Mapping[str, Config] = {config.preset: config for config, _ in _ABOUT}
PRESET_HELP: Mapping[str, str] = {config.preset: about for config, about in _ABOUT}
DEFAULT_PRESET = "DP4"

PROJECTION_PUMP = FP.with_(
    preset="engine, no gradient",
    losses=[TO_ROUNDING, "regularisation:1"],
    rounding=ENGINE_PUMP.rounding,
    restarts=ENGINE_PUMP.restarts,
)
"""The same with the projection of the original pump instead of the gradient, for the ablation."""


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
