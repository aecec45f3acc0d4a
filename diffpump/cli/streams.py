"""Standard output for results, and standard error for everything else.

If the reader of standard output is gone (`| head`), the process ends quietly with exit code 141, as SIGPIPE
would end it. If the reader of standard error is gone, only the log is lost.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

import click

CLOSED_PIPE = 141


def emit(text: str) -> None:
    """Print text on standard output, with colours only on a terminal."""
    try:
        click.echo(text, color=None if colour(sys.stdout) else False)
    except BrokenPipeError:
        raise click.exceptions.Exit(CLOSED_PIPE) from None
    except OSError as error:
        from diffpump.core.errors import OutputError

        raise OutputError(f"standard output: cannot be written: {error.strerror}") from None


def log(text: str) -> None:
    """Print text on standard error."""
    with suppress(OSError):
        click.echo(text, err=True, color=None if colour(sys.stderr) else False)


def failed(message: str) -> None:
    """Print the line of a failure on standard error, with escapes for characters that are not printable."""
    from diffpump.core.text import escaped

    log(f"{click.style('diffpump: error:', fg='red')} {escaped(' '.join(message.split()))}")


def colour(stream: TextIO) -> bool:
    """Return whether the stream shows colours: it is a terminal, and NO_COLOR is not set."""
    return stream.isatty() and not os.environ.get("NO_COLOR")
