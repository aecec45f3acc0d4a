"""Networks of rectifiers: the theorems of the paper, its sizes, and the programs of its section 6."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.core.errors import UsageError
from diffpump.knapsack import Knapsack
from diffpump.knapsack.base import Array
from diffpump.knapsack.networks import Builder, DpNetwork, FptasNetwork
from diffpump.knapsack.networks.builder import constant, stack
from diffpump.knapsack.networks.paths import all_shortest_paths, paths_within_budget, shortest_paths
from diffpump.knapsack.networks.sequences import longest_common_subsequence
from diffpump.knapsack.networks.tour import shortest_tour

EPS = (1.0, 0.5, 0.25, 0.1)
ABSENT = 1000.0  # length of an arc that is not there


def table(profits: Array, sizes: Array, top: int, capacity: float) -> Array:
    """Return f(1..top, n) by the recursion."""
    f = np.append(0.0, np.full(top, 2.0 * capacity))
    for p, s in zip(profits.astype(int), sizes, strict=True):
        f = np.minimum(f, f[np.maximum(np.arange(top + 1) - p, 0)] + s)
    return np.asarray(f[1:])


def optimum(profits: Array, sizes: Array, capacity: float) -> float:
    """Return the best profit by enumeration."""
    chosen = np.array(list(itertools.product((0.0, 1.0), repeat=profits.size)))
    return float((chosen @ profits)[chosen @ sizes <= capacity].max())


@st.composite
def knapsacks(draw: st.DrawFn, items: int = 7, largest: int = 12) -> tuple[Array, Array, int]:
    """Draw profits, sizes within the capacity, and the capacity."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, capacity = draw(st.integers(1, items)), draw(st.integers(1, 50))
    profits = rng.integers(1, draw(st.integers(2, largest)), n).astype(float)
    return profits, rng.integers(0, capacity + 1, n).astype(float), capacity


# -- theorem 1: DP-NN is exact --


@given(knapsacks(), st.integers(1, 60))
@settings(max_examples=200, deadline=None)
def test_dp_nn_is_the_dynamic_program(case: tuple[Array, Array, int], top: int) -> None:
    profits, sizes, capacity = case
    network = DpNetwork(top, capacity)
    np.testing.assert_array_equal(network.values(profits, sizes), table(profits, sizes, top, capacity))
    best = optimum(profits, sizes, capacity)
    assert best == Knapsack(sizes, capacity).best(profits)[0]
    assert network.best(profits, sizes) == min(best, top)


def test_dp_nn_with_capacity_1_has_the_papers_constants() -> None:
    """Sizes that are multiples of 1/64 are exact in float64."""
    rng = np.random.default_rng(0)
    profits, sizes = rng.integers(1, 9, (20, 8)).astype(float), rng.integers(1, 65, (20, 8)) / 64
    found = DpNetwork(40).values(profits, sizes)
    for row, p, s in zip(found, profits, sizes, strict=True):
        np.testing.assert_array_equal(row, table(p, s, 40, 1.0))


@pytest.mark.parametrize("top", [1, 2, 3, 17, 60])
def test_dp_nn_has_the_papers_size(top: int) -> None:
    network = DpNetwork(top)
    assert network.cell.widths == network.widths == (2 * top, top * (top - 1) // 2, top)
    assert network.cell.depth == 4


# -- theorems 2 and 3: FPTAS-NN --


def certificate(profits: Array, sizes: Array, top: int, p: int) -> list[int]:
    """Return the choice that has the size g(p, n), by the recursion in rationals, from the last item back."""
    n = profits.size
    totals = [int(total) for total in np.append(0, np.cumsum(profits))]
    units = [max(Fraction(1), Fraction(total, top)) for total in totals]
    g: list[dict[int, Fraction | None]] = [{0: Fraction(0)}]

    def value(row: dict[int, Fraction | None], k: int) -> Fraction | None:
        return Fraction(0) if k <= 0 else row.get(k)

    came: list[dict[int, tuple[int, bool]]] = []
    for i in range(n):
        row: dict[int, Fraction | None] = {0: Fraction(0)}
        steps: dict[int, tuple[int, bool]] = {}
        for q in range(1, top + 1):
            skip = math.ceil(q * units[i + 1] / units[i])
            take = math.ceil((q * units[i + 1] - int(profits[i])) / units[i])
            without, rest = value(g[i], skip), value(g[i], take)
            with_item = None if rest is None else rest + Fraction(float(sizes[i]))
            if with_item is not None and (without is None or with_item < without):
                row[q], steps[q] = with_item, (take, True)
            elif without is not None:
                row[q], steps[q] = without, (skip, False)
        g.append(row)
        came.append(steps)
    chosen = []
    for i in range(n - 1, -1, -1):
        if p <= 0:
            break
        p, taken = came[i][p]
        chosen += [i] if taken else []
    return chosen


@given(knapsacks(items=6, largest=2000), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_each_size_within_the_capacity_certifies_a_choice(case: tuple[Array, Array, int], top: int) -> None:
    profits, sizes, capacity = case
    g, units = FptasNetwork(top, capacity).values(profits, sizes)
    for p in np.flatnonzero(g <= capacity) + 1:
        chosen = certificate(profits, sizes, top, int(p))
        profit = sum(int(profits[i]) for i in chosen)
        size = sum(Fraction(float(sizes[i])) for i in chosen)
        unit = max(Fraction(1), Fraction(int(profits.sum()), top))
        assert size <= Fraction(float(g[p - 1])) <= capacity and profit >= p * unit
        assert abs(units[-1] - unit) <= 1e-12 * unit


@pytest.mark.parametrize("eps", EPS)
def test_fptas_nn_finds_its_share_of_the_best_profit(eps: float) -> None:
    rng = np.random.default_rng(1)
    for n in (1, 2, 3, 4) if eps < 0.25 else (1, 2, 4, 6):
        network = FptasNetwork.for_ratio(n, eps, 100)
        profits, sizes = rng.integers(1, 10**6, (40, n)).astype(float), rng.integers(1, 101, (40, n)) * 1.0
        for found, p, s in zip(network.best(profits, sizes), profits, sizes, strict=True):
            best = optimum(p, s, 100)
            assert (1 - eps) * best <= found * (1 + 1e-12) and found <= best * (1 + 1e-12)


@pytest.mark.parametrize("top", [1, 5, 20])
def test_fptas_nn_has_the_papers_size(top: int) -> None:
    """Four hidden layers, whose widths are at most quadratic in P."""
    cell = FptasNetwork(top).cell
    assert cell.depth == 5
    assert cell.widths == (2, 4 * top**2 + 2 * top, 2 * top**2, top)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 0.1, 7.7, 1e-3]))
@settings(max_examples=40, deadline=None)
def test_the_error_with_sizes_that_are_no_whole_numbers(seed: int, capacity: float) -> None:
    rng = np.random.default_rng(seed)
    n, top = int(rng.integers(1, 7)), int(rng.integers(1, 12))
    profits = rng.integers(1, int(rng.choice([9, 10**6])), n).astype(float)
    sizes = np.where(rng.random(n) < 0.2, 0.0, rng.random(n) * capacity)
    ulp, full = 2.0**-52, Fraction(2 * capacity)
    f, g, total, unit = [full] * top, [full] * top, 0, Fraction(1)

    def at(row: list[Fraction], k: int) -> Fraction:
        return Fraction(0) if k <= 0 else row[k - 1] if k <= top else full

    for p, s in zip(profits.astype(int).tolist(), sizes.tolist(), strict=True):
        f = [min(at(f, q), at(f, q - p) + Fraction(s)) for q in range(1, top + 1)]
        total, before = total + p, unit
        unit = max(Fraction(1), Fraction(total, top))
        skip = [at(g, math.ceil(q * unit / before)) for q in range(1, top + 1)]
        take = [at(g, math.ceil((q * unit - p) / before)) + Fraction(s) for q in range(1, top + 1)]
        g = [min(pair) for pair in zip(skip, take, strict=True)]
    scale = 32 * n * capacity * ulp
    exact, approximate = DpNetwork(top, capacity), FptasNetwork(top, capacity)
    for found, expected, most in (
        (exact.values(profits, sizes), f, scale * max(top, profits.max())),
        (approximate.values(profits, sizes)[0], g, scale * top * max(top, total)),
    ):
        off = [abs(Fraction(one) - other) for one, other in zip(found.tolist(), expected, strict=True)]
        assert max(off) <= most


# -- section 6 --


@pytest.mark.parametrize(("m", "n"), [(1, 1), (2, 5), (7, 6)])
def test_longest_common_subsequences(m: int, n: int) -> None:
    network, rng = longest_common_subsequence(m, n), np.random.default_rng(0)
    assert network.size == 5 * m * n and network.depth <= 2 * (m + n) + 2
    for _ in range(30):
        x, y = rng.integers(0, 3, m), rng.integers(0, 3, n)
        f = np.zeros((m + 1, n + 1))
        for i, j in itertools.product(range(m), range(n)):
            f[i + 1, j + 1] = f[i, j] + 1 if x[i] == y[j] else max(f[i, j + 1], f[i + 1, j])
        assert network(np.append(x, y)) == f[m, n]


def graph(rng: np.random.Generator, n: int) -> Array:
    """Return lengths (n, n), half of them of absent arcs."""
    return np.where(rng.random((n, n)) < 0.5, rng.integers(1, 20, (n, n)), ABSENT)


def distances(lengths: Array) -> Array:
    """Return the distances between all nodes (Floyd, Warshall)."""
    f = lengths.copy()
    np.fill_diagonal(f, 0.0)
    for u in range(len(f)):
        f = np.minimum(f, f[:, [u]] + f[[u]])
    return f


@pytest.mark.parametrize("n", [2, 3, 8])
def test_shortest_paths(n: int) -> None:
    one, every, rng = shortest_paths(n), all_shortest_paths(n), np.random.default_rng(0)
    depth = math.ceil(math.log2(n))
    assert one.size == (n - 2) * n * (n - 1) and one.depth == (n - 2) * depth + 1
    squares = math.ceil(math.log2(n - 1)) if n > 2 else 0
    assert every.size == squares * n**2 * (n - 1) and every.depth == squares * depth + 1
    for _ in range(20):
        lengths = graph(rng, n)
        np.testing.assert_array_equal(one(lengths.ravel()), distances(lengths)[0])
        np.testing.assert_array_equal(every(lengths.ravel()), distances(lengths).ravel())


@pytest.mark.parametrize(("n", "budget"), [(2, 1), (3, 4), (4, 7)])
def test_paths_within_a_budget(n: int, budget: int) -> None:
    network, rng = paths_within_budget(n, budget, ABSENT), np.random.default_rng(0)
    assert network.size <= n * (n - 1) * (2 * budget + budget * (budget + 1) // 2) + budget * n * (n - 1)
    assert network.depth <= budget * (math.ceil(math.log2(n)) + 1) + 2
    for _ in range(20):
        lengths, costs = rng.integers(1, 20, (n, n)), rng.integers(1, 5, (n, n))
        f = np.full((budget + 1, n), ABSENT)
        f[:, 0] = 0.0
        for b, v in itertools.product(range(1, budget + 1), range(n)):
            into = [u for u in range(n) if u != v and costs[u, v] <= b]
            f[b, v] = min([f[b - 1, v], *(f[b - costs[u, v], u] + lengths[u, v] for u in into)])
        found = network(np.append(lengths.ravel(), costs.ravel()))
        np.testing.assert_array_equal(found, np.minimum(f[1:], ABSENT).ravel())


@pytest.mark.parametrize("n", [3, 4, 6, 7])
def test_shortest_tours(n: int) -> None:
    network, rng = shortest_tour(n), np.random.default_rng(0)
    assert network.size == sum(math.comb(n - 1, k) * k * (k - 2) for k in range(2, n)) + n - 2
    assert network.depth <= (n - 1) * math.ceil(math.log2(n)) + 1
    for _ in range(10):
        c = rng.integers(1, 50, (n, n))
        tours = (((0, *order), (*order, 0)) for order in itertools.permutations(range(1, n)))
        assert network(c.ravel()) == min(c[list(tails), list(heads)].sum() for tails, heads in tours)


# -- the builder, torch, and what is refused --


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
@settings(max_examples=50, deadline=None)
def test_the_least_of_several_vectors(seed: int, m: int) -> None:
    rng, builder = np.random.default_rng(seed), Builder(3)
    maps = [rng.normal(size=(2, 3)) for _ in range(m)]
    network = builder.build(builder.least([builder.inputs.combined(one) + 1.0 for one in maps]))
    x = rng.normal(size=(5, 3))
    np.testing.assert_allclose(
        network(x), np.min([x @ one.T + 1.0 for one in maps], axis=0), rtol=0, atol=1e-12
    )
    assert network.size == 2 * (m - 1) and network.depth == math.ceil(math.log2(m)) + 1


def test_affine_functions() -> None:
    builder = Builder(2)
    x = builder.inputs
    mixed = stack([x.combined(2.0 * np.eye(2)) - 1.0, 3.0 - x[[0]] * np.array([1.0, 2.0]), constant(4.0)])
    assert builder.build(mixed)([5.0, 7.0]).tolist() == [9.0, 13.0, -2.0, -7.0, 4.0]


def test_torch_computes_the_same() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from diffpump.torch import Rectifiers

    rng = np.random.default_rng(0)
    for network in (DpNetwork(9, 20).cell, FptasNetwork(4, 20).cell, shortest_tour(5)):
        x = rng.integers(1, 20, (6, network.inputs)).astype(float)
        module = Rectifiers(network)
        np.testing.assert_array_equal(module(torch.tensor(x)).numpy(), network(x))
        assert len(module.state_dict()) == 2 * (len(network.hidden) + 1)


def test_torch_takes_batches_of_inputs_of_the_right_size() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from diffpump.torch import Rectifiers

    module = Rectifiers(DpNetwork(3, 4).cell)
    assert module(torch.ones(2, 0, 5, dtype=torch.float64)).shape == (2, 0, 3)
    with pytest.raises(UsageError, match=r"inputs must be \(..., 5\), got \(10,\)"):
        module(torch.ones(10, dtype=torch.float64))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: DpNetwork(0), "p_star must be a whole number from 1 to 1000"),
        (lambda: DpNetwork(3, 0.0), "capacity must"),
        (lambda: DpNetwork(3, float("nan")), "capacity must"),
        (lambda: DpNetwork(3, "4"), "capacity must"),
        (lambda: DpNetwork(3).cell(np.ones(10)), r"inputs must be \(..., 5\), got \(10,\)"),
        (lambda: FptasNetwork(401), "from 1 to 400"),
        (lambda: DpNetwork(3, 1e15).values([3], [1]), "at most"),
        (lambda: DpNetwork(3).values([1.5], [1]), "whole numbers"),
        (lambda: DpNetwork(3).values([1], [-1]), "sizes"),
        (lambda: DpNetwork(3).values([1, 2], [1]), "got"),
        (lambda: FptasNetwork(0), "P must"),
        (lambda: FptasNetwork.for_ratio(3, 0.0), "eps"),
        (lambda: FptasNetwork.for_ratio(3, "a"), "eps"),
        (lambda: FptasNetwork.for_ratio(3, 1e-320), "from 1 to 400"),
        (lambda: FptasNetwork.for_ratio(-3, 0.5), "n must be a whole number"),
        (lambda: FptasNetwork(400).values([10**12], [1]), "below 1e"),
        (lambda: FptasNetwork(9).values([1], [2]), "larger than the capacity"),
        (lambda: longest_common_subsequence(0, 3), "length must be a whole number from 1"),
        (lambda: longest_common_subsequence(10**5, 3), "length must be a whole number from 1"),
        (lambda: shortest_paths(1), "nodes must be a whole number from 2"),
        (lambda: all_shortest_paths(10**6), "nodes must be a whole number from 2"),
        (lambda: paths_within_budget(3, 0, 9.0), "budget"),
        (lambda: paths_within_budget(3, 2.5, 9.0), "budget"),
        (lambda: paths_within_budget(3, 2, float("inf")), "limit must be"),
        (lambda: shortest_tour(99), "from 3 to"),
    ],
)
def test_what_does_not_fit_is_refused(call: object, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        call()  # type: ignore[operator]
