"""The float check, the exact proof and the Farkas check, compared with naive loops over Fractions."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.core.errors import InputError
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem, Source
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.io.read import read
from diffpump.verify import exact
from diffpump.verify.check import Judge, exact_model, farkas, feasible, prove, violation

settings.register_profile("steady", deadline=None)  # a shared machine may pause during an example
settings.load_profile("steady")

INF = float("inf")
TOL = Fraction(1, 10**6)


def make(A, row_lo, row_hi, lb, ub, integer, c=None, offset=0.0, maximise=False) -> Problem:
    A = sp.csr_matrix(np.atleast_2d(np.asarray(A, dtype=float)))
    m, n = A.shape
    floats = [np.asarray(v, dtype=float) for v in (row_lo, row_hi, lb, ub)]
    c = np.zeros(n) if c is None else np.asarray(c, dtype=float)
    return Problem(
        "t", c, offset, maximise, A, *floats, np.asarray(integer, dtype=bool),
        [f"x{j}" for j in range(n)], [f"r{i}" for i in range(m)],
    )  # fmt: skip


# --- strategies -------------------------------------------------------------------------------

smalls = st.sampled_from([0.0, 0.0, 1.0, -1.0, 2.0, 0.1, -0.3, 1e-7, 1234567.0, 1e9])
points = st.sampled_from([0.0, 1.0, 2.0, 0.5, 0.9999999, 1.0000001, 0.99999, -1.0, 3.1e-7, 1e10, 1 / 3])
sides = st.sampled_from([-INF, -1.0, 0.0, 0.1, 1.0, 2.5, INF, 1234567.0])


@st.composite
def problems(draw) -> tuple[Problem, np.ndarray]:
    m, n = draw(st.integers(0, 4)), draw(st.integers(1, 5))

    def vector(of, size):
        return np.array(draw(st.lists(of, min_size=size, max_size=size)), dtype=float)

    def interval(size):
        a, b = vector(sides, size), vector(sides, size)
        lo, hi = np.minimum(a, b), np.maximum(a, b)
        return np.where(lo == INF, 0.0, lo), np.where(hi == -INF, 0.0, hi)

    A = vector(smalls, m * n).reshape(m, n)
    rows, cols = interval(m), interval(n)
    integer = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    rows = tuple(np.sort(np.stack(rows), axis=0)) if m else rows
    cols = tuple(np.sort(np.stack(cols), axis=0))
    problem = Problem(
        "t", vector(smalls, n), draw(smalls), draw(st.booleans()), sp.csr_matrix(A), *rows, *cols,
        np.array(integer), [f"x{j}" for j in range(n)], [f"r{i}" for i in range(m)],
    )  # fmt: skip
    return problem, vector(points, n)


def naive(problem: Problem, x: list[Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """Return the violations of rows, bounds and integrality at x (n,), computed with Fractions."""

    def outside(v: Fraction, lo: float, hi: float) -> Fraction:
        below = Fraction(lo) - v if lo > -INF else Fraction(0)
        above = v - Fraction(hi) if hi < INF else Fraction(0)
        return max(below, above, Fraction(0))

    A = problem.A.toarray().tolist()
    rows = [sum((Fraction(a) * v for a, v in zip(row, x, strict=True)), Fraction(0)) for row in A]
    moves = [abs(v - round(v)) for v, i in zip(x, problem.integer, strict=True) if i]
    return (
        max(map(outside, rows, problem.row_lo.tolist(), problem.row_hi.tolist()), default=Fraction(0)),
        max(map(outside, x, problem.lb.tolist(), problem.ub.tolist()), default=Fraction(0)),
        max(moves, default=Fraction(0)),
    )


def rounded(problem: Problem, x: list[Fraction]) -> list[Fraction]:
    """Return x with integer columns rounded if they are within the tolerance of an integer."""
    near = [Fraction(round(v)) for v in x]
    return [r if i and abs(v - r) <= TOL else v for v, r, i in zip(x, near, problem.integer, strict=True)]


# --- the float check --------------------------------------------------------------------------


@given(problems())
def test_violation_is_the_naive_one(case):
    problem, x = case
    v = violation(problem, x)
    rows, bounds, integrality = naive(problem, [Fraction(t) for t in x.tolist()])
    assert v.rows == pytest.approx(float(rows), rel=1e-9, abs=1e-5)  # activities reach 1e19 and cancel
    assert v.bounds == pytest.approx(float(bounds), rel=1e-12, abs=1e-12)
    assert v.integrality == float(integrality)
    assert Judge(problem).violation(x, problem.A @ x) == v
    assert feasible(problem, x) == (max(v.rows, v.bounds) <= FEASIBILITY_TOL and v.integrality == 0)


def test_integers_must_be_integral_floats_for_the_judge():
    problem = make([[1, 1]], [-INF], [2], [0, 0], [1, 1], [True, False])
    assert feasible(problem, np.array([1.0, 1.0 + 9e-7]))
    assert not feasible(problem, np.array([1.0 - 1e-12, 0.0]))
    assert not feasible(problem, np.array([1.0, 1.0 + 1.1e-6]))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_point_that_is_not_finite_is_never_feasible(bad):
    problem = make([[1, 0]], [-INF], [INF], [-INF, -INF], [INF, INF], [True, False])
    assert not feasible(problem, np.array([bad, 0.0]))
    free = make([[1, -1], [1, 0]], [-INF, 0], [INF, 0], [-INF, -INF], [INF, INF], [False, False])
    assert not feasible(free, np.array([bad, bad]))


def test_a_point_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="shape"):
        violation(make([[1]], [0], [1], [0], [1], [True]), np.zeros(2))


# --- the exact proof --------------------------------------------------------------------------


@settings(max_examples=400)
@given(problems())
def test_prove_is_the_naive_proof(case):
    problem, x = case
    proof = prove(exact_model(problem), dict(zip(problem.col_names, map(repr, x.tolist()), strict=True)))
    texts = [Fraction(repr(t)) for t in x.tolist()]  # the values of the decimal texts, not of the floats
    near = rounded(problem, texts)
    rows, bounds, _ = naive(problem, near)
    integrality = naive(problem, texts)[2]
    assert proof.accepted == (max(rows, bounds, integrality) <= TOL)
    assert proof.exactly_feasible == (max(naive(problem, texts)) == 0)
    assert proof.violation.rows == float(rows)
    assert proof.violation.bounds == float(bounds)
    assert proof.violation.integrality == float(integrality)
    terms = (Fraction(c) * v for c, v in zip(problem.c.tolist(), near, strict=True))
    cost = sum(terms, Fraction(problem.offset))
    assert proof.objective == (-cost if problem.maximise else cost)
    assert [w.amount for w in proof.worst_rows] == sorted((w.amount for w in proof.worst_rows), reverse=True)
    assert (proof.worst_rows[0].amount if proof.worst_rows else 0.0) == float(rows)
    worst_column = max(bounds, integrality)
    assert (proof.worst_columns[0].amount if proof.worst_columns else 0.0) == float(worst_column)


def decimal_model(upper: str = "0.3") -> ParsedModel:
    """Return the exact model of a file: maximise 0.1 (x + y + z) + 0.5 over binary x, y, z.

    Its row is 0.1 x + 0.1 y + 0.1 z <= `upper`.
    """
    tenth, zero, one = Fraction("0.1"), Fraction(0), Fraction(1)
    return ParsedModel(
        "t", True, Fraction("0.5"), exact.objects([tenth] * 3),
        np.zeros(3, np.int32), np.arange(3, dtype=np.int32), exact.objects([tenth] * 3),
        exact.objects([-INF]), exact.objects([Fraction(upper)]),
        exact.objects([zero] * 3), exact.objects([one] * 3), np.ones(3, bool), ["x", "y", "z"], ["c"],
    )  # fmt: skip


def test_decimals_are_what_the_file_says():
    proof = prove(decimal_model(), {"x": "1", "y": "1.0", "z": "1e0"})
    assert proof.exactly_feasible  # in floats 0.1 + 0.1 + 0.1 > 0.3
    assert proof.objective == Fraction("0.8")
    assert proof.against == "original file"
    off = prove(decimal_model("0.29999999"), {"x": "1", "y": "1", "z": "1"})
    assert off.accepted and not off.exactly_feasible
    assert off.worst_rows == (("c", 1e-8, 0.3, -INF, 0.29999999),)


def test_the_tolerance_is_inclusive_and_exact():
    ones = {"x": "1", "y": "1", "z": "1"}
    assert prove(decimal_model("0.299999"), ones).accepted
    assert not prove(decimal_model("0.29999899999999999999999999"), ones).accepted


def test_near_integers_are_rounded_and_the_move_is_reported():
    proof = prove(decimal_model(), {"x": "0.9999995"})
    assert proof.accepted and not proof.exactly_feasible
    assert proof.violation.integrality == 5e-7
    assert proof.objective == Fraction("0.6")
    assert proof.worst_columns[0][:3] == ("x", 5e-7, 0.9999995)
    assert not prove(decimal_model(), {"x": "0.999998"}).accepted
    assert prove(decimal_model(), {"x": Fraction(1, 2)}).violation.integrality == 0.5


def test_what_is_not_a_point_of_the_model_is_refused():
    with pytest.raises(InputError, match="no column w"):
        prove(decimal_model(), {"w": "1"})
    for text in ("nan", "inf", "-Infinity", "1e20", "1_0", "0x1", "", "1e999999999", "٣", "1 2"):
        with pytest.raises(InputError):
            prove(decimal_model(), {"x": text})


def test_a_thousand_corrupted_solutions_are_flagged_exactly_when_infeasible():
    rng = np.random.default_rng(7)
    m, n = 12, 15
    A = np.where(rng.random((m, n)) < 0.4, rng.integers(-5, 6, (m, n)), 0).astype(float)
    integer = np.arange(n) < 10
    x = np.where(integer, rng.integers(0, 3, n), rng.integers(0, 8, n) / 4)
    lo = np.where(np.arange(m) % 3 == 0, A @ x, -INF)
    problem = make(A, lo, A @ x + (np.arange(m) % 2), np.zeros(n), np.full(n, 3.0), integer, c=np.ones(n))
    model = exact_model(problem)
    assert prove(model, dict(zip(problem.col_names, map(repr, x.tolist()), strict=True))).exactly_feasible
    flagged = truly = 0
    for _ in range(1000):
        y = x.copy()
        j = rng.integers(n)
        y[j] += rng.choice([1.0, -1.0, 0.5, 1e-3, -1e-5, 2e-6, -5e-7, 1e-7, 1e-9])
        point = [Fraction(repr(v)) for v in y.tolist()]
        rows, bounds, _ = naive(problem, rounded(problem, point))
        infeasible = max(rows, bounds, naive(problem, point)[2]) > TOL
        proof = prove(model, dict(zip(problem.col_names, map(repr, y.tolist()), strict=True)))
        assert proof.accepted != infeasible
        flagged += not proof.accepted
        truly += infeasible
    assert flagged == truly > 300


def test_sums_beyond_int64_are_exact():
    big = exact.objects([2**62, 2**62, -(2**62), 3])
    one = exact.objects([1, 1, 1, 2**80])
    group = np.array([0, 0, 0, 1], np.int32)
    assert exact.sums(group, big, one, 3).tolist() == [2**62, 3 * 2**80, 0]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-(2**70), 2**70), st.integers(-(2**40), 2**40))))
def test_sums_are_the_naive_sums(terms):
    group = np.array([g for g, _, _ in terms], np.int32)
    a, b = exact.objects([a for _, a, _ in terms]), exact.objects([b for _, _, b in terms])
    expected = [sum(a * b for g, a, b in terms if g == k) for k in range(4)]
    assert exact.sums(group, a, b, 4).tolist() == expected


# --- Farkas -----------------------------------------------------------------------------------


def test_farkas_proves_and_refuses():
    empty = make([[1, 1], [1, 1]], [-INF, 3], [2, INF], [-INF, -INF], [INF, INF], [False, False])
    assert farkas(empty, np.array([1.0, -1.0])) and farkas(empty, np.array([-1.0, 1.0]))
    assert farkas(empty, np.array([0.3, -0.30000000000000004]))  # the repair removes the noise
    assert not farkas(empty, np.array([1.0, -2.0]))
    assert not farkas(empty, np.array([np.nan, 1.0])) and not farkas(empty, np.zeros(2))
    assert not farkas(empty, np.ones(3))
    touching = make([[1, 1], [1, 1]], [-INF, 2], [2, INF], [-INF, -INF], [INF, INF], [False, False])
    assert not farkas(touching, np.array([1.0, -1.0]))


def test_farkas_takes_other_bounds():
    problem = make([[1, 1]], [2], [INF], [0, 0], [1, 1], [True, True])
    assert not farkas(problem, np.array([1.0]))
    assert farkas(problem, np.array([1.0]), ub=np.array([1.0, 0.0]))
    assert farkas(problem, np.array([1.0]), lb=np.zeros(2), ub=np.array([1.0, 1.0 - 2**-53]))


def test_farkas_reads_decimals_as_the_file_does():
    """The rows are x >= 0.3 y and 0.1 y >= z >= x / 3 + 1e-3 on free columns.

    They contradict each other in decimals, but with the binary values of the floats no ray cancels.
    """
    A = [[1, -0.3, 0], [0, 0.1, -1], [-1, 0, 3]]
    free = [-INF] * 3, [INF] * 3
    problem = make(A, [0, 0, 0.003], [INF] * 3, *free, [False] * 3)
    ray = np.array([1.0, 3.0, 1.0]) / 7
    assert not farkas(problem, ray)  # with binary values, the problem has a point far from the origin
    assert farkas(replace(problem, source=Source("m.mps", "")), ray)
    model = exact_model(problem)
    assert not farkas(model, ray)
    decimals = exact.numbers(problem.A.data, decimal=True)
    assert farkas(replace(model, values=decimals), ray)


@settings(max_examples=300)
@given(problems(), st.lists(st.sampled_from([0.0, 1.0, -1.0, 0.5, 1e-12, 3.0]), min_size=4, max_size=4))
def test_farkas_never_refutes_a_point(case, ray):
    problem, x = case
    x = np.clip(x, problem.lb, problem.ub)
    activity = problem.A.toarray().astype(object) @ exact.objects([Fraction(v) for v in x.tolist()])
    lo = [Fraction(v) if v > -INF else v for v in problem.row_lo.tolist()]
    hi = [Fraction(v) if v < INF else v for v in problem.row_hi.tolist()]
    contained = all(a <= v <= b for a, v, b in zip(lo, activity, hi, strict=True))
    assert not (contained and farkas(problem, np.array(ray[: problem.m])))


def highs_ray(problem: Problem) -> np.ndarray | None:
    """Return the dual ray of HiGHS if the LP is infeasible and there is one, else None."""
    highspy = pytest.importorskip("highspy")
    h = highspy.Highs()
    h.silent()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = problem.n, problem.m
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = problem.c, problem.lb, problem.ub
    lp.row_lower_, lp.row_upper_ = problem.row_lo, problem.row_hi
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = problem.A.indptr, problem.A.indices
    lp.a_matrix_.value_ = problem.A.data
    h.passModel(lp)
    h.setOptionValue("presolve", "off")
    h.run()
    if h.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
        return None
    _, has, ray = h.getDualRay()
    return np.array(ray) if has else None


def random_empty(seed: int) -> Problem:
    """Return a random LP, often infeasible, with free and bounded columns, decimal data and mixed rows."""
    rng = np.random.default_rng(seed)
    m, n = 12, 10
    A = np.where(rng.random((m, n)) < 0.4, rng.integers(-9, 10, (m, n)), 0) / rng.choice([1, 10])
    lo = np.where(rng.random(m) < 0.5, rng.integers(-9, 10, m) / 1.0, -INF)
    hi = np.where(np.isinf(lo) | (rng.random(m) < 0.3), np.maximum(lo, -5) + rng.integers(0, 3, m), INF)
    lb = np.where(rng.random(n) < 0.8, 0.0, -INF)
    ub = np.where(rng.random(n) < rng.choice([0.2, 0.9]), 4.0, INF)
    return make(A, lo, hi, lb, ub, np.zeros(n, bool), c=rng.normal(size=n))


def test_farkas_confirms_the_rays_of_a_solver():
    cases = [(p, highs_ray(p)) for p in map(random_empty, range(300))]
    rays = [(p, ray) for p, ray in cases if ray is not None]
    proven = sum(farkas(p, ray) for p, ray in rays)
    assert len(rays) > 50 and proven == len(rays)


@pytest.mark.miplib
@pytest.mark.parametrize("name", ["b1c1s1", "cost266-UUE", "swath1"])
def test_farkas_confirms_real_rays(name):
    """An LP with a row that requires an objective below the optimum is infeasible.

    These instances have many unbounded columns, so the noise in d_j must cancel exactly.
    """
    highspy = pytest.importorskip("highspy")
    root = os.environ.get("DIFFPUMP_MIPLIB")
    path = next(Path(root).rglob(f"{name}.mps*"), None) if root else None
    if path is None:
        pytest.skip(f"set DIFFPUMP_MIPLIB to a folder with {name}")
    h = highspy.Highs()
    h.silent()
    h.readModel(str(path))
    h.setOptionValue("solve_relaxation", True)
    h.run()
    value = h.getInfo().objective_function_value
    problem = read(path)
    below = value - problem.offset - 1e-3 * abs(value)
    empty = replace(
        problem,
        A=sp.vstack([problem.A, sp.csr_matrix(problem.c)], format="csr"),
        row_lo=np.append(problem.row_lo, -INF),
        row_hi=np.append(problem.row_hi, below),
        row_names=[*problem.row_names, "below the optimum"],
    )
    assert farkas(empty, highs_ray(empty))
    assert not farkas(replace(empty, row_hi=np.append(problem.row_hi, value + 1)), highs_ray(empty))
