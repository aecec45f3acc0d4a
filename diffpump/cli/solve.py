"""`diffpump solve`: the command and its options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

from diffpump.cli.habits import Advised
from diffpump.cli.known import Known
from diffpump.cli.options import Options
from diffpump.cli.session import Session
from diffpump.cli.streams import emit


def _presets(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from diffpump.config.engine import AUTO
    from diffpump.config.presets import PRESETS

    return [name for name in (*PRESETS, AUTO) if name.lower().startswith(incomplete.lower())]


class Seconds(click.ParamType[float]):
    """A number of seconds, or `none` for infinity."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number, infinity for `none`; the configuration checks its range."""
        try:
            return float("inf" if value == "none" else value)
        except ValueError:
            self.fail(f"'{value}' is neither a number of seconds nor 'none'", param, ctx)


class Share(click.ParamType[float]):
    """A share, written as a number or in percent."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the share as a number, 0.05 for 5%."""
        text = str(value).strip()
        try:
            return float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
        except ValueError:
            self.fail(f"'{value}' is neither a number nor a percentage such as 5%", param, ctx)


class Goal(click.ParamType[dict[str, Any]]):
    """A stopping criterion, as the fields of `Settings` that it sets."""

    name = "goal"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        """Return the fields of `Settings`; they check the number after `gap-to-lp=` or `objective=`."""
        until, equals, number = str(value).partition("=")
        if until in ("first", "time") and not equals:
            return {"until": until}
        if until not in ("gap-to-lp", "objective"):
            self.fail(f"'{value}' is not one of first, time, gap-to-lp=NUMBER, objective=NUMBER", param, ctx)
        try:
            found = float(number)
        except ValueError:
            self.fail(f"'{value}': write it as {until}={0.01 if until == 'gap-to-lp' else 100}", param, ctx)
        return {"objective_target": found} if until == "objective" else {"until": until, "gap": found}

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the matching criteria; the number after `=` is not completed."""
        goals = ("first", "time", "gap-to-lp=", "objective=")
        return [CompletionItem(goal) for goal in goals if goal.startswith(incomplete)]


def _together(
    _context: click.Context, _option: click.Parameter, goals: tuple[dict[str, Any], ...]
) -> dict[str, Any] | None:
    """Return the fields of `Settings` for all given goals, of which the first one reached ends the run.

    The time limit always holds, and no goal is reached before the first solution.
    """
    found: dict[str, Any] = {}
    for goal in sorted(
        goals, key=lambda goal: ("time", "gap-to-lp", "first").index(goal.get("until", "time"))
    ):
        found |= goal
    return found or None


def _named(option: str, module: str, help: str, many: str | None = None) -> Callable[[Any], Any]:
    """Return the decorator for an option that names a member of a registry, `many` for a repeatable one.

    An operator is written as SPEC, name[:weight][,key=value]...; `diffpump presets` lists the names.
    """
    plural = {"loss": "ES", "multipliers": ""}.get(option, "S")
    registry = f"diffpump.{module}:{option.upper()}{plural}"
    shown = "NAME" if option == "backend" else "SPEC"
    names = [f"--{option}", *([many] if many else [])]
    return click.option(*names, type=Known(registry, shown=shown), multiple=many is not None, help=help)


FILE = click.Path()  # for the shell's completion; the command itself checks the path


@click.command(cls=Advised)
@click.argument("model", type=FILE, required=False, metavar="MODEL")
@click.option(
    "--preset",
    shell_complete=_presets,
    metavar="NAME",
    help="auto for the engine, or a preset of the pump alone (see `diffpump presets`).  [default: auto]",
)
@click.option("--config", "config_file", type=FILE, help="Read the configuration from this TOML file.")
@click.option("--dump-config", is_flag=True, help="Print the configuration as TOML and do not solve.")
@click.option(
    "--time-limit",
    type=Seconds(),
    help="The time limit in wall seconds, or none for no limit.  [default: 60]",
)
@click.option(
    "--until",
    "--stop",
    "until",
    type=Goal(),
    multiple=True,
    callback=_together,
    metavar="first|time|gap-to-lp=NUMBER|objective=NUMBER",
    help="Stop at the first solution, at the time limit, at this gap to the LP bound (0.01 is 1 %), or at a "
    "solution with this objective or a better one (repeatable: the run ends at whichever comes first).  "
    "[default: time]",
)
@click.option(
    "--solutions",
    type=int,
    metavar="N",
    help="Look for N solutions that differ; --solution-file is then a folder.  [default: 1]",
)
@click.option(
    "--min-difference",
    type=Share(),
    metavar="D",
    help="In how many integer columns any two of them differ at least; a share such as 0.1 or 10% is one of "
    "all integer columns.  [default: 1]",
)
@click.option(
    "--within",
    type=Share(),
    metavar="SHARE",
    help="Largest difference of their objectives from the best one, such as 5%.  [default: any]",
)
@click.option(
    "--start", type=FILE, help="Start from this .sol or .mst file; it may be incomplete or infeasible."
)
@click.option(
    "--history", type=click.Path(), metavar="DIR",
    help="Recall solutions of earlier models of the family from this folder, and add today's.",
)  # fmt: skip
@click.option(
    "--model", "family", type=FILE, metavar="FAMILY",
    help="Start from what this family file of `diffpump learn` predicts, with --history or without.",
)  # fmt: skip
@click.option("--threads", type=int, metavar="N", help="Number of processes that search.  [default: 1]")
@click.option(
    "--deterministic",
    is_flag=True,
    help="Measure effort by work instead of time: with --work-limit, runs repeat exactly.",
)
@click.option(
    "--work-limit", type=int, metavar="N", help="Stop after N touched matrix nonzeros, a measure of work."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all random numbers."
)
@click.option("--max-iter", type=int, metavar="N", help="Stop the pump after N iterations.  [default: 1000]")
@_named(
    "backend",
    "backends.interface",
    "LP solver of the pump (see `diffpump presets --engine`).  [default: highs]",
)
@_named("loss", "operators.losses", "A term of the loss (repeatable; replaces the preset's terms).", "losses")
@_named("rounding", "operators.roundings", "How LP points are rounded, such as gaussian,sigma=0.15.")
@_named("jacobian", "operators.jacobians", "Surrogate Jacobian of the LP's solution, such as minus_identity.")
@_named(
    "optimizer", "operators.optimizers", "How the LP's cost follows the gradient, such as gradient,eta=0.6."
)
@_named(
    "restart",
    "operators.restarts",
    "How the pump escapes a stall, or none (repeatable; replaces the preset's).",
    "restarts",
)
@_named(
    "multipliers",
    "operators.multipliers",
    "How violated rows gain weight at stalls, such as ldf,step=1,decay=0.5, or none.",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set any setting of the pump, such as repair=off or optimizer.eta=0.5 (repeatable).",
)
@click.option(
    "--paper", is_flag=True, help="Use the paper's setting: its slope on continuous columns, no repair."
)
@click.option("--solution-file", type=FILE, help="Keep the best solution in this .sol, .mst or .json file.")
@click.option("--log-file", type=FILE, help="Write the log to this file as plain lines.")
@click.option("--trace", type=FILE, help="Write a JSON object for each pump iteration to this .jsonl file.")
@click.option("--plot", type=FILE, help="Draw the run of the pump into this .png or .svg file.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print only a two-line result.")
@click.option("-v", "--verbose", is_flag=True, help="Log every iteration of the pump, or slice of an arm.")
@click.pass_context
def solve(context: click.Context, /, dump_config: bool, **options: Any) -> int:
    """Search for good verified solutions.

    MODEL is an .mps or .lp file, compressed or not; - is standard input. Every solution is verified
    exactly against the file before it is reported or written. By default the engine (preset auto)
    improves its solutions until the time limit. An option that only the pump has selects the pump alone
    (preset DP4).
    """
    if dump_config:
        return _dump(Options(**options))
    if options["model"] is None:  # optional for click, since --dump-config needs no model
        raise click.MissingParameter(ctx=context, param_type="argument", param_hint="'MODEL'")
    return Session(Options(**options), context.obj).run()


def _dump(options: Options) -> int:
    from diffpump.config.toml import dump_config
    from diffpump.core.errors import UsageError

    if options.as_json:
        raise UsageError("--dump-config prints TOML: leave out --json")
    emit(dump_config(options.config()).rstrip("\n"))
    return 0
