"""An explanation as tables, which the command line prints as plain text or with lines and colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from diffpump.core.text import escaped
from diffpump.explain.run import Explanation
from diffpump.outcome.result import SolveResult, lp_gap

NO_HEADER = ("", "")  # the header of a table with names and values
COLUMNS = {"binary": "binaries", "general integer": "integers", "continuous": "continuous"}
PRESOLVED = ("rows", "columns", "binaries", "integers", "continuous", "nonzeros")
MAX_ROW_NAMES = 3  # violated rows of a near-feasible point that are named


@dataclass(frozen=True)
class Table:
    """A table of text; with `numbers` all columns but the first are aligned to the right."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: bool = True

    def plain(self) -> str:
        """Return the table as text with aligned columns."""
        head = () if self.header == NO_HEADER else (self.header,)
        cells = [*head, *self.rows]
        widths = [max(len(row[k]) for row in cells) for k in range(len(self.header))]
        lines = [
            "  ".join(
                cell.rjust(width) if self.numbers and k else cell.ljust(width)
                for k, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in cells
        ]
        return "\n".join([self.title, *(f"  {line}" for line in lines)])


def tables(found: Explanation) -> list[Table]:
    """Return the tables of an explanation, the model first; empty tables are left out."""
    candidates = (
        _model(found.model), _rows(found), _presolve(found), _arms(found), _times(found),
        _facts("Outcome", {found.result.status.name.lower().replace("_", " "): found.result.status.value}),
        _solutions(found.result), _nearest(found),
    )  # fmt: skip
    return [table for table in candidates if table.rows]


def _facts(title: str, facts: Mapping[str, str]) -> Table:
    return Table(title, NO_HEADER, tuple(facts.items()), numbers=False)


def _model(model: dict[str, Any]) -> Table:
    columns = {key: model[name] for key, name in COLUMNS.items()}
    blocks = model["blocks"]
    lines = {
        "size": f"{_count(model['rows'], 'row')}, {_count(model['columns'], 'column')}, "
        f"{_count(model['nonzeros'], 'nonzero')} (density {model['density']:.2g})",
        "sense": model["sense"],
        "columns": _listed(columns),
        "values of integers": _listed(model["domains"]),
        "bounds": _listed({kind.replace("_", "-"): count for kind, count in model["bounds"].items()}),
        "columns without": ", ".join(
            f"{what.replace('_', '-')} {count:,}" for what, count in model["columns_without"].items() if count
        ),
    }
    if blocks["count"] > 1:
        lines["blocks"] = f"{blocks['count']:,}, the largest with {blocks['largest']:.0%} of the columns"
    for what, spread in model["lengths"].items():
        if spread is not None:
            lines[f"{what} length"] = (
                f"{spread['least']} to {spread['most']:,}, median {spread['median']:g}, "
                f"mean {spread['mean']:.3g}"
            )
    if model["dense_columns"]["count"]:
        dense = model["dense_columns"]
        lines["dense columns"] = f"{dense['count']:,}, such as {escaped(', '.join(dense['longest']))}"
    for what, span in model["ranges"].items():
        if isinstance(span, list):
            lines[f"|{what}|"] = f"{span[0]:.6g} to {span[1]:.6g}"
        elif span is not None:
            lines["largest ratio in a row"] = f"{span:.3g}"
    name = escaped(model["name"]) or "unnamed"
    return _facts(f"Model {name}", {key: text for key, text in lines.items() if text})


def _rows(found: Explanation) -> Table:
    model, after = found.model, found.presolved
    left = {entry["kind"]: entry["rows"] for entry in after["row_kinds"]} if after else {}
    rows = []
    for entry in model["row_kinds"]:
        row = (
            entry["kind"], f"{entry['rows']:,}", _share(entry["rows"], model["rows"]),
            _share(entry["nonzeros"], model["nonzeros"]), _share(entry["columns"], model["columns"]),
        )  # fmt: skip
        rows.append((*row, f"{left.pop(entry['kind'], 0):,}") if after else row)
    rows += [(kind, "0", "", "", "", f"{count:,}") for kind, count in left.items()]
    header = ("kind", "rows", "of rows", "of nonzeros", "columns in one")
    return Table("Rows by kind", (*header, "rows presolved") if after else header, tuple(rows))


def _presolve(found: Explanation) -> Table:
    if found.presolved is None:
        return Table("Presolve", NO_HEADER, ())
    rows = [
        (key, f"{found.model[key]:,}", f"{found.presolved[key]:,}",
         _share(found.presolved[key], found.model[key]))
        for key in PRESOLVED if found.model[key] or found.presolved[key]
    ]  # fmt: skip
    return Table("Presolve", ("", "model", "presolved", "left"), tuple(rows))


def _arms(found: Explanation) -> Table:
    total = max(1e-9, found.total)
    rows = []
    for name in dict.fromkeys(report.arm for report in found.slices):
        slices = [report for report in found.slices if report.arm == name]
        solutions = [solution for solution in found.result.incumbents if solution.arm == name]
        seconds = sum(report.ended - report.began for report in slices)
        rows.append((
            name, f"{slices[0].began:.2f} s", str(len(slices)), f"{seconds:.2f} s", f"{seconds / total:.0%}",
            f"{sum(report.work for report in slices) / 1e6:,.1f}", str(len(solutions)),
            f"{solutions[-1].objective:.10g}" if solutions else "",
        ))  # fmt: skip
    header = ("arm", "first", "slices", "time", "of time", "Mnz touched", "solutions", "last objective")
    processes = 1 + max((report.process for report in found.slices), default=0)
    where = f" of {processes} processes" if processes > 1 else ""
    return Table(f"Arms{where}, in the order of their first slices", header, tuple(rows))


def _times(found: Explanation) -> Table:
    total = max(1e-9, found.total)
    rows = [
        (where, f"{took:.2f} s", f"{took / total:.1%}") for where, took in found.seconds_by_part().items()
    ]
    return Table("Where the time went", ("", "time", "share"), (*rows, ("total", f"{total:.2f} s", "")))


def _solutions(result: SolveResult) -> Table:
    rows = []
    if result.incumbents:
        for what, one in (("first", result.incumbents[0]), ("best", result.incumbents[-1])):
            gap = lp_gap(one.objective, result.bound)
            share = "" if gap is None else f"{gap:.2%}"
            rows.append((what, f"{one.seconds:.2f} s", f"{one.objective:.12g}", share, one.arm))
    if result.bound is not None:
        rows.append(("LP bound", "", f"{result.bound:.12g}", "", ""))
    header = ("", "time", "objective", "gap to LP", "arm")
    return Table(f"Solutions: {len(result.incumbents)}", header, tuple(rows))


def _nearest(found: Explanation) -> Table:
    return Table(
        "Points with the fewest violated rows",
        ("arm", "rows", "violated rows by kind", "most violated rows"),
        tuple(_near(found)),
        numbers=False,
    )


def _near(found: Explanation) -> Iterator[tuple[str, ...]]:
    for point in found.nearest:
        worst = ", ".join(f"{escaped(row.name)} by {row.amount:.3g}" for row in point.worst[:MAX_ROW_NAMES])
        others = point.violated - MAX_ROW_NAMES
        more = f", {others} more" if others > 0 else ""
        outside = f"; {_count(point.outside, 'column')} out of bounds" if point.outside else ""
        yield point.arm, f"{point.violated:,}", _listed(point.kinds), f"{worst}{more}{outside}"


def _listed(counts: Mapping[str, int]) -> str:
    parts: Iterable[str] = (f"{count:,} {what}" for what, count in counts.items() if count)
    return ", ".join(parts)


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else ""
