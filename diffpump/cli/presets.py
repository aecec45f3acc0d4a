"""`diffpump presets`: list the presets and the registered names that a configuration can use."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.streams import emit

if TYPE_CHECKING:
    from diffpump.core.registry import Registry


@click.command()
@click.option("--engine", is_flag=True, help="List the engine's arms and the LP backends instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def presets(engine: bool, as_json: bool) -> None:
    """List presets and operators, or (--engine) arms and backends.

    Each preset is shown as the options that it stands for. Losses, roundings, Jacobians, optimizers,
    restarts and multipliers are listed with a line of help and their parameters.
    """
    from diffpump.config.engine import AUTO
    from diffpump.config.presets import PRESET_HELP, PRESETS
    from diffpump.outcome.record import dumps

    registries = _engine() if engine else _operators()
    members = {title: _parameters_of(registry) for title, registry in registries.items()}
    if as_json and engine:
        emit(dumps(members))
    elif engine:
        emit("\n".join(_sections(registries)).lstrip())
    elif as_json:
        configs = {
            name: {"about": PRESET_HELP[name], "digest": config.digest, "config": config.as_dict()}
            for name, config in PRESETS.items()
        }
        emit(dumps({"presets": configs, **members}))
    else:
        lines = [f"{click.style(AUTO, bold=True)}  the engine (the default): a portfolio of arms"]
        for name, config in PRESETS.items():
            lines += [f"{click.style(name, bold=True)}  {PRESET_HELP[name]}"]
            integers = "" if config.integers == "box" else f" --set integers={config.integers}"
            lines += [f"     {options_text(config.as_dict())}{integers}"]
        lines += [*_sections(registries), ""]
        lines.append("Write an operator as name[:weight][,parameter=value]...: --loss integrality:10,order=2")
        emit("\n".join(lines))


def options_text(config: dict[str, Any]) -> str:
    """Return the operators of a configuration, and its switches that are on, as command-line options."""
    from diffpump.config.pump import SWITCHES_OFF
    from diffpump.core.spec import format_value

    parts = [f"--loss {text}" for text in config["losses"]]
    parts += [f"--{name} {config[name]}" for name in ("rounding", "jacobian", "optimizer")]
    parts += [f"--restart {text}" for text in config["restarts"] or ["none"]]
    on = {key: config[key] for key, off in SWITCHES_OFF.items() if config[key] != off}
    if "multipliers" in on:
        parts.append(f"--multipliers {on.pop('multipliers')}")
    return " ".join([*parts, *(f"--set {key}={format_value(value)}" for key, value in on.items())])


def _operators() -> dict[str, Registry[Any]]:
    """Return the registries of the pump's operators by title."""
    from diffpump.config.pump import REGISTRIES

    return {part if part.endswith("s") else f"{part}s": registry for part, registry in REGISTRIES.items()}


def _engine() -> dict[str, Registry[Any]]:
    """Return the registries of arms and LP backends by title; importing them takes longer."""
    from diffpump.backends.interface import BACKENDS
    from diffpump.config.schedule import ARMS

    return {"arms": ARMS, "backends": BACKENDS}


def _sections(registries: dict[str, Registry[Any]]) -> list[str]:
    """Return the lines of all registries, each under its title."""
    lines = []
    for title, registry in registries.items():
        lines += ["", click.style(title, bold=True), *_listed(registry)]
    return lines


def _parameters_of(registry: Registry[Any]) -> dict[str, dict[str, Any]]:
    """Return the parameters and defaults of each member; None marks a parameter that must be given."""
    return {
        name: {
            key: None if default is inspect.Parameter.empty else default
            for key, default in registry.parameters(name).items()
        }
        for name in registry
    }


def _listed(registry: Registry[Any]) -> list[str]:
    """Return a line with the help of each member, and another with its parameters if it has any."""
    from diffpump.core.spec import format_value

    width, lines = max(map(len, registry)), []
    for name, parameters in _parameters_of(registry).items():
        lines.append(f"  {name:<{width}}  {registry.entry(name).help}")
        if parameters:
            values = (
                f"{key}={'...' if value is None else format_value(value)}"
                for key, value in parameters.items()
            )
            lines.append(f"  {'':<{width}}  {', '.join(values)}")
    return lines
