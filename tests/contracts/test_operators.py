"""Laws of the roundings, the Jacobians and the optimizers, over their registries.

Formulas: arXiv 2411.03535, sections 3 and 4.3, eq. 4.
"""

from __future__ import annotations

import sys
from math import erf, exp, pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mixed import lp_like_point, mixed_problem, smooth_point

from diffpump.backends.interior import QP_COLUMNS, HighsInterior
from diffpump.core.arrays import Mask, Vector
from diffpump.core.errors import InputWarning, UsageError
from diffpump.core.problem import Problem
from diffpump.core.registry import Registry
from diffpump.core.spec import Spec
from diffpump.io.foreign import from_arrays
from diffpump.operators import torch_optim
from diffpump.operators.jacobians import JACOBIANS, Jacobian, Optimum
from diffpump.operators.optimizers import OPTIMIZERS
from diffpump.operators.roundings import ROUNDINGS, Randomised, Rounding, Safe, nearest

seeds = st.integers(0, 2**32 - 1)
law = settings(derandomize=True, deadline=None, max_examples=25)


def phi(z: float) -> float:
    return exp(-z * z / 2) / sqrt(2 * pi)


def Phi(z: float) -> float:
    return (1 + erf(z / sqrt(2))) / 2


def binaries(n: int, continuous: int = 0) -> Problem:
    """Return a problem of n binaries, then continuous columns in [0, 1], and one row that always holds."""
    size = n + continuous
    integer = np.arange(size) < n
    return from_arrays([0] * size, [[1] * size], [-np.inf], [size], [0] * size, [1] * size, integer)


# --- roundings --------------------------------------------------------------------------------


class GivenCentre:
    """An interior whose centre is a given point (n,), or none."""

    def __init__(self, point: Vector | None) -> None:
        self.point = point

    def centre(self) -> Vector | None:
        return self.point


def rounding_of(name: str, problem: Problem, rng: np.random.Generator) -> Rounding:
    """Return the rounding of a name, after a draw if it is random, with a random point as the centre."""
    interior = GivenCentre(lp_like_point(problem, rng))
    rounding = ROUNDINGS.build(Spec(name), problem, interior=interior)
    if isinstance(rounding, Randomised):
        rounding.draw(rng)
    return rounding


@pytest.mark.parametrize("name", list(ROUNDINGS))
@given(seed=seeds)
@law
def test_a_rounding_is_integral_within_bounds_and_idempotent(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    rounding = rounding_of(name, problem, rng)
    x = lp_like_point(problem, rng)
    given_x = x.copy()
    y = rounding.forward(x)
    j = problem.integer
    assert np.array_equal(x, given_x)  # the LP point is not changed
    assert y is not x
    assert np.array_equal(y[j], np.rint(y[j]))
    assert (y[j] >= problem.lb[j]).all() and (y[j] <= problem.ub[j]).all()
    assert np.array_equal(y[~j], x[~j])
    assert np.array_equal(rounding.forward(y), y)


@pytest.mark.parametrize("name", list(ROUNDINGS))
@given(seed=seeds)
@law
def test_a_roundings_backward_pass_is_linear_and_changes_nothing(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    rounding = rounding_of(name, problem, rng)
    x, g, h = lp_like_point(problem, rng), rng.normal(size=problem.n), rng.normal(size=problem.n)
    copies = [array.copy() for array in (x, g, h)]
    both = rounding.vjp(x, 2 * g - 3 * h)
    np.testing.assert_allclose(both, 2 * rounding.vjp(x, g) - 3 * rounding.vjp(x, h), rtol=1e-9, atol=1e-12)
    assert all(np.array_equal(a, b) for a, b in zip((x, g, h), copies, strict=True))


@pytest.mark.parametrize("name", ["nearest", "gaussian"])
def test_the_tie_rule_is_down_on_every_integer(name: str) -> None:
    problem = from_arrays([0] * 5, [[1] * 5], [0], [9], [0, 0, -3, -3, 0], [1, 5, 5, 5, 5], [True] * 5)
    y = ROUNDINGS.build(Spec(name), problem).forward(np.array([0.5, 1.5, -0.5, 2.5, 0.5000001]))
    assert y.tolist() == [0, 1, -1, 2, 1]
    assert nearest(np.array([0.5, 1.5, 2.5])).tolist() == [0, 1, 2]  # np.round says 0, 2, 2


def test_a_rounding_respects_fractional_bounds() -> None:
    problem = from_arrays([0, 0], [[1, 1]], [0], [9], [0.4, 0.5], [3.5, 3.6], [True, True])
    y = ROUNDINGS.build(Spec("nearest"), problem).forward(np.array([0.45, 3.6]))
    assert y.tolist() == [1, 3]


@given(seed=seeds, sigma=st.floats(0.05, 5))
@law
def test_the_gaussian_slope_is_the_derivative_of_its_smoothing(seed: int, sigma: float) -> None:
    """The slope is d/dx Phi((x - 1/2)/sigma), with the fractional part for x on general integers."""
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    x, g, h = smooth_point(problem, rng), rng.normal(size=problem.n), 1e-6
    slope = ROUNDINGS.build(Spec("gaussian", params={"sigma": sigma}), problem).vjp(x, g)
    for j in range(problem.n):
        factor = 1.0
        if problem.integer[j]:
            z = (x[j] - np.floor(x[j]) - 0.5) / sigma
            factor = (Phi(z + h / sigma) - Phi(z - h / sigma)) / (2 * h)
        assert slope[j] == pytest.approx(factor * g[j], rel=1e-5, abs=1e-8)


@given(w=st.floats(0, 1, exclude_max=True))
@law
def test_a_random_cut_rounds_up_above_it_and_its_slope_is_that_of_the_smoothing(w: float) -> None:
    """The threshold t of Bertacco et al. is 2w(1-w), or 1 - 2w(1-w) above one half; the cut is 1 - t."""

    class Fixed:
        def random(self) -> float:
            return w

    problem, g = binaries(4), np.ones(4)
    rounding: Any = ROUNDINGS.build(Spec("random"), problem)
    at_half = rounding.forward(np.array([0.5, 0.51, 0.0, 1.0]))
    assert at_half.tolist() == [0, 1, 0, 1]  # before a draw it is the nearest
    rounding.draw(Fixed())
    t = 2 * w * (1 - w) if w <= 0.5 else 1 - 2 * w * (1 - w)
    cut = 1 - t
    x = np.array([max(cut - 1e-3, 0), min(cut + 1e-3, 1), 0.0, 1.0])
    if 1e-3 < cut < 1 - 1e-3:
        assert rounding.forward(x).tolist() == [0, 1, 0, 1]
        expected = [phi((v - cut) / 0.15) / 0.15 for v in x]
        assert rounding.vjp(x, g) == pytest.approx(expected, rel=1e-6)


def test_a_draw_reaches_the_propagation_and_the_safe_columns() -> None:
    """x + y <= 2 never propagates, so both columns are rounded by the cut, which is 0.98."""

    class Fixed:
        def random(self) -> float:
            return 0.01

    problem = from_arrays([0, 0], [[1, 1]], [0.5], [2], [0, 0], [1, 1], [True, True])
    x = np.array([0.9, 0.9])
    for rounding in (
        ROUNDINGS.build(Spec("random"), problem),
        ROUNDINGS.build(Spec("random-propagation"), problem),
        Safe(problem, ROUNDINGS.build(Spec("random"), problem)),
    ):
        assert rounding.forward(x).tolist() == [1, 1]
        assert isinstance(rounding, Randomised)
        rounding.draw(Fixed())  # type: ignore[arg-type]
        assert rounding.forward(x).tolist() != [1, 1]


@given(seed=seeds)
@law
def test_the_centre_gives_the_least_violated_rounding_of_its_segment(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    x = lp_like_point(problem, rng)
    centre = lp_like_point(problem, rng)

    def worst(y: Vector) -> float:
        activity = problem.A @ y
        return float(np.maximum(activity - problem.row_hi, problem.row_lo - activity).max(initial=0))

    plain = ROUNDINGS.build(Spec("nearest"), problem)
    y = ROUNDINGS.build(Spec("centre"), problem, interior=GivenCentre(centre.copy())).forward(x)
    centre[~problem.integer] = x[~problem.integer]
    all_points = [plain.forward(x + k / 20 * (centre - x)) for k in range(21)]
    if np.array_equal(all_points[0], x):
        assert np.array_equal(y, x)
    else:
        assert worst(y) == pytest.approx(min(map(worst, all_points)), abs=1e-9)
        assert any(np.array_equal(y, point) for point in all_points)


def test_without_a_centre_the_rounding_is_the_nearest_and_says_so_once() -> None:
    rounding = ROUNDINGS.build(Spec("centre"), binaries(2), interior=GivenCentre(None))
    with pytest.warns(InputWarning, match="no analytic centre") as caught:
        assert [rounding.forward(np.array([0.4, 0.6])).tolist() for _ in range(2)] == [[0, 1], [0, 1]]
    assert len(caught) == 1


def test_the_gaussian_slope_at_zero_and_one_agrees() -> None:
    rounding = ROUNDINGS.build(Spec("gaussian"), binaries(3))
    slope = rounding.vjp(np.array([0.0, 1.0, 0.5]), np.ones(3))
    assert slope[0] == slope[1] == pytest.approx(phi(0.5 / 0.15) / 0.15)
    assert slope[2] == pytest.approx(phi(0) / 0.15)


def test_large_sigma_is_a_constant_and_small_sigma_a_dirac_at_one_half() -> None:
    x = np.array([0.0, 0.2, 0.5, 0.51, 1.0])
    wide = ROUNDINGS.build(Spec("gaussian", params={"sigma": 1e4}), binaries(5)).vjp(x, np.ones(5))
    np.testing.assert_allclose(wide * 1e4, phi(0), rtol=1e-8)
    narrow = ROUNDINGS.build(Spec("gaussian", params={"sigma": 1e-4}), binaries(5)).vjp(x, np.ones(5))
    assert narrow[2] == pytest.approx(phi(0) * 1e4)
    assert np.delete(narrow, 2).max() < 1e-300


def test_the_quirk_slopes_continuous_columns_too() -> None:
    problem, x, g = binaries(1, continuous=2), np.array([0.3, 0.3, 0.9]), np.array([2.0, 3.0, 4.0])
    right = ROUNDINGS.build(Spec("gaussian"), problem).vjp(x, g)
    quirk = ROUNDINGS.build(Spec("gaussian", params={"continuous": "quirk"}), problem).vjp(x, g)
    slope = [phi((v - 0.5) / 0.15) / 0.15 for v in x]
    assert right.tolist() == pytest.approx([2 * slope[0], 3, 4])
    assert quirk.tolist() == pytest.approx([2 * slope[0], 3 * slope[1], 4 * slope[2]])


# --- Jacobians --------------------------------------------------------------------------------

LB, UB = np.array([0.0, -1.0, 2.0]), np.array([1.0, 1.0, 3.0])


def box_argmin(theta: Vector) -> Vector:
    """Return argmin theta'x over [LB, UB]: lower bounds where theta > 0, upper bounds elsewhere."""
    return np.where(theta > 0, LB, UB)


def optimum(theta: Vector) -> Optimum:
    return Optimum(theta, box_argmin(theta), box_argmin)


def jacobian_of(text: str, problem: Problem) -> Jacobian:
    return JACOBIANS.build(Spec.parse(text), problem, interior=HighsInterior(problem))


# Its formula is a difference quotient whose step is proportional to the gradient.
NOT_LINEAR = {"interpolation"}


@pytest.mark.parametrize("name", list(JACOBIANS))
def test_a_jacobian_is_linear_in_the_gradient_and_changes_nothing(name: str) -> None:
    rng = np.random.default_rng(0)
    theta, g, h = (rng.normal(size=3) for _ in range(3))
    copies = [array.copy() for array in (theta, g, h)]

    def vjp(gradient: Vector) -> Vector:
        return jacobian_of(name, binaries(3)).vjp(optimum(theta), gradient, np.random.default_rng(7))

    if name not in NOT_LINEAR:
        np.testing.assert_allclose(vjp(2 * g - 3 * h), 2 * vjp(g) - 3 * vjp(h), rtol=1e-9, atol=1e-12)
    assert not vjp(np.zeros(3)).any()
    assert np.array_equal(vjp(g), vjp(g))  # it depends on the generator alone
    assert all(np.array_equal(a, b) for a, b in zip((theta, g, h), copies, strict=True))


@pytest.mark.parametrize("name", list(JACOBIANS))
def test_a_jacobian_survives_lps_without_an_optimum(name: str) -> None:
    result = jacobian_of(name, binaries(3)).vjp(
        Optimum(np.ones(3), np.zeros(3), lambda theta: None), np.ones(3), np.random.default_rng(0)
    )
    assert np.isfinite(result).all()


def test_minus_identity() -> None:
    jacobian = JACOBIANS.build(Spec("minus_identity"), binaries(3))
    g = np.array([1.0, -2.0, 0.0])
    result = jacobian.vjp(optimum(np.ones(3)), g, np.random.default_rng(0))
    assert np.array_equal(result, -g)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
def test_the_perturbed_estimate_converges_to_the_smoothed_argmins_gradient(sigma: float) -> None:
    """On a box, E[x_j(theta + sigma Z)] = lb + (ub - lb) Phi(-theta_j/sigma).

    The derivative is -(ub - lb) phi(theta_j/sigma)/sigma. A missing or an additional factor sigma shows at
    sigma = 0.5 and 2, but not at 1.
    """
    theta, g, samples = np.array([0.2, -0.3, 0.1]), np.array([1.0, 2.0, -1.0]), 40_000
    exact = np.array([-(u - lo) * phi(t / sigma) / sigma for t, lo, u in zip(theta, LB, UB, strict=True)]) * g
    h = 1e-5
    smoothed = [
        [lo + (u - lo) * Phi(-(t + step) / sigma) for t, lo, u in zip(theta, LB, UB, strict=True)]
        for step in (h, -h)
    ]
    differences = (np.array(smoothed[0]) - np.array(smoothed[1])) / (2 * h) * g
    np.testing.assert_allclose(exact, differences, rtol=1e-7)

    jacobian = JACOBIANS.build(Spec("perturbation", params={"samples": samples, "sigma": sigma}), binaries(3))
    estimate = jacobian.vjp(optimum(theta), g, np.random.default_rng(0))
    largest = np.abs(np.array([[lo, u] for lo, u in zip(LB, UB, strict=True)]).max(axis=1)) @ np.abs(g)
    error = 4 * largest / (sigma * sqrt(samples))  # four standard deviations at most
    assert np.abs(estimate - exact).max() < error
    assert error < 0.35 * np.abs(exact).max()


def test_the_perturbed_jacobian_solves_as_many_lps_as_it_has_samples() -> None:
    solved: list[Vector] = []

    def argmin(theta: Vector) -> Vector | None:
        solved.append(theta)
        return box_argmin(theta) if len(solved) % 2 else None

    jacobian = JACOBIANS.build(Spec("perturbation", params={"samples": 6, "sigma": 0.5}), binaries(3))
    theta, g = np.array([0.1, 0.2, 0.3]), np.array([1.0, 1.0, 1.0])
    result = jacobian.vjp(Optimum(theta, np.zeros_like(theta), argmin), g, np.random.default_rng(3))
    assert len(solved) == 6
    # The mean is over the three samples whose LP had an optimum.
    expected = sum((t - theta) / 0.5 * (box_argmin(t) @ g) for t in solved[::2]) / (3 * 0.5)
    np.testing.assert_allclose(result, expected)


@pytest.mark.parametrize("name", ["perturbation", "antithetic"])
def test_two_samples_are_unbiased_on_a_linear_argmin_and_pairs_vary_less(name: str) -> None:
    """With x*(theta) = x_0 + L theta the exact gradient is L'g, and pairs are blind to x_0 + L theta."""
    rng = np.random.default_rng(0)
    L, theta, g = rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=3)

    def estimates(which: str, x_0: float) -> Vector:
        def argmin(cost: Vector) -> Vector:
            return np.asarray(x_0 + L @ cost)

        jacobian = jacobian_of(f"{which},samples=2,sigma=0.5", binaries(3))
        at = Optimum(theta, argmin(theta), argmin)
        return np.array([jacobian.vjp(at, g, np.random.default_rng(k)) for k in range(4000)])

    found = estimates(name, 1.0)
    error = 5 * found.std(axis=0) / sqrt(len(found))
    assert (np.abs(found.mean(axis=0) - L.T @ g) < error).all()
    pairs, independent = estimates("antithetic", 9.0), estimates("perturbation", 9.0)
    assert (pairs.var(axis=0) < 0.8 * independent.var(axis=0)).all()
    np.testing.assert_allclose(estimates("antithetic", 50.0), pairs, rtol=1e-6, atol=1e-9)


def test_an_antithetic_pair_is_the_mean_of_its_two_samples() -> None:
    theta, g, noise = np.array([0.1, 0.2, 0.3]), np.ones(3), np.random.default_rng(3).standard_normal(3)
    result = jacobian_of("antithetic,samples=2,sigma=0.5", binaries(3)).vjp(
        optimum(theta), g, np.random.default_rng(3)
    )
    terms = [z / 0.5 * (box_argmin(theta + 0.5 * z) @ g) for z in (noise, -noise)]
    np.testing.assert_allclose(result, sum(terms) / 2)


def test_a_pair_with_a_failed_lp_is_left_out() -> None:
    solved: list[Vector] = []

    def argmin(theta: Vector) -> Vector | None:
        solved.append(theta)
        return None if len(solved) == 2 else box_argmin(theta)

    theta, g = np.array([0.1, 0.2, 0.3]), np.ones(3)
    result = jacobian_of("antithetic,samples=4", binaries(3)).vjp(
        Optimum(theta, box_argmin(theta), argmin), g, np.random.default_rng(3)
    )
    assert len(solved) == 4
    np.testing.assert_allclose(
        result, (solved[2] - theta) * ((box_argmin(solved[2]) - box_argmin(solved[3])) @ g) / 2
    )


@pytest.mark.parametrize("lam", [0.05, 1.0, 30.0])
def test_interpolation_is_its_difference_quotient(lam: float) -> None:
    theta, g = np.array([0.2, -0.3, 0.1]), np.array([-1.0, 2.0, -1.0])
    jacobian, rng = jacobian_of(f"interpolation,lam={lam}", binaries(3)), np.random.default_rng(0)
    result = jacobian.vjp(optimum(theta), g, rng)
    np.testing.assert_allclose(result, (box_argmin(theta + lam * g) - box_argmin(theta)) / lam)
    assert result.any() == (lam > 0.05)  # with the smallest step no column changes its bound
    failing = Optimum(theta, box_argmin(theta), lambda cost: None)
    assert not jacobian.vjp(failing, g, rng).any()


def vertex_model(rng: np.random.Generator) -> tuple[Problem, Vector, Vector]:
    """Return a problem with equal, tight, slack, dependent and empty rows, a point, and its tight rows."""
    n, A = 8, rng.normal(size=(7, 8))
    A[4], A[6] = 3 * A[0] - A[1], 0.0
    x = rng.uniform(0.1, 0.9, n)
    x[:2] = 0, 1
    b, slack = A @ x, np.array([0, 0, 0, 1, 0, 2, 1.0])
    lo = np.where([True, False, True, False, False, True, True], b - slack, -np.inf)
    hi = np.where([True, True, False, True, True, True, True], b + slack, np.inf)
    tight = np.array([True, True, True, False, True, False, False])
    return from_arrays([0] * n, A, lo, hi, [0] * n, [1] * n, [True] * n), x, A[tight]


@pytest.mark.parametrize("damping", [0.0, 0.01, 1.0])
@given(seed=seeds)
@law
def test_projection_is_that_of_the_pseudoinverse(damping: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem, x, tight = vertex_model(rng)
    g = rng.normal(size=8)
    result = jacobian_of(f"projection,damping={damping}", problem).vjp(
        Optimum(g, x, lambda cost: None), g, rng
    )
    unit = tight / np.linalg.norm(tight, axis=1)[:, None]
    inverse = np.linalg.pinv(unit @ unit.T + damping * np.eye(len(unit)), rcond=1e-12, hermitian=True)
    np.testing.assert_allclose(result, unit.T @ (inverse @ (unit @ g)) - g, atol=1e-7)
    if not damping:
        np.testing.assert_allclose(tight @ result, 0, atol=1e-7)  # theta moves x_lp within its active rows


def test_projection_without_active_rows_is_minus_identity() -> None:
    g = np.array([1.0, -2.0, 3.0])
    result = jacobian_of("projection", binaries(3)).vjp(
        Optimum(g, np.zeros(3), box_argmin), g, np.random.default_rng(0)
    )
    assert np.array_equal(result, -g)


@pytest.mark.parametrize("weight", [0.5, 2.0])
@given(seed=seeds)
@law
def test_quadratic_is_the_derivative_of_the_regularised_argmin(weight: float, seed: int) -> None:
    """Central differences of x_w at a cost at which no row or bound changes its activity nearby."""
    rng = np.random.default_rng(seed)
    A, inside = rng.normal(size=(4, 6)), rng.uniform(0.2, 0.8, 6)
    activity = A @ inside
    lo = np.array([activity[0], -np.inf, activity[2] - 0.1, -np.inf])
    hi = activity + np.array([0, 0.05, 0.1, 2])
    problem = from_arrays([0] * 6, A, lo, hi, [0] * 6, [1] * 6, [True] * 6)
    theta, g, h = rng.normal(size=6), rng.normal(size=6), 1e-4
    points = HighsInterior(problem)

    def solved(cost: Vector) -> Vector:
        x = points.regularised(cost, weight)
        assert x is not None
        return x

    steps = h * np.eye(6)
    pairs = [(solved(theta + step), solved(theta - step)) for step in steps]
    assume(all(np.array_equal(_activity(problem, a), _activity(problem, b)) for a, b in pairs))
    differences = np.array([g @ (a - b) for a, b in pairs]) / (2 * h)
    result = jacobian_of(f"quadratic,weight={weight}", problem).vjp(
        Optimum(theta, np.zeros(6), lambda cost: None), g, rng
    )
    np.testing.assert_allclose(result, differences, atol=1e-5)


def _activity(problem: Problem, x: Vector) -> Mask:
    """Return which sides and bounds hold with equality at x."""
    value = np.append(problem.A @ x, x)
    lo, hi = np.append(problem.row_lo, problem.lb), np.append(problem.row_hi, problem.ub)
    return np.concatenate([value - lo < 1e-7, hi - value < 1e-7])


def test_quadratic_says_which_models_it_takes() -> None:
    n = QP_COLUMNS + 1
    with pytest.raises(UsageError, match=f"at most {QP_COLUMNS} columns"):
        jacobian_of("quadratic", binaries(n)).vjp(
            Optimum(np.ones(n), np.zeros(n), box_argmin), np.ones(n), np.random.default_rng(0)
        )


# --- optimizers -------------------------------------------------------------------------------

TARGET, CURVATURE = np.array([1.0, -2.0, 0.5, 0.0]), np.array([1.0, 0.5, 0.25, 0.1])


def quadratic_gradient(theta: Vector) -> Vector:
    return CURVATURE * (theta - TARGET)


def built(text: str) -> Any:
    if text.startswith("torch"):
        pytest.importorskip("torch", reason="torch is not installed")
    return OPTIMIZERS.build(Spec.parse(text), binaries(4))


def descend(optimizer: Any, steps: int, theta: Vector | None = None) -> list[Vector]:
    path = [np.full(4, 3.0) if theta is None else theta]
    for _ in range(steps):
        path.append(optimizer.step(path[-1], quadratic_gradient(path[-1])))
    return path


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_an_optimizer_descends_and_changes_nothing_in_place(name: str) -> None:
    optimizer = built(name)
    theta, gradient = np.full(4, 3.0), np.arange(4.0)
    copies = theta.copy(), gradient.copy()
    optimizer.step(theta, gradient)
    assert np.array_equal(theta, copies[0]) and np.array_equal(gradient, copies[1])

    path = descend(built(name), 300)
    value = [CURVATURE @ (theta - TARGET) ** 2 for theta in path]
    assert value[-1] < 0.01 * value[0]


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_a_zero_gradient_at_the_start_moves_nothing(name: str) -> None:
    optimizer = built(name)
    assert np.array_equal(optimizer.step(np.ones(4), np.zeros(4)), np.ones(4))


@pytest.mark.parametrize(
    ("text", "theirs", "arguments"),
    [
        ("gradient,eta=0.7", "SGD", {"lr": 0.7}),
        ("momentum,eta=0.3,beta=0.9", "SGD", {"lr": 0.3, "momentum": 0.9}),
        ("momentum,eta=1,beta=0", "SGD", {"lr": 1.0}),
        ("adam,eta=0.2", "Adam", {"lr": 0.2}),
        ("adam,eta=0.1,beta1=0.5,beta2=0.9,eps=0.001", "Adam", {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-3}),
    ],
)
def test_optimizers_are_those_of_torch(text: str, theirs: str, arguments: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    path = descend(built(text), 40)
    theta = torch.full((4,), 3.0, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, theirs)([theta], **arguments)
    for ours in path[1:]:
        theta.grad = torch.tensor(quadratic_gradient(theta.detach().numpy()))
        optimizer.step()
        np.testing.assert_allclose(ours, theta.detach().numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("ours", "text"),
    [
        ("gradient,eta=0.7", "torch,name=SGD,eta=0.7"),
        ("momentum,eta=0.3,beta=0.9", "torch,name=SGD,eta=0.3,options=momentum:0.9"),
        ("adam,eta=0.2", "torch,name=Adam,eta=0.2"),
        (
            "adam,eta=0.1,beta1=0.5,beta2=0.9,eps=0.001",
            "torch,name=Adam,eta=0.1,options=betas:0.5:0.9/eps:1e-3/amsgrad:false",
        ),
    ],
)
def test_the_classes_of_torch_take_the_same_steps_as_ours(ours: str, text: str) -> None:
    pytest.importorskip("torch", reason="torch is not installed")
    pairs = zip(*(descend(built(one), 40) for one in (ours, text)), strict=True)
    for a, b in pairs:
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


def test_every_usable_class_of_torch_makes_finite_steps() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    names = torch_optim.usable(torch.optim)
    assert {"SGD", "Adam", "RMSprop"} <= set(names)
    assert not set(names) & {"Optimizer", *torch_optim.UNUSABLE}
    for name in names:
        path = np.array(descend(built(f"torch,name={name},eta=0.01"), 5))
        assert path.dtype == np.float64 and np.isfinite(path).all(), name
        assert (path[1:] != path[:-1]).any(axis=1).all(), name  # each step moves theta


@pytest.mark.parametrize(
    "text",
    [*OPTIMIZERS, "momentum,beta=0.9", "torch,name=SGD,options=momentum:0.9", "torch,name=RMSprop,eta=0.1"],
)
def test_a_reset_optimizer_is_a_new_one(text: str) -> None:
    used, start = built(text), np.array([1.0, 2.0, -1.0, 0.5])
    kept = built(text)
    for optimizer in (used, kept):
        descend(optimizer, 3)
    used.reset()
    fresh = descend(built(text), 3, start)
    np.testing.assert_array_equal(descend(used, 3, start), fresh)
    stateless = text == "gradient"
    assert np.array_equal(descend(kept, 3, start), fresh) == stateless


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("torch,name=LBFGS", "LBFGS cannot be used, since it evaluates the loss several times"),
        ("torch,name=SparseAdam", "SparseAdam cannot be used, since it takes sparse gradients"),
        ("torch,name=Muon", "Muon cannot be used, since it steps on matrices"),
        ("torch,name=Newton", "torch.optim has no 'Newton'; usable: .*Adam, .*RMSprop, .*SGD"),
        ("torch,name=Optimizer", "torch.optim has no 'Optimizer'"),
        ("torch,name=lr_scheduler", "torch.optim has no 'lr_scheduler'"),
        ("torch,eta=0", "eta must be positive"),
        ("torch,name=SGD,options=speed:3", "SGD raised TypeError: .*speed"),
        ("torch,name=SGD,options=momentum:-1", "SGD raised ValueError: .*momentum"),
        ("torch,name=SGD,options=nesterov:true", "SGD raised ValueError: .*[Nn]esterov"),
        ("torch,name=SGD,options=momentum", "options must be key:value/key:value, got 'momentum'"),
        ("torch,name=SGD,options=momentum:0.9/", "options must be key:value/key:value"),
        ("torch,name=SGD,options=momentum:0.9/momentum:0.5", "options must be key:value/key:value"),
        ("torch,name=SGD,options=lr:1", "lr is no option: give eta="),
    ],
)
def test_what_the_optimizer_of_torch_refuses(text: str, message: str) -> None:
    pytest.importorskip("torch", reason="torch is not installed")
    with pytest.raises(UsageError, match=message) as refusal:
        built(text)
    assert "\n" not in str(refusal.value)


def test_without_torch_its_optimizers_say_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(UsageError, match=r"pip install 'diffpump\[torch\]'"):
        OPTIMIZERS.build(Spec.parse("torch,name=SGD"), binaries(4))


# --- parameters of all operators --------------------------------------------------------------


@pytest.mark.parametrize(
    ("registry", "text"),
    [
        (ROUNDINGS, "gaussian,sigma=0"),
        (ROUNDINGS, "gaussian,continuous=maybe"),
        (ROUNDINGS, "random,sigma=0"),
        (ROUNDINGS, "random-propagation,backtracks=-1"),
        (ROUNDINGS, "centre,points=0"),
        (ROUNDINGS, "nearest,sigma=1"),
        (JACOBIANS, "perturbation,samples=0"),
        (JACOBIANS, "perturbation,samples=1.5"),
        (JACOBIANS, "perturbation,sigma=-1"),
        (JACOBIANS, "antithetic,samples=3"),
        (JACOBIANS, "antithetic,sigma=0"),
        (JACOBIANS, "interpolation,lam=0"),
        (JACOBIANS, "projection,damping=-1"),
        (JACOBIANS, "quadratic,weight=0"),
        (OPTIMIZERS, "gradient,eta=0"),
        (OPTIMIZERS, "momentum,beta=1"),
        (OPTIMIZERS, "adam,beta2=-0.1"),
        (OPTIMIZERS, "newton"),
        (OPTIMIZERS, "torch,eta=-1"),
    ],
)
def test_parameters_that_do_not_fit(registry: Registry[Any], text: str) -> None:
    with pytest.raises(UsageError, match=Spec.parse(text).name):
        registry.build(Spec.parse(text), binaries(2), interior=HighsInterior(binaries(2)))
