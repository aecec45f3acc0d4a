"""The description of a model that `diffpump info` prints: counts, kinds of rows, ranges of numbers."""

from __future__ import annotations

from typing import Any

from diffpump.core.problem import Problem
from diffpump.core.text import escaped
from diffpump.explain.model import bounds, density, ranges, sense
from diffpump.explain.rows import row_kinds
from diffpump.knapsack.rows import detect, pack
from diffpump.outcome.record import instance_record


def summary(problem: Problem) -> dict[str, Any]:
    """Return the description of a model as one record."""
    return {
        **instance_record(problem),
        "continuous": int((~problem.integer).sum()),
        "sense": sense(problem),
        "offset": -problem.offset if problem.maximise else problem.offset,
        "density": density(problem),
        "row_kinds": row_kinds(problem),
        "subset_rows": subset_rows(problem),
        "bounds": bounds(problem),
        "ranges": ranges(problem),
    }


def subset_rows(problem: Problem) -> dict[str, Any]:
    """Return the numbers of rows that are choices of subsets, and the share of the columns in packed ones.

    `rows` counts all of them, `packed` those that `--rounding structured` selects (`knapsack.rows`).
    """
    rows = detect(problem)
    packed = pack(rows, problem.n)
    return {
        "rows": rows.count(),
        "packed": packed.count(),
        "coverage": packed.columns.size / problem.n if problem.n else 0.0,
    }


def report(found: dict[str, Any]) -> str:
    """Return the record as aligned lines of text."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in found["row_kinds"].items()) or "none"
    bounds = ", ".join(
        f"{count} {kind.replace('_', '-')}" for kind, count in found["bounds"].items() if count
    )
    lines = {
        "name": escaped(found["name"]) or "unnamed",
        "sha256": found["sha256"] or "-",
        "sense": found["sense"] + (f", offset {found['offset']:.15g}" if found["offset"] else ""),
        "rows": found["rows"],
        "columns": f"{found['columns']} ({found['binaries']} binary, {found['integers']} general integer, "
        f"{found['continuous']} continuous)",
        "nonzeros": f"{found['nonzeros']} (density {found['density']:.3g})",
        "row kinds": kinds,
        "subset rows": _subset_rows(found["subset_rows"]),
        "bounds": bounds or "none",
    }
    for what, span in found["ranges"].items():
        lines[f"|{what}|"] = "none" if span is None else f"{span[0]:.6g} to {span[1]:.6g}"
    return "\n".join(f"{key:<15} {value}" for key, value in lines.items())


def _subset_rows(found: dict[str, Any]) -> str:
    if not found["rows"]:
        return "none"
    kinds = ", ".join(f"{count} {kind}" for kind, count in found["rows"].items())
    packed = sum(found["packed"].values())
    return f"{kinds}; {packed} without common columns cover {found['coverage']:.0%} of the columns"
