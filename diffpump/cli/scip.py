"""`diffpump scip`: run SCIP with the feasibility pump as one of its heuristics."""

from __future__ import annotations

import math
import os
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.habits import Advised
from diffpump.cli.interrupt import Interrupt
from diffpump.cli.solve import FILE, Seconds
from diffpump.cli.streams import emit, failed, log

if TYPE_CHECKING:
    from diffpump.core.errors import DiffpumpError
    from diffpump.outcome.result import SolveResult

NATIVE_READER = click.option(
    "--native-reader", is_flag=True,
    help="Let other solvers read the file themselves. By default they solve the model as diffpump reads it.",
)  # fmt: skip


@click.command(cls=Advised)
@click.argument("model", type=FILE, metavar="MODEL")
@click.option(
    "--preset", metavar="NAME", default="engine", show_default=True,
    help="The pump as the engine uses it (engine), a preset of the pump alone (DP4), or a TOML file.",
)  # fmt: skip
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE",
    help="Set a parameter of the heuristic or of its pump, such as maxlpiterquot=0.2 (repeatable).",
)  # fmt: skip
@click.option(
    "--param", "parameters", multiple=True, metavar="NAME=VALUE",
    help="Set a parameter of SCIP, such as heuristics/diffpump/freq=5 (repeatable).",
)  # fmt: skip
@click.option(
    "--time-limit", type=Seconds(), default=60.0, show_default=True,
    help="The time limit in wall seconds, or none for no limit.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of SCIP and of the pump."
)
@NATIVE_READER
@click.option("--solution-file", type=FILE, help="Keep the best solution in this .sol, .mst or .json file.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print only a two-line result.")
@click.pass_obj
def scip(
    interrupt: Interrupt, model: str, preset: str, settings: tuple[str, ...], parameters: tuple[str, ...],
    time_limit: float, seed: int, native_reader: bool, solution_file: str | None, as_json: bool, quiet: bool,
) -> int:  # fmt: skip
    """Solve with SCIP and the feasibility pump.

    SCIP solves the model as `diffpump solve` reads it, and the pump is one of its primal heuristics. Every
    improving solution is verified exactly against the file and shown with the heuristic that found it.
    """
    from diffpump.core.errors import UsageError

    if find_spec("pyscipopt") is None:
        raise UsageError("this command needs PySCIPOpt: pip install 'diffpump[scip]'")
    from diffpump.cli.displays import RunDisplay, solution_rows
    from diffpump.cli.keeper import Keeper
    from diffpump.cli.report import model_line
    from diffpump.core.limits import reading_check
    from diffpump.io.read import read
    from diffpump.io.solution import check_target
    from diffpump.outcome.verifier import Verifier
    from diffpump.scip import configure
    from diffpump.scip.run import run

    began = time.monotonic()
    config, heuristic_parameters = configure(preset, _values(settings, "--set"))
    scip_parameters = _values(parameters, "--param", "NAME=VALUE")
    if solution_file is not None:
        check_target(solution_file)
        if os.path.realpath(solution_file) == os.path.realpath(model):
            raise UsageError(f"{solution_file}: would overwrite the model; choose another file")
    problem = read(model, reading_check(time_limit, began))
    read_seconds = time.monotonic() - began
    if not quiet:
        log(model_line(problem))
    verifier = Verifier(problem)
    keeper = None if solution_file is None else Keeper(solution_file, problem, verifier.prove)
    display = RunDisplay(solution_rows(lambda: time.monotonic() - began, quiet), interrupt, keeper)
    limit = None if math.isinf(time_limit) else time_limit
    interrupt.deferred = True
    try:
        setup = display.setup(problem, seed, limit, began, read_seconds, verifier)
        result = run(setup, config, heuristic_parameters, scip_parameters, native_reader=native_reader)
    finally:
        error = display.close()
    code = interrupt.exit_code if interrupt() else result.status.exit_code
    code = code if error is None else error.exit_code
    _report(result, solution_file if error is None else None, as_json, quiet, code, error)
    return code


def _report(
    result: SolveResult, solution_file: str | None, as_json: bool, quiet: bool, code: int,
    error: DiffpumpError | None,
) -> None:  # fmt: skip
    """Print the result with the closing block and the pump's statistics."""
    from diffpump.cli.report import closing_lines
    from diffpump.core.text import counted
    from diffpump.outcome.record import dumps, result_record

    lines = closing_lines(result, solution_file if result.found else None, brief=quiet)
    if not quiet:
        assert result.engine is not None
        counters, seconds = result.engine.counters, result.engine.arms["diffpump"]["seconds"]
        total = result.seconds["total"] or 1.0
        lines += [
            f"  pump        called {counted(counters['calls'], 'time')}, "
            f"ran {counted(counters['runs'], 'time')}; "
            f"SCIP accepted {counted(counters['found'], 'solution')} and refused {counters['refused']}",
            f"              {seconds:.2f} s, {seconds / total:.1%} of the time",
        ]
        if counters["errors"]:
            failures = counted(counters["errors"], "time")
            lines.append(f"  pump        failed {failures}; SCIP continued without it")
    if as_json:
        if not quiet:
            log("\n".join(lines))
        record = {**result_record(result), "solution_file": solution_file, "exit_code": code}
        emit(dumps({**record, "errors": [] if error is None else [str(error)]}))
    else:
        emit("\n".join(lines))
    if error is not None:
        failed(str(error))


def _values(assignments: tuple[str, ...], option: str, form: str = "KEY=VALUE") -> dict[str, Any]:
    """Return the values of assignments in the given form. Raises UsageError for a malformed one."""
    from diffpump.core.errors import UsageError
    from diffpump.core.spec import parse_value

    values: dict[str, Any] = {}
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not (key and equals and text):
            raise UsageError(f"{option} '{assignment}': expected {form}")
        values[key] = parse_value(text)
    return values
