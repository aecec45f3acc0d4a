"""The families: the same bytes on every machine, proven optima, and errors for invalid sizes."""

from __future__ import annotations

import importlib.util
import io
import json
from pathlib import Path

import numpy as np
import pytest
from oracle_fp import classic_pump

from diffpump.backends.relaxation import load
from diffpump.config.presets import config
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.families import FAMILIES, generate, generate_json, parameters
from diffpump.io.write import write_mps
from diffpump.pump import Pump

INSTANCES = Path(__file__).parent.parent / "instances"
_spec = importlib.util.spec_from_file_location("make_instances", INSTANCES / "make.py")
make = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make)

MODELS = make.models()
OPTIMA = {
    name: float(value) for _, name, value in (line.split() for line in make.SOLU.read_text().splitlines())
}
SMALLEST = list(MODELS)[: len(make.EASY)]


def text(problem: Problem) -> str:
    stream = io.StringIO()
    write_mps(problem, stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", MODELS)
def test_the_stored_bytes_are_made_again(name: str):
    assert (INSTANCES / f"{name}.mps").read_bytes() == text(MODELS[name]).encode()


def test_every_instance_has_an_optimum_and_every_family_instances():
    stored = {path.name.removesuffix(".mps") for path in INSTANCES.glob("*.mps")}
    assert stored == set(MODELS) == set(OPTIMA)
    assert {name.split("-")[0] for name in stored} == set(FAMILIES)


@pytest.mark.parametrize("name", SMALLEST)
def test_small_optima_by_highs(name: str):
    assert make.optimum_by_highs(INSTANCES / f"{name}.mps") == OPTIMA[name]


@pytest.mark.parametrize("name", SMALLEST)
def test_small_optima_by_scip(name: str):
    pytest.importorskip("pyscipopt", reason="needs SCIP")
    assert make.optimum_by_scip(INSTANCES / f"{name}.mps") == OPTIMA[name]


@pytest.mark.parametrize("family", list(FAMILIES))
def test_the_seed_decides(family: str):
    assert text(generate(family, 5)) == text(generate(family, 5)) != text(generate(family, 6))


@pytest.mark.parametrize("family", list(FAMILIES))
def test_every_size_can_be_one(family: str):
    """The smallest sizes give a model; gap needs a larger tightness for an assignment that fits."""
    sizes = {name: max(size.minimum, 1) for name, size in parameters(family).items()}
    problem = generate(family, 0, **(sizes | ({"tightness": 200} if family == "gap" else {})))
    assert problem.n > 0 and problem.integer.any()


def iterations_used_up(problem: Problem, path: Path) -> bool:
    """Return whether the classic pump finds no solution in nine iterations."""
    write_mps(problem, path)
    *_, last = classic_pump(path, max_iter=9)
    return not last.solved


@pytest.mark.parametrize("family", ["gap", "setcover", "cflp", "mckp", "mkp", "exactk"])
def test_the_default_size_is_hard_and_the_easy_one_is_easy(family: str, tmp_path: Path):
    """At least five of ten seeds need ten or more iterations (the numbers are in results/families)."""
    hard = [iterations_used_up(generate(family, seed), tmp_path / "m.mps") for seed in range(10)]
    seed, sizes = make.EASY[family]
    assert sum(hard) >= 5
    assert not iterations_used_up(generate(family, seed, **sizes), tmp_path / "m.mps")


def test_lot_sizing_is_hard_too():
    """The classic pump of the tests has no general integers, so diffpump's FP preset takes its place."""

    def used_up(seed: int) -> bool:
        problem = generate("lotsizing", seed)
        settled = config("FP", lp_start="cold", max_iter=9, time_limit=None)
        *_, last = Pump(problem, settled, load(problem, "highs", "cold")).iterates()
        return last.solution is None

    assert sum(used_up(seed) for seed in range(10)) >= 5


def test_kinds_of_columns():
    assert all(
        generate(family, 0).binary.all()
        for family in ("gap", "setcover", "mckp", "mkp", "exactk", "pisinger", "mkpc", "noroad")
    )
    location, lots = generate("cflp", 0), generate("lotsizing", 0)
    assert location.binary.any() and not location.general.any() and not location.integer.all()
    assert lots.binary.any() and lots.general.any() and not lots.integer.all()
    assert np.any(lots.row_lo == lots.row_hi) and lots.ub[lots.general].max() <= 60


def test_narrow_peaks_and_few_cheap_items_end():
    assert generate("mkpc", 68, spread=10**6).n == 30
    assert np.isclose(generate("mkpc", 0, items=300, costs=2, spread=10_000, distance=299).c, 0.1).sum() == 3


@pytest.mark.parametrize(
    ("family", "seed", "sizes", "says"),
    [
        ("unknown", 0, {}, "known: .*exactk"),
        ("gap", -1, {}, "seed"),
        ("gap", 0, {"cities": 3}, "it has: agents, jobs, tightness"),
        ("gap", 0, {"jobs": 0}, "jobs must be"),
        ("gap", 0, {"jobs": 2.5}, "jobs must be"),
        ("gap", 0, {"tightness": 1}, "raise tightness"),
        ("cflp", 0, {"limit": 31}, "limit 31"),
        ("exactk", 0, {"items": 9, "k": 10}, "k 10 is more than items 9"),
        ("mckp", 0, {"tightness": 10**20}, "from 0 to 1000000"),
        ("mkpc", 0, {"peaks": 3}, "got 3 and 1"),
        ("mkpc", 0, {"least": 101}, "at most 100"),
        ("noroad", 0, {"items": 4, "distance": 3}, "at least 5"),
        ("pisinger", 0, {"kind": 8}, "from 1 to 7, got 8"),
    ],
)
def test_what_does_not_fit_is_refused(family: str, seed: int, sizes: dict, says: str):
    with pytest.raises(UsageError, match=says):
        generate(family, seed, **sizes)


def test_families_without_a_json_form_say_which_have_one():
    with pytest.raises(UsageError, match="'gap' has no JSON form; these have one: mkpc, noroad"):
        generate_json("gap", 0)


def test_a_size_of_zero_is_drawn():
    """The semidefinite paper draws the spread, the least weight and the distance of each instance."""
    drawn = [json.loads(generate_json("mkpc", seed, spread=0, least=0, distance=0)) for seed in range(30)]
    shares = {round(one["min_weight"] / sum(one["weights"]), 3) for one in drawn}
    assert {one["max_distance"] for one in drawn} == {2, 3, 5} and shares == {0.9, 0.95}
    for seed, one in enumerate(drawn):
        sizes = {
            "least": round(100 * one["min_weight"] / sum(one["weights"])),
            "distance": one["max_distance"],
        }
        same = [
            json.loads(generate_json("mkpc", seed, spread=spread, **sizes)) == one for spread in (8, 16, 32)
        ]
        assert same.count(True) == 1
