"""`diffpump solve`: its options."""

from __future__ import annotations

from typing import Any

import click

from diffpump.cli.options import Options
from diffpump.cli.session import Session
from diffpump.cli.streams import emit


def _presets(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from diffpump.config import PRESETS
    from diffpump.search.settings import AUTO

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


FILE = click.Path()  # checked where it is used; here for the shell's completion


@click.command()
@click.argument("model", type=FILE, required=False, metavar="MODEL")
@click.option("--preset", shell_complete=_presets, help="See `diffpump presets`.  [default: DP4]")
@click.option("--config", "config_file", type=FILE, help="A configuration as TOML, instead of a preset.")
@click.option("--dump-config", is_flag=True, help="Print the settled configuration as TOML; do not solve.")
@click.option("--backend", type=click.Choice(["highs", "scip"]), help="LP solver.  [default: highs]")
@click.option("--time-limit", type=Seconds(), help="Wall seconds, or none.  [default: 60]")
@click.option("--max-iter", type=int, help="Pump iterations.  [default: 1000]")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of restarts and samples."
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
@click.option(
    "--stop",
    type=click.Choice(["first", "time"]),
    help="With auto: at the first solution, or use the whole time limit.  [default: time]",
)
@click.option("--solution-file", type=FILE, help="Write the verified solution: .sol, .mst or .json.")
@click.option("--log-file", type=FILE, help="Write the log as plain lines.")
@click.option("--trace", type=FILE, help="Write one JSON object per iteration: .jsonl.")
@click.option("--plot", type=FILE, help="Draw the run: .png or .svg.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="No log; a two-line result.")
@click.option("-v", "--verbose", is_flag=True, help="A line for every iteration.")
@click.pass_context
def solve(context: click.Context, /, dump_config: bool, **options: Any) -> int:
    """Look for a verified feasible solution.

    MODEL is an .mps or .lp file, compressed or not; - is standard input. Every solution is verified
    exactly against the file before it is reported or written.
    """
    if dump_config:
        return _dump(Options(**options))
    if options["model"] is None:  # --dump-config needs none, so click does not ask for it
        raise click.MissingParameter(ctx=context, param_type="argument", param_hint="'MODEL'")
    return Session(Options(**options), context.obj).run()


def _dump(options: Options) -> int:
    from diffpump.config_file import dump_config
    from diffpump.result import UsageError
    from diffpump.search.settings import Settings

    if options.as_json:
        raise UsageError("--dump-config prints TOML, not --json")
    settled = options.config()
    if isinstance(settled, Settings):
        raise UsageError("--dump-config writes the pump's configurations; auto has none")
    emit(dump_config(settled).rstrip("\n"))
    return 0
