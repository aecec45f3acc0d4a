"""The words around a run: its configuration line, those about model and start, and the closing block."""

from __future__ import annotations

import shlex

import click
import numpy as np

from diffpump.cli.incumbents import counted
from diffpump.cli.options import Options
from diffpump.cli.presets import options_text
from diffpump.config.engine import Settings
from diffpump.config.pump import PRESETS, Config
from diffpump.core.problem import Problem
from diffpump.core.spec import format_value
from diffpump.core.status import Status
from diffpump.core.version import __version__
from diffpump.io.start import Start, violated
from diffpump.outcome.record import restart_ratio
from diffpump.outcome.result import SolveResult

SMALL = 0.05  # an arm that found nothing and took a smaller share of the time is only counted
_COLOURS = {Status.FEASIBLE: "green", Status.UNPROVEN: "red"}


def configuration_line(config: Config | Settings, options: Options) -> str:
    """Version, preset and digest, and the options that make this run again."""
    limit = "none" if config.time_limit is None else format_value(config.time_limit)
    why = f" ({options.implies_pump} is the pump's)" if options.implies_pump else ""
    head = f"diffpump {__version__}, preset {config.preset}{why}, config {config.digest}:"
    common = f"--seed {options.seed} --time-limit {limit}"
    if isinstance(config, Settings):
        return f"{head} {_engine_options(config, options)} {common}"
    values = config.as_dict()
    settings = " ".join(
        f"--set {key}={values[key]}" for key in ("integers", "repair", "lp_start", "lp_algorithm")
    )
    # A file's configuration has a label of its own; the other options say everything.
    preset = f"--preset {config.preset} " if config.preset in PRESETS else ""
    return (
        f"{head} {preset}{common} --backend {config.backend} --max-iter {config.max_iter} "
        f"{options_text(values)} {settings}"
    )


def _engine_options(config: Settings, options: Options) -> str:
    """The options but those that the pump has, too; what a file says about arms only the file can say."""
    parts = [
        "--preset auto" if options.config_file is None else f"--config {shlex.quote(options.config_file)}"
    ]
    gap = f"={format_value(config.gap)}" if config.until == "gap-to-lp" else ""
    parts += [f"--stop {config.until}{gap}", f"--threads {config.threads}"]
    if config.deterministic:
        parts.append("--deterministic")
    if config.work_limit is not None:
        parts.append(f"--work-limit {config.work_limit}")
    if options.start is not None:
        parts.append(f"--start {shlex.quote(options.start)}")
    return " ".join(parts)


def model_line(problem: Problem) -> str:
    """Name and sizes."""
    binaries, general = int(problem.binary.sum()), int(problem.general.sum())
    return (
        f"{problem.name or 'unnamed'}: {problem.m} rows, {problem.n} columns "
        f"({binaries} binary, {general} general integer, {problem.n - binaries - general} continuous), "
        f"{problem.nnz} nonzeros"
    )


def start_line(problem: Problem, start: Start) -> str:
    """How much of a start was given, and what is wrong with it."""
    x, n = start.x, problem.n
    given = ~np.isnan(x)
    parts = [f"all {n} columns given" if given.all() else f"{int(given.sum())} of {n} columns given"]
    if start.zeros:
        parts = [f"{n - start.zeros} of {n} columns named, the others are 0 in such a file"]
    found = violated(problem, x)
    worst = f"{counted(found.rows, 'row')} violated, {found.worst} the most, by {found.amount:.3g}"
    parts.append(worst if found.rows else "no row violated")
    values, whole = x[given], x[given & problem.integer]
    outside = int(((values < problem.lb[given]) | (values > problem.ub[given])).sum())
    fractional = int((whole != np.rint(whole)).sum())
    counts = {"out of bounds": outside, "fractional": fractional}
    parts += [f"{count} {what}" for what, count in counts.items() if count]
    return f"start: {'; '.join(parts)}"


def closing_title(result: SolveResult) -> str:
    """The result in a few words, for a picture."""
    outcome = result.status.name.lower().replace("_", " ")
    name = result.problem.name or "unnamed"
    return (
        f"{name}, {result.config['preset']}, seed {result.seed}: {outcome} at iteration {result.iterations}"
    )


def closing_lines(result: SolveResult, solution_file: str | None, brief: bool) -> list[str]:
    """The result in a few lines; `solution_file` is where it was written, if it was."""
    colour = _COLOURS.get(result.status, "yellow")
    label = result.status.name.lower().replace("_", " ")
    lines = [f"{click.style(label, fg=colour, bold=True)}: {result.status.value}"]
    if result.objective is not None:
        sense = "maximise" if result.problem.maximise else "minimise"
        lines.append(f"  objective   {result.objective:.15g} ({sense})")
    if brief:
        return lines
    if result.bound is not None:
        gap = "" if result.gap_to_lp is None else f" (gap to it {result.gap_to_lp:.2%})"
        lines.append(f"  LP bound    {result.bound:.12g}{gap}")
    if result.violation is not None:
        v = result.violation
        badge = click.style(" exactly feasible", fg="green", bold=True) if result.exactly_feasible else ""
        amounts = f"rows {v.rows:.3g}, bounds {v.bounds:.3g}, integrality {v.integrality:.3g}"
        lines.append(f"  verified    against the {result.proof}: violations {amounts}{badge}")
    if result.arms:
        lines += _arms(result)
    else:
        lines += _iterations(result)
    timed = ("read", "check") if result.arms else ("read", "lp", "check")
    parts = ", ".join(f"{key} {result.seconds[key]:.2f}" for key in timed)
    lines.append(f"  time        {result.seconds['total']:.2f} s ({parts})")
    if solution_file is not None:
        lines.append(f"  solution    {solution_file}")
    elif result.found:
        name = shlex.quote(f"{result.problem.name or 'solution'}.sol")
        lines.append(f"  solution    not written; add --solution-file {name}")
    return lines


def _arms(result: SolveResult) -> list[str]:
    """The solutions over time, and who worked for how long, the busiest first."""
    lines = []
    if result.incumbents:
        first, last = result.incumbents[0], result.incumbents[-1]
        count = f"{len(result.incumbents)}, the first at {first.seconds:.2f} s by {first.arm}"
        later = f", the last at {last.seconds:.2f} s by {last.arm}" if last is not first else ""
        lines.append(f"  solutions   {count}{later}")
    if result.complete:
        what = "nothing is better" if result.found else "there is no solution"
        lines.append(f"  search      complete: {what}, by the word of branch and cut (not proven here)")
    if result.counters.get("lost"):
        lines.append(f"  processes   {result.counters['lost']} died (out of memory, or a crash in HiGHS)")
    busiest = sorted(result.arms.items(), key=lambda item: -item[1]["seconds"])
    least = SMALL * sum(arm["seconds"] for arm in result.arms.values())
    told = [(name, arm) for name, arm in busiest if arm["incumbents"] or arm["seconds"] >= least]
    texts = [
        f"{name}: {arm['seconds']:.1f} s, {counted(arm['incumbents'], 'solution')}" for name, arm in told
    ]
    if others := len(busiest) - len(told):
        texts.append(f"and {others} more that took less than {SMALL:.0%} each")
    return lines + [f"  {'arms' if k == 0 else '':<10}  {text}" for k, text in enumerate(texts)]


def _iterations(result: SolveResult) -> list[str]:
    flips, perturbations = result.restarts["flip"], result.restarts["perturbation"]
    restarts = f"{flips} flips, {perturbations} perturbations, restart ratio {restart_ratio(result):.3g}"
    return [
        f"  iterations  {result.iterations} ({restarts})",
        f"  LP          {result.lp_solves} solves, {result.lp_iterations} simplex iterations",
    ]
