"""Trained families: losses against their formulas, training that repeats, decoding, files and commands."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import process

import diffpump
from diffpump.backends.mip import solve_mip
from diffpump.cli import run
from diffpump.core.errors import InputError, UsageError
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.families import generate
from diffpump.io.foreign import from_arrays
from diffpump.io.write import write_mps
from diffpump.knapsack.packed import packed
from diffpump.learn.family import Family, forward, load, packed_arrays
from diffpump.learn.gather import gather
from diffpump.learn.history import History, data_of
from diffpump.learn.labels import INDEX as LABELS
from diffpump.learn.labels import label
from diffpump.learn.lagrangian import Examples, Rows, mu_loss, raised, sigmoid, slope
from diffpump.learn.learn import checkpoint_of, learn
from diffpump.learn.model import MODELS, Model, Stage
from diffpump.learn.packing import PackedModel
from diffpump.learn.predict import predict, predicted

torch = pytest.importorskip("torch", reason="training needs torch: pip install 'diffpump[learn]'")
from diffpump.learn.network import layers_of, network  # noqa: E402
from diffpump.learn.objectives import CrossEntropy, PackedRows  # noqa: E402
from diffpump.learn.training import Plan, Trainer, split, train  # noqa: E402

SMALL = Plan(hidden=(16, 8), epochs=12, patience=50)
SIZES: dict[str, dict[str, int]] = {
    "gap": {"agents": 3, "jobs": 8, "tightness": 80},
    "mkp": {"items": 20},
    "cflp": {"sites": 8, "customers": 10, "limit": 5},
    "lotsizing": {"periods": 6},
}


def day(k: int, family: str = "gap") -> Problem:
    """Return the model of day k: the same model with other costs and sides."""
    base = generate(family, 0, **SIZES[family])
    rng = np.random.default_rng(k)
    c = base.c * rng.uniform(0.5, 1.5, base.n)
    looser = rng.uniform(1.0, 1.1, base.m)
    inequality = np.isinf(base.row_lo) & (base.row_hi > 0)
    row_hi = np.where(inequality, base.row_hi * looser, base.row_hi)
    return replace(base, c=c, row_hi=row_hi, name=f"{family}-{k}", source=None)


def optimum(problem: Problem) -> np.ndarray:
    x = solve_mip(problem, LpLimits(seconds=20.0), gap=0.02).x
    assert x is not None
    return np.where(problem.integer, np.rint(x), x)


def folder_of(problems: list[Problem], folder: Path) -> Path:
    history = History(folder)
    for problem in problems:
        x = optimum(problem)
        history.add(problem, x, problem.value(x))
    return folder


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a history folder of nine small assignment models."""
    return folder_of([day(k) for k in range(9)], tmp_path_factory.mktemp("days"))


@pytest.fixture(scope="module", params=sorted(MODELS))
def family(request: pytest.FixtureRequest, days: Path, tmp_path_factory: pytest.TempPathFactory) -> Family:
    """Return a family that each model has trained."""
    return learn(days, tmp_path_factory.mktemp("file") / "family.npz", request.param, SMALL)


def small_examples() -> Examples:
    """Return two examples of a binary and a general integer 0..3 with two rows, of which one never binds."""
    rows = Rows(
        np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([[2.0, 1.0, 1.0], [1.0, 3.0, 1.0]]),
        np.array([[-np.inf, -5.0], [4.0, -5.0]]), np.array([[2.0, 5.0], [np.inf, 5.0]]), 2,
    )  # fmt: skip
    features = np.array([[0.0, 1.0, 0.5], [1.0, -1.0, 0.25]], np.float32)
    targets = np.array([[0.0, 2.0 / 3.0], [1.0, 1.0]])
    return Examples(features, targets, np.ones((2, 2)), np.zeros(2), np.array([1.0, 3.0]), rows)


# -- the losses --


def test_the_surrogate_slope_is_equation_13() -> None:
    u = np.linspace(-0.999, 2.999, 101)
    f = u - np.floor(u)
    for k in (25.0, 5.0):
        e = np.exp(-k * (f - 0.5))
        np.testing.assert_allclose(slope(u, k), k * e / (1 + e) ** 2, rtol=1e-12)
    assert slope(np.array([0.5]))[0] == 25.0 / 4


def test_violations_and_the_surrogate_gradient_by_hand() -> None:
    """Example 0 has y = (1, 2), 2 + 2 = 4 > 2; example 1 has y = (1, 0), 1 < 4."""
    examples, both = small_examples(), np.array([0, 1])
    logits = np.array([[1.0, 0.5], [2.0, -4.0]])
    np.testing.assert_array_equal(examples.rounded(logits), [[1, 2], [1, 0]])
    np.testing.assert_array_equal(examples.violations(both, logits), [[2, 0], [3, 0]])
    multipliers = np.array([0.5, 7.0])
    values, gradient = examples.penalty(both, logits, multipliers)
    np.testing.assert_allclose(values, [1.0, 1.5])
    u = sigmoid(logits)
    side = 0.5 * np.array([[2.0, 1.0], [-1.0, -3.0]])  # lambda times the row's coefficients and side
    width = np.array([1.0, 3.0])
    np.testing.assert_allclose(gradient, side * slope(width * u) * width * u * (1 - u))


def test_the_cross_entropy_is_that_of_torch() -> None:
    examples, logits = small_examples(), np.array([[1.0, 0.5], [2.0, -4.0]])
    values, gradient = examples.cross_entropy(np.array([0, 1]), logits)
    t = torch.tensor(logits, requires_grad=True)
    target = torch.tensor(examples.targets)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(t, target, reduction="none").sum(1)
    loss.sum().backward()
    np.testing.assert_allclose(values, loss.detach().numpy())
    np.testing.assert_allclose(gradient, t.grad.numpy())


def test_the_mu_loss_weighs_violations() -> None:
    assert mu_loss(0.5, 2.0, 0.0) == 0.5 and mu_loss(0.5, 2.0, 4.0) == 8.5


def test_multipliers_rise_on_violated_rows_alone() -> None:
    np.testing.assert_array_equal(raised(np.ones(3), 0.5, np.array([0.0, 2.0, 4.0])), [1, 2, 3])
    examples = small_examples()
    model = Model((Stage(1e-3, 1.0, 1.0, 0.5),))
    both = np.array([0, 1])
    trainer = Trainer(examples, model, CrossEntropy(examples), SMALL, (both, both))
    before = trainer._multipliers.copy()
    for _ in range(5):
        trainer.run_epoch()
        expected = raised(before, 0.5, examples.violations(both, trainer._logits(both)).mean(axis=0))
        np.testing.assert_array_equal(trainer._multipliers, expected)
        before = expected
    assert before[0] > 1.0 and before[1] == 1.0


def test_the_lagrangian_violates_less_than_the_cross_entropy() -> None:
    """One example asks for an infeasible label: only the penalty can keep the row."""
    rows = Rows(
        np.zeros(2, int), np.arange(2), np.ones((1, 2)), np.full((8, 1), -np.inf), np.full((8, 1), 1.0), 2
    )
    features = np.random.default_rng(0).normal(size=(8, 2)).astype(np.float32)
    examples = Examples(features, np.ones((8, 2)), np.ones((8, 2)), np.zeros(2), np.ones(2), rows)
    every = np.arange(8)
    found = {}
    for name in ("fc", "ldf"):
        model = MODELS.factory(name)(rate=0.01)
        plan = replace(SMALL, epochs=60, mus=(10.0,))
        trained = train(examples, model, CrossEntropy(examples), plan, (every, every))
        logits = forward(trained.layers[10.0], features)
        found[name] = examples.violations(every, logits).mean()
    assert found["ldf"] < found["fc"]


# -- the examples --


@pytest.mark.parametrize("name", sorted(SIZES))
def test_labels_satisfy_the_rows(name: str, tmp_path: Path) -> None:
    """Rows with continuous columns are relaxed, so that every solution satisfies every row."""
    found = gather(folder_of([day(k, name) for k in range(3)], tmp_path / name))
    examples = found.examples
    y = examples.low + (examples.high - examples.low) * examples.targets
    violations, _ = examples.rows.excess(np.arange(3), y)
    assert violations.max(initial=0.0) <= 1e-6
    if name in ("gap", "mkp"):
        assert examples.rows.count > 0


def test_rows_are_those_of_the_model(days: Path) -> None:
    """On a pure binary model a point violates as many rows as the examples say, in units of the row."""
    found = gather(days)
    examples, rng = found.examples, np.random.default_rng(0)
    for i, (_, data) in enumerate(History(days).loaded()):
        problem = next(day(k) for k in range(9) if (day(k).c == data["c"]).all())
        for _ in range(5):
            y = rng.integers(0, 2, examples.targets.shape[1]).astype(float)
            x = np.rint(found.columns.constant * (found.columns.constant > 0.5))
            x[found.columns.learned] = y
            size = np.abs(problem.A[:, found.columns.learned]).max(axis=1).toarray().ravel()
            expected = np.maximum(problem.excess(x), 0)[size > 0] / size[size > 0]
            own = examples.rows.excess(np.array([i]), y[None])[0][0]
            np.testing.assert_allclose(np.sort(own[own > 0]), np.sort(expected[expected > 0]))


def test_general_integers_are_positions_in_their_range(tmp_path: Path) -> None:
    def model(k: int) -> Problem:
        return from_arrays(
            [1.0 + k, 2.0], [[1, 1]], [4.0 + k], [np.inf], [0, 0], [9, 9], [True, True],
            name=f"g{k}", col_names=["x", "y"],
        )  # fmt: skip

    history = History(tmp_path)
    for k in range(4):
        history.add(model(k), np.array([2.0 + k, 2.0]), 0.0)
    found = gather(tmp_path)
    assert found.columns.learned.tolist() == [0] and not found.columns.binary.any()
    np.testing.assert_array_equal(np.sort(found.examples.targets[:, 0]), [0, 1 / 3, 2 / 3, 1])
    family = learn(tmp_path, tmp_path / "f.npz", "ldf", replace(SMALL, epochs=200))
    prediction = predict(family, model(1))
    assert prediction.point[1] == 2.0 and 2 <= prediction.point[0] <= 5
    assert np.isnan(prediction.confidence).all()


def test_features_of_the_family_are_standardised(days: Path) -> None:
    found = gather(days)
    assert abs(found.examples.features.mean(axis=0)).max() < 0.2 and found.features.kind.size > 24
    today = data_of(day(0))
    np.testing.assert_array_equal(
        found.features.of({**today, "c": np.full_like(today["c"], 1e9)})[:24], np.full(24, 3.0)
    )


@pytest.mark.parametrize("count", [0, 2])
def test_too_few_models_are_an_error(count: int, tmp_path: Path) -> None:
    folder_of([day(k) for k in range(count)], tmp_path / "h")
    with pytest.raises(InputError, match="at least 3 models"):
        learn(tmp_path / "h", tmp_path / "f.npz")


# -- training --


def test_folding_keeps_the_network() -> None:
    net = network(5, (7, 6), 3, seed=1)
    for part in net:  # statistics that are not the initial ones
        if isinstance(part, torch.nn.BatchNorm1d):
            torch.nn.init.uniform_(part.running_mean)
            torch.nn.init.uniform_(part.running_var, 0.5, 2.0)
    x = np.random.default_rng(0).normal(size=(4, 5)).astype(np.float32)
    with torch.no_grad():
        expected = net.eval()(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(forward(layers_of(net), x), expected, atol=1e-5)


def arrays_of(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as stored:
        return {key: stored[key] for key in stored.files}


def same(a: Path, b: Path) -> bool:
    one, other = arrays_of(a), arrays_of(b)
    if one.keys() != other.keys():
        return False
    return all(np.array_equal(one[key], other[key], equal_nan=one[key].dtype.kind == "f") for key in one)


def test_training_repeats_by_seed(days: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        learn(days, tmp_path / f"{name}.npz", "ldf", replace(SMALL, seed=seed))
    assert same(tmp_path / "a.npz", tmp_path / "b.npz") and not same(tmp_path / "a.npz", tmp_path / "c.npz")


def test_the_caller_keeps_its_random_numbers(days: Path, tmp_path: Path) -> None:
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    learn(days, tmp_path / "a.npz", "fc", replace(SMALL, epochs=1))
    assert torch.rand(1) == expected


KILLED = """
import sys, time
from dataclasses import replace
sys.path.insert(0, {tests!r})
from test_learn import SMALL
from diffpump.learn.learn import learn
learn({days!r}, {target!r}, "ldf-pretrained", SMALL, checkpoint_seconds=0.0,
      on_epoch=lambda e: time.sleep(0.05))
"""


@pytest.mark.parametrize("epochs", [3, 15])
def test_a_killed_training_goes_on_to_the_same_weights(epochs: int, days: Path, tmp_path: Path) -> None:
    """SIGKILL comes in the first stage, and in the second one."""
    target, checkpoint = tmp_path / "killed.npz", checkpoint_of(tmp_path / "killed.npz")
    code = KILLED.format(tests=str(Path(__file__).parent), days=str(days), target=str(target))
    child = subprocess.Popen([sys.executable, "-c", code])
    deadline, reached = time.monotonic() + 120, 0
    while reached < epochs and time.monotonic() < deadline and child.poll() is None:
        if checkpoint.exists():
            reached = int(arrays_of(checkpoint)["epochs"].sum())
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert epochs <= reached < 24 and not target.exists()
    seen: list[tuple[int, int]] = []
    learn(days, target, "ldf-pretrained", SMALL, on_epoch=lambda e: seen.append((e.stage, e.epoch)))
    assert 0 < len(seen) <= 24 - epochs and not checkpoint.exists()
    learn(days, tmp_path / "whole.npz", "ldf-pretrained", SMALL)
    assert same(target, tmp_path / "whole.npz")


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no archive", None])
def test_a_checkpoint_that_does_not_fit_is_left_out(damage: bytes | None, days: Path, tmp_path: Path) -> None:
    target = tmp_path / "f.npz"
    notes: list[str] = []
    if damage is None:
        checkpoint_of(target).write_bytes(packed_arrays({"digest": np.array("another")}))
    else:
        checkpoint_of(target).write_bytes(damage)
    learn(days, target, "fc", SMALL, on_note=notes.append)
    learn(days, tmp_path / "whole.npz", "fc", SMALL)
    assert len(notes) == 1 and "left out" in notes[0] and same(target, tmp_path / "whole.npz")


def test_each_mu_selects_its_network() -> None:
    """mu = 0 selects the epoch of the least loss, and a large mu one without violations if there is one."""
    rng = np.random.default_rng(0)
    rows = Rows(
        np.zeros(4, int), np.arange(4), np.ones((1, 4)), np.full((30, 1), -np.inf), np.full((30, 1), 2.0), 4
    )
    targets = (rng.random((30, 4)) < 0.6).astype(float)
    examples = Examples(
        rng.normal(size=(30, 5)).astype(np.float32), targets, np.ones((30, 4)), np.zeros(4), np.ones(4), rows
    )
    log: list[tuple[float, float]] = []
    plan = replace(SMALL, epochs=30, mus=(0.0, 5.0))
    trained = train(
        examples, MODELS.factory("ldf")(rate=0.01), CrossEntropy(examples), plan, split(30, 0.3, 0),
        on_epoch=lambda e: log.append((e.loss, e.violation)),
    )  # fmt: skip
    for mu in plan.mus:
        values = [loss + mu * violation for loss, violation in log]
        assert trained.chosen[mu] == (min(values), 1 + int(np.argmin(values)))


# -- structured --


def test_the_value_of_packed_rows_has_the_marginals_as_gradient() -> None:
    problem = day(0)
    rng = np.random.default_rng(0)
    place = np.array([0, 5, 7, -1, 11])
    model = PackedModel(problem, place, rng.normal(size=problem.n))
    t, step = rng.normal(size=5), 1e-6
    value, gradient = model.value(t)
    for j in range(5):
        shifted = t.copy()
        shifted[j] += step
        assert abs((model.value(shifted)[0] - value) / step - gradient[j]) < 1e-4


def test_complemented_rows_have_the_right_value() -> None:
    """With x1 + x2 >= 1 the three points 01, 10, 11 remain: V = log(e^t1 + e^t2 + e^(t1 + t2))."""
    problem = from_arrays([1, 1, 1], [[2, 3, 4]], [4], [np.inf], [0] * 3, [1] * 3, [True] * 3)
    points = [p for p in np.ndindex(2, 2, 2) if 2 * p[0] + 3 * p[1] + 4 * p[2] >= 4]
    t = np.array([0.3, -1.0, 0.7])
    value, gradient = PackedModel(problem, np.arange(3), np.zeros(3)).value(t)
    weights = np.exp([np.dot(p, t) for p in points])
    assert value == pytest.approx(np.log(weights.sum()))
    np.testing.assert_allclose(gradient, weights @ np.array(points) / weights.sum())


def test_the_fenchel_young_loss_is_that_of_the_knapsack_layer() -> None:
    from diffpump.torch import Knapsack

    w = np.array([3, 4, 2, 6])
    problem = from_arrays(np.ones(4), [w], [-np.inf], [8], [0] * 4, [1] * 4, [True] * 4)
    target, t = np.array([[1.0, 1.0, 0.0, 0.0]]), torch.tensor([[0.3, -1.0, 0.7, 0.2]])
    rows = Rows(np.zeros(4, int), np.arange(4), w[None] * 1.0, np.array([[-np.inf]]), np.array([[8.0]]), 4)
    features = np.zeros((1, 1), np.float32)
    examples = Examples(features, target, np.ones((1, 4)), np.zeros(4), np.ones(4), rows)
    first = np.array([0])
    own = PackedRows(examples, [PackedModel(problem, np.arange(4), np.zeros(4))])
    assert own.loss(first, t).item() == pytest.approx(Knapsack(w, 8).loss(t, torch.tensor(target)).item())


@pytest.mark.parametrize("seed", range(5))
def test_structured_predictions_satisfy_packed_rows(seed: int, days: Path, tmp_path: Path) -> None:
    """The network is random, so that nothing but the decoding can satisfy the rows."""
    family = learn(days, tmp_path / "f.npz", "structured", replace(SMALL, epochs=1))
    rng = np.random.default_rng(seed)
    layers = tuple((rng.normal(size=w.shape).astype(np.float32), b + 1.0) for w, b in family.layers)
    random, today = replace(family, layers=layers), day(100 + seed)
    rows = packed(today).rows
    violated = today.violated_rows(np.nan_to_num(predict(random, today).point))[rows.row]
    assert rows.row.size > 0 and not violated.any()
    free = replace(random, spec=replace(random.spec, name="fc"))
    assert today.violated_rows(np.nan_to_num(predict(free, today).point))[rows.row].any()


def test_new_columns_of_packed_rows_are_decoded_too(days: Path, tmp_path: Path) -> None:
    family = learn(days, tmp_path / "f.npz", "structured", replace(SMALL, epochs=1))
    today = day(0)
    renamed = replace(today, col_names=["new", *today.col_names[1:]])
    found = predict(family, renamed)
    assert np.isnan(found.probability[0]) and np.isnan(found.confidence[0])
    assert not renamed.violated_rows(np.nan_to_num(found.point))[packed(renamed).rows.row].any()


# -- predictions --


def test_predictions_have_probabilities_by_name(family: Family) -> None:
    today = day(50)
    found = predict(family, today)
    assert ((found.probability >= 0) & (found.probability <= 1)).all()
    np.testing.assert_allclose(found.confidence, 2 * found.probability - 1)
    assert set(np.unique(found.point)) <= {0.0, 1.0}
    order = np.random.default_rng(0).permutation(today.n)
    shuffled = replace(
        today, c=today.c[order], A=today.A[:, order].tocsr(), lb=today.lb[order], ub=today.ub[order],
        integer=today.integer[order], col_names=[today.col_names[j] for j in order],
    )  # fmt: skip
    shuffled.A.sort_indices()
    np.testing.assert_allclose(predict(family, shuffled).probability, found.probability[order], atol=1e-6)


def test_unknown_columns_have_no_prediction(days: Path, tmp_path: Path) -> None:
    family = learn(days, tmp_path / "f.npz", "fc", SMALL)
    today = day(0)
    names = [f"other{j}" if j < 4 else name for j, name in enumerate(today.col_names)]
    found = predict(family, replace(today, col_names=names))
    for array in (found.probability, found.point, found.confidence):
        np.testing.assert_array_equal(np.isnan(array), np.arange(today.n) < 4)


def test_a_network_learns_its_examples(days: Path) -> None:
    found = gather(days)
    examples, every = found.examples, np.arange(9)
    for name in ("fc", "structured"):
        model = MODELS.factory(name)(rate=0.01)
        objective = PackedRows(examples, found.packed) if model.structured else CrossEntropy(examples)
        trained = train(examples, model, objective, replace(SMALL, epochs=150, mus=(0.0,)), (every, every))
        y = objective.decoded(every, forward(trained.layers[0.0], examples.features))
        assert (y == examples.targets).mean() > 0.93


def test_a_prediction_needs_no_torch(days: Path, tmp_path: Path) -> None:
    learn(days, tmp_path / "f.npz", "structured", SMALL)
    write_mps(day(60), tmp_path / "today.mps")
    code = (
        "import sys\n"
        "sys.modules['torch'] = None\n"
        "import diffpump\n"
        f"found = diffpump.solve({str(tmp_path / 'today.mps')!r}, family={str(tmp_path / 'f.npz')!r},"
        " until='first', time_limit=30)\n"
        "assert found.found\n"
        "from diffpump.cli import run\n"
        f"sys.exit(run(['learn', {str(days)!r}, '-o', {str(tmp_path / 'g.npz')!r}]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2 and "pip install 'diffpump[learn]'" in done.stderr
    assert "Traceback" not in done.stderr


# -- files --


def test_the_file_gives_the_same_family(family: Family, tmp_path: Path) -> None:
    family.save(tmp_path / "f.npz")
    again = load(tmp_path / "f.npz")
    today = day(70)
    np.testing.assert_array_equal(predict(again, today).probability, predict(family, today).probability)
    assert again.spec == family.spec and dict(again.facts) == dict(family.facts)


def damaged(kind: str, path: Path) -> None:
    """Damage a family file."""
    data, arrays = path.read_bytes(), arrays_of(path)
    if kind == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "text":
        path.write_text("this is no family")
    elif kind == "flipped":
        middle = len(data) // 2
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 255]) + data[middle + 1 :])
    elif kind == "foreign":
        np.savez(path, x=np.zeros(3))
    elif kind == "pickled":
        np.savez(path, **{**arrays, "facts": np.array([{"a": 1}], object)})
    elif kind == "format":
        np.savez(path, **{**arrays, "format": np.array(99)})
    elif kind == "layers":
        np.savez(path, **{**arrays, "weights1": arrays["weights1"][:, 1:]})
    elif kind == "nan":
        np.savez(path, **{**arrays, "weights1": np.full_like(arrays["weights1"], np.nan)})
    elif kind == "model":
        np.savez(path, **{**arrays, "model": np.array("unheard-of")})
    elif kind == "json":
        np.savez(path, **{**arrays, "facts": np.array("{")})


@pytest.mark.parametrize(
    "kind", "cut empty text flipped foreign pickled format layers nan model json".split()
)
def test_a_damaged_file_is_one_clear_error(
    kind: str, days: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "f.npz"
    learn(days, path, "fc", replace(SMALL, epochs=1))
    damaged(kind, path)
    before = path.read_bytes()
    write_mps(day(0), tmp_path / "today.mps")
    for args in (
        ["solve", str(tmp_path / "today.mps"), "--model", str(path), "-q"],
        ["learn", str(days), "-o", str(path), "--epochs", "1"],
    ):
        assert run(args) == 3
        error = capsys.readouterr().err
        assert error.count("\n") == 1 and str(path) in error and "family file" in error
    assert path.read_bytes() == before


def test_a_family_of_other_models_is_an_error(days: Path, tmp_path: Path) -> None:
    learn(days, tmp_path / "f.npz", "fc", replace(SMALL, epochs=1))
    with pytest.raises(InputError, match="knows no integer column"):
        predicted(tmp_path / "f.npz", generate("setcover", 0))
    with pytest.raises(InputError, match="cannot be read"):
        predicted(tmp_path / "none.npz", day(0))


def test_the_name_of_a_family_file(days: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"must end in \.npz"):
        learn(days, tmp_path / "f.txt")
    with pytest.raises(UsageError, match="unknown model of a family 'x'"):
        learn(days, tmp_path / "f.npz", "x")


# -- runs --


def test_a_run_repairs_the_prediction(days: Path, tmp_path: Path) -> None:
    learn(days, tmp_path / "f.npz", "structured", SMALL)
    settings: dict[str, Any] = {"until": "first", "time_limit": 30}
    for history in (None, shutil.copytree(days, tmp_path / "days")):  # the run adds today's solution
        found = diffpump.solve(day(80), family=tmp_path / "f.npz", history=history, **settings)
        assert found.engine is not None and found.engine.arms["recall"]["incumbents"] >= 1


def test_certain_columns_are_fixed_first(tmp_path: Path) -> None:
    """The first neighbourhood fixes the binaries with a confidence of 0.9, and no others."""
    from diffpump.search.arms.recall import Recall
    from diffpump.search.earlier import Earlier
    from diffpump.search.space import Space

    problem = day(0)
    point, confidence = np.zeros(problem.n), np.full(problem.n, np.nan)
    confidence[:3] = [0.95, -0.91, 0.5]
    arm = Recall(Space(problem), None, Earlier((), point, confidence), 0)  # type: ignore[arg-type]
    fixed, value = arm._certain()
    today = replace(problem, ub=np.where(np.arange(problem.n) == 0, 0.0, problem.ub))
    apart = Recall(Space(today), None, Earlier((), point, confidence), 0)  # type: ignore[arg-type]
    assert np.flatnonzero(apart._certain()[0]).tolist() == [1]  # a value outside today's bounds is not
    assert np.flatnonzero(fixed).tolist() == [0, 1] and value[:2].tolist() == [1, 0]


def test_a_prediction_with_fewer_violated_rows_is_repaired_first(days: Path) -> None:
    from diffpump.search.arms.recall import Recall
    from diffpump.search.earlier import Earlier
    from diffpump.search.space import Space

    problem = day(0)
    good, bad = optimum(problem), np.zeros(problem.n)
    for predicted_point, first in ((good, 0), (bad, 1)):
        other = bad if first == 0 else good
        arm = Recall(Space(problem), None, Earlier((other,), predicted_point), 0)  # type: ignore[arg-type]
        assert [point is predicted_point for point in arm._points()].index(True) == first


def test_uncertain_columns_are_free_after_the_first_solution() -> None:
    from diffpump.search.arms.lns import View
    from diffpump.search.arms.neighbourhoods import recalled

    problem = from_arrays(np.ones(20), [[1] * 20], [0], [20], [0] * 20, [1] * 20, [True] * 20)
    x, probability = np.zeros(20), np.full(20, 0.01)
    probability[7], probability[3] = 0.9, np.nan
    part = recalled(View(problem, x, recalled=[x], probability=probability), None, np.random.default_rng(0))
    assert part is not None and np.flatnonzero(part.lb < part.ub).tolist() == [7]


def test_the_pump_alone_has_no_family(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="family is an argument of the engine"):
        diffpump.solve(day(0), "DP4", family=tmp_path)


# -- labels and the command --


def test_labels_are_better_and_kept(tmp_path: Path) -> None:
    """A model begins with a poor solution; a second call has nothing to do, also behind a damaged line."""
    history, x = History(tmp_path), np.array([0.0, 0.0, 2.0])
    problem = from_arrays([1, 2, 3], [[1, 1, 1]], [2], [np.inf], [0] * 3, [5] * 3, [True] * 3, name="easy")
    history.add(problem, x, problem.value(x))
    done: list[tuple[int, int]] = []
    label(tmp_path, 60.0, on_model=lambda *now: done.append(now))
    assert done == [(0, 1), (1, 1)]
    (entry,) = history.entries()
    assert entry["objective"] == 2.0
    (tmp_path / LABELS).write_text("{damaged\n" + (tmp_path / LABELS).read_text())
    done.clear()
    label(tmp_path, 60.0, on_model=lambda *now: done.append(now))
    label(tmp_path, 3.0, on_model=lambda *now: done.append(now))
    assert done == [(0, 0), (0, 0)]


def test_a_model_that_was_not_read_in_time_is_not_labelled(tmp_path: Path) -> None:
    history, problem = History(tmp_path), day(0)
    x = optimum(problem)
    history.add(problem, x, problem.value(x))
    notes: list[str] = []
    label(tmp_path, 1e-6, on_note=notes.append)
    assert len(notes) == 1 and "before the model was read" in notes[0]
    assert not (tmp_path / LABELS).exists()


def test_a_model_that_cannot_be_solved_is_named(tmp_path: Path) -> None:
    history = History(tmp_path)
    problem = day(0)
    x = optimum(problem)
    history.add(problem, x, problem.value(x))
    (tmp_path / history.entries()[0]["model"]).write_bytes(b"no model")
    notes: list[str] = []
    label(tmp_path, 20.0, on_note=notes.append)
    assert len(notes) == 1 and notes[0].startswith("gap-0: could not be solved")
    assert not (tmp_path / LABELS).exists()


def test_the_command(days: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "f.npz")
    assert run(["learn", str(days), "-o", target, "--model", "ldf,step=0.2", "--epochs", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["models"] == 9 and found["epochs"] == [3] and "step=0.2" in found["model"]
    write_mps(day(90), tmp_path / "today.mps")
    done = process(
        "solve", str(tmp_path / "today.mps"), "--model", target, "--until", "first", env=dict(os.environ)
    )
    assert done.returncode == 0 and "predicted with certainty" in done.stderr
    assert run(["learn", str(days), "-o", target, "--hidden", "0"]) == 2
    assert "write whole numbers" in capsys.readouterr().err
