"""`diffpump completion`: print the script that teaches a shell to complete diffpump's commands."""

from __future__ import annotations

import click

from diffpump.cli.streams import emit

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a shell completion script.

    To use it in bash: eval "$(diffpump completion bash)"
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None  # click supports all of SHELLS
    emit(found(context.find_root().command, {}, "diffpump", "_DIFFPUMP_COMPLETE").source())
