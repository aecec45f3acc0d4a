"""Configurations of the pump: presets, text forms that read back, assignments by `set`, and digests."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.config.presets import DEFAULT_PRESET, PRESET_HELP, PRESETS, config
from diffpump.config.pump import Config
from diffpump.core.errors import UsageError
from diffpump.core.spec import Spec

law = settings(derandomize=True, deadline=None, max_examples=50)
positive = st.floats(1e-6, 1e6)
configs = st.builds(
    lambda preset, weight, order, sigma, eta, changes: config(
        preset,
        losses=[f"integrality:{weight!r},order={order}", "feasibility", f"regularisation:{eta!r}"],
        rounding=Spec("gaussian", params={"sigma": sigma}),
        optimizer=f"momentum,eta={eta!r},beta=0.5",
        **changes,
    ),
    st.sampled_from(list(PRESETS)), positive, st.integers(1, 4), positive, positive,
    st.fixed_dictionaries({}, optional={
        "integers": st.sampled_from(["box", "periodic"]), "repair": st.sampled_from(["lp", "off"]),
        "backend": st.sampled_from(["highs", "scip"]), "lp_start": st.sampled_from(["warm", "cold"]),
        "lp_algorithm": st.sampled_from(["auto", "primal", "dual"]), "max_iter": st.integers(0, 10**6),
        "time_limit": st.none() | st.floats(0, 1e6),
        "restarts": st.lists(st.sampled_from(["flip", "perturbation,period=50"]), max_size=2, unique=True),
    }),
)  # fmt: skip


@pytest.mark.parametrize(
    ("preset", "eta", "losses"),
    [
        ("FP", 1, ["integrality:1,order=1", "regularisation:1"]),
        ("DP1", 1, ["integrality:1,order=1", "regularisation:0.95"]),
        ("DP2", 0.8, ["integrality:1,order=2", "regularisation:0.1"]),
        ("DP3", 0.3, ["feasibility:1", "regularisation:1"]),
        ("DP4", 0.6, ["integrality:10,order=2", "feasibility:0.001", "regularisation:0.1"]),
    ],
)
def test_the_presets_are_the_papers_table_2(preset: str, eta: float, losses: list[str]) -> None:
    configuration = PRESETS[preset]
    assert configuration == config(preset.lower())
    assert [str(spec) for spec in configuration.losses] == losses
    assert str(configuration.optimizer) == str(Spec("gradient", params={"eta": eta}))
    assert str(configuration.rounding) == "gaussian,sigma=0.15,continuous=identity"
    assert str(configuration.jacobian) == "minus_identity"
    assert [str(spec) for spec in configuration.restarts] == [
        "perturbation,period=100,low=-0.3,high=0.7,reach=3",
        "flip,low=10,high=30",
    ]
    assert (configuration.integers, configuration.repair, configuration.max_iter) == ("box", "lp", 1000)


def test_every_preset_is_told_about() -> None:
    assert list(PRESET_HELP) == list(PRESETS)
    assert DEFAULT_PRESET in PRESETS
    assert config() == PRESETS[DEFAULT_PRESET]
    assert all(PRESETS[name].preset == name for name in PRESETS)


@given(configuration=configs)
@law
def test_plain_values_make_the_same_configuration_again(configuration: Config) -> None:
    values = configuration.as_dict()
    preset = values.pop("preset")
    again = config(preset, **values)
    assert again == configuration
    assert again.digest == configuration.digest


def test_the_digest_names_the_run_and_not_the_label() -> None:
    base = config("DP4")
    assert base.digest == dataclasses.replace(base, preset="mine").digest
    assert len(base.digest) == 12
    assert len({PRESETS[name].digest for name in PRESETS}) == len(PRESETS)


@pytest.mark.parametrize(
    "text", ["integrality:10,order=2", "integrality:10.0,order=2.0", "integrality:1e1,order=2"]
)
def test_equal_numbers_have_one_digest(text: str) -> None:
    losses = [text, "feasibility:1e-3", "regularisation:.1"]
    assert config("DP4", losses=losses).digest == config("DP4").digest


def test_what_is_left_unsaid_is_said_in_the_record() -> None:
    """A default is part of the configuration: the record has it, and giving it explicitly changes nothing."""
    short = config("FP", losses=["integrality", "regularisation"], rounding="gaussian")
    assert short == PRESETS["FP"]
    assert short.digest == config("FP", restarts=["perturbation,low=-0.3,period=100", "flip"]).digest
    assert Config.from_dict(short.as_dict()) == short


def test_a_users_loss_counts_with_its_content(tmp_path: Path) -> None:
    file = tmp_path / "my.py"
    digests = set()
    for body in ("one", "two"):
        file.write_text(body)
        digests.add(config("FP", losses=[f"python:1,file={file},name=f"]).digest)
    assert len(digests) == 2


CHANGES: list[dict[str, Any]] = [
    {"losses": "integrality:2"}, {"losses": ["regularisation", "integrality"]},
    {"losses": ["integrality", "regularisation:0.5"]}, {"optimizer": "gradient,eta=2"}, {"optimizer": "adam"},
    {"rounding": "nearest"}, {"rounding": "gaussian,sigma=0.15,continuous=quirk"},
    {"jacobian": "perturbation"},
    {"restarts": []}, {"restarts": ["flip", "perturbation"]}, {"integers": "periodic"}, {"repair": "off"},
    {"backend": "scip"}, {"lp_start": "cold"}, {"lp_algorithm": "dual"}, {"max_iter": 10},
    {"time_limit": None}, {"time_limit": 59.5},
    {"locks": "use"}, {"memory": "all"}, {"stall": 2}, {"scaling": "max"}, {"multipliers": "jump"},
    {"segment": 3}, {"presolve": "on"}, {"cuts": "cover"}, {"polish": "on"}, {"improvements": 2},
    {"lp_free": "on"},
    {"penalties": 0.5}, {"stages": "binaries"}, {"final": "hull"}, {"optimizer_state": "reset"},
    {"line_search": "exact"},
    {"lp_iterations": 9, "lp_algorithm": "primal"}, {"alpha": 0.9}, {"objective": "value"}, {"cutoff": 3.5},
]  # fmt: skip


def test_different_settings_have_different_digests() -> None:
    configurations = [config("FP", **change) for change in ({}, *CHANGES)]
    assert len({one.digest for one in configurations}) == len(configurations)


def test_every_field_is_part_of_the_digest_but_the_label() -> None:
    changed = {key for change in CHANGES for key in change}
    assert changed == {field.name for field in dataclasses.fields(Config)} - {"preset"}


def test_the_authors_setting() -> None:
    paper = config("DP4").paper()
    assert paper.repair == "off"
    assert str(paper.rounding) == "gaussian,sigma=0.15,continuous=quirk"
    assert config("DP4", rounding="nearest").paper().rounding == Spec("nearest")


# --- set --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assignment", "change"),
    [
        ("repair=off", {"repair": "off"}),
        ("max_iter=5", {"max_iter": 5}),
        ("time_limit=5", {"time_limit": 5.0}),
        ("time_limit=2.5", {"time_limit": 2.5}),
        ("time_limit=none", {"time_limit": None}),
        ("rounding=nearest", {"rounding": "nearest"}),
        ("optimizer=adam", {"optimizer": "adam"}),
        ("optimizer.eta=0.5", {"optimizer": "gradient,eta=0.5"}),
        ("rounding.continuous=quirk", {"rounding": "gaussian,sigma=0.15,continuous=quirk"}),
        ("losses.integrality=3", {"losses": ["integrality:3,order=1", "regularisation:1"]}),
        ("losses.integrality.order=2", {"losses": ["integrality:1,order=2", "regularisation:1"]}),
        ("restarts.flip.low=3", {"restarts": ["perturbation", "flip,low=3"]}),
    ],
)
def test_setting_one_thing(assignment: str, change: dict[str, Any]) -> None:
    configuration = config("FP").set(assignment)
    assert configuration == config("FP", **change)
    assert configuration.digest == config("FP", **change).digest


@pytest.mark.parametrize(
    "assignment",
    [
        "repair", "=off", "repair=", "speed=9", "repair=maybe", "max_iter=1.5", "max_iter=-1",
        "max_iter=true", "max_iter=none", "max_iter=many", "time_limit=-1", "time_limit=nan",
        "time_limit=soon", "time_limit=true", "rounding=3", "rounding=soft", "rounding.sigma=wide",
        "rounding.width=3", "rounding.sigma=none", "optimizer.eta=nan", "optimizer.eta=inf",
        "optimizer.eta.x=1", "losses=integrality", "restarts=flip", "losses.cost=1",
        "losses.integrality=heavy", "losses.integrality=inf", "losses.integrality.p=2",
        "losses.integrality.order.x=2", "restarts.flip=0.5", "optimizer=gradient:3", "preset=FP",
        "seed.x=1",
    ],
)  # fmt: skip
def test_settings_that_do_not_fit(assignment: str) -> None:
    with pytest.raises(UsageError) as refusal:
        config("FP").set(assignment)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"losses": []}, "at least one loss"),
        ({"losses": "integrality:nan"}, "finite"),
        ({"losses": "thing"}, "unknown loss 'thing'"),
        ({"losses": "python:1"}, "needs a value for 'file'"),
        ({"backend": "cplex"}, "unknown backend 'cplex'; known: .*highs"),
        ({"max_iter": 2.0}, "max_iter must be a whole number"),
        ({"time_limit": "soon"}, "time_limit must be a number"),
        ({"rounding": "gaussian:2"}, "takes no weight"),
        ({"speed": 3}, "unknown setting 'speed'; known: alpha, backend"),
    ],
)
def test_configurations_that_do_not_fit(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        config("DP2", **changes)


def test_unknown_presets_are_told_the_known_ones() -> None:
    with pytest.raises(UsageError, match="unknown preset 'DP9'; known: FP, DP1, DP2, DP3, DP4"):
        config("DP9")
