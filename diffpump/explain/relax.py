"""The outcome of `relax` as a closing block of lines and as tables."""

from __future__ import annotations

from diffpump.core.text import escaped
from diffpump.elastic.result import RelaxResult, Slack
from diffpump.explain.tables import Table
from diffpump.verify.exact import nearest_float
from diffpump.verify.irreducible import Member

MAX_SHOWN = 30  # rows of a table; the others are counted
ROUNDING = 1e-9  # a smaller distance to the bound is not shown
KINDS = {"row": "row", "column": "bound"}


def closing_lines(found: RelaxResult) -> list[str]:
    """Return the lines on what is known about the model and about the point."""
    status = "feasible" if found.is_solution else "relaxed" if found.found else "no point found"
    lines = [f"{status}: {found.verdict}"]
    if not found.found:
        return [*lines, f"  search      {found.run.status.value}", _seconds(found)]
    assert found.violation is not None and found.x is not None
    least = found.least
    if least is None:
        word = "; a smaller one is not excluded"
    elif least.proven:
        within = f" within {least.within:.2g}" if least.within > ROUNDING else ""
        word = f", the least{within}: proven exactly by the LP bound"
    else:
        word = f"; {least.by} reports that no point has less (not verified independently)"
    lines.append(f"  violation   {nearest_float(found.violation):.12g} (weighted, exact){word}")
    if found.bound is not None:
        lines.append(f"  bound       {found.bound:.12g} (no point has less; proven exactly)")
    tiny = len(found.slacks) - len(found.violated)
    more = f"; {tiny} more by at most 1e-6" if tiny else ""
    kinds = [KINDS[one.breach.kind] for one in found.violated]
    counts = ", ".join(_counted(kinds.count(kind), kind) for kind in KINDS.values())
    lines.append(f"  violated    {counts}{more}")
    lines.append(f"  objective   {found.problem.value(found.x):.12g}")
    return [*lines, _seconds(found)]


def tables(found: RelaxResult) -> list[Table]:
    """Return the violated sides, and the contradiction; empty tables are left out."""
    candidates = (_violated(found.violated), _contradiction(found))
    return [table for table in candidates if table is not None and table.rows]


def _violated(slacks: tuple[Slack, ...]) -> Table:
    rows = [
        (
            KINDS[one.breach.kind], escaped(one.breach.name), one.breach.side,
            f"{nearest_float(one.breach.given):.10g}", f"{nearest_float(one.breach.value):.10g}",
            f"{nearest_float(one.breach.amount):.6g}", f"{nearest_float(one.weight):g}",
        )
        for one in slacks[:MAX_SHOWN]
    ]  # fmt: skip
    header = ("", "name", "side", "is", "would have to be", "moved by", "weight")
    return Table("Violated rows and bounds", header, (*rows, *_others(len(slacks), len(header))))


def _contradiction(found: RelaxResult) -> Table | None:
    conflict = found.conflict
    if conflict is None:
        return None
    members = [_member(one) for one in conflict.members[:MAX_SHOWN]]
    header = ("", "name", "side", "is", "multiplier")
    count = len(conflict.members)
    if conflict.integer:
        title = "No integral value lies between these sides"
    elif conflict.irreducible:
        title = f"Irreducible contradiction: the LP has a point if any one of these {count} is left out"
    else:
        title = f"Contradiction of {count} (proven; whether each of them is necessary was not proven)"
    return Table(title, header, (*members, *_others(count, len(header))))


def _member(one: Member) -> tuple[str, ...]:
    return (
        KINDS[one.kind], escaped(one.name), one.side, f"{nearest_float(one.value):.10g}",
        f"{nearest_float(one.multiplier):.6g}",
    )  # fmt: skip


def _others(count: int, width: int) -> list[tuple[str, ...]]:
    """Return a row that counts what a table leaves out, if it leaves out anything."""
    if count <= MAX_SHOWN:
        return []
    return [("", f"... and {count - MAX_SHOWN} more (--json has all)", *[""] * (width - 2))]


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _seconds(found: RelaxResult) -> str:
    parts = ", ".join(f"{key} {found.seconds[key]:.2f}" for key in ("read", "lp"))
    return f"  time        {found.seconds['total']:.2f} s ({parts})"
