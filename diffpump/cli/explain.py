"""`diffpump explain`: a run, and why it went the way it did."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import click

from diffpump.cli.interrupt import Interrupt
from diffpump.cli.streams import colour, emit, log

if TYPE_CHECKING:
    from diffpump.core.arrays import Vector
    from diffpump.explain.run import Explanation
    from diffpump.explain.tables import Table
    from diffpump.outcome.result import Incumbent
    from diffpump.search.portfolio import Event


@click.command()
@click.argument("model", type=click.Path())
@click.option("--time-limit", type=float, default=20.0, show_default=True, help="Wall seconds.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--threads", type=int, default=1, show_default=True, help="Processes that search.")
@click.option("--to", "picture", type=click.Path(), help="Draw the run: .png or .svg.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def explain(
    interrupt: Interrupt, model: str, time_limit: float, seed: int, threads: int, picture: str | None,
    as_json: bool,
) -> int:  # fmt: skip
    """Search, and tell what happened.

    What the model looks like and what presolve makes of it; which arms ran, what each found and cost; where
    the time went; the nearest points and the rows that they violate. With --to as a picture, too.
    """
    from diffpump.explain.tables import tables
    from diffpump.outcome.record import dumps

    if picture is not None:
        _check_picture(picture, model)
    found = _searched(interrupt, model, time_limit, seed, threads)
    if as_json:
        emit(dumps(found.record()))
    else:
        _show(tables(found))
    if picture is not None:
        from diffpump.explain.picture import draw

        draw(found, picture)
        log(f"picture: {picture}")
    return interrupt.exit_code if interrupt() else 0


def _searched(interrupt: Interrupt, model: str, time_limit: float, seed: int, threads: int) -> Explanation:
    """Read and search, with a line that lives on a terminal."""
    from diffpump.cli import incumbents
    from diffpump.cli.progress import Display
    from diffpump.config.engine import Settings
    from diffpump.core.limits import Clock
    from diffpump.explain.run import explain as explained
    from diffpump.io.read import read

    settings, began = Settings(time_limit=time_limit, threads=threads), time.monotonic()
    problem = read(model)
    read_seconds = time.monotonic() - began
    interrupt.deferred = True
    search = incumbents.Search(lambda: time.monotonic() - began)
    displays: list[Display] = [search]
    if sys.stderr.isatty():
        displays.append(incumbents.LiveTable(search))

    def observe(incumbent: Incumbent, x: Vector) -> None:
        for display in displays:
            display.incumbent(incumbent)

    def watch(event: Event) -> None:
        for display in displays:
            display.slice(event)

    def stop() -> bool:
        for display in displays:
            display.beat()
        return interrupt()

    try:
        return explained(
            problem, settings, seed, Clock(began + time_limit, stop), began, read_seconds, observe, watch
        )
    finally:
        for display in displays:
            display.close()


def _check_picture(path: str, model: str) -> None:
    """Refuse now what could not be drawn after the run."""
    from importlib.util import find_spec

    from diffpump.cli.options import check_output
    from diffpump.core.errors import UsageError

    check_output(path, (".png", ".svg"))
    if os.path.realpath(path) == os.path.realpath(model):
        raise UsageError(f"{path}: would overwrite the model")
    if find_spec("matplotlib") is None:
        raise UsageError("--to needs matplotlib: pip install 'diffpump[plot]'")


def _show(found: list[Table]) -> None:
    """Tables with lines and colours on a terminal, aligned columns elsewhere."""
    if not sys.stdout.isatty():
        emit("\n\n".join(table.plain() for table in found))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as Lines
    from rich.text import Text

    console = Console(no_color=not colour(sys.stdout), highlight=False)
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
