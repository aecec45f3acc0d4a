"""Which displays a run gets: the pump's or the engine's, on the terminal, as plain lines, in the log file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from diffpump.cli import incumbents, progress
from diffpump.cli.options import Options
from diffpump.cli.streams import log
from diffpump.config.pump import Config

if TYPE_CHECKING:
    from diffpump.cli.progress import Display
    from diffpump.config.engine import Settings


def displays_of(
    config: Config | Settings,
    options: Options,
    seconds: Callable[[], float],
    log_line: Callable[[str], None] | None,
) -> list[Display]:
    """The displays, to be told in their order; `log_line` writes a line of the log file, if there is one.

    seconds: since the run began.
    """
    writers: list[Callable[[str], None]] = [] if options.quiet else [log]
    live = bool(writers) and sys.stderr.isatty() and not options.verbose
    if live:
        writers = []
    if log_line is not None:
        writers.append(log_line)
    if isinstance(config, Config):
        columns = progress.Columns([spec.name for spec in config.losses], seconds)
        lines: list[Display] = [progress.Lines(write, columns, options.verbose) for write in writers]
        return [progress.LiveTable(columns), *lines] if live else lines
    search = incumbents.Search(seconds)
    lines = [incumbents.Lines(write, search, options.verbose) for write in writers]
    return [search, incumbents.LiveTable(search), *lines] if live else [search, *lines]
