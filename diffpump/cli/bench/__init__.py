"""`diffpump bench`: run batches of instances, follow their progress, and export and report the records."""

from __future__ import annotations

import click

from diffpump.cli.bench.grid import grid
from diffpump.cli.bench.look import export, report, status
from diffpump.cli.bench.run import list_jobs, run


@click.group()
def bench() -> None:
    """Run batches of instances and compare the results."""


for command in (run, status, list_jobs, export, report, grid):
    bench.add_command(command)
