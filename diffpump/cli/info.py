"""`diffpump info`: describe a model without solving it."""

from __future__ import annotations

import click

from diffpump.cli.streams import emit


@click.command()
@click.argument("model", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def info(model: str, as_json: bool) -> None:
    """Describe a model without solving it.

    The description has the sizes, the kinds of columns and rows, and the ranges of coefficients and bounds.
    """
    from diffpump.cli.summary import report, summary
    from diffpump.io.read import read
    from diffpump.outcome.record import dumps

    found = summary(read(model))
    emit(dumps(found) if as_json else report(found))
