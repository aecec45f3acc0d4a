"""Small mixed-integer programs and their optima, in rational arithmetic from end to end.

This is the ground truth of the table, so it shares no code with diffpump. A model's numbers are decimal texts,
and each counts as the rational that it denotes. The optimum is proven in one of two ways:

* If the integer columns' boxes have few points, these are enumerated, and an LP over the continuous columns is
  solved for each of them.
* Otherwise by branch and bound over exact LPs. It gives up after `MAX_NODES` nodes.

The LPs are solved by the simplex method with Bland's rule (Chvatal, Linear Programming, 1983, chapters 2, 3 and 8),
which cannot cycle and, in rationals, cannot err by rounding.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction

TOLERANCE = Fraction(1, 10**6)  # absolute, on rows and bounds: what a solution may violate them by
MAX_POINTS = 20_000  # of the integer columns' boxes, if all columns are integer
MAX_MIXED_POINTS = 300  # the same if an LP must be solved for each of them
MAX_NODES = 400
Rational = Fraction
Side = Fraction | None  # None is an infinity


class TooHard(Exception):
    """Raised if an optimum cannot be proven with the given effort."""


@dataclass
class Column:
    """A column; the texts are decimals, and None is an infinite bound."""

    name: str
    cost: str = "0"
    lo: str | None = "0"
    hi: str | None = None
    integer: bool = False


@dataclass
class Row:
    """A row lo <= sum of coefficient * column <= hi, with the coefficients by the column's position."""

    terms: dict[int, str]
    lo: str | None = None
    hi: str | None = None


@dataclass
class Mip:
    """A model as decimal texts."""

    columns: list[Column]
    rows: list[Row] = field(default_factory=list)
    maximise: bool = False
    offset: str = "0"

    def numbers(self, slack: Fraction = Fraction(0)) -> Numbers:
        """Return the model as a minimisation in rationals, rows and bounds relaxed by `slack`."""
        sign = -1 if self.maximise else 1
        return Numbers(
            [sign * Fraction(column.cost) for column in self.columns],
            [{j: Fraction(a) for j, a in row.terms.items() if Fraction(a)} for row in self.rows],
            [(_side(row.lo, -slack), _side(row.hi, slack)) for row in self.rows],
            [(_side(column.lo, -slack), _side(column.hi, slack)) for column in self.columns],
            [column.integer for column in self.columns],
        )

    def value(self, x: Sequence[Fraction]) -> Fraction:
        """Return the objective in the model's own sense, offset included."""
        return sum(
            (Fraction(c.cost) * v for c, v in zip(self.columns, x, strict=True)), Fraction(self.offset)
        )

    def lp_text(self) -> str:
        """Return the model in LP format, in the part of it that all readers read alike."""
        out = ["maximize" if self.maximise else "minimize"]
        costs = {j: column.cost for j, column in enumerate(self.columns)}
        offset = "" if Fraction(self.offset) == 0 else f" {_signed(self.offset)}"
        out += [f" obj: {self._sum(costs)}{offset}", "subject to"]
        for i, row in enumerate(self.rows):
            terms = self._sum(row.terms)
            if row.lo is not None and row.hi is not None and row.lo != row.hi:
                out.append(f" r{i}: {row.lo} <= {terms} <= {row.hi}")
            elif row.lo is not None and row.lo == row.hi:
                out.append(f" r{i}: {terms} = {row.lo}")
            elif row.hi is not None:
                out.append(f" r{i}: {terms} <= {row.hi}")
            elif row.lo is not None:
                out.append(f" r{i}: {terms} >= {row.lo}")
        out.append("bounds")
        for column in self.columns:
            if column.lo is None and column.hi is None:
                out.append(f" {column.name} free")
            elif column.lo is None:
                out.append(f" -infinity <= {column.name} <= {column.hi}")
            elif column.hi is None:
                out.append(f" {column.name} >= {column.lo}")
            else:
                out.append(f" {column.lo} <= {column.name} <= {column.hi}")
        if integers := [column.name for column in self.columns if column.integer]:
            out += ["generals", *(f" {name}" for name in integers)]
        return "\n".join([*out, "end", ""])

    def mps_text(self) -> str:
        """Return the model in free MPS format."""
        out = ["NAME m", *(["OBJSENSE", " MAX"] if self.maximise else []), "ROWS", " N obj"]
        ranges, sides = list[str](), list[str]()
        for i, row in enumerate(self.rows):
            ranged = row.lo is not None and row.hi is not None and row.lo != row.hi
            kind = "E" if row.lo == row.hi else "G" if row.lo is not None else "L"
            out.append(f" {kind} r{i}")
            sides.append(f" rhs r{i} {row.hi if row.lo is None else row.lo}")
            if ranged:
                ranges.append(f" ranges r{i} {decimal_text(Fraction(row.hi or 0) - Fraction(row.lo or 0))}")
        if Fraction(self.offset):
            sides.append(f" rhs obj {decimal_text(-Fraction(self.offset))}")
        out.append("COLUMNS")
        for whole in (True, False):
            members = [j for j, column in enumerate(self.columns) if column.integer == whole]
            if whole and members:
                out.append(" M1 'MARKER' 'INTORG'")
            for j in members:
                name = self.columns[j].name
                out.append(f" {name} obj {self.columns[j].cost}")
                out += [f" {name} r{i} {row.terms[j]}" for i, row in enumerate(self.rows) if j in row.terms]
            if whole and members:
                out.append(" M2 'MARKER' 'INTEND'")
        out += ["RHS", *sides, *(["RANGES", *ranges] if ranges else []), "BOUNDS"]
        for column in self.columns:
            name, lo, hi = column.name, column.lo, column.hi
            if lo is None and hi is None:
                out.append(f" FR b {name}")
                continue
            out.append(f" MI b {name}" if lo is None else f" LO b {name} {lo}")
            out.append(f" PL b {name}" if hi is None else f" UP b {name} {hi}")
        return "\n".join([*out, "ENDATA", ""])

    def _sum(self, terms: dict[int, str]) -> str:
        return " ".join(f"{_signed(a)} {self.columns[j].name}" for j, a in terms.items())


def _signed(number: str) -> str:
    return f"- {number[1:]}" if number.startswith("-") else f"+ {number}"


def decimal_text(number: Fraction) -> str:
    """Return a rational with a finite decimal expansion as a decimal text."""
    quotient = Context(prec=400).divide(Decimal(number.numerator), Decimal(number.denominator))
    assert Fraction(quotient) == number
    return format(quotient, "f")


def _side(text: str | None, move: Fraction) -> Side:
    return None if text is None else Fraction(text) + move


@dataclass
class Numbers:
    """min c'x over the rows, bounds and integers, in rationals; sides and bounds are (lo, hi)."""

    c: list[Fraction]
    rows: list[dict[int, Fraction]]
    sides: list[tuple[Side, Side]]
    bounds: list[tuple[Side, Side]]
    integer: list[bool]

    def excess(self, x: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
        """Return the largest violations of a row and of a bound."""
        activities = (sum((a * x[j] for j, a in row.items()), Fraction(0)) for row in self.rows)
        rows = [outside(v, *side) for v, side in zip(activities, self.sides, strict=True)]
        bounds = [outside(v, *side) for v, side in zip(x, self.bounds, strict=True)]
        return max(rows, default=Fraction(0)), max(bounds, default=Fraction(0))

    def cost(self, x: Sequence[Fraction]) -> Fraction:
        """Return c'x."""
        return sum((c * v for c, v in zip(self.c, x, strict=True)), Fraction(0))


def outside(value: Fraction, lo: Side, hi: Side) -> Fraction:
    """Return by how much a value is outside of [lo, hi]."""
    below = Fraction(0) if lo is None else lo - value
    above = Fraction(0) if hi is None else value - hi
    return max(below, above, Fraction(0))


@dataclass(frozen=True)
class Answer:
    """How a program ends: "optimal" with its value and a point, "infeasible" or "unbounded"."""

    status: str
    value: Fraction | None = None
    x: tuple[Fraction, ...] | None = None


INFEASIBLE, UNBOUNDED = Answer("infeasible"), Answer("unbounded")


# --- linear programs ----------------------------------------------------------------------------


def solve_lp(model: Numbers) -> Answer:
    """Solve the LP relaxation exactly."""
    if any(lo is not None and hi is not None and lo > hi for lo, hi in (*model.bounds, *model.sides)):
        return INFEASIBLE
    # x_j = shift_j + sum of sign * u_k over the nonnegative columns k of column j
    shift, parts, rows = (
        [Fraction(0)] * len(model.c),
        list[list[tuple[int, int]]](),
        list[dict[int, Fraction]](),
    )
    sides: list[Fraction] = []
    n = 0
    for j, (lo, hi) in enumerate(model.bounds):
        if lo is not None:
            shift[j] = lo
            parts.append([(n, 1)])
            if hi is not None:
                rows.append({n: Fraction(1)})
                sides.append(hi - lo)
        elif hi is not None:
            shift[j] = hi
            parts.append([(n, -1)])
        else:
            parts.append([(n, 1), (n + 1, -1)])
        n += len(parts[-1])
    for row, (lo, hi) in zip(model.rows, model.sides, strict=True):
        moved = sum((a * shift[j] for j, a in row.items()), Fraction(0))
        terms = {k: sign * a for j, a in row.items() for k, sign in parts[j]}
        if hi is not None:
            rows.append(terms)
            sides.append(hi - moved)
        if lo is not None:
            rows.append({k: -a for k, a in terms.items()})
            sides.append(moved - lo)
    c = [Fraction(0)] * n
    for j, cost in enumerate(model.c):
        for k, sign in parts[j]:
            c[k] = sign * cost
    u = _simplex(c, [[row.get(k, Fraction(0)) for k in range(n)] for row in rows], sides)
    if isinstance(u, Answer):
        return u
    x = tuple(shift[j] + sum((sign * u[k] for k, sign in parts[j]), Fraction(0)) for j in range(len(model.c)))
    return Answer("optimal", model.cost(x), x)


def _simplex(c: list[Fraction], A: list[list[Fraction]], b: list[Fraction]) -> list[Fraction] | Answer:
    """Return a minimiser of c'u over A u <= b, u >= 0, or how the LP ends instead.

    A dictionary has a row [b | -A] for each basic variable. Phase 1 adds one column that makes the origin feasible.
    """
    n, m = len(c), len(A)
    basic, free = list(range(n, n + m)), list(range(n))
    table = [[b[i], *(-a for a in A[i])] for i in range(m)]
    if any(side < 0 for side in b):
        auxiliary = n + m
        free.append(auxiliary)
        for line in table:
            line.append(Fraction(1))
        goal = [Fraction(0)] * (n + 1) + [Fraction(1)]
        _pivot(table, goal, basic, free, min(range(m), key=lambda i: table[i][0]), n)
        _descend(table, goal, basic, free)
        if goal[0] > 0:
            return INFEASIBLE
        if auxiliary in basic:  # at zero: any column of its row may enter
            i = basic.index(auxiliary)
            entering = next(k for k in range(n + 1) if table[i][k + 1])
            _pivot(table, goal, basic, free, i, entering)
        k = free.index(auxiliary)
        del free[k]
        for line in table:
            del line[k + 1]
    goal = [Fraction(0)] * (len(free) + 1)
    for k, variable in enumerate(free):
        if variable < n:
            goal[k + 1] += c[variable]
    for i, variable in enumerate(basic):
        if variable < n and c[variable]:
            goal = [g + c[variable] * entry for g, entry in zip(goal, table[i], strict=True)]
    if not _descend(table, goal, basic, free):
        return UNBOUNDED
    u = [Fraction(0)] * n
    for i, variable in enumerate(basic):
        if variable < n:
            u[variable] = table[i][0]
    return u


def _descend(table: list[list[Fraction]], goal: list[Fraction], basic: list[int], free: list[int]) -> bool:
    """Minimise the goal by Bland's rule. Return False if it is unbounded."""
    while True:
        entering = min((k for k in range(len(free)) if goal[k + 1] < 0), key=free.__getitem__, default=None)
        if entering is None:
            return True
        ratios = [
            (-line[0] / line[entering + 1], basic[i], i)
            for i, line in enumerate(table)
            if line[entering + 1] < 0
        ]
        if not ratios:
            return False
        _pivot(table, goal, basic, free, min(ratios)[2], entering)


def _pivot(
    table: list[list[Fraction]], goal: list[Fraction], basic: list[int], free: list[int], i: int, k: int
) -> None:
    """Exchange the i-th basic variable with the k-th free one, in the dictionary and in the goal."""
    line = table[i]
    factor = -1 / line[k + 1]
    solved = [entry * factor for entry in line]
    solved[k + 1] = -factor
    for other in (*table[:i], *table[i + 1 :], goal):
        if a := other[k + 1]:
            other[k + 1] = Fraction(0)
            other[:] = [
                entry + a * part if part else entry for entry, part in zip(other, solved, strict=True)
            ]
    table[i] = solved
    basic[i], free[k] = free[k], basic[i]


# --- mixed-integer programs ---------------------------------------------------------------------


def solve(model: Numbers) -> Answer:
    """Return the proven optimum. Raises TooHard if that takes too much effort.

    An unbounded LP relaxation makes a feasible program unbounded, since its data are rational (Meyer 1974).
    """
    relaxed = solve_lp(model)
    if relaxed.status == "infeasible" or not any(model.integer):
        return relaxed
    if relaxed.status == "unbounded":
        without = Numbers([Fraction(0)] * len(model.c), model.rows, model.sides, model.bounds, model.integer)
        return UNBOUNDED if solve(without).status == "optimal" else INFEASIBLE
    boxes = [
        None if lo is None or hi is None else range(math.ceil(lo), math.floor(hi) + 1)
        for (lo, hi), whole in zip(model.bounds, model.integer, strict=True) if whole
    ]  # fmt: skip
    limit = MAX_POINTS if all(model.integer) else MAX_MIXED_POINTS
    finite = [box for box in boxes if box is not None]
    if len(finite) == len(boxes) and math.prod(map(len, finite)) <= limit:
        return _enumerate(model, finite)
    return _branch(model)


def _enumerate(model: Numbers, boxes: list[range]) -> Answer:
    best = INFEASIBLE
    rest = [j for j, whole in enumerate(model.integer) if not whole]
    for x in _points(model, boxes):
        found = Answer("optimal", model.cost(x), tuple(x)) if not rest else _complete(model, x, rest)
        if found.status == "unbounded":
            return found
        if found.value is not None and (best.value is None or found.value < best.value):
            best = found
    return best


def _points(model: Numbers, boxes: list[range]) -> Iterator[list[Fraction]]:
    """Yield the points of the boxes that the rows without continuous columns allow; those columns are 0."""
    integers = [j for j, whole in enumerate(model.integer) if whole]
    kept = [i for i, row in enumerate(model.rows) if all(model.integer[j] for j in row)]
    # What the columns from position k on can add to a row: at least, and at most.
    after = {i: [(Fraction(0), Fraction(0))] for i in kept}
    for i in kept:
        for j, box in zip(reversed(integers), reversed(boxes), strict=True):
            ends = (
                [model.rows[i].get(j, Fraction(0)) * v for v in (box[0], box[-1])] if box else [Fraction(0)]
            )
            least, most = after[i][-1]
            after[i].append((least + min(ends), most + max(ends)))
        after[i].reverse()
    x = [Fraction(0)] * len(model.c)

    def descend(k: int, activity: dict[int, Fraction]) -> Iterator[list[Fraction]]:
        for i in kept:
            (lo, hi), (least, most) = model.sides[i], after[i][k]
            if (lo is not None and activity[i] + most < lo) or (hi is not None and activity[i] + least > hi):
                return
        if k == len(integers):
            yield list(x)
            return
        j = integers[k]
        for value in boxes[k]:
            x[j] = Fraction(value)
            yield from descend(k + 1, {i: v + model.rows[i].get(j, 0) * value for i, v in activity.items()})

    yield from descend(0, {i: Fraction(0) for i in kept})


def _complete(model: Numbers, x: list[Fraction], rest: list[int]) -> Answer:
    """Solve the LP over the continuous columns for the integers of x."""
    bounds = [side if j in rest else (x[j], x[j]) for j, side in enumerate(model.bounds)]
    return solve_lp(Numbers(model.c, model.rows, model.sides, bounds, model.integer))


def _branch(model: Numbers) -> Answer:
    best, open_bounds, nodes = INFEASIBLE, [model.bounds], 0
    while open_bounds:
        bounds = open_bounds.pop()
        nodes += 1
        if nodes > MAX_NODES:
            raise TooHard
        found = solve_lp(Numbers(model.c, model.rows, model.sides, bounds, model.integer))
        if found.value is None or found.x is None or (best.value is not None and found.value >= best.value):
            continue
        j = next((j for j, v in enumerate(found.x) if model.integer[j] and v.denominator != 1), None)
        if j is None:
            best = found
            continue
        lo, hi = bounds[j]
        below = math.floor(found.x[j])
        open_bounds += [
            [*bounds[:j], (Fraction(below + 1), hi), *bounds[j + 1 :]],
            [*bounds[:j], (lo, Fraction(below)), *bounds[j + 1 :]],
        ]
    return best
