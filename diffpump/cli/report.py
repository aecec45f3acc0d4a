"""The texts that a run prints: the lines on configuration, model and start, and the closing block."""

from __future__ import annotations

import shlex

import click
import numpy as np

from diffpump.cli.options import Options
from diffpump.cli.presets import options_text
from diffpump.config.engine import Settings
from diffpump.config.presets import PRESETS
from diffpump.config.pump import Config
from diffpump.core.problem import Problem
from diffpump.core.spec import format_value
from diffpump.core.status import Status
from diffpump.core.text import counted, escaped
from diffpump.core.version import __version__
from diffpump.io.start import Start, violated
from diffpump.learn.history import Recalled
from diffpump.outcome.record import restart_ratio
from diffpump.outcome.result import EngineStatistics, PumpStatistics, SolveResult
from diffpump.search.earlier import Earlier

SHOWN_DIFFERENCES = 10  # columns of the table of differences
MIN_SHOWN_SHARE = 0.05  # share of the arms' time below which an arm without a solution is only counted
_COLOURS = {Status.FEASIBLE: "green", Status.UNPROVEN: "red"}


def configuration_line(config: Config | Settings, options: Options) -> str:
    """Return a line with the version, preset and digest, and the options that repeat this run."""
    limit = "none" if config.time_limit is None else format_value(config.time_limit)
    implied = f" (implied by {options.implies_pump})" if options.implies_pump else ""
    head = f"diffpump {__version__}, preset {config.preset}{implied}, config {config.digest}:"
    common = f"--seed {options.seed} --time-limit {limit}"
    if isinstance(config, Settings):
        return f"{head} {_engine_options(config, options)} {common}"
    values = config.as_dict()
    settings = " ".join(
        f"--set {key}={values[key]}" for key in ("integers", "repair", "lp_start", "lp_algorithm")
    )
    # The label of a configuration from a file is no preset; the other options define it completely.
    preset = f"--preset {config.preset} " if config.preset in PRESETS else ""
    return (
        f"{head} {preset}{common} --backend {config.backend} --max-iter {config.max_iter} "
        f"{options_text(values)} {settings}"
    )


def _engine_options(config: Settings, options: Options) -> str:
    """Return the options that only the engine has; the schedule of arms can only be given by a file."""
    parts = [
        "--preset auto" if options.config_file is None else f"--config {shlex.quote(options.config_file)}"
    ]
    gap = f"={format_value(config.gap)}" if config.until == "gap-to-lp" else ""
    parts.append(f"--until {config.until}{gap}")
    if config.objective_target is not None:
        parts.append(f"--until objective={format_value(config.objective_target)}")
    if config.solutions > 1:
        parts.append(f"--solutions {config.solutions} --min-difference {format_value(config.min_difference)}")
        parts += [] if config.within is None else [f"--within {format_value(config.within)}"]
    parts.append(f"--threads {config.threads}")
    if config.deterministic:
        parts.append("--deterministic")
    if config.work_limit is not None:
        parts.append(f"--work-limit {config.work_limit}")
    given = {"--start": options.start, "--history": options.history, "--model": options.family}
    parts += [f"{name} {shlex.quote(value)}" for name, value in given.items() if value is not None]
    return " ".join(parts)


def cores_line(config: Config | Settings, cores: int) -> str | None:
    """Return a line that warns of more processes than usable cores, or None."""
    threads = config.threads if isinstance(config, Settings) else 1
    if threads <= cores:
        return None
    return (
        f"--threads {threads}: this machine lets diffpump use {counted(cores, 'core')}; the processes beyond "
        "that start one by one and share what the others leave"
    )


def model_line(problem: Problem) -> str:
    """Return a line with the name and the sizes of a model."""
    binaries, general = int(problem.binary.sum()), int(problem.general.sum())
    return (
        f"{escaped(problem.name) or 'unnamed'}: {problem.m} rows, {problem.n} columns "
        f"({binaries} binary, {general} general integer, {problem.n - binaries - general} continuous), "
        f"{problem.nnz} nonzeros"
    )


def history_lines(problem: Problem, found: Recalled) -> list[str]:
    """Return a line on each recalled solution: its model, how near it is, and the rows in its way."""
    if not found.points:
        return ["history: no earlier model yet"]
    recalled = zip(found.names, found.distances, found.points, strict=True)
    return [
        f"history: {escaped(name) or 'unnamed'}, distance {distance:.3g}; "
        + start_line(problem, Start(x)).removeprefix("start: ")
        for name, distance, x in recalled
    ]


def family_line(problem: Problem, earlier: Earlier) -> str:
    """Return a line on a prediction: how many columns are certain, and the rows in its way."""
    from diffpump.search.arms.recall import CERTAIN

    assert earlier.predicted is not None and earlier.confidence is not None
    certain = int((np.abs(np.nan_to_num(earlier.confidence)) >= CERTAIN).sum())
    given = start_line(problem, Start(earlier.predicted)).removeprefix("start: ")
    return f"model: {counted(certain, 'column')} of {problem.n} predicted with certainty; {given}"


def start_line(problem: Problem, start: Start) -> str:
    """Return a line on how many columns a start gives and how it violates the model."""
    x, n = start.x, problem.n
    given = ~np.isnan(x)
    parts = [f"all {n} columns given" if given.all() else f"{int(given.sum())} of {n} columns given"]
    if start.zeros:
        parts = [f"{n - start.zeros} of {n} columns named, the others are 0 (such files omit zeros)"]
    found = violated(problem, x)
    if found.worst is None:
        parts.append("no row violated")
    else:
        worst = f"worst: {escaped(found.worst)}, by {found.amount:.3g}"
        parts.append(f"{counted(found.rows, 'row')} violated ({worst})")
    values, whole = x[given], x[given & problem.integer]
    outside = int(((values < problem.lb[given]) | (values > problem.ub[given])).sum())
    fractional = int((whole != np.rint(whole)).sum())
    counts = {"out of bounds": outside, "fractional": fractional}
    parts += [f"{count} {what}" for what, count in counts.items() if count]
    return f"start: {'; '.join(parts)}"


def closing_title(result: SolveResult) -> str:
    """Return the result in a few words, the title of a picture."""
    outcome = result.status.name.lower().replace("_", " ")
    name = escaped(result.problem.name) or "unnamed"
    at = "" if result.pump is None else f" at iteration {result.pump.iterations}"
    return f"{name}, {result.config['preset']}, seed {result.seed}: {outcome}{at}"


def closing_lines(result: SolveResult, solution_file: str | None, brief: bool) -> list[str]:
    """Return the closing block of a run.

    solution_file  the file that holds the solution, or None
    brief          whether only the status and the objective are wanted
    """
    colour = _COLOURS.get(result.status, "yellow")
    label = result.status.name.lower().replace("_", " ")
    lines = [f"{click.style(label, fg=colour, bold=True)}: {result.status.value}"]
    if result.objective is not None:
        sense = "maximise" if result.problem.maximise else "minimise"
        lines.append(f"  objective   {result.objective:.15g} ({sense})")
    if brief:
        return lines
    if result.certificate is not None:
        lines.append(f"  reason      {result.certificate.sentence()}, verified against the original model")
    if result.status in (Status.INFEASIBLE, Status.REPORTED_INFEASIBLE):
        lines.append(
            "  what to do  `diffpump relax` shows which rows and bounds would have to change, and by how much"
        )
    if result.bound is not None:
        gap = "" if result.gap_to_lp is None else f" (gap {result.gap_to_lp:.2%})"
        lines.append(f"  LP bound    {result.bound:.12g}{gap}")
    if result.violation is not None:
        v = result.violation
        badge = (
            f", {click.style('exactly feasible', fg='green', bold=True)}" if result.exactly_feasible else ""
        )
        amounts = f"rows {v.rows:.3g}, bounds {v.bounds:.3g}, integrality {v.integrality:.3g}"
        lines.append(f"  verified    against the {result.proof}: violations {amounts}{badge}")
    timed = [f"{key} {result.seconds[key]:.2f}" for key in ("read", "check")]
    if result.engine is not None:
        lines += _engine_lines(result, result.engine)
        lines += _several_lines(result)
    if result.pump is not None:
        lines += _pump_lines(result.pump)
        timed.insert(1, f"lp {result.pump.lp_seconds:.2f}")
    lines.append(f"  time        {result.seconds['total']:.2f} s ({', '.join(timed)})")
    if solution_file is not None:
        lines.append(f"  solution    {escaped(solution_file)}")
    elif result.found:
        name = shlex.quote(f"{escaped(result.problem.name) or 'solution'}.sol")
        lines.append(f"  solution    not written; add --solution-file {name}")
    return lines


def _engine_lines(result: SolveResult, engine: EngineStatistics) -> list[str]:
    """Return the lines on the solutions over time and on the arms, those with the most time first."""
    lines = []
    if result.incumbents:
        first, last = result.incumbents[0], result.incumbents[-1]
        count = f"{len(result.incumbents)}, the first at {first.seconds:.2f} s by {first.arm}"
        later = f", the last at {last.seconds:.2f} s by {last.arm}" if last is not first else ""
        lines.append(f"  solutions   {count}{later}")
    if result.complete is not None and result.found:
        lines.append(f"  search      complete: {result.complete.sentence(result.found)}")
    lines += [f"  notice      {notice}" for notice in result.notices]
    processes, threads = engine.counters.get("processes", 1), result.config.get("threads", 1)
    if processes < threads:
        lines.append(
            f"  processes   {processes} of {threads} ran (time or memory was too short for the others)"
        )
    if engine.counters.get("lost"):
        lines.append(f"  lost        {engine.counters['lost']} processes or arms (out of memory, or a crash)")
    by_time = sorted(engine.arms.items(), key=lambda item: -item[1]["seconds"])
    min_seconds = MIN_SHOWN_SHARE * sum(arm["seconds"] for arm in engine.arms.values())
    shown = [(name, arm) for name, arm in by_time if arm["incumbents"] or arm["seconds"] >= min_seconds]
    texts = [
        f"{name}: {arm['seconds']:.1f} s, {counted(arm['incumbents'], 'solution')}" for name, arm in shown
    ]
    if others := len(by_time) - len(shown):
        texts.append(f"and {others} more without a solution, each below {MIN_SHOWN_SHARE:.0%} of the time")
    return lines + [f"  {'arms' if k == 0 else '':<10}  {text}" for k, text in enumerate(texts)]


def _several_lines(result: SolveResult) -> list[str]:
    """Return the table of the solutions, if several were wanted, with their differences from those above."""
    wanted = result.config.get("solutions", 1)
    if wanted == 1 or not result.found:
        return []
    integers, best = int(result.problem.integer.sum()), result.solutions[0].found.objective
    lines = [
        f"  different   {len(result.solutions)} of {wanted} solutions; in how many of the {integers} integer "
        "columns each differs from those before it:"
    ]
    for k, (one, row) in enumerate(zip(result.solutions, result.differences, strict=True), 1):
        worse = f"{abs(one.found.objective - best) / abs(best):.2%}" if best else ""
        counts = " ".join(f"{count:>5}" for count in row[: min(k - 1, SHOWN_DIFFERENCES)])
        found = f"{one.found.seconds:>7.2f} s  {one.found.arm:<10}"
        lines.append(f"  {k:>10}  {one.found.objective:<18.12g} {worse:>8} {found} {counts}".rstrip())
    return lines


def _pump_lines(pump: PumpStatistics) -> list[str]:
    """Return the lines on iterations, restarts and LPs."""
    flips, perturbations = pump.restarts["flip"], pump.restarts["perturbation"]
    restarts = f"{flips} flips, {perturbations} perturbations, restart ratio {restart_ratio(pump):.3g}"
    return [
        f"  iterations  {pump.iterations} ({restarts})",
        f"  LP          {pump.lp_solves} solves, {pump.lp_iterations} simplex iterations",
    ]
