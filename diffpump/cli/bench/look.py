"""`diffpump bench status`, `export` and `report`: the progress and the results of a batch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from diffpump.cli.bench.planned import model_files, need
from diffpump.cli.solve import FILE
from diffpump.cli.streams import emit, log

if TYPE_CHECKING:
    from diffpump.bench.store import Store

MAX_SHOWN_WARNINGS = 20  # warnings on standard error; the report has all of them
FOLDER = click.argument("folder", type=FILE)


def opened(folder: str) -> Store:
    """Return the results folder, and log it if another version of diffpump made it."""
    from diffpump.bench.store import Store
    from diffpump.core.text import escaped
    from diffpump.core.version import __version__

    store = Store(folder)
    if store.version != __version__:
        log(
            f"{escaped(folder)} was made by diffpump {escaped(store.version)}; this is diffpump {__version__}"
        )
    return store


@click.command()
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(folder: str, as_json: bool) -> None:
    """Show the progress of a batch.

    For each configuration the command prints the jobs that are done, those that found a solution, and how the
    runs ended.
    """
    from diffpump.bench.status import progress
    from diffpump.core.text import escaped
    from diffpump.outcome.record import dumps

    store = opened(folder)
    found = progress(store.planned(), store.records())
    if as_json:
        emit(dumps(found))
        return
    for entry in found["configurations"]:
        ends = ", ".join(f"{count} {name}" for name, count in sorted(entry["ended"].items()))
        done = f"{entry['done']} of {entry['planned']} done, {entry['found']} found ({ends})"
        emit(escaped(f"{entry['label']}: {done}"))
    emit(f"{found['done']} of {found['planned']} jobs have a record")


@click.command()
@FOLDER
@click.option("--parquet", type=FILE, metavar="FILE", help="Write the records as Parquet.")
@click.option("--csv", type=FILE, metavar="FILE", help="Write the records as CSV.")
def export(folder: str, parquet: str | None, csv: str | None) -> None:
    """Write the records as a table, one row per record."""
    from diffpump.bench.export import export as write

    if not (parquet or csv):
        raise click.UsageError("no output given: add --parquet FILE or --csv FILE")
    records = list(opened(folder).records().values())
    for path in filter(None, (parquet, csv)):
        write(records, path)
        emit(path)


@click.command()
@FOLDER
@click.option("--solu", type=FILE, help="Best known objectives (a .solu file of MIPLIB).")
@click.option("--baseline", metavar="LABEL", help="Compare every configuration with the one of this label.")
@click.option(
    "--tuned-on",
    "tuned_on",
    type=FILE,
    multiple=True,
    metavar="FILES|DIR|LIST",
    help="Mark these instances, on which settings were tuned, and report them separately (repeatable).",
)
@click.option("--title", help="Title of the report.  [default: the folder's name]")
@click.option("--to", type=FILE, metavar="DIR", help="Write the report to this folder.  [default: FOLDER]")
def report(
    folder: str,
    solu: str | None,
    baseline: str | None,
    tuned_on: tuple[str, ...],
    title: str | None,
    to: str | None,
) -> int:
    """Write a report of the results.

    report.html is one self-contained page, and report.md is the same in Markdown, with its pictures in files.
    """
    need("jinja2", "matplotlib")
    from diffpump.bench.plan import instance_name
    from diffpump.bench.report import report as make
    from diffpump.bench.report import write
    from diffpump.bench.solu import read_solu
    from diffpump.core.text import escaped

    records = opened(folder).records().values()
    known = None if solu is None else read_solu(solu)
    tuned, errors = model_files(tuned_on) if tuned_on else ([], [])
    made = make(
        records,
        title=title or Path(folder).resolve().name,
        solu=known,
        baseline=baseline,
        tuned_on=[instance_name(path) for path in tuned],
    )
    for path in write(made, to or folder):
        emit(str(path))
    for warning in made.warnings[:MAX_SHOWN_WARNINGS]:
        log(f"warning: {escaped(warning)}")
    if len(made.warnings) > MAX_SHOWN_WARNINGS:
        log(f"warning: {len(made.warnings) - MAX_SHOWN_WARNINGS} more warnings are in the report")
    return errors[0].exit_code if errors else 0
