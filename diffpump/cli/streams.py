"""Standard output and error: results go to the one, everything else to the other.

A reader of standard output that has gone away (`| head`) ends the process quietly with 141, as SIGPIPE
would; one of standard error that has gone away only silences the log.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

import click

CLOSED_PIPE = 141


def emit(text: str) -> None:
    """A line or more on standard output, colours only on a terminal."""
    try:
        click.echo(text, color=None if colour(sys.stdout) else False)
    except BrokenPipeError:
        raise click.exceptions.Exit(CLOSED_PIPE) from None
    except OSError as error:
        from diffpump.core.errors import OutputError

        raise OutputError(f"standard output: cannot be written: {error.strerror}") from None


def log(text: str) -> None:
    """A line on standard error."""
    with suppress(OSError):
        click.echo(text, err=True, color=None if colour(sys.stderr) else False)


def failed(message: str) -> None:
    """The one line that a failure gets."""
    log(f"{click.style('diffpump: error:', fg='red')} {' '.join(message.split())}")


def colour(stream: TextIO) -> bool:
    """Whether colours are wanted there: a terminal, and no NO_COLOR."""
    return stream.isatty() and not os.environ.get("NO_COLOR")
