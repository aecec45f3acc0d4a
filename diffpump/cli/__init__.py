"""The command line, made with click and rich. No other part of the package imports it.

    diffpump solve | explain | relax | check | info | presets | generate | compact | history | learn | fetch |
    bench | scip | doctor | completion

Results go to standard output (with --json exactly one object) and everything else to standard error. A
failure prints one line `diffpump: error: ...` and sets the exit code (`EXIT_CODES`).

`--help` must answer at once, so these modules import only click at the top and the rest where they use it.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

import click

from diffpump.cli.bench import bench
from diffpump.cli.check import check
from diffpump.cli.compact import compact
from diffpump.cli.completion import completion
from diffpump.cli.doctor import doctor
from diffpump.cli.explain import explain
from diffpump.cli.fetch import fetch
from diffpump.cli.generate import generate
from diffpump.cli.habits import Commands
from diffpump.cli.history import history
from diffpump.cli.info import info
from diffpump.cli.interrupt import Interrupt
from diffpump.cli.learn import learn
from diffpump.cli.presets import presets
from diffpump.cli.relax import relax
from diffpump.cli.scip import scip
from diffpump.cli.solve import solve
from diffpump.cli.streams import emit, failed, log, reserve_stdout, reserved, results
from diffpump.core.errors import INTERRUPTED
from diffpump.core.version import __version__

EXIT_CODES = """\b
Exit codes:
  0   a verified solution was found     5    a point failed the exact check
  10  no solution within the limits     6    an output could not be written
  11  proven infeasible                 130  interrupted (143 by SIGTERM)
  12  the LP relaxation is unbounded    141  standard output was closed
  2   wrong usage                       1    a bug, or out of memory
  3   the input was refused
  4   the input uses an unsupported feature
"""
GC_THRESHOLD = 100_000  # new objects between two collections of garbage; Python's own is 700
SETTINGS = {
    "help_option_names": ["-h", "--help"],
    "token_normalize_func": lambda name: name.replace("_", "-"),  # HiGHS writes --time_limit
}


@click.group(cls=Commands, context_settings=SETTINGS, epilog=EXIT_CODES)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Find feasible solutions of mixed-integer linear programs, each verified exactly.

    `diffpump MODEL` is `diffpump solve MODEL`.
    """


for command in (
    solve,
    explain,
    relax,
    check,
    info,
    presets,
    generate,
    compact,
    history,
    learn,
    fetch,
    bench,
    scip,
    doctor,
    completion,
):
    cli.add_command(command)
    for one in (command, *getattr(command, "commands", {}).values()):
        if one.callback is not None:
            one.callback = reserved(one.callback)


def main() -> NoReturn:
    """Run the `diffpump` command and end the process with its exit code."""
    # Imports leave no garbage, but their 300 000 objects make Python look for it: 0.04 s of a start.
    gc.set_threshold(GC_THRESHOLD, 10, 10)
    if not sys.warnoptions:
        _show_input_warnings_only()
    reserve_stdout()
    sys.unraisablehook = _without_interrupts
    code = run(sys.argv[1:])
    for stream in (results(), sys.stderr):
        with suppress(Exception):  # `emit` has reported what could not be written
            stream.flush()
    # Not sys.exit: an LP that ignored its limit may still run in its thread, and the interpreter's shutdown
    # would free memory that this thread uses.
    os._exit(code)


def _show_input_warnings_only() -> None:
    """Print each warning about an input file as a line of the log, and no other: those are for developers."""
    from diffpump.core.errors import InputWarning

    warnings.simplefilter("ignore")
    warnings.simplefilter("always", InputWarning)
    warnings.showwarning = lambda message, *_, **__: log(f"diffpump: warning: {message}")


def run(args: Sequence[str]) -> int:
    """Run a command line, report any failure, and return the exit code."""
    interrupt = Interrupt()
    try:
        with interrupt:
            return int(cli.main(list(args), prog_name="diffpump", standalone_mode=False, obj=interrupt) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        log(error.format_message())
        return 2
    except click.exceptions.Exit as end:  # standard output of a shell completion was closed
        return end.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _failed(args, interrupt.exit_code, INTERRUPTED, "interrupted")
    except Exception as error:
        if interrupt() and not interrupt.deferred:  # an import has turned the KeyboardInterrupt into an error
            return _failed(args, interrupt.exit_code, INTERRUPTED, "interrupted")
        code, message = _reason(error)
        if code == 1 and ("-v" in args or os.environ.get("DIFFPUMP_TRACEBACK")):
            log("".join(traceback.format_exception(error)).rstrip())
        return _failed(args, code, message, getattr(error, "status", "error"))


def _without_interrupts(ignored: sys.UnraisableHookArgs) -> None:
    """Report an exception that Python ignores, except for the signal that `Interrupt` has noted."""
    if not issubclass(ignored.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(ignored)


def _reason(error: Exception) -> tuple[int, str]:
    """Return the exit code and the one-line message for an exception."""
    from diffpump.core.errors import DiffpumpError

    if isinstance(error, DiffpumpError):
        return error.exit_code, str(error)
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        where = "diffpump" if context is None else context.command_path
        return 2, f"{error.format_message()} (try '{where} --help')"
    if isinstance(error, MemoryError):
        return 1, "out of memory"
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", ()))
    what = f"{type(error).__name__}: {error}{notes}"
    return 1, f"internal error, please report it: {what} (set DIFFPUMP_TRACEBACK=1 to see the traceback)"


def _failed(args: Sequence[str], code: int, message: str, status: str = "error") -> int:
    """Report a failure by one line on standard error and, with --json, one object on standard output."""
    failed(message)
    if "--json" in args:
        with suppress(Exception):  # the failure may be that of standard output
            emit(json.dumps({"status": status, "exit_code": code, "message": message}))
    return code
