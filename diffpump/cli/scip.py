"""`diffpump scip`: SCIP with the pump as one of its heuristics."""

from __future__ import annotations

import math
import os
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.interrupt import Interrupt
from diffpump.cli.solve import FILE, Seconds
from diffpump.cli.streams import emit, failed, log

if TYPE_CHECKING:
    from diffpump.cli.progress import Display
    from diffpump.core.arrays import Vector
    from diffpump.core.errors import DiffpumpError
    from diffpump.outcome.result import Incumbent, SolveResult


@click.command()
@click.argument("model", type=FILE, metavar="MODEL")
@click.option("--preset", default="engine", show_default=True, help="The pump's preset, or a TOML file.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE",
    help="A setting of the heuristic or its pump, such as maxlpiterquot=0.2 (repeatable).",
)  # fmt: skip
@click.option(
    "--param", "parameters", multiple=True, metavar="NAME=VALUE",
    help="A parameter of SCIP, such as heuristics/diffpump/freq=5 (repeatable).",
)  # fmt: skip
@click.option("--time-limit", type=Seconds(), default=60.0, show_default=True, help="Wall seconds, or none.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of SCIP and the pump."
)
@click.option("--solution-file", type=FILE, help="Keep the best verified solution here: .sol, .mst or .json.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="No log; a two-line result.")
@click.pass_obj
def scip(
    interrupt: Interrupt, model: str, preset: str, settings: tuple[str, ...], parameters: tuple[str, ...],
    time_limit: float, seed: int, solution_file: str | None, as_json: bool, quiet: bool,
) -> int:  # fmt: skip
    """Solve with SCIP, the feasibility pump among its heuristics.

    Every improving solution is proven exactly against the file, and comes with the name of the heuristic that
    found it.
    """
    from diffpump.core.errors import UsageError

    if find_spec("pyscipopt") is None:
        raise UsageError("this command needs PySCIPOpt: pip install 'diffpump[scip]'")
    from diffpump.cli.incumbents import Lines, Search
    from diffpump.cli.keeper import Keeper
    from diffpump.cli.report import model_line
    from diffpump.core.limits import Clock
    from diffpump.io.read import read
    from diffpump.io.solution import check_target
    from diffpump.outcome.verifier import Verifier
    from diffpump.scip import settled
    from diffpump.scip.run import run

    began = time.monotonic()
    config, own = settled(preset, _values(settings, "--set"))
    of_scip = _values(parameters, "--param", "NAME=VALUE")
    if solution_file is not None:
        check_target(solution_file)
        if os.path.realpath(solution_file) == os.path.realpath(model):
            raise UsageError(f"{solution_file}: would overwrite the model")
    problem = read(model)
    read_seconds = time.monotonic() - began
    if not quiet:
        log(model_line(problem))
    verifier = Verifier(problem)
    keeper = None if solution_file is None else Keeper(solution_file, problem, verifier.prove)
    search = Search(lambda: time.monotonic() - began)
    displays: list[Display] = [search] if quiet else [search, Lines(log, search)]

    def observe(found: Incumbent, x: Vector) -> None:
        if keeper is not None:
            keeper.put(x, found.objective)
        for display in displays:
            display.incumbent(found)

    def stop() -> bool:
        for display in displays:
            display.beat()
        return interrupt()

    interrupt.deferred = True
    try:
        result = run(
            problem, config, own, seed, Clock(None if math.isinf(time_limit) else began + time_limit, stop),
            of_scip, observe=observe, started=began, read_seconds=read_seconds, verifier=verifier,
        )  # fmt: skip
    finally:
        error = None if keeper is None else keeper.close()
    code = interrupt.exit_code if interrupt() else result.status.exit_code
    code = code if error is None else error.exit_code
    _report(result, solution_file if error is None else None, as_json, quiet, code, error)
    return code


def _report(
    result: SolveResult, solution_file: str | None, as_json: bool, quiet: bool, code: int,
    error: DiffpumpError | None,
) -> None:  # fmt: skip
    """The closing block, and what the pump did in it."""
    from diffpump.cli.incumbents import counted
    from diffpump.cli.report import closing_lines
    from diffpump.outcome.record import dumps, result_record

    lines = closing_lines(result, solution_file if result.found else None, brief=quiet)
    if not quiet:
        done, seconds = result.counters, result.arms["diffpump"]["seconds"]
        total = result.seconds["total"] or 1.0
        lines += [
            f"  pump        called {counted(done['calls'], 'time')}, ran {counted(done['runs'], 'time')}; "
            f"SCIP took {counted(done['found'], 'solution')} of it, refused {done['refused']}",
            f"              {seconds:.2f} s, {seconds / total:.1%} of the time",
        ]
        if done["errors"]:
            lines.append(f"  pump        failed {counted(done['errors'], 'time')}; SCIP went on without it")
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
    """What texts of that form say."""
    from diffpump.core.errors import UsageError
    from diffpump.core.spec import parse_value

    values: dict[str, Any] = {}
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not (key and equals and text):
            raise UsageError(f"{option} '{assignment}': expected {form}")
        values[key] = parse_value(text)
    return values
