"""The command line: a leaf of click and rich that nothing imports.

    diffpump solve | explain | check | info | presets | generate | fetch | bench | scip | doctor | completion

Results go to standard output (with --json exactly one object), everything else to standard error. Every
failure is one line `diffpump: error: ...` and an exit code (`EXIT_CODES`).

Modules here import click alone at the top, the rest where it is used: `--help` must answer at once.
"""

from __future__ import annotations

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
from diffpump.cli.completion import completion
from diffpump.cli.doctor import doctor
from diffpump.cli.explain import explain
from diffpump.cli.fetch import fetch
from diffpump.cli.generate import generate
from diffpump.cli.info import info
from diffpump.cli.interrupt import Interrupt
from diffpump.cli.presets import presets
from diffpump.cli.scip import scip
from diffpump.cli.solve import solve
from diffpump.cli.streams import emit, failed, log
from diffpump.core.version import __version__

EXIT_CODES = """\b
Exit codes:
  0   verified feasible         2  usage                   6    an output could not be written
  10  none within the limits    3  input refused           130  interrupted (143: SIGTERM)
  11  proven infeasible         4  unsupported feature     141  standard output was closed
  12  LP unbounded              5  failed the exact check  1    a bug, or out of memory
"""
HELP = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=HELP, epilog=EXIT_CODES)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Find verified feasible solutions of mixed-integer linear programs with the differentiable
    feasibility pump."""


for command in (solve, explain, check, info, presets, generate, fetch, bench, scip, doctor, completion):
    cli.add_command(command)


def main() -> NoReturn:
    """The `diffpump` command."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # they are for developers, and the log has its own words
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    # Not sys.exit: an LP that did not end when told to may still be running in its thread, and the
    # interpreter's shutdown would pull the memory from under it.
    os._exit(code)


def run(args: Sequence[str]) -> int:
    """Run a command line and return its exit code; every failure has been reported."""
    interrupt = Interrupt()
    try:
        with interrupt:
            return int(cli.main(list(args), prog_name="diffpump", standalone_mode=False, obj=interrupt) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        log(error.format_message())
        return 2
    except (KeyboardInterrupt, click.Abort):
        return _failed(
            args, interrupt.exit_code, "interrupted before there was anything to keep", "interrupted"
        )
    except Exception as error:
        code, message = _reason(error)
        if code == 1 and ("-v" in args or os.environ.get("DIFFPUMP_TRACEBACK")):
            log("".join(traceback.format_exception(error)).rstrip())
        return _failed(args, code, message)


def _reason(error: Exception) -> tuple[int, str]:
    """Exit code and one line for whatever went wrong."""
    from diffpump.core.errors import DiffpumpError

    if isinstance(error, DiffpumpError):
        return error.exit_code, str(error)
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        where = "diffpump" if context is None else context.command_path
        return 2, f"{error.format_message()} (try '{where} --help')"
    if isinstance(error, MemoryError):
        return 1, "out of memory"
    what = f"{type(error).__name__}: {error}"
    return 1, f"internal error, please report it: {what} (DIFFPUMP_TRACEBACK=1 shows more)"


def _failed(args: Sequence[str], code: int, message: str, status: str = "error") -> int:
    """Report a failure: one line on standard error and, with --json, the one object on standard output."""
    failed(message)
    if "--json" in args:
        with suppress(Exception):  # standard output may be what failed
            emit(json.dumps({"status": status, "exit_code": code, "message": message}))
    return code
