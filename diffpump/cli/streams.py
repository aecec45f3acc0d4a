"""Standard output for results, and standard error for everything else.

In the `diffpump` command, standard output belongs to the results alone (`reserve_stdout`): what libraries,
native code and users' losses print goes to standard error. It is not discarded, because the author of a loss
wants to see what it prints.

If the reader of standard output is gone (`| head`), or standard output is closed (`>&-`), the process ends
quietly with exit code 141, as SIGPIPE would end it. If that happens to standard error, only the log is lost.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from typing_extensions import Buffer

CLOSED_PIPE = 141
_results: TextIO | None = None  # the stream of results, if standard output is reserved


def emit(text: str) -> None:
    """Print text on standard output, with colours only on a terminal."""
    with _errors_reported():
        click.echo(text, file=results(), color=None if colour(results()) else False)


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


def results() -> TextIO:
    """Return the stream of results."""
    return sys.stdout if _results is None else _results


def reserve_stdout() -> None:
    """Reserve standard output for results, for the rest of the process.

    Results go to a copy of descriptor 1, which then leads to standard error. Missing standard descriptors are
    opened on the null device first, or else the next file to be opened would take their numbers and receive
    what native code prints.
    """
    global _results
    missing = [number for number in range(3) if not _is_open(number)]
    for number in missing:
        os.open(os.devnull, os.O_RDWR)  # takes the smallest free number
        os.set_inheritable(number, True)
    if 0 in missing:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)))
    encoding = getattr(sys.stdout, "encoding", "utf-8")
    written = _Log(io.FileIO(2, "w", closefd=False))
    sys.stderr = io.TextIOWrapper(written, encoding, "backslashreplace", line_buffering=True)
    own = _without_reader() if 1 in missing else os.dup(1)
    _results = io.TextIOWrapper(_Results(io.FileIO(own, "w")), encoding, "backslashreplace")
    os.dup2(2, 1)
    sys.stdout = _results  # for --help, --version and completions, which click prints


def reserved(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command during which `print` does not write to a reserved standard output."""

    @wraps(command)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            if _results is None:
                return command(*args, **kwargs)
            with redirect_stdout(sys.stderr):
                return command(*args, **kwargs)
        except SystemExit as end:  # a user's loss: the command must not end without its result
            from diffpump.core.errors import UsageError

            raise UsageError(f"a user's loss or a plug-in has called sys.exit({end.code!r})") from end

    return call


class _Results(io.BufferedWriter):
    """Standard output, whose failures end the command, also if click or a user's code writes."""

    def write(self, data: Buffer, /) -> int:
        """Write bytes to standard output, and report a failure as an output error of the command."""
        with _errors_reported():
            return super().write(data)

    def flush(self) -> None:
        """Flush what has been written."""
        with _errors_reported():
            super().flush()


class _Log(io.BufferedWriter):
    """Standard error, whose failures are ignored: only the log is lost."""

    def write(self, data: Buffer, /) -> int:
        """Write bytes, if that is possible."""
        with suppress(OSError):
            super().write(data)
        return memoryview(data).nbytes

    def flush(self) -> None:
        """Flush what has been written, if that is possible."""
        with suppress(OSError):
            super().flush()


@contextmanager
def _errors_reported() -> Iterator[None]:
    """Turn the errors of standard output into the command's own."""
    try:
        yield
    except BrokenPipeError:
        raise click.exceptions.Exit(CLOSED_PIPE) from None
    except OSError as error:
        from diffpump.core.errors import OutputError

        raise OutputError(f"standard output: cannot be written: {error.strerror}") from None


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _without_reader() -> int:
    """Return a descriptor that behaves as a pipe whose reader is gone."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer
