"""`diffpump bench`: many runs, a record each; what is done, and what it means."""

from __future__ import annotations

import click

from diffpump.cli.bench.grid import grid
from diffpump.cli.bench.look import export, report, status
from diffpump.cli.bench.run import list_jobs, run


@click.group()
def bench() -> None:
    """Run many instances, keep a record of each, compare what came of it."""


for command in (run, status, list_jobs, export, report, grid):
    bench.add_command(command)
