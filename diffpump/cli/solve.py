"""`diffpump solve`: its options."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from diffpump.cli.options import Options
from diffpump.cli.session import Session
from diffpump.cli.streams import emit


def _presets(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from diffpump.config.engine import AUTO
    from diffpump.config.pump import PRESETS

    return [name for name in (*PRESETS, AUTO) if name.lower().startswith(incomplete.lower())]


class Seconds(click.ParamType[float]):
    """A number of seconds, or `none` (infinity)."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Infinite for `none`; the configuration judges the rest."""
        try:
            return float("inf" if value == "none" else value)
        except ValueError:
            self.fail(f"'{value}' is neither a number of seconds nor 'none'", param, ctx)


class Goal(click.ParamType[dict[str, Any]]):
    """When to stop, as the fields of `Settings` that it means."""

    name = "goal"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        """`gap-to-lp` takes a number; the settings judge it."""
        until, equals, gap = str(value).partition("=")
        if until in ("first", "time") and not equals:
            return {"until": until}
        if until == "gap-to-lp":
            try:
                return {"until": until, "gap": float(gap)}
            except ValueError:
                self.fail(f"'{value}': write it as gap-to-lp=0.01", param, ctx)
        self.fail(f"'{value}' is not one of first, time, gap-to-lp=NUMBER", param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The goals; a number is the user's own."""
        goals = ("first", "time", "gap-to-lp=")
        return [CompletionItem(goal) for goal in goals if goal.startswith(incomplete)]


FILE = click.Path()  # checked where it is used; here for the shell's completion


@click.command()
@click.argument("model", type=FILE, required=False, metavar="MODEL")
@click.option(
    "--preset", shell_complete=_presets, help="auto, or a pump alone: `diffpump presets`.  [default: auto]"
)
@click.option("--config", "config_file", type=FILE, help="A configuration as TOML, instead of a preset.")
@click.option("--dump-config", is_flag=True, help="Print the settled configuration as TOML; do not solve.")
@click.option("--time-limit", type=Seconds(), help="Wall seconds, or none.  [default: 60]")
@click.option(
    "--stop",
    type=Goal(),
    metavar="first|time|gap-to-lp=NUMBER",
    help="At the first solution, at the time limit, or so near to the LP bound.  [default: time]",
)
@click.option(
    "--start", type=FILE, help="Begin with this point: .sol or .mst, complete or not, feasible or not."
)
@click.option("--threads", type=int, metavar="N", help="Processes that search.  [default: 1]")
@click.option(
    "--deterministic", is_flag=True, help="Slices count work, not seconds; with --work-limit runs repeat."
)
@click.option("--work-limit", type=int, metavar="N", help="End after so many touched nonzeros.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of everything that is drawn."
)
@click.option("--max-iter", type=int, help="Pump iterations.  [default: 1000]")
@click.option(
    "--backend", type=click.Choice(["highs", "scip"]), help="The pump's LP solver.  [default: highs]"
)
@click.option(
    "--loss",
    "losses",
    multiple=True,
    metavar="SPEC",
    help="Loss term name[:weight][,key=value]... (repeatable; replaces the preset's).",
)
@click.option("--rounding", metavar="SPEC", help="Rounding and its slope, such as gaussian,sigma=0.15.")
@click.option("--jacobian", metavar="SPEC", help="Jacobian of the LP's argmin.")
@click.option("--optimizer", metavar="SPEC", help="Gradient step, such as gradient,eta=0.6.")
@click.option(
    "--restart",
    "restarts",
    multiple=True,
    metavar="SPEC",
    help="Restart policy (repeatable; replaces the preset's), or none.",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    help="Any setting, such as repair=off or optimizer.eta=0.5 (repeatable).",
)
@click.option(
    "--paper", is_flag=True, help="The authors' exact setting: their slope on continuous columns, no repair."
)
@click.option("--solution-file", type=FILE, help="Keep the best verified solution here: .sol, .mst or .json.")
@click.option("--log-file", type=FILE, help="Write the log as plain lines.")
@click.option("--trace", type=FILE, help="Write one JSON object per pump iteration: .jsonl.")
@click.option("--plot", type=FILE, help="Draw the pump's run: .png or .svg.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="No log; a two-line result.")
@click.option("-v", "--verbose", is_flag=True, help="A line for every pump iteration, or slice of an arm.")
@click.pass_context
def solve(context: click.Context, /, dump_config: bool, **options: Any) -> int:
    """Look for good verified solutions.

    MODEL is an .mps or .lp file, compressed or not; - is standard input. Every solution is verified
    exactly against the file before it is reported or written. By default the engine (auto) improves on
    its solutions until the time is up; options that only the pump has mean the pump alone (DP4).
    """
    if dump_config:
        return _dump(Options(**options))
    if options["model"] is None:  # --dump-config needs none, so click does not ask for it
        raise click.MissingParameter(ctx=context, param_type="argument", param_hint="'MODEL'")
    return Session(Options(**options), context.obj).run()


def _dump(options: Options) -> int:
    from diffpump.config.toml import dump_config
    from diffpump.core.errors import UsageError

    if options.as_json:
        raise UsageError("--dump-config prints TOML, not --json")
    emit(dump_config(options.config()).rstrip("\n"))
    return 0
