"""`diffpump fetch`: download MIPLIB files by name and check each against a pinned sha256."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.streams import emit, failed

if TYPE_CHECKING:
    from diffpump.bench.fetch import Pinned

SETS = ("paper", "general", "small")


def _names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from diffpump.bench.fetch import known

    return [name for name in known() if name.startswith(incomplete)]


@click.command()
@click.argument("names", nargs=-1, metavar="NAME...", shell_complete=_names)
@click.option(
    "--set", "sets", multiple=True, type=click.Choice(SETS), help="Fetch every file of this set (repeatable)."
)
@click.option(
    "--to",
    metavar="DIR",
    help="Folder for the files.  [default: DIFFPUMP_CACHE, else ~/.cache/diffpump/miplib]",
)
@click.option(
    "--url",
    metavar="TEMPLATE",
    help="Address of a file, with {name} for its name.  [default: DIFFPUMP_MIPLIB_URL, else miplib.zib.de]",
)
@click.option("--sha256", metavar="HEX", help="Expected sha256 of a single NAME that --list does not show.")
@click.option("--list", "listing", is_flag=True, help="List the known files and fetch nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def fetch(
    names: tuple[str, ...],
    sets: tuple[str, ...],
    to: str | None,
    url: str | None,
    sha256: str | None,
    listing: bool,
    as_json: bool,
) -> int:
    """Fetch MIPLIB files by name.

    The command prints the path of each file, so that `diffpump solve $(diffpump fetch air05)` works. A file
    without the pinned sha256 is refused. A file that is already there is fetched again only if its sha256
    is wrong.
    """
    from diffpump.bench.fetch import address, cache_folder, known
    from diffpump.core.errors import UsageError

    chosen = [pinned for pinned in known().values() if pinned.set in sets]
    if listing:
        emit(_listing(chosen if sets else list(known().values()), as_json))
        return 0
    wanted = list(dict.fromkeys([*names, *(pinned.name for pinned in chosen)]))
    if not wanted:
        raise UsageError("name an instance, or a set with --set; --list shows the known instances")
    if sha256 is not None and len(wanted) > 1:
        raise UsageError("--sha256 belongs to a single file: give exactly one NAME")
    return _fetch(wanted, sha256, str(cache_folder(to)), address(url), as_json)


def _fetch(names: list[str], sha256: str | None, folder: str, template: str, as_json: bool) -> int:
    """Fetch all files, also after a failure, and return the exit code of the first failure."""
    from dataclasses import asdict
    from pathlib import Path

    from diffpump.bench import fetch as files
    from diffpump.core.errors import DiffpumpError
    from diffpump.outcome.record import dumps

    found: list[dict[str, Any]] = []
    errors: list[DiffpumpError] = []
    pauses: tuple[float, ...] = files.RETRY_PAUSES
    for name in names:
        try:
            pinned = files.find(name, sha256)
            with _progress(pinned) as progress:
                one = files.fetch(pinned, Path(folder), template, pauses=pauses, progress=progress)
        except DiffpumpError as error:
            failed(str(error))
            errors.append(error)
            if isinstance(error, files.Unreachable):
                pauses = ()  # only the first unreachable file is retried: a set has a hundred files
            continue
        found.append(asdict(one))
        if not as_json:
            emit(one.path)
    code = errors[0].exit_code if errors else 0
    if as_json:
        emit(dumps({"files": found, "errors": [str(error) for error in errors], "exit_code": code}))
    return code


def _listing(chosen: list[Pinned], as_json: bool) -> str:
    from dataclasses import asdict

    from diffpump.outcome.record import dumps

    if as_json:
        return dumps({"files": [asdict(pinned) for pinned in chosen]})
    width = max(len(pinned.name) for pinned in chosen)
    return "\n".join(f"{pinned.name:<{width}}  {pinned.set:<7} {pinned.bytes:>10}" for pinned in chosen)


@contextmanager
def _progress(pinned: Pinned) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal while a file is fetched; yield the function that takes the bytes received."""
    if not sys.stderr.isatty():
        yield lambda received: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(pinned.name, total=pinned.bytes)
        yield lambda received: bar.update(task, completed=received)
