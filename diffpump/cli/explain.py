"""`diffpump explain`: run the engine on a model and report what happened."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import click

from diffpump.cli.habits import Advised
from diffpump.cli.interrupt import Interrupt
from diffpump.cli.solve import Seconds
from diffpump.cli.streams import colour, emit, log, results

if TYPE_CHECKING:
    from diffpump.explain.run import Explanation
    from diffpump.explain.tables import Table


@click.command(cls=Advised)
@click.argument("model", type=click.Path())
@click.option(
    "--time-limit",
    type=Seconds(),
    default=20.0,
    show_default=True,
    help="The time limit in wall seconds, or none for no limit.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all random numbers."
)
@click.option(
    "--threads", type=int, metavar="N", default=1, show_default=True, help="Number of processes that search."
)
@click.option("--to", "picture", type=click.Path(), help="Draw the run into this .png or .svg file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def explain(
    interrupt: Interrupt, model: str, time_limit: float, seed: int, threads: int, picture: str | None,
    as_json: bool,
) -> int:  # fmt: skip
    """Run the engine on a model and report what happened.

    The report describes the model before and after presolve, the arms with their time and solutions, where
    the time went, and the points with the fewest violated rows. --to draws the run as well.
    """
    from diffpump.cli.options import check_picture
    from diffpump.explain.tables import tables
    from diffpump.outcome.record import dumps

    if picture is not None:
        check_picture(picture, model, "--to")
    found = _searched(interrupt, model, time_limit, seed, threads)
    if as_json:
        emit(dumps(found.record()))
    else:
        show(tables(found))
    if picture is not None:
        from diffpump.explain.picture import draw

        draw(found, picture)
        log(f"picture: {picture}")
    return interrupt.exit_code if interrupt() else 0


def _searched(interrupt: Interrupt, model: str, time_limit: float, seed: int, threads: int) -> Explanation:
    """Read the model and search, with a live line on a terminal."""
    from diffpump.cli.displays import RunDisplay, status_line
    from diffpump.cli.report import cores_line
    from diffpump.config.engine import Settings
    from diffpump.core.limits import reading_check
    from diffpump.core.machine import usable_cores
    from diffpump.explain.run import explain as explained
    from diffpump.io.read import read

    limit = None if math.isinf(time_limit) else time_limit
    settings, began = Settings(time_limit=limit, threads=threads), time.monotonic()
    if warning := cores_line(settings, usable_cores()):
        log(warning)
    problem = read(model, reading_check(limit, began))
    read_seconds = time.monotonic() - began
    interrupt.deferred = True
    display = RunDisplay(status_line(lambda: time.monotonic() - began), interrupt)
    try:
        return explained(display.setup(problem, seed, limit, began, read_seconds), settings)
    finally:
        display.close()


def show(found: list[Table]) -> None:
    """Print tables with lines and colours on a terminal, and in aligned columns elsewhere."""
    if not results().isatty():
        emit("\n\n".join(table.plain() for table in found))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as Lines
    from rich.text import Text

    console = Console(file=results(), no_color=not colour(results()), highlight=False)
    for table in found:
        lines = Lines(
            title=Text(table.title), title_justify="left", title_style="bold", box=SIMPLE_HEAD,
            show_header=any(table.header), header_style="bold cyan", pad_edge=False,
        )  # fmt: skip
        for k, name in enumerate(table.header):
            lines.add_column(
                name, justify="right" if table.numbers and k else "left", style="" if k else "cyan"
            )
        for row in table.rows:
            lines.add_row(*map(Text, row))
        console.print(lines)
