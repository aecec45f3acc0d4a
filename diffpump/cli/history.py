"""`diffpump history`: look at a folder of earlier models and solutions, and add to it."""

from __future__ import annotations

import click

from diffpump.cli.streams import emit, log


@click.group()
def history() -> None:
    """Keep earlier models and solutions for `diffpump solve --history DIR`."""


@history.command()
@click.argument("folder", metavar="DIR")
@click.argument("model")
@click.argument("solution")
def add(folder: str, model: str, solution: str) -> int:
    """Add a model and a solution file of any solver, verified exactly, to DIR."""
    from diffpump.core.errors import OutputError, ProofError
    from diffpump.io.read import read
    from diffpump.io.start import start_of
    from diffpump.learn.history import History
    from diffpump.verify.check import Judge

    problem = read(model)
    point = start_of(problem, solution).point
    missing = point is None or bool((point != point).any())
    if point is None or missing or not Judge(problem).feasible(point):
        raise ProofError(f"{solution}: is no solution of {model}, or lacks columns; it was not added")
    store = History(folder)
    try:
        added = store.add(problem, point, problem.value(point))
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from None
    for note in store.notes:
        log(f"diffpump: warning: {note}")
    emit(f"{problem.name}: {'added' if added else 'the folder has a solution that is as good'}")
    return 0


@history.command("list")
@click.argument("folder", metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(folder: str, as_json: bool) -> int:
    """List the models in DIR, the latest last."""
    from diffpump.learn.history import History
    from diffpump.outcome.record import dumps

    store = History(folder)
    entries = store.entries()
    for note in store.notes:
        log(f"diffpump: warning: {note}")
    if as_json:
        emit(dumps({"entries": entries}))
        return 0
    lines = [f"{one['added'][:10]}  {one['objective']:<16.10g} {one['name']}" for one in entries]
    emit("\n".join([*lines, f"{len(entries)} models"]))
    return 0
