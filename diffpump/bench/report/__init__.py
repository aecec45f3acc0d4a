"""From records to one page, in HTML and in Markdown: tables, tests, figures and every single run.

    names, runs        records -> arrays            stats     pure statistics
    tables, pairs      the tables                   figures   the figures
    checks             contradictions               about     provenance
    drill              instances and single runs    page      the two renderings

Instances that the `.solu` file calls infeasible are left out of all statistics. On them no solution is the
right answer; a solution is listed as a contradiction.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.report import about, checks, drill, figures, page, pairs, tables
from diffpump.bench.report.names import instance_name, stem
from diffpump.bench.report.runs import Runs, columns
from diffpump.bench.report.text import joined
from diffpump.bench.solu import Known
from diffpump.core.errors import OutputError, UsageError
from diffpump.io.files import replace_file

__all__ = ["Report", "report", "write"]


@dataclass(frozen=True)
class Report:
    """The finished page.

    warnings   the contradictions, one sentence each
    figures    SVG texts by name; the Markdown refers to them as figures/NAME.svg
    """

    html: str
    markdown: str
    warnings: list[str]
    figures: dict[str, str] = field(default_factory=dict)


def report(
    records: Iterable[Mapping[str, Any]],
    *,
    title: str,
    solu: Mapping[str, Known] | None = None,
    baseline: str | None = None,
    tuned_on: Collection[str] = (),
) -> Report:
    """Return the report of records in any order (`diffpump.bench` describes a record).

    solu       known objectives by instance name
    baseline   the name of a configuration in tables: all others are tested against it; without it all pairs
               of configurations are tested
    tuned_on   names or sha256 of instances on which a configuration was tuned: they are marked, and a second
               table of fails and iterations leaves them out

    Raises UsageError without records and for an unknown baseline.
    """
    runs = columns(records, solu or {})
    if not len(runs):
        raise UsageError("there are no records to report")
    if baseline is not None and baseline not in runs.configs:
        raise UsageError(f"unknown baseline '{baseline}'; known: {', '.join(runs.configs)}")
    compared = runs.only(runs.maybe_feasible)
    tuned = _tuned(runs, frozenset(tuned_on))
    pictures = list(figures.pictures(compared))
    made = list(drill.instances(runs, tuned))
    content = page.Content(
        title=title,
        facts=about.facts(runs),
        differences=checks.differences(runs),
        contradictions=checks.contradictions(runs),
        improvements=checks.improvements(runs),
        notes=_notes(runs, tuned, baseline),
        sections=_sections(compared, tuned, baseline, pictures),
        overview=drill.overview(made, runs.configs),
        configurations=about.configurations(runs),
        instances=made,
    )
    return Report(
        page.html(content),
        page.markdown(content),
        list(content.contradictions),
        {p.name: p.svg for p in pictures},
    )


def write(made: Report, folder: str | os.PathLike[str]) -> list[Path]:
    """Write report.html, report.md and figures/NAME.svg to a folder and return their paths.

    Raises OutputError if one of them cannot be written.
    """
    home = Path(folder)
    texts = {"report.html": made.html, "report.md": made.markdown}
    texts |= {f"figures/{name}.svg": svg for name, svg in made.figures.items()}
    try:
        (home / "figures").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{home}: cannot be written: {error.strerror or error}") from None
    for name, text in texts.items():
        replace_file(home / name, text.encode(), lambda _: None)
    return [home / name for name in texts]


def _sections(
    runs: Runs, tuned: frozenset[int], baseline: str | None, pictures: list[figures.Picture]
) -> list[page.Section]:
    first = [tables.fails(runs)]
    if tuned:
        others = runs.only(~np.isin(runs.instance, sorted(tuned)))
        first.append(tables.fails(others, "held-out", "Fails and iterations without the instances tuned on"))
    first += [tables.common(runs), tables.means(runs)]
    out = [page.Section("results", "Fails, iterations, time", first)]
    gaps = tables.gaps(runs)
    if gaps is not None:
        out.append(page.Section("gaps", "Primal gap", [gaps]))
    if pictures:
        out.append(page.Section("pictures", "Profiles", pictures=pictures))
    reference = None if baseline is None else runs.configs.index(baseline)
    tests = pairs.tables(pairs.pairs(runs, reference), baseline)
    if tests:
        out.append(page.Section("pairs", "Configurations compared", tests))
    return out


def _tuned(runs: Runs, tuned_on: frozenset[str]) -> frozenset[int]:
    return frozenset(
        index
        for index, row in zip(runs.instance.tolist(), runs.records, strict=True)
        if {instance_name(row), stem(row), (row.get("instance") or {}).get("sha256")} & tuned_on
    )


def _notes(runs: Runs, tuned: frozenset[int], baseline: str | None) -> list[str]:
    out = ["Times are wall seconds since the run began, and include reading the file."]
    infeasible = [runs.instances[i] for i in np.unique(runs.instance[~runs.maybe_feasible])]
    if infeasible:
        out.append(f"Known to be infeasible and left out of all statistics: {joined(infeasible, 20)}.")
    if tuned:
        out.append(
            f"† {len(tuned)} of {len(runs.instances)} instances were tuned on: results on them are biased in "
            "favour of the configuration that was chosen there."
        )
    if baseline is None and len(runs.configs) > pairs.MAX_CONFIGS_FOR_ALL_PAIRS:
        out.append(
            f"With more than {pairs.MAX_CONFIGS_FOR_ALL_PAIRS} configurations, pairs are tested only against "
            "a baseline, and none was given (--baseline)."
        )
    if len(runs.configs) > figures.MAX_CURVES:
        out.append(f"Figures show the {figures.MAX_CURVES} configurations with the most solutions.")
    return out
