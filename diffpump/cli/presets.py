"""`diffpump presets`: the presets, and every operator that a configuration can name."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.streams import emit

if TYPE_CHECKING:
    from diffpump.core.spec import Registry


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def presets(as_json: bool) -> None:
    """List presets and operators.

    Each preset as the options it stands for; each loss, rounding, Jacobian, optimizer and restart with its
    parameters.
    """
    from diffpump.config.engine import AUTO
    from diffpump.config.pump import ABOUT, PRESETS, REGISTRIES
    from diffpump.outcome.record import dumps

    operators = {
        part if part.endswith("s") else f"{part}s": _operators(registry)
        for part, registry in REGISTRIES.items()
    }
    if as_json:
        configs = {
            name: {"about": ABOUT[name], "digest": c.digest, "config": c.as_dict()}
            for name, c in PRESETS.items()
        }
        emit(dumps({"presets": configs, **operators}))
        return
    lines = [f"{click.style(AUTO, bold=True)}  the engine, and the default: many arms under one clock"]
    for name, config in PRESETS.items():
        lines += [f"{click.style(name, bold=True)}  {ABOUT[name]}", f"     {options_text(config.as_dict())}"]
    for title, known in operators.items():
        lines += ["", click.style(title, bold=True)]
        width = max(map(len, known))
        lines += [f"  {name:<{width}}  {_parameters(values)}".rstrip() for name, values in known.items()]
    lines += [
        "",
        "Written as name[:weight][,parameter=value]..., for example --loss integrality:10,order=2",
    ]
    emit("\n".join(lines))


def options_text(config: dict[str, Any]) -> str:
    """A configuration's operators as the options that give them."""
    parts = [f"--loss {text}" for text in config["losses"]]
    parts += [f"--{name} {config[name]}" for name in ("rounding", "jacobian", "optimizer")]
    return " ".join([*parts, *(f"--restart {text}" for text in config["restarts"] or ["none"])])


def _operators(registry: Registry[Any]) -> dict[str, dict[str, Any]]:
    """Name to parameters with their defaults; None where there is none and a value must be given."""
    return {
        name: {
            key: None if default is inspect.Parameter.empty else default
            for key, default in registry.parameters(name).items()
        }
        for name in registry
    }


def _parameters(values: dict[str, Any]) -> str:
    from diffpump.core.spec import format_value

    return ", ".join(f"{key}={'...' if v is None else format_value(v)}" for key, v in values.items())
