"""One run of `diffpump solve`: read, pump with its displays, write, report.

Outputs fail softly: a trace, log, picture or solution that cannot be written costs the exit code and a line,
never the result.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from diffpump.cli.interrupt import Interrupt
from diffpump.cli.options import Options
from diffpump.cli.streams import emit, failed, log

if TYPE_CHECKING:
    from diffpump.cli.progress import Display
    from diffpump.config import Config
    from diffpump.engine import Observer, Verifier
    from diffpump.problem import Problem
    from diffpump.result import DiffpumpError
    from diffpump.search.settings import Settings
    from diffpump.solved import Incumbent, SolveResult
    from diffpump.trace import JsonLines, LineFile, Memory


class Session:
    """One run: its clock, its log, its outputs."""

    def __init__(self, options: Options, interrupt: Interrupt) -> None:
        self.options, self.interrupt = options, interrupt
        self.started = time.monotonic()
        self.writers: list[Callable[[str], None]] = [] if options.quiet else [log]
        self.errors: list[DiffpumpError] = []
        self.log_file: LineFile | None = None
        self.trace: JsonLines | None = None
        self.memory: Memory | None = None

    def run(self) -> int:
        """Solve, write, report; the exit code."""
        from diffpump.trace import LineFile

        config = self.options.config()
        self.options.check_outputs()
        if self.options.log_file is not None:
            self.log_file = LineFile(self.options.log_file, line_buffered=True)
            self.writers.append(self._log)
        try:
            return self._report(*self._solve(config))
        except Exception as error:
            self._log(f"error: {error}")
            if self.trace is not None:
                self.trace.discard()
            raise
        finally:
            if self.log_file is not None:
                self.log_file.close()

    # -- the run ------------------------------------------------------------------------------------

    def _solve(self, config: Config | Settings) -> tuple[SolveResult, str | None]:
        """Read and search; the result, and where the solution was written."""
        from diffpump.cli.report import configuration_line, model_line
        from diffpump.config import Config
        from diffpump.engine import Verifier, search
        from diffpump.io.read import read
        from diffpump.oracle import Clock

        model, seed = self.options.model, self.options.seed
        self._note(configuration_line(config, seed))
        self._note(f"reading {'standard input' if model == '-' else model}")
        before = time.monotonic()
        problem = read(model)
        read_seconds = time.monotonic() - before
        self._note(model_line(problem))
        self.interrupt.deferred = True  # from here on outputs are open and the run listens
        observers: list[Observer] = []
        displays: list[Display] = []
        if isinstance(config, Config):
            observers = self._observers(problem, config)
            self._note("solving the first LP")
            displays = self._displays([spec.name for spec in config.losses])

        def stop() -> bool:
            for display in displays:
                display.beat()
            return self.interrupt()

        deadline = None if config.time_limit is None else self.started + config.time_limit
        verifier = Verifier(problem)
        try:
            result = search(
                problem, config, seed, Clock(deadline, stop),
                observers=[*(display.observe for display in displays), *observers],
                incumbent=None if displays else self._incumbent,
                started=self.started, read_seconds=read_seconds, verifier=verifier,
            )  # fmt: skip
        finally:
            for display in displays:
                display.close()
        return result, self._write_solution(result, verifier)

    def _observers(self, problem: Problem, config: Config) -> list[Observer]:
        """What keeps the iterates: the trace, and the memory that a plot is drawn from."""
        from diffpump.engine import versions
        from diffpump.record import instance_record
        from diffpump.trace import JsonLines, LineFile, Memory

        observers: list[Observer] = []
        if self.options.trace is not None:
            header = {
                "instance": instance_record(problem),
                "config": config.as_dict(),
                "config_digest": config.digest,
                "seed": self.options.seed,
                "versions": versions({}),
            }
            self.trace = JsonLines(LineFile(self.options.trace), header, self._seconds)
            observers.append(self.trace)
        if self.options.plot is not None:
            self.memory = Memory(self._seconds)
            observers.append(self.memory)
        return observers

    def _displays(self, terms: list[str]) -> list[Display]:
        """The live table on a terminal, plain lines elsewhere and in the log file."""
        from diffpump.cli.progress import Columns, Lines, LiveTable

        options, columns = self.options, Columns(terms, self._seconds)
        displays: list[Display] = []
        if not options.quiet:
            live = sys.stderr.isatty() and not options.verbose
            displays.append(LiveTable(columns) if live else Lines(log, columns, every=options.verbose))
        if self.log_file is not None:
            displays.append(Lines(self._log, columns, every=options.verbose))
        return displays

    def _incumbent(self, found: Incumbent) -> None:
        self._note(f"{found.seconds:9.2f}s  {found.objective:.12g}  {found.arm}")

    def _seconds(self) -> float:
        return time.monotonic() - self.started

    # -- what is left of it -------------------------------------------------------------------------

    def _write_solution(self, result: SolveResult, verifier: Verifier) -> str | None:
        """Write the solution if there is one and a file was named; its path."""
        from diffpump.io.solution import write_solution
        from diffpump.result import OutputError, ProofError

        path = self.options.solution_file
        if path is None or result.x is None:
            return None
        try:
            write_solution(path, result.problem, result.x, result.objective, verifier.prove)
        except (OutputError, ProofError) as error:
            self.errors.append(error)
            return None
        return path

    def _report(self, result: SolveResult, solution_file: str | None) -> int:
        """Close every output, print the result, name what failed; the exit code."""
        from diffpump.cli.report import closing_lines
        from diffpump.record import dumps, result_record

        options, record = self.options, result_record(result)
        if self.trace is not None:
            self.trace.close(record)
            self._keep(self.trace.error)
            self.trace = None  # complete: nothing that goes wrong from here on takes it back
        self._draw(result)
        closing = "\n".join(closing_lines(result, solution_file, brief=options.quiet))
        if self.log_file is not None:
            self._log(closing)
            self.log_file.close()
            self._keep(self.log_file.error)
        code = self._exit_code(result)
        if options.as_json:
            if not options.quiet:
                log(closing)
            failures = [str(error) for error in self.errors]
            emit(dumps({**record, "solution_file": solution_file, "errors": failures, "exit_code": code}))
        else:
            emit(closing)
        for error in self.errors:
            failed(str(error))
        return code

    def _draw(self, result: SolveResult) -> None:
        from diffpump.result import OutputError

        if self.options.plot is None or self.memory is None:
            return
        from diffpump.cli.report import closing_title
        from diffpump.plot import draw

        try:
            draw(self.memory.rows, self.options.plot, closing_title(result))
        except OutputError as error:
            self.errors.append(error)

    def _exit_code(self, result: SolveResult) -> int:
        """An output that failed, then the signal, then how the search ended."""
        if self.errors:
            return self.errors[0].exit_code
        return self.interrupt.exit_code if self.interrupt() else result.status.exit_code

    def _keep(self, error: DiffpumpError | None) -> None:
        if error is not None:
            self.errors.append(error)

    def _note(self, text: str) -> None:
        for write in self.writers:
            write(text)

    def _log(self, text: str) -> None:
        if self.log_file is not None:
            self.log_file.line(click.unstyle(text))
