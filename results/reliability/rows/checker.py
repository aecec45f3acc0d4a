"""The exact checker against points that were corrupted, judged in rationals by code of this table's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import limited
from exact_mip import TOLERANCE, Mip, decimal_text
from small_mips import KINDS, draw
from trial import Trial, row

STEPS = (
    "1e-6",
    "0.0000010000001",
    "0.0000009999999",
    "1e-5",
    "1e-3",
    "1",
    "0.5",
    "1e-20",
    "1e10",
    "3e-7",
    "1e19",
)
COMMAND_EVERY = 50  # trials in which the real command judges, too
REFUSED = ("nan", "inf", "-inf", "1e9999", "1e30", "1_0", "0x1", "", "1,5", "١")


@dataclass(frozen=True)
class Verdict:
    """What is true about a point: the fields of `verify.check.Proof`."""

    accepted: bool
    exactly_feasible: bool
    rows: float
    bounds: float
    integrality: float
    objective: Fraction


def verdict(mip: Mip, point: dict[str, Fraction]) -> Verdict:
    """Judge a point: integers within 1e-6 are rounded, then rows and bounds may be violated by 1e-6."""
    given = [point.get(column.name, Fraction(0)) for column in mip.columns]
    x, moves = list(given), [Fraction(0)]
    for j, column in enumerate(mip.columns):
        if column.integer:
            moves.append(abs(given[j] - round(given[j])))
            if moves[-1] <= TOLERANCE:
                x[j] = Fraction(round(given[j]))
    rows, bounds = mip.numbers().excess(x)
    worst = max(rows, bounds, *moves)
    return Verdict(
        worst <= TOLERANCE, worst == 0, float(rows), float(bounds), float(max(moves)), mip.value(x)
    )  # fmt: skip


def corrupt(mip: Mip, point: dict[str, Fraction], random: Random) -> tuple[str, dict[str, Fraction]]:
    """Return what was done, and the corrupted point."""
    x, names = dict(point), [column.name for column in mip.columns]
    name = random.choice(names)
    what = random.choice(
        ["nothing", "step", "step", "step", "swap", "drop", "negate", "scale", "edge", "edge"]
    )
    if what == "step":
        x[name] += Fraction(random.choice(STEPS)) * random.choice([1, -1])
    elif what == "swap":
        other = random.choice(names)
        x[name], x[other] = x[other], x[name]
    elif what == "drop":
        del x[name]
    elif what == "negate":
        x[name] = -x[name]
    elif what == "scale":
        x = {key: value * (1 + Fraction(1, 10**7)) for key, value in x.items()}
    elif what == "edge":
        _to_edge(mip, x, random)
    return what, x


def _to_edge(mip: Mip, x: dict[str, Fraction], random: Random) -> None:
    """Move a column so that a row or bound is violated by exactly 1e-6, or by a little less or more."""
    by = TOLERANCE + random.choice([Fraction(0), Fraction(1, 10**25), Fraction(-1, 10**25)])
    numbers, names = mip.numbers(), [column.name for column in mip.columns]
    free = [j for j, column in enumerate(mip.columns) if not column.integer] or list(range(len(names)))
    j = random.choice(free)
    rows = [i for i, row in enumerate(numbers.rows) if j in row]
    if rows and random.random() < 0.7:
        i = random.choice(rows)
        (lo, hi), a = numbers.sides[i], numbers.rows[i][j]
        activity = sum((b * x[names[k]] for k, b in numbers.rows[i].items()), Fraction(0))
        target = lo - by if lo is not None else (hi or Fraction(0)) + by
        x[names[j]] += (target - activity) / a
    else:
        lo, hi = numbers.bounds[j]
        x[names[j]] = lo - by if lo is not None else (hi or Fraction(0)) + by


def written(point: dict[str, str], random: Random) -> tuple[str, str]:
    """Return the suffix and the text of a solution file in a random style."""
    style = random.choice(["miplib", "plain", "json", "scip", "start"])
    if not point:  # other styles need a column to be told from an empty file
        style = "miplib"
    lines = "".join(f"{name} {text}\n" for name, text in point.items())
    if style == "json":
        return ".json", json.dumps({"values": point}).replace('": "', '": ').replace('", "', ', "').replace(
            '"}', "}"
        )
    head = {"miplib": "=obj= 0\n", "scip": "objective value: 0\n"}.get(
        style, "# a comment\nx_unused_comment 0\n"[:12]
    )
    return (".mst" if style == "start" else ".sol"), head + lines


@row("checker", "the exact checker against corrupted points", trials=1000, seconds=60, quick=tuple(range(25)))
def checker(trial: Trial) -> None:
    """For a feasible point of a small model that was corrupted (also to violate a row by exactly 1e-6, or by 1e-25
    more), the verdict, the badge `exactly feasible`, the three violations and the exact objective are those of this
    table's own rationals; a value that is no number, an unknown and a repeated column are refused.
    """
    from diffpump.core.errors import InputError
    from diffpump.io.solution import verify_file

    mip, point = feasible_point(trial.random)
    model = trial.folder / "m.mps"
    model.write_text(mip.mps_text())
    what, x = corrupt(mip, point, trial.random)
    try:
        texts = {name: decimal_text(value) for name, value in x.items()}
    except AssertionError:  # a thirds' decimal does not end
        what, x = "nothing", point
        texts = {name: decimal_text(value) for name, value in x.items()}
    refused = trial.random.random() < 0.1
    if refused:
        what = trial.random.choice(["no number", "unknown column", "repeated column"])
    suffix, text = written(texts, trial.random)
    if refused:
        suffix = ".sol"
        lines = [f"{name} {value}" for name, value in texts.items()] or ["x 1"]
        name = lines[0].split()[0] if texts else "x"
        lines += {
            "no number": [f"{mip.columns[0].name} {trial.random.choice(REFUSED)}"],
            "unknown column": ["no_such_column 1"],
            "repeated column": [f"{name} 1", f"{name} 1"],
        }[what]
        text = "\n".join(lines[1:] if what == "no number" else lines) + "\n"
    trial.case = what
    solution = trial.folder / f"m{suffix}"
    solution.write_text(text)
    try:
        proof = verify_file(str(model), solution)[1]
    except InputError as refusal:
        trial.demand(refused, f"refused: {refusal}")
        return
    if not trial.demand(not refused, f"{what} is accepted as a file: {text!r}"):
        return
    right = verdict(mip, {name: Fraction(value) for name, value in texts.items()})
    mine = Verdict(
        proof.accepted, proof.exactly_feasible, proof.violation.rows, proof.violation.bounds,
        proof.violation.integrality, proof.objective,
    )  # fmt: skip
    trial.demand(mine == right, f"the check says {mine}, right is {right}")
    if trial.number % COMMAND_EVERY == 0:
        done = limited.run("check", model.name, solution.name, "--json", cwd=trial.folder)
        limited.demand_orderly(trial, done, (0, 5))
        trial.demand(
            (done.code == 0) == right.accepted, f"exit code {done.code}, accepted should be {right.accepted}"
        )


def feasible_point(random: Random) -> tuple[Mip, dict[str, Fraction]]:
    """Return a small model and an exactly feasible point of it with finite decimals."""
    while True:
        mip, answer = draw(random.choice(list(KINDS)), random)
        if answer.x is None:
            continue
        try:
            for value in answer.x:
                decimal_text(value)
        except AssertionError:
            continue
        return mip, {column.name: value for column, value in zip(mip.columns, answer.x, strict=True)}
