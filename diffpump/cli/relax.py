"""`diffpump relax`: the point of least weighted violation, and rows and bounds that contradict each other."""

from __future__ import annotations

import math
import os
import time
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.explain import show
from diffpump.cli.habits import Advised
from diffpump.cli.interrupt import Interrupt
from diffpump.cli.options import refuse_overlap
from diffpump.cli.solve import FILE, Seconds
from diffpump.cli.streams import emit, failed, log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diffpump.core.errors import DiffpumpError
    from diffpump.elastic.result import RelaxResult


class Weight(click.ParamType[tuple[str, str]]):
    """A pattern of names and a weight, written as PATTERN=WEIGHT."""

    name = "weight"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return the pattern and the text of the weight, which the model's names and `weights_of` check."""
        pattern, equals, weight = str(value).rpartition("=")
        if not equals or not pattern:
            self.fail(f"'{value}': write it as PATTERN=WEIGHT, such as 'cap_*=10' or '*=inf'", param, ctx)
        return pattern, weight


@click.command(cls=Advised)
@click.argument("model", type=FILE)
@click.option(
    "--rows", type=Weight(), multiple=True, metavar="PATTERN=WEIGHT",
    help="What a unit of violation of the rows with such names costs, or inf if they must hold (repeatable; "
    "* and ? are wildcards, and later patterns win).  [default: 1]",
)  # fmt: skip
@click.option(
    "--bounds", type=Weight(), multiple=True, metavar="PATTERN=WEIGHT",
    help="The same for the bounds of the columns with such names.  [default: 1; bounds of binary columns and "
    "bounds that are 0 hold]",
)  # fmt: skip
@click.option(
    "--irreducible/--no-irreducible", default=True, show_default=True,
    help="Look for rows and bounds of the LP relaxation that contradict each other, none of which can be "
    "left out.",
)  # fmt: skip
@click.option(
    "--time-limit", type=Seconds(), default=60.0, show_default=True,
    help="The time limit in wall seconds, or none for no limit.",
)  # fmt: skip
@click.option(
    "--threads", type=int, metavar="N", default=1, show_default=True, help="Number of processes that search."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all random numbers."
)
@click.option(
    "-o", "--output", type=FILE, metavar="FILE",
    help="Write the model with its violated sides moved to the point to this .mps or .mps.gz file.",
)  # fmt: skip
@click.option(
    "--solution-file", type=FILE,
    help="Write the point, a solution of the relaxed model, to this .sol, .mst or .json file.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Do not log the search.")
@click.pass_obj
def relax(
    interrupt: Interrupt, /, model: str, output: str | None, solution_file: str | None, as_json: bool,
    **options: Any,
) -> int:  # fmt: skip
    """Say why a model has no solution, and what would have to change.

    Finds the point that violates MODEL least, by the weighted sum of the violations of rows and bounds, with
    integral integer columns. The report lists each violated side, by how much, and the number that the side
    would have to be. If the LP relaxation is infeasible, it also lists rows and bounds that contradict each
    other, none of which can be left out. All of this is computed or proven in exact arithmetic on the file.
    The exit code is 0 with a point, 10 without one, and 11 if what must hold has no solution.
    """
    from diffpump.core.errors import DiffpumpError
    from diffpump.explain.relax import closing_lines, tables
    from diffpump.outcome.record import dumps

    _check_files(model, output, solution_file)
    found = _searched(interrupt, model, output, solution_file, **options)
    errors: list[DiffpumpError] = []
    written = {}
    for path, write in ((output, found.write_model), (solution_file, found.write)):
        if path is None or not found.found:
            continue
        try:
            proof = write(path)
        except DiffpumpError as error:
            errors.append(error)
        else:
            exactly = "exactly" if proof.exactly_feasible else "within 1e-6"
            written[path] = (
                f"written; the point satisfies the relaxed model {exactly}, proven on the file's numbers"
            )
    code = errors[0].exit_code if errors else interrupt.exit_code if interrupt() else _exit_code(found)
    if as_json:
        files = {"output": output, "solution_file": solution_file}
        kept = {key: path if path in written else None for key, path in files.items()}
        emit(dumps({**found.record(), **kept, "errors": list(map(str, errors)), "exit_code": code}))
    else:
        emit(
            "\n".join([*closing_lines(found), *(f"  file        {p}: {what}" for p, what in written.items())])
        )
        if shown := tables(found):
            emit("")
            show(shown)
    for failure in errors:
        failed(str(failure))
    return code


def _check_files(model: str, output: str | None, solution_file: str | None) -> None:
    """Raise before the run if a file could not be written after it."""
    from diffpump.elastic.relaxed import check_model_target
    from diffpump.io.solution import check_target

    for path, check in ((output, check_model_target), (solution_file, check_target)):
        if path is not None:
            check(path)
    refuse_overlap({os.path.realpath(model): "the model"}, (output, solution_file))


def _searched(
    interrupt: Interrupt, model: str, output: str | None, solution_file: str | None,
    rows: Sequence[tuple[str, str]], bounds: Sequence[tuple[str, str]], irreducible: bool, time_limit: float,
    threads: int, seed: int, quiet: bool,
) -> RelaxResult:  # fmt: skip
    """Read the model and search."""
    from diffpump.cli.displays import RunDisplay, displays_of
    from diffpump.cli.report import cores_line, model_line
    from diffpump.config.engine import Settings
    from diffpump.core.limits import reading_check
    from diffpump.core.machine import usable_cores
    from diffpump.elastic.relax import run
    from diffpump.elastic.relaxed import check_model_target
    from diffpump.io.read import read
    from diffpump.io.solution import check_names

    limit = None if math.isinf(time_limit) else time_limit
    settings, began = Settings(time_limit=limit, threads=threads), time.monotonic()
    problem = read(model, reading_check(limit, began))
    read_seconds = time.monotonic() - began
    if output is not None:
        check_model_target(output, problem)
    if solution_file is not None:
        check_names(solution_file, problem)
    if not quiet:
        if warning := cores_line(settings, usable_cores()):
            log(warning)
        log(model_line(problem))
        log("looking for the point of least weighted violation, which is the objective of these rows")
    interrupt.deferred = True
    display = RunDisplay(displays_of(settings, lambda: time.monotonic() - began, quiet=quiet), interrupt)
    try:
        setup = display.setup(problem, seed, limit, began, read_seconds)
        return run(setup, settings, dict(rows), dict(bounds), irreducible)
    finally:
        display.close()


def _exit_code(found: RelaxResult) -> int:
    return 0 if found.found else found.run.status.exit_code
