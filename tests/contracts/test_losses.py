"""Laws of the losses.

The gradient of every registered loss is compared with finite differences, and each loss with a closed form
also with a separate torch version that autograd differentiates. Formulas: arXiv 2411.03535, eq. 6-19.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixed import lp_like_point, mixed_problem, smooth_point

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Spec
from diffpump.core.tolerances import FEASIBILITY_MARGIN
from diffpump.io.foreign import from_arrays
from diffpump.operators.losses import LOSSES, Point, Sides, Term
from diffpump.operators.roundings import ROUNDINGS

USER_LOSS = f"python,file={Path(__file__).with_name('user_loss.py')},name=entropy"
# With the default tolerance the value of this loss is not exact enough for finite differences.
ARGMIN = "argmin_feasibility,products=100000,tolerance=1e-15"
EXACT = {"python": USER_LOSS, "argmin_feasibility": ARGMIN}
TEXTS = [EXACT.get(name, name) for name in LOSSES] + [
    f"{ARGMIN},order=1",
    "integrality,order=2", "integrality,order=1.5", "hyperbolic,order=2,eps=0.3",
    "exponential,alpha=2", "logistic,alpha=3",
    "logarithmic,eps=0.5", "cost,share=1", "cost,share=0.3", "slack_integrality,order=2", "distance,order=2",
]  # fmt: skip
seeds = st.integers(0, 2**32 - 1)
law = settings(derandomize=True, deadline=None, max_examples=20)


def build(text: str, problem: Problem) -> Any:
    if text.startswith("python"):
        pytest.importorskip("torch", reason="torch is not installed")
    return LOSSES.build(Spec.parse(text), problem)


def gradients(term: Term, n: int) -> list[Vector]:
    """Return the three gradients (n,) of a term, with zeros for None."""
    return [np.zeros(n) if g is None else g for g in (term.theta, term.x_lp, term.x_round)]


def random_arrays(problem: Problem, rng: np.random.Generator) -> list[Vector]:
    """Return a random theta, x_lp and x_round, (n,) each."""
    return [rng.normal(size=problem.n), smooth_point(problem, rng), rng.normal(scale=3, size=problem.n)]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.partition(",file")[0])
@given(seed=seeds)
@law
def test_gradients_are_finite_differences_at_smooth_points(text: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    loss = build(text, problem)
    arrays, weights = random_arrays(problem, rng), rng.uniform(0.5, 3, problem.m)
    penalties = rng.uniform(0.5, 3, problem.integers.size)
    if text.startswith("distance"):  # its x_round is a rounding, and a constant in the gradient
        arrays[2] = ROUNDINGS.build(Spec("nearest"), problem).forward(smooth_point(problem, rng))
    term = loss.evaluate(Point(*arrays, weights, penalties))
    if text.startswith("slack_integrality"):  # its weights are constants in the gradient
        constant = loss.column_weights(Point(*arrays, penalties=penalties))
        loss.column_weights = lambda point: constant
    assert isinstance(term.value, float)
    h = 1e-6
    for part, gradient in enumerate(gradients(term, problem.n)):
        if text.startswith("distance") and part == 2:
            continue
        assert gradient.shape == (problem.n,)
        assert gradient.dtype == np.float64
        for j in range(problem.n):
            ends = []
            for step in (h, -h):
                moved = [array.copy() for array in arrays]
                moved[part][j] += step
                ends.append(loss.evaluate(Point(*moved, weights, penalties)).value)
            assert (ends[0] - ends[1]) / (2 * h) == pytest.approx(gradient[j], rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.partition(",file")[0])
@given(seed=seeds)
@law
def test_a_loss_leaves_its_point_alone_and_repeats(text: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    loss = build(text, problem)
    arrays = [rng.normal(size=problem.n), lp_like_point(problem, rng), np.rint(rng.normal(size=problem.n))]
    copies = [array.copy() for array in arrays]
    first, second = loss.evaluate(Point(*arrays)), loss.evaluate(Point(*copies))
    assert all(np.array_equal(a, b) for a, b in zip(arrays, copies, strict=True))
    assert first.value == second.value
    for a, b in zip(gradients(first, problem.n), gradients(second, problem.n), strict=True):
        assert np.array_equal(a, b)
        assert np.isfinite(a).all()


@pytest.mark.parametrize("order", [1, 2])
@given(seed=seeds)
@law
def test_the_distance_to_the_nearest_rounding_is_the_integrality_loss(order: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    x = lp_like_point(problem, rng)
    point = Point(rng.normal(size=problem.n), x, ROUNDINGS.build(Spec("nearest"), problem).forward(x))
    terms = [build(f"{name},order={order}", problem).evaluate(point) for name in ("integrality", "distance")]
    assert terms[0].value == terms[1].value
    assert np.array_equal(terms[0].x_lp, terms[1].x_lp)


def test_the_distance_pulls_to_the_rounding_that_was_made() -> None:
    """0.2 was rounded up, so that the cost of the projection is -1 there."""
    problem = from_arrays([0, 0], [[1, 1]], [0], [9], [0, 0], [1, 5], [True, True])
    term = build("distance", problem).evaluate(Point(np.zeros(2), np.array([0.2, 2.8]), np.array([1.0, 2.0])))
    assert term.value == pytest.approx(0.8 + 0.8)
    assert term.x_lp.tolist() == [-1, 1]


# --- closed forms against torch ---------------------------------------------------------------


def _distance(shape: Callable[..., Any]) -> Callable[..., Any]:
    """Return the torch version of sum_{j in I} shape(|x_j - nearest(x_j)|)."""

    def total(torch: Any, problem: Problem, theta: Any, x: Any, y: Any, **params: float) -> Any:
        z = x[torch.tensor(np.flatnonzero(problem.integer))]
        return shape(torch, torch.abs(z - torch.round(z.detach())), **params).sum()

    return total


def _feasibility(torch: Any, problem: Problem, theta: Any, x: Any, y: Any) -> Any:
    """Compute the feasibility loss row by row, as the formula is written."""
    rows, sides = _split(problem)
    total = sum(
        torch.relu((torch.tensor(a) @ y - b) / np.linalg.norm([*a, b]) - FEASIBILITY_MARGIN)
        for a, b in zip(rows, sides, strict=True)
    )
    return total / len(rows)


def _cost(torch: Any, problem: Problem, theta: Any, x: Any, y: Any, share: float = 0.0) -> Any:
    c = torch.tensor(problem.c)
    return share * (c @ x) + (1 - share) * (c @ y)


TORCH: dict[str, Callable[..., Any]] = {
    "integrality": _distance(lambda torch, d, order=1.0: d**order),
    "bilinear": _distance(lambda torch, d: d * (1 - d)),
    "exponential": _distance(lambda torch, d, alpha=0.5: 1 - torch.exp(-alpha * d)),
    "logistic": _distance(lambda torch, d, alpha=0.1: torch.sigmoid(alpha * d)),
    "hyperbolic": _distance(lambda torch, d, order=1.0, eps=0.1: -((d + eps) ** (-order))),
    "logarithmic": _distance(lambda torch, d, eps=0.1: torch.log(d + eps)),
    "feasibility": _feasibility,
    "cost": _cost,
    "regularisation": lambda torch, problem, theta, x, y: (theta**2).sum() / 2,
}


@pytest.mark.parametrize("text", [text for text in TEXTS if Spec.parse(text).name in TORCH])
@given(seed=seeds)
@law
def test_closed_forms_are_torch_autograd(text: str, seed: int) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    rng = np.random.default_rng(seed)
    problem, spec = mixed_problem(rng), Spec.parse(text)
    arrays = random_arrays(problem, rng)
    term = build(text, problem).evaluate(Point(*arrays))
    inputs = [torch.tensor(array, requires_grad=True) for array in arrays]
    value = TORCH[spec.name](torch, problem, *inputs, **spec.params)
    assert term.value == pytest.approx(value.item(), rel=1e-12, abs=1e-12)
    expected = torch.autograd.grad(value, inputs, allow_unused=True)
    for ours, theirs in zip(gradients(term, problem.n), expected, strict=True):
        other = np.zeros(problem.n) if theirs is None else theirs.numpy()
        np.testing.assert_allclose(ours, other, rtol=1e-10, atol=1e-12)


# --- feasibility ------------------------------------------------------------------------------


def _split(problem: Problem) -> tuple[list[Vector], list[float]]:
    """Return coefficients and sides of all rows in <= form: two of an equality or range, none if empty."""
    rows, sides = [], []
    for a, lo, hi in zip(problem.A.toarray(), problem.row_lo, problem.row_hi, strict=True):
        if a.any() and hi < np.inf:
            rows.append(a)
            sides.append(hi)
        if a.any() and lo > -np.inf:
            rows.append(-a)
            sides.append(-lo)
    return rows, sides


@given(seed=seeds)
@law
def test_feasibility_is_the_naive_formula(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    y = np.rint(rng.normal(scale=3, size=problem.n))
    rows, sides = _split(problem)
    assert len(rows) == 7  # <=, >=, =, range, <=: 1 + 1 + 2 + 2 + 1; the free and the empty row give none
    value, gradient = 0.0, np.zeros(problem.n)
    for a, b in zip(rows, sides, strict=True):
        norm = np.sqrt(a @ a + b * b)
        excess = (a @ y - b) / norm - 1e-8
        if excess > 0:
            value += excess / len(rows)
            gradient += a / norm / len(rows)
    term = build("feasibility", problem).evaluate(Point(y, y, y))
    assert term.value == pytest.approx(value, rel=1e-12, abs=1e-15)
    assert term.x_round is not None
    np.testing.assert_allclose(term.x_round, gradient, rtol=1e-12, atol=1e-15)


def test_an_equality_is_two_rows_in_the_mean() -> None:
    one = from_arrays([0], [[3]], [-np.inf], [4], [0], [9], [True])
    two = from_arrays([0], [[3]], [4], [4], [0], [9], [True])
    at = Point(np.zeros(1), np.zeros(1), np.full(1, 3.0))
    terms = [build("feasibility", problem).evaluate(at) for problem in (one, two)]
    assert terms[0].value == pytest.approx((9 - 4) / 5)  # ||(3, 4)|| = 5
    assert terms[1].value == pytest.approx(terms[0].value / 2)
    below = build("feasibility", two).evaluate(Point(np.zeros(1), np.zeros(1), np.zeros(1)))
    assert below.value == pytest.approx(4 / 5 / 2)
    assert below.x_round is not None and below.x_round[0] == pytest.approx(-3 / 5 / 2)


def test_without_a_row_to_satisfy_the_feasibility_loss_is_zero() -> None:
    problem = from_arrays([0], np.zeros((2, 1)), [1, -np.inf], [2, np.inf], [0], [9], [True])
    term = build("feasibility", problem).evaluate(Point(np.zeros(1), np.zeros(1), np.ones(1)))
    assert term.value == 0
    assert term.x_round is not None and not term.x_round.any()


# --- multipliers, and the expected violation ----------------------------------------------------


@pytest.mark.parametrize("text", ["feasibility", "expected"])
@given(seed=seeds)
@law
def test_multipliers_weigh_the_rows(text: str, seed: int) -> None:
    """Multipliers of 1 change no bit, and the value and the gradients are linear in the multipliers."""
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    loss, arrays = build(text, problem), random_arrays(problem, rng)
    u, v = rng.uniform(0.1, 3, (2, problem.m))

    def at(weights: Vector | None) -> Vector:
        term = loss.evaluate(Point(*arrays, weights))
        return np.concatenate([[term.value], *gradients(term, problem.n)])

    assert np.array_equal(at(None), at(np.ones(problem.m)))
    np.testing.assert_allclose(at(2 * u + v), 2 * at(u) + at(v), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "text", ["integrality,order=2", "exponential", "hyperbolic", "logarithmic", "slack_integrality"]
)
@given(seed=seeds)
@law
def test_penalties_weigh_the_integer_columns(text: str, seed: int) -> None:
    """Penalties of 1 change no bit, and a penalty multiplies the gradient of its own column alone."""
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    loss, arrays = build(text, problem), random_arrays(problem, rng)
    mu = rng.uniform(1, 9, problem.integers.size)

    def at(penalties: Vector | None) -> tuple[float, Vector]:
        term = loss.evaluate(Point(*arrays, penalties=penalties))
        return term.value, gradients(term, problem.n)[1]

    plain, ones, grown = at(None), at(np.ones(mu.size)), at(mu)
    assert plain[0] == ones[0] and np.array_equal(plain[1], ones[1])
    np.testing.assert_allclose(grown[1][problem.integers], mu * plain[1][problem.integers], rtol=1e-12)
    assert not grown[1][~problem.integer].any() and plain[1][problem.integers].all()


def test_the_expected_violation_is_that_of_random_roundings() -> None:
    """The activity of a row of 40 columns is nearly normal: the mean over 40 000 draws agrees to 2 %."""
    rng = np.random.default_rng(0)
    n, draws = 40, 40_000
    a, x = rng.integers(1, 6, (1, n)).astype(float), rng.random(n)
    for shift in (-6.0, 0.0, 4.0):
        b = float((a @ x)[0]) + shift
        problem = from_arrays([0] * n, a, [-np.inf], [b], [0] * n, [1] * n, [True] * n)
        term = build("expected", problem).evaluate(Point(x, x, np.rint(x)))
        rounded = (rng.random((draws, n)) < x).astype(float)
        sampled = np.maximum(rounded @ a[0] - b, 0).mean() / np.sqrt((a**2).sum() + b * b)
        assert term.value == pytest.approx(sampled, rel=0.02)


def test_the_expected_violation_of_an_integral_point_is_its_violation() -> None:
    problem = mixed_problem(np.random.default_rng(1))
    x = np.round(np.clip(np.random.default_rng(2).normal(scale=2, size=problem.n), problem.lb, problem.ub))
    x = np.where(problem.integer, np.clip(x, np.ceil(problem.lb), np.floor(problem.ub)), x)
    expected, hard = (build(name, problem).evaluate(Point(x, x, x)) for name in ("expected", "feasibility"))
    assert expected.value == pytest.approx(hard.value, rel=1e-12)
    assert hard.x_round is not None and expected.x_lp is not None
    np.testing.assert_allclose(expected.x_lp, hard.x_round, atol=1e-12)


def test_a_tight_row_pulls_its_columns_to_where_they_are_nearest() -> None:
    """On x + y + z <= 1.5 with x = 1, y = 0, z = 1/2, the gradient holds x and y at their bounds."""
    problem = from_arrays([0] * 3, [[1, 1, 1]], [-np.inf], [1.5], [0] * 3, [1] * 3, [True] * 3)
    x = np.array([1.0, 0.0, 0.5])
    gradient = build("expected", problem).evaluate(Point(x, x, x)).x_lp
    assert gradient is not None
    # Since d = 0, the first part of the gradient is the same for all three columns. They differ in the second
    # part, by how much each of them would add to the variance.
    assert gradient[0] < gradient[2] < gradient[1]


# --- integrality weighted by the slack of the rows ----------------------------------------------


@given(seed=seeds)
@law
def test_slack_weights_are_the_naive_formula(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    arrays = random_arrays(problem, rng)
    x, index = arrays[1], problem.integers
    closeness: dict[int, float] = {}
    for i, a in enumerate(problem.A.toarray()):
        sides = [(problem.row_hi[i], 1), (problem.row_lo[i], -1)]
        slack = [s * (b - a @ x) / np.hypot(np.linalg.norm(a), b) for b, s in sides if np.isfinite(b)]
        if slack and a.any():
            closeness[i] = 1 / (1 + max(min(slack), 0))
    supports = [[i for i in closeness if problem.A[i, j] != 0] for j in index]
    weights = np.array([np.mean([closeness[i] for i in rows]) if rows else np.nan for rows in supports])
    weights = np.nan_to_num(weights / np.nanmean(weights), nan=1.0)
    weighted = build("slack_integrality", problem).evaluate(Point(*arrays))
    plain = build("integrality", problem).evaluate(Point(*arrays))
    d, _ = Sides(problem)(x)
    assert weighted.value == pytest.approx(weights @ d, rel=1e-12)
    assert weighted.x_lp is not None and plain.x_lp is not None
    np.testing.assert_allclose(weighted.x_lp[index], weights * plain.x_lp[index], rtol=1e-12)
    assert weights.mean() == pytest.approx(1)


def test_a_column_in_an_active_row_pulls_more_than_one_in_a_slack_row() -> None:
    """x + y <= 1 is active, u + v <= 9 is slack, x + u = 1 counts as active, z is in a free row only."""
    rows = [[1, 1, 0, 0, 0], [0, 0, 1, 1, 0], [1, 0, 1, 0, 0], [0, 0, 0, 0, 1]]
    sides = [-np.inf, -np.inf, 1, -np.inf], [1, 9, 1, np.inf]
    problem = from_arrays([0] * 5, rows, *sides, [0] * 5, [1] * 5, [True] * 5)
    gradient = build("slack_integrality", problem).evaluate(Point(*[np.full(5, 0.5)] * 3)).x_lp
    assert gradient is not None
    assert gradient[0] == gradient[1] > gradient[2] > gradient[3]
    assert gradient[4] == 1 and gradient.mean() == pytest.approx(1)


def test_equalities_alone_give_the_plain_distance() -> None:
    problem = from_arrays([0] * 3, [[1, 2, 0], [0, 1, 5]], [1, 3], [1, 3], [0] * 3, [1] * 3, [True] * 3)
    at = Point(*[np.array([0.3, 0.6, 0.9])] * 3)
    weighted, plain = (build(name, problem).evaluate(at) for name in ("slack_integrality", "integrality"))
    assert weighted.value == plain.value
    np.testing.assert_array_equal(weighted.x_lp, plain.x_lp)


# --- three slips that break Proposition 3.2 -----------------------------------------------------


@pytest.fixture
def columns() -> Problem:
    """A problem with two binaries, a general integer in [0, 5] and a continuous column."""
    return from_arrays(
        [0] * 4, [[1] * 4], [-np.inf], [9], [0, 0, 0, 0], [1, 1, 5, 5], [True, True, True, False]
    )


def slope(problem: Problem, x: list[float], loss: str = "integrality") -> list[float]:
    gradient = build(loss, problem).evaluate(Point(np.zeros(4), np.array(x), np.zeros(4))).x_lp
    assert gradient is not None
    return list(gradient)


def test_slip_the_gradient_at_one_half_is_that_of_rounding_down(columns: Problem) -> None:
    assert slope(columns, [0.5, 0.5, 1.5, 0.5]) == [1, 1, 1, 0]
    assert slope(columns, [0.5, 0.5, 1.5, 0.5], "integrality,order=2") == [1, 1, 1, 0]


def test_slip_the_sign_at_the_upper_bound_holds_the_column_there(columns: Problem) -> None:
    assert slope(columns, [1, 0, 5, 5]) == [-1, 1, -1, 0]
    assert slope(columns, [0, 1, 0, 5]) == [1, -1, 1, 0]
    assert slope(columns, [0, 1, 3, 5]) == [1, -1, 0, 0]  # a general integer has no side between its bounds


@pytest.mark.parametrize("stray", [1e-12, -1e-12])
def test_slip_values_that_stray_keep_their_sign(columns: Problem, stray: float) -> None:
    assert slope(columns, [1 + stray, 0 + stray, 5 - 1e-12, 0])[:3] == [-1, 1, -1]


def test_theta_0_is_the_side_of_the_rounding(columns: Problem) -> None:
    sides = Sides(columns)
    assert sides.index.tolist() == [0, 1, 2]
    d, s = sides(np.array([0.25, 0.75, 4.75, 0.3]))
    assert (d.tolist(), s.tolist()) == ([0.25, 0.25, 0.25], [1, -1, -1])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("integrality,order=0.5", "order must be at least 1"),  # infinite slope at integral values
        ("slack_integrality,order=0.5", "order must be at least 1"),
        ("hyperbolic,order=0", "order must be positive"),
        ("hyperbolic,eps=0", "eps must be positive"),
        ("logarithmic,eps=-1", "eps must be positive"),
        ("exponential,alpha=0", "alpha must be positive"),
        ("logistic,alpha=-2", "alpha must be positive"),
        ("cost,share=2", "share must lie in"),
        ("argmin_feasibility,order=3", "order must be 1 or 2"),
        ("argmin_feasibility,products=-1", "products must be at least 0"),
        ("argmin_feasibility,tolerance=0", "tolerance must be positive"),
    ],
)
def test_parameters_that_do_not_fit(columns: Problem, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        build(text, columns)
