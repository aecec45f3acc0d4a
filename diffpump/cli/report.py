"""The words around a run: its configuration line, the model line, and the closing block."""

from __future__ import annotations

import shlex

import click

from diffpump import __version__
from diffpump.cli.presets import options_text
from diffpump.config import PRESETS, Config
from diffpump.problem import Problem
from diffpump.record import restart_ratio
from diffpump.result import Status
from diffpump.search.settings import Settings
from diffpump.solved import SolveResult
from diffpump.spec import format_value

_COLOURS = {Status.FEASIBLE: "green", Status.UNPROVEN: "red"}


def configuration_line(config: Config | Settings, seed: int) -> str:
    """Version, preset and digest, and the options that make this run again."""
    limit = "none" if config.time_limit is None else format_value(config.time_limit)
    if isinstance(config, Settings):
        return (
            f"diffpump {__version__}, preset {config.preset}, config {config.digest}: "
            f"--preset {config.preset} --seed {seed} --time-limit {limit} --stop {config.until}"
        )
    values = config.as_dict()
    settings = " ".join(
        f"--set {key}={values[key]}" for key in ("integers", "repair", "lp_start", "lp_algorithm")
    )
    # A file's configuration has a label of its own; the other options say everything.
    preset = f"--preset {config.preset} " if config.preset in PRESETS else ""
    return (
        f"diffpump {__version__}, preset {config.preset}, config {config.digest}: {preset}"
        f"--seed {seed} --backend {config.backend} --time-limit {limit} --max-iter {config.max_iter} "
        f"{options_text(values)} {settings}"
    )


def model_line(problem: Problem) -> str:
    """Name and sizes."""
    binaries, general = int(problem.binary.sum()), int(problem.general.sum())
    return (
        f"{problem.name or 'unnamed'}: {problem.m} rows, {problem.n} columns "
        f"({binaries} binary, {general} general integer, {problem.n - binaries - general} continuous), "
        f"{problem.nnz} nonzeros"
    )


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
    if result.violation is not None:
        v = result.violation
        badge = click.style(" exactly feasible", fg="green", bold=True) if result.exactly_feasible else ""
        amounts = f"rows {v.rows:.3g}, bounds {v.bounds:.3g}, integrality {v.integrality:.3g}"
        lines.append(f"  verified    against the {result.proof}: violations {amounts}{badge}")
    if result.arms:
        lines += _arms(result)
    else:
        lines += _iterations(result)
    parts = ", ".join(f"{key} {result.seconds[key]:.2f}" for key in ("read", "lp", "check"))
    lines.append(f"  time        {result.seconds['total']:.2f} s ({parts})")
    if solution_file is not None:
        lines.append(f"  solution    {solution_file}")
    elif result.found:
        name = shlex.quote(f"{result.problem.name or 'solution'}.sol")
        lines.append(f"  solution    not written; add --solution-file {name}")
    return lines


def _arms(result: SolveResult) -> list[str]:
    """Who worked for how long and found how many solutions, the busiest first."""
    busiest = sorted(result.arms.items(), key=lambda item: -item[1]["seconds"])
    return [
        f"  {'arms' if k == 0 else '':<10}  {name}: {arm['seconds']:.1f} s, {arm['incumbents']} solutions"
        for k, (name, arm) in enumerate(busiest)
    ]


def _iterations(result: SolveResult) -> list[str]:
    flips, perturbations = result.restarts["flip"], result.restarts["perturbation"]
    restarts = f"{flips} flips, {perturbations} perturbations, restart ratio {restart_ratio(result):.3g}"
    return [
        f"  iterations  {result.iterations} ({restarts})",
        f"  LP          {result.lp_solves} solves, {result.lp_iterations} simplex iterations",
    ]
