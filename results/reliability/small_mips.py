"""Random small models of every kind, for the rows that know the optimum (`exact_mip`).

A kind is a function from a source of random numbers to a `Mip`. The kinds with wide numbers are those at which
solvers in float64 make false claims: relative gaps, coefficients that are dropped, absolute tolerances.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from random import Random

from exact_mip import Answer, Column, Mip, Row, TooHard, solve

Kind = Callable[[Random], Mip]
KINDS: dict[str, Kind] = {}
MAX_DRAWS = 50  # models that are drawn until the optimum of one can be proven


def kind(make: Kind) -> Kind:
    """Register a kind under the function's name."""
    KINDS[make.__name__.replace("_", " ")] = make
    return make


def draw(name: str, random: Random) -> tuple[Mip, Answer]:
    """Return a model of a kind, and its optimum as a minimisation (`Mip.numbers`)."""
    for _ in range(MAX_DRAWS):
        mip = KINDS[name](random)
        try:
            return mip, solve(mip.numbers())
        except TooHard:
            continue
    raise TooHard(f"none of {MAX_DRAWS} models of the kind '{name}' could be proven")


def columns(random: Random, n: int, integer: bool, lo: int, hi: int) -> list[Column]:
    """Return columns with random costs and bounds around [lo, hi]."""
    made = []
    for j in range(n):
        low = random.randint(lo, max(lo, min(0, hi)))
        high = random.randint(max(low, 1), max(low, hi, 1))
        made.append(Column(f"x{j}", str(random.randint(-9, 9)), str(low), str(high), integer))
    return made


def around(random: Random, cols: list[Column], rows: int, wide: int = 9, share: float = 0.8) -> list[Row]:
    """Return inequalities with integer coefficients that hold at a random integer point of the bounds."""
    point = [random.randint(_whole(c.lo, -5), _whole(c.hi, 5)) for c in cols]
    made = []
    for _ in range(rows):
        terms = {j: str(random.randint(-wide, wide)) for j in range(len(cols)) if random.random() < share}
        if not terms:  # a row without columns is not what the kinds are about
            continue
        activity = sum(int(a) * point[j] for j, a in terms.items())
        slack = random.randint(0, wide)
        lo = None if random.random() < 0.4 else str(activity - slack)
        hi = None if lo is not None and random.random() < 0.6 else str(activity + random.randint(0, wide))
        made.append(Row(terms, lo, hi))
    return made


def scaled(text: str, factor: str) -> str:
    """Return the product of two decimals as a decimal text, exactly."""
    return format(Decimal(text) * Decimal(factor), "g").lower()


def _whole(text: str | None, otherwise: int) -> int:
    return otherwise if text is None else int(Fraction(text))


def _dressed(random: Random, mip: Mip) -> Mip:
    """Return the model, maximised or with an offset in some of the cases."""
    mip.maximise = random.random() < 0.4
    if random.random() < 0.3:
        mip.offset = str(random.randint(-20, 20))
    return mip


# --- kinds with small numbers -------------------------------------------------------------------


@kind
def binary(random: Random) -> Mip:
    cols = columns(random, random.randint(3, 9), True, 0, 1)
    return _dressed(random, Mip(cols, around(random, cols, random.randint(1, 4))))


@kind
def general(random: Random) -> Mip:
    cols = columns(random, random.randint(2, 4), True, -5, 8)
    return _dressed(random, Mip(cols, around(random, cols, random.randint(1, 3))))


@kind
def mixed(random: Random) -> Mip:
    cols = columns(random, 2, True, -3, 4) + columns(random, random.randint(1, 3), False, -4, 9)
    _renamed(cols)
    return _dressed(random, Mip(cols, around(random, cols, random.randint(1, 4))))


@kind
def continuous(random: Random) -> Mip:
    cols = columns(random, random.randint(1, 4), False, -4, 9)
    return _dressed(random, Mip(cols, around(random, cols, random.randint(1, 4))))


@kind
def equality(random: Random) -> Mip:
    cols = columns(random, random.randint(3, 5), True, 0, 6)
    rows = around(random, cols, 2)
    point = [random.randint(_whole(c.lo, 0), _whole(c.hi, 0)) for c in cols]
    for row in rows[:1]:
        row.lo = row.hi = str(sum(int(a) * point[j] for j, a in row.terms.items()))
    return _dressed(random, Mip(cols, rows))


@kind
def knapsack(random: Random) -> Mip:
    n = random.randint(6, 12)
    weights = [random.randint(5, 60) for _ in range(n)]
    cols = [Column(f"x{j}", str(w + random.randint(-4, 4)), "0", "1", True) for j, w in enumerate(weights)]
    terms = {j: str(w) for j, w in enumerate(weights)}
    return Mip(cols, [Row(terms, None, str(sum(weights) * random.randint(3, 7) // 10))], maximise=True)


@kind
def free_columns(random: Random) -> Mip:
    cols = columns(random, 2, True, -2, 3) + columns(random, 2, False, -5, 5)
    _renamed(cols)
    for column in cols[2:]:
        column.lo = None if random.random() < 0.8 else column.lo
        column.hi = None if random.random() < 0.8 else column.hi
    rows = around(random, cols, 2, share=1.0)
    limit = dict.fromkeys(range(2, 4), "1")
    return _dressed(random, Mip(cols, [*rows, Row(limit, "-7", "7"), Row({2: "1", 3: "-1"}, "-5", "5")]))


@kind
def odd_shapes(random: Random) -> Mip:
    """Empty, fixed and repeated columns, columns without a cost, and perhaps no row at all."""
    cols = columns(random, random.randint(1, 5), random.random() < 0.5, -2, 3)
    for column in cols:
        if random.random() < 0.3:
            column.hi = column.lo
        if random.random() < 0.3:
            column.cost = "0"
    rows = around(random, cols, random.randint(0, 3), share=0.4)
    return _dressed(random, Mip(cols, [row for row in rows if row.terms]))


@kind
def unbounded(random: Random) -> Mip:
    whole = random.random() < 0.5
    cols = [
        Column("u", "1", "0", None, whole),
        Column("w", "0", "0", None, False),
        Column("v", "1", "0", "9", True),
    ]
    rows = [Row({0: "1", 1: "-1"}, None, str(random.randint(0, 5)))]
    if random.random() < 0.5:
        rows.append(Row({0: "2", 2: "3"}, str(random.randint(-4, 9)), None))
    return Mip(cols, rows, maximise=True)


@kind
def infeasible(random: Random) -> Mip:
    cols = columns(random, random.randint(2, 4), random.random() < 0.7, 0, 6)
    terms = {j: str(random.randint(1, 5)) for j in range(len(cols))}
    side = random.randint(2, 8)
    rows = [Row(terms, str(side + random.randint(1, 3)), None), Row(dict(terms), None, str(side))]
    return _dressed(random, Mip(cols, rows + around(random, cols, 1)))


@kind
def integer_infeasible(random: Random) -> Mip:
    """An even sum of integers that is to be odd; or no integer between two bounds."""
    cols = columns(random, random.randint(2, 3), True, 0, 8)
    terms = {j: str(2 * random.randint(1, 4)) for j in range(len(cols))}
    rows = [Row(terms, "5", "5")] if random.random() < 0.6 else [Row({0: "3"}, "4", "5")]
    return _dressed(random, Mip(cols, rows))


# --- kinds with wide numbers --------------------------------------------------------------------


@kind
def gap_below_1e_4(random: Random) -> Mip:
    """Objectives that differ by less than 1e-4 relative, so that a solver may stop before the optimum."""
    n, base = random.randint(8, 12), 10 ** random.randint(5, 7)
    cols = [Column(f"x{j}", str(base + random.randint(0, 99)), "0", "1", True) for j in range(n)]
    weights = [random.randint(10, 99) for _ in range(n)]
    chosen = random.sample(range(n), n // 2)
    total = sum(weights[j] for j in chosen) + random.randint(-3, 9)
    return Mip(
        cols,
        [
            Row(dict.fromkeys(range(n), "1"), str(n // 2), str(n // 2)),
            Row(
                {j: str(w) for j, w in enumerate(weights)},
                str(min(total, sum(sorted(weights)[-(n // 2) :]))),
                None,
            ),
        ],
    )


@kind
def gap_of_decimals(random: Random) -> Mip:
    """The same with decimal costs of both signs."""
    cols = columns(random, random.randint(3, 6), True, 0, 3)
    for column in cols:
        column.cost = f"{-random.randint(2000, 4000)}.{random.randint(0, 9999999):07d}"
    terms = {j: str(random.randint(3, 30)) for j in range(len(cols))}
    return Mip(cols, [Row(terms, None, str(random.randint(20, 60)))])


@kind
def tiny_costs(random: Random) -> Mip:
    mip = _base(random)
    factor = f"1e-{random.randint(7, 9)}"
    for column in mip.columns:
        column.cost = scaled(column.cost, factor)
    return mip


@kind
def tiny_costs_beside_others(random: Random) -> Mip:
    mip = _base(random)
    for column in mip.columns[1:]:
        column.cost = scaled(column.cost, "1e-8")
    return mip


@kind
def huge_costs(random: Random) -> Mip:
    mip = _base(random)
    factor = f"1e{random.choice([10, 13, 16, 20])}"
    for column in mip.columns[: random.randint(1, len(mip.columns))]:
        column.cost = scaled(column.cost, factor)
    return mip


@kind
def tiny_coefficients(random: Random) -> Mip:
    """A coefficient that a solver drops, of a column whose bound makes up for it."""
    power = random.choice([9, 10])
    need = random.randint(1, 3)
    cols = [
        Column("y", str(random.randint(1, 2000)), "0", str(random.randint(need, 5)), True),
        Column("x", random.choice(["0", "0.0000001", "1e-10"]), "0", f"{random.randint(1, 4)}e{power}", random.random() < 0.4),
    ]  # fmt: skip
    return Mip(cols, [Row({0: "1", 1: f"{random.choice(['1', '0.5', '2'])}e-{power}"}, str(need), None)])


@kind
def huge_coefficients(random: Random) -> Mip:
    mip = _base(random)
    for row in mip.rows:
        factor = f"1e{random.choice([12, 14, 15])}"
        row.terms = {j: scaled(a, factor) if random.random() < 0.5 else a for j, a in row.terms.items()}
        row.lo = None if row.lo is None else scaled(row.lo, random.choice(["1", factor]))
        row.hi = None if row.hi is None else scaled(row.hi, random.choice(["1", factor]))
        if row.lo is not None and row.hi is not None and Fraction(row.lo) > Fraction(row.hi):
            row.lo, row.hi = row.hi, row.lo
    return mip


@kind
def wide_bounds(random: Random) -> Mip:
    cols = columns(random, random.randint(2, 3), True, 0, 5)
    for column in cols:
        column.hi = f"{random.randint(1, 9)}e{random.choice([9, 10])}"
    cols.append(Column("z", str(random.randint(-5, 5)), "-1e10", "1e10", False))
    terms = [{j: str(random.randint(1, 9)) for j in range(len(cols))} for _ in range(2)]
    side = random.randint(10**9, 10**11)
    return _dressed(random, Mip(cols, [Row(terms[0], None, str(side)), Row(terms[1], str(side // 9), None)]))


@kind
def beyond_2_53(random: Random) -> Mip:
    """Integers that float64 cannot hold."""
    side = 2**53 + random.randint(-3, 9)
    cols = [Column("x", "1", "0", None, True), Column("y", str(random.randint(1, 3)), "0", "3", True)]
    return Mip(cols, [Row({0: "1", 1: str(random.randint(0, 2))}, str(side), None)])


@kind
def tolerance_traps(random: Random) -> Mip:
    """An integer that may be one smaller if a row or bound is violated by a part of the tolerance."""
    half = random.choice(["5.5", "5.0000005", "6.0000007"])
    cols = [
        Column("x", str(random.randint(1, 3)), "0", random.choice(["10", "2.5"]), False),
        Column("z", str(random.randint(1, 5)), "0", "10", True),
    ]
    return Mip(cols, [Row({0: "1", 1: random.choice(["1", "1000", "0.001"])}, half, None)])


@kind
def fractional_bounds(random: Random) -> Mip:
    """Bounds of integers that no integer meets exactly, some within the tolerance and some not."""
    low = random.choice(["2.0000005", "1.999", "2.00001", "1.9999995"])
    cols = columns(random, 2, True, 0, 3)
    cols[0].lo, cols[0].hi = low, random.choice([low[:-1] + "9", "2.5", "4"])
    if Fraction(cols[0].lo) > Fraction(cols[0].hi):
        cols[0].hi = cols[0].lo
    return _dressed(random, Mip(cols, [Row({0: "1", 1: "1"}, "0", None)]))


@kind
def near_equalities(random: Random) -> Mip:
    """Rows that only a part of the tolerance separates from being infeasible."""
    a, b = random.randint(2, 5), random.randint(2, 5)
    off = random.choice(["0.0000004", "0.0000009", "0.000002", "0"])
    cols = columns(random, 2, True, 0, 6)
    side = a * random.randint(0, 2) + b * random.randint(0, 2)
    lo = format(Decimal(side) + Decimal(off), "f")
    return Mip(cols, [Row({0: str(a), 1: str(b)}, lo, lo)])


def _base(random: Random) -> Mip:
    """Return a model with small numbers, feasible, of binaries, integers or both kinds of columns."""
    return random.choice([binary, general, mixed, knapsack])(random)


def _renamed(cols: list[Column]) -> None:
    for j, column in enumerate(cols):
        column.name = f"x{j}"
