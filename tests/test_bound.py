"""Proven bounds: never above the exact optimum, and near it if the multipliers are good."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor, inf, isinf
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from exact_lp import Exact, exact_minimum
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import feasible_models

from diffpump.backends.lp import ALGORITHMS, solve_lp
from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError
from diffpump.core.limits import LpLimits
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.io.read import read, read_exact
from diffpump.search.lp_process import LpOutcome, LpProcess, LpTask, solve_root_lp
from diffpump.verify import exact
from diffpump.verify.bound import Grid, objective_grid, proven_bound
from diffpump.verify.check import exact_model, prove
from diffpump.verify.elimination import solved
from diffpump.verify.implied import Rows, implied_bounds

TOL = Fraction(1, 10**6)
PLAIN = ["-3", "-2", "-1", "1", "1", "2", "4", "0.1", "0.3", "2.5", "-0.7", "1.25"]
WIDE = [*PLAIN, "1e-9", "-3e-9", "7e-5", "123456.789", "-1e9", "1e12", "1e15", "-999999999999.999", "1e-7"]


def random_model(rng: np.random.Generator, texts: list[str]) -> ParsedModel:
    """Draw a model of up to 5 rows and 5 columns, often degenerate, sometimes infeasible or unbounded."""
    m, n = int(rng.integers(0, 6)), int(rng.integers(1, 6))

    def draw(size: int, zeros: float = 0.0) -> list[Fraction | int]:
        return [
            0 if rng.random() < zeros else exact.number(text.lstrip("-")) * (-1 if text[0] == "-" else 1)
            for text in rng.choice(texts, size)
        ]

    def interval(size: int, lower: float, upper: float) -> tuple[exact.Array, exact.Array]:
        """Draw intervals, with these shares of finite ends, and with some of length 0."""
        a, b = draw(size, 0.3), draw(size, 0.1)
        lo = [v if rng.random() < lower else -inf for v in map(min, a, b)]
        hi = [v if rng.random() < upper else inf for v in map(max, a, b)]
        for k in np.flatnonzero(rng.random(size) < 0.15).tolist():
            hi[k] = lo[k] if lo[k] != -inf else hi[k]
        return exact.objects(lo), exact.objects(hi)

    entries = {(i, j): draw(1)[0] for i in range(m) for j in range(n) if rng.random() < 0.7}
    if m > 1 and rng.random() < 0.3:  # the last row is almost a multiple of the first one
        factor, error = draw(1)[0], Fraction(int(rng.integers(-9, 10)), 10 ** int(rng.integers(3, 15)))
        entries |= {(m - 1, j): factor * a + error for (i, j), a in entries.items() if i == 0}
    lb, ub = interval(n, rng.choice([0.6, 1.0]), rng.choice([0.2, 0.9]))
    row_lo, row_hi = interval(m, 0.6, 0.6)
    return ParsedModel(
        "random", bool(rng.random() < 0.4), draw(1, 0.5)[0], exact.objects(draw(n, 0.2)),
        np.array([i for i, _ in entries], np.int32), np.array([j for _, j in entries], np.int32),
        exact.objects(list(entries.values())), row_lo, row_hi, lb, ub, rng.random(n) < 0.4,
        [f"x{j}" for j in range(n)], [f"r{i}" for i in range(m)],
    )  # fmt: skip


def rounded(model: ParsedModel) -> Problem:
    """Return a model as a minimisation in float64."""
    sign = -1.0 if model.maximise else 1.0
    m, n = len(model.row_names), len(model.col_names)
    entries = (model.values.astype(np.float64), (model.rows, model.cols))
    matrix = sp.csr_matrix(entries, shape=(m, n))
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    arrays = (v.astype(np.float64) for v in (model.row_lo, model.row_hi, model.lb, model.ub))
    return Problem(
        model.name, sign * model.c.astype(np.float64), sign * float(model.offset), model.maximise, matrix,
        *arrays, model.integer, model.col_names, model.row_names,
    )  # fmt: skip


def optimum(model: ParsedModel, tolerance: Fraction | int = 0) -> Exact:
    """Return the exact optimum of the LP with integer bounds of integer columns, as that of a minimum.

    It is inf if the model is infeasible, and -inf if it is unbounded.
    """
    m, n = len(model.row_names), len(model.col_names)
    sign = -1 if model.maximise else 1
    A: list[list[Exact]] = [[0] * n for _ in range(m)]
    for i, j, a in zip(model.rows.tolist(), model.cols.tolist(), model.values.tolist(), strict=True):
        A[i][j] = a
    lb, ub = [v - tolerance for v in model.lb], [v + tolerance for v in model.ub]
    for j in np.flatnonzero(model.integer):
        lb[j] = lb[j] if isinf(lb[j]) else ceil(lb[j])
        ub[j] = ub[j] if isinf(ub[j]) else floor(ub[j])
    lo, hi = [v - tolerance for v in model.row_lo], [v + tolerance for v in model.row_hi]
    return exact_minimum([sign * v for v in model.c], A, lo, hi, lb, ub) + sign * model.offset


def solver_duals(model: ParsedModel) -> Vector | None:
    """Return HiGHS's multipliers of the rounded model, or None if it has no optimum there."""
    try:
        return solve_lp(rounded(model), LpLimits(10.0)).duals
    except InputError:  # a coefficient that HiGHS refuses, or bounds that cross
        return None


def hints(model: ParsedModel, rng: np.random.Generator) -> list[Vector | None]:
    """Return multipliers of all qualities."""
    m = len(model.row_names)
    y = solver_duals(model)
    good = rng.normal(size=m) if y is None else y
    noise = rng.normal(size=m) * 10.0 ** rng.integers(-17, 0)
    return [
        None, y, good + noise, -good, good * 10.0 ** rng.integers(-9, 9),
        np.where(rng.random(m) < 0.3, 0.0, good), rng.normal(size=m) * 10.0 ** rng.integers(-12, 12, m),
        np.where(rng.random(m) < 0.5, np.nextafter(good, inf), np.nextafter(good, -inf)),
        rng.choice([5e-324, -1e-300, 1e-30, -1.0, 1e30, 1.7e308], m),
    ]  # fmt: skip


def as_minimum(model: ParsedModel, bound: Fraction | None) -> Exact:
    return -inf if bound is None else -bound if model.maximise else bound


@pytest.mark.parametrize(("texts", "seeds"), [(PLAIN, range(400)), (WIDE, range(1000, 1600))])
def test_a_bound_is_never_above_the_exact_optimum(texts: list[str], seeds: range) -> None:
    kinds = {"bounded": 0, "unbounded": 0, "infeasible": 0, "proven": 0}
    for seed in seeds:
        rng = np.random.default_rng(seed)
        model = random_model(rng, texts)
        best = optimum(model)
        kinds["infeasible" if best == inf else "unbounded" if best == -inf else "bounded"] += 1
        for y in hints(model, rng):
            bound = as_minimum(model, proven_bound(model, y))
            assert bound <= best, (seed, y, float(bound), float(best))
            kinds["proven"] += not isinf(bound) and not isinf(best)
    assert min(kinds.values()) > 20, kinds  # the generator makes all of them
    assert kinds["proven"] > 4 * kinds["bounded"], kinds


def test_a_bound_within_a_tolerance_is_never_above_the_relaxed_optimum() -> None:
    for seed in range(3000, 3150):
        rng = np.random.default_rng(seed)
        model = random_model(rng, WIDE if seed % 2 else PLAIN)
        best = optimum(model, TOL)
        for y in hints(model, rng):
            strict, loose = (as_minimum(model, proven_bound(model, y, t)) for t in (0, TOL))
            assert loose <= best, (seed, y)
            assert loose <= strict or strict == -inf or best == -inf or isinf(best), (seed, y)


def test_good_multipliers_give_the_optimum_of_well_scaled_models() -> None:
    """HiGHS's optimum of the rounded model is that of the exact one up to rounding errors."""
    tried = 0
    for seed in range(5000, 5600):
        model = random_model(np.random.default_rng(seed), PLAIN)
        model = replace(model, integer=np.zeros(len(model.c), dtype=bool))
        best, y = optimum(model), solver_duals(model)
        assert isinf(best) == (y is None), seed
        if y is None:
            continue
        bound = as_minimum(model, proven_bound(model, y))
        assert best - bound <= max(1, abs(best)) / 10**9, (seed, float(bound), float(best))
        tried += 1
    assert tried > 120


@settings(max_examples=150)
@given(feasible_models(), st.integers(0, 2**32 - 1))
def test_no_feasible_point_is_better_than_a_bound(case: tuple[Problem, Vector], seed: int) -> None:
    problem, x = case
    model = exact_model(problem)
    values = {name: Fraction(v) for name, v in zip(model.col_names, x.tolist(), strict=True)}
    proof = prove(model, values)
    assert proof.accepted
    for y in hints(model, np.random.default_rng(seed)):
        bound = proven_bound(model, y, TOL)
        assert bound is None or bound <= proof.objective


def parsed(tmp_path: Path, text: str) -> tuple[Problem, ParsedModel]:
    path = tmp_path / "model.lp"
    path.write_text(text)
    problem = read(path)
    assert problem.source is not None
    return problem, read_exact(problem.source)


def test_the_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    """The float 0.1 exceeds 1/10, so that y = 10 gives less than 10 on the float model."""
    problem, model = parsed(tmp_path, "min\n obj: x\nst\n c: 0.1 x >= 1\nend\n")
    assert proven_bound(model, np.array([10.0])) == 10
    in_floats = proven_bound(exact_model(problem), np.array([10.0]))
    assert in_floats is not None and in_floats < 10


def test_a_maximisation_has_an_upper_bound_with_its_offset(tmp_path: Path) -> None:
    problem, model = parsed(tmp_path, "max\n obj: x + 5\nst\n c: 2 x <= 7\nend\n")
    y = solve_lp(problem, LpLimits(10.0)).duals
    assert y is not None and y.tolist() == [-0.5] and proven_bound(model, y) == Fraction(17, 2)


def test_simple_fractions_give_the_exact_optimum(tmp_path: Path) -> None:
    """The multipliers 1/3 and 1/7 are no floats; as floats they would lose a little."""
    text = "min\n obj: x + y + z\nst\n a: 3 x >= 4\n b: 7 y - z = 2\nbounds\n -inf <= y\nend\n"
    problem, model = parsed(tmp_path, text)
    y = solve_lp(problem, LpLimits(10.0)).duals
    assert proven_bound(model, y) == Fraction(4, 3) + Fraction(2, 7)


def test_integer_columns_have_integer_bounds(tmp_path: Path) -> None:
    text = "max\n obj: x + z\nst\n c: x + z <= 100\nbounds\n x <= 2.75\n z <= 2.75\ngenerals\n x\nend\n"
    _, model = parsed(tmp_path, text)
    assert proven_bound(model, np.zeros(1)) == Fraction(19, 4)
    assert proven_bound(model, np.zeros(1), Fraction(1, 4)) == 3 + 3


def test_multipliers_that_are_no_numbers_count_as_zeros(tmp_path: Path) -> None:
    _, model = parsed(tmp_path, "min\n obj: x\nst\n c: x >= 2\n d: x <= 9\nbounds\n x >= 1\nend\n")
    assert proven_bound(model, np.array([1.0, 0.0])) == 2
    for y in (None, np.zeros(3), np.zeros(0), np.array([np.nan, 0.0]), np.array([1.0, inf])):
        assert proven_bound(model, y) == 1
    assert proven_bound(model, np.array([-1.0, 1.0])) == 1  # both refer to an infinite side


def test_no_bound_is_none(tmp_path: Path) -> None:
    _, model = parsed(tmp_path, "min\n obj: x\nst\n c: x - y >= 2\nbounds\n x free\n y free\nend\n")
    assert proven_bound(model, np.array([1.0])) is None


def test_rounding_errors_on_free_columns_are_eliminated(tmp_path: Path) -> None:
    """No row bounds these columns, so that only multipliers of which d vanishes exactly prove anything."""
    text = (
        "min\n obj: 1.3 x + 2.2 y + 1.3 z\nst\n a: 0.1 x + 0.7 y + 0.3 z >= 1\n"
        " b: 0.3 x + 1.1 y + 0.2 z >= -5\n c: 0.9 x + 0.4 y + 0.8 z >= 0.6\n"
        "bounds\n x free\n y free\n z free\nend\n"
    )
    _, model = parsed(tmp_path, text)
    y = np.array([1.0, 1.0, 1.0])
    assert proven_bound(model, y) == optimum(model) == Fraction(-34, 10)
    for noise in (1e-16, 1e-14, 1e-12):
        assert proven_bound(model, y + noise * np.array([3.0, -5.0, 7.0])) == Fraction(-34, 10)


def test_entries_that_solvers_drop_are_part_of_the_model(tmp_path: Path) -> None:
    """HiGHS ignores the coefficient 1e-9, and so reports 1 where 0 is the optimum."""
    text = "min\n obj: x\nst\n r: x + 1e-9 y >= 1\nbounds\n x <= 10\n y <= 2e9\ngenerals\n x y\nend\n"
    problem, model = parsed(tmp_path, text)
    result = solve_lp(problem, LpLimits(10.0))
    assert result.x[0] == 1 and proven_bound(model, result.duals) == 0


def test_a_noisy_reduced_cost_on_a_huge_bound_costs_nothing(tmp_path: Path) -> None:
    text = "min\n obj: z\nst\n a: z - 0.3 x >= 1\n b: x >= 7\nbounds\n z <= 1e15\n x <= 1e12\nend\n"
    _, model = parsed(tmp_path, text)
    bound = proven_bound(model, np.array([1.0 + 2.0**-52, 0.3]))
    assert bound is not None and 0 <= Fraction(31, 10) - bound < Fraction(1, 10**12)


def test_a_huge_bound_of_the_file_stays_exact(tmp_path: Path) -> None:
    _, model = parsed(tmp_path, "max\n obj: x - y\nst\n c: y >= 2\n d: x + y >= 1\nbounds\n x <= 1e15\nend\n")
    assert proven_bound(model, np.array([1.0, 0.0])) == 10**15 - 2


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_gives_multipliers(tmp_path: Path, algorithm: str) -> None:
    problem, model = parsed(tmp_path, "min\n obj: 3 x + 2 y\nst\n a: x + y >= 4\n b: x + 3 y >= 6\nend\n")
    result = solve_lp(problem, LpLimits(10.0), algorithm)
    bound = proven_bound(model, result.duals)
    assert result.status is LpStatus.OPTIMAL
    assert bound is not None and bound <= 8 and float(bound) == pytest.approx(8, rel=1e-3)


@pytest.mark.parametrize("algorithm", ["simplex", "ipm"])
def test_the_root_lp_carries_its_multipliers(tmp_path: Path, algorithm: str) -> None:
    problem, model = parsed(tmp_path, "max\n obj: x + y\nst\n a: x + 2 y <= 4\n b: 3 x + y <= 6\nend\n")
    outcome = solve_root_lp(problem, algorithm, LpLimits(10.0))
    process, message = LpProcess(LpTask(problem, algorithm)), None
    began = time.monotonic()
    while message is None and time.monotonic() - began < 60:
        message = process.run(lambda: False)
    process.end()
    assert isinstance(message, LpOutcome)
    for one in (outcome, message):
        bound = proven_bound(model, one.duals)
        assert bound is not None and 2.8 <= bound < 2.8 + 1e-6


def test_the_values_of_an_integral_objective(tmp_path: Path) -> None:
    text = "min\n obj: 0.6 x + 1.5 y + 0 z + 0.25\nst\n c: x + y + z >= 1\ngenerals\n x y\nend\n"
    grid = objective_grid(parsed(tmp_path, text)[1])
    assert grid == Grid(Fraction(1, 4), Fraction(3, 10), False)
    for bound, value in (("0.25", "0.25"), ("0.2500001", "0.55"), ("0.55", "0.55"), ("-0.0499", "0.25")):
        assert grid.tighten(Fraction(bound)) == Fraction(value)
    assert replace(grid, maximise=True).tighten(Fraction("0.5499")) == Fraction("0.25")
    continuous = text.replace(" x y\n", " x\n")
    assert objective_grid(parsed(tmp_path, continuous)[1]) is None
    constant = objective_grid(parsed(tmp_path, "min\n obj: 0 x + 7\nst\n c: x >= 1\nend\n")[1])
    assert constant == Grid(Fraction(7), Fraction(0), False) and constant.tighten(Fraction(3)) == 7


@settings(max_examples=100)
@given(st.integers(0, 2**32 - 1))
def test_integral_points_lie_on_the_grid(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = random_model(rng, WIDE)
    model = replace(model, integer=np.ones(len(model.c), dtype=bool))
    grid = objective_grid(model)
    assert grid is not None
    x = rng.integers(-50, 50, len(model.c)).tolist()
    value = model.offset + sum(c * v for c, v in zip(model.c, x, strict=True))
    assert grid.tighten(value) == value
    if grid.step:
        nearly = value + (-1 if not grid.maximise else 1) * grid.step * Fraction(99, 100)
        assert grid.tighten(nearly) == value


def test_implied_bounds_hold_for_every_feasible_point() -> None:
    """The exact minimum and maximum of every column lie within them, and some bounds are implied."""
    implied = 0
    for seed in range(7000, 7150):
        model = random_model(np.random.default_rng(seed), WIDE if seed % 2 else PLAIN)
        model = replace(model, maximise=False, offset=0, integer=np.zeros(len(model.c), dtype=bool))
        system = Rows(model.rows, model.cols, *map(exact.floats, (model.values, model.row_lo, model.row_hi)))
        given_bounds = exact.floats(model.lb), exact.floats(model.ub)
        lb, ub = implied_bounds(system, *given_bounds)
        unit = np.eye(len(model.c), dtype=int).astype(object)
        for j in range(len(model.c)):
            least, greatest = (optimum(replace(model, c=s * unit[j])) for s in (1, -1))
            assert lb[j] <= least and -ub[j] <= greatest, seed
        implied += np.isinf(np.concatenate(given_bounds)).sum() - np.isinf(np.concatenate([lb, ub])).sum()
    assert implied > 30


def test_implied_bounds_follow_chains_and_stop_at_two_unknowns() -> None:
    """x <= 4 by the first row, y <= 8 by the second one, and neither u nor v by the third one."""
    entries = [(0, 0, 2.0), (1, 1, 1.0), (1, 0, -2.0), (2, 2, 1.0), (2, 3, 1.0)]
    rows, cols = (np.array([e[k] for e in entries], np.int32) for k in (0, 1))
    values = np.array([e[2] for e in entries])
    system = Rows(rows, cols, values, np.full(3, -inf), np.array([8.0, 0.0, 5.0]))
    lb, ub = implied_bounds(system, np.array([0.0, 0.0, -inf, -inf]), np.full(4, inf))
    assert 4 < ub[0] < 4 + 1e-12 and 8 < ub[1] < 8 + 1e-12 and np.isinf([*ub[2:], *lb[2:]]).all()


def test_coefficients_without_digits_imply_nothing() -> None:
    """The exact coefficient may be far from a subnormal float."""
    one = np.zeros(1, np.int32)
    system = Rows(one, one, np.array([5e-324]), np.array([-inf]), np.array([1.0]))
    assert np.isinf(implied_bounds(system, np.zeros(1), np.array([inf]))[1]).all()


@settings(max_examples=200)
@given(st.integers(0, 2**32 - 1))
def test_elimination_satisfies_every_equation_that_can_be_solved(seed: int) -> None:
    """The vector comes from floats that satisfy the equations up to rounding; the last entry is fixed."""
    rng = np.random.default_rng(seed)
    m, k = int(rng.integers(2, 9)), int(rng.integers(1, 7))
    true = rng.integers(1, 9, m).astype(float)
    A = np.where(rng.random((k, m)) < 0.5, rng.integers(-4, 5, (k, m)), 0) * 0.1
    equations = []
    for a in A:
        terms = {int(i): Fraction(repr(float(a[i]))) for i in np.flatnonzero(a)}
        constant = -sum(v * Fraction(true[i]) for i, v in terms.items())
        equations.append({**terms, m: constant})
    copies = [dict(equation) for equation in equations]
    y = np.append(exact.numbers(true + rng.normal(size=m) * 1e-15), 1)
    changed = solved(y, copies, {m})
    assert changed is not None and changed[m] == 1
    if np.linalg.matrix_rank(A) == k:
        assert all(sum(v * changed[i] for i, v in equation.items()) == 0 for equation in equations)
    if A.any():
        assert solved(y, [dict(equation) for equation in equations], {m}, 0) is None


def test_the_bounds_of_small_miplib_files_are_near_their_lp_optima(miplib: list[Path]) -> None:
    for path in miplib[:12]:
        problem = read(path)
        assert problem.source is not None
        result = solve_lp(problem, LpLimits(30.0))
        assert result.duals is not None
        bound = proven_bound(read_exact(problem.source), result.duals)
        assert bound is not None, path.name
        assert float(bound) == pytest.approx(problem.value(result.x), rel=1e-9, abs=1e-9), path.name
