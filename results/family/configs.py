"""Write the configurations of the studies of this folder, one .toml each, under configs/<study>/.

    python results/family/configs.py

general      general integers by box, aux and periodic, for FP, DP2, DP4 and DP5
revision     the weights of DP4 and DP5 with eta = w_reg = 1, and the width of DP5's soft rounding
ingredients  what one part of another pump adds to FP, DP2 and DP5
slope        whether the loss argmin_feasibility explains why the authors' slope serves DP3
multipliers  row multipliers that grow at stalls, for DP3, DP4 and DP5, whose loss is argmin_feasibility
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
WEIGHTS = (0.1, 0.5, 0.9)
WIDTHS = (0.01, 0.05, 0.1, 0.15, 0.2, 0.3)

Values = dict[str, object]


def general() -> Iterator[tuple[str, Values]]:
    for preset in ("FP", "DP2", "DP4", "DP5"):
        for mode in ("box", "aux", "periodic"):
            yield f"{preset}-{mode}", {"preset": preset, "integers": mode}


def revision() -> Iterator[tuple[str, Values]]:
    for preset, loss in (("DP4", "feasibility"), ("DP5", "argmin_feasibility")):
        for integrality in WEIGHTS:
            for weight in WEIGHTS:
                losses = [f"integrality:{integrality},order=2", f"{loss}:{weight}", "regularisation:1"]
                values: Values = {"preset": preset, "losses": losses, "optimizer": "gradient,eta=1"}
                yield f"{preset}-{integrality}-{weight}", values
    for width in WIDTHS:
        yield f"DP5-width-{width}", {"preset": "DP5", "rounding": f"gaussian,sigma={width}"}


INGREDIENTS: dict[str, Values] = {
    "alone": {},
    "alpha": {"alpha": 0.9},
    "propagation": {"rounding": "random-propagation,backtracks=0"},
    "centre": {"rounding": "centre"},
    "line-search": {"line_search": "exact"},
    "walksat": {"restarts": ["perturbation", "walksat"]},
    "search": {"restarts": ["search", "perturbation", "flip"]},
    "penalties": {"penalties": 1, "restarts": []},
    "presolve": {"presolve": "on"},
}


def ingredients() -> Iterator[tuple[str, Values]]:
    for preset in ("FP", "DP2", "DP5"):
        for name, values in INGREDIENTS.items():
            yield f"{preset}-{name}", {"preset": preset, **values}
    yield "FP-propagation-distance", {
        "preset": "FP", "losses": ["distance:1", "regularisation:1"], **INGREDIENTS["propagation"],
    }  # fmt: skip


def slope() -> Iterator[tuple[str, Values]]:
    """Yield DP3 with either loss on the rows, with the right slope on continuous columns and the authors'."""
    for loss in ("feasibility", "argmin_feasibility"):
        for continuous in ("identity", "quirk"):
            yield f"DP3-{loss}-{continuous}", {
                "preset": "DP3", "losses": [f"{loss}:1", "regularisation:1"],
                "rounding": f"gaussian,sigma=0.15,continuous={continuous}",
            }  # fmt: skip


def multipliers() -> Iterator[tuple[str, Values]]:
    for preset in ("DP3", "DP4", "DP5"):
        yield f"{preset}-none", {"preset": preset}
        for kind in ("ldf", "polyak", "jump"):
            yield f"{preset}-{kind}", {"preset": preset, "multipliers": f"{kind},decay=0.5"}


STUDIES = {
    "general": general, "revision": revision, "ingredients": ingredients, "slope": slope,
    "multipliers": multipliers,
}  # fmt: skip


def main() -> None:
    for study, configurations in STUDIES.items():
        folder = HERE / "configs" / study
        folder.mkdir(parents=True, exist_ok=True)
        for name, values in configurations():
            lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
            (folder / f"{name}.toml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
