"""One run of `diffpump solve`: read the model, search, write the outputs and print the result.

A trace, log, picture or solution file that cannot be written gives an error line and an exit code, but the
result is still printed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diffpump.cli.interrupt import Interrupt
from diffpump.cli.options import Options
from diffpump.cli.streams import emit, failed, log
from diffpump.core.text import escaped

if TYPE_CHECKING:
    from diffpump.api import Observer
    from diffpump.cli.keeper import Keeper
    from diffpump.config.engine import Settings
    from diffpump.config.pump import Config
    from diffpump.core.errors import DiffpumpError, TimeLimitError
    from diffpump.core.problem import Problem
    from diffpump.explain.trace import JsonLines, LineFile, Memory
    from diffpump.io.solution_file import Values
    from diffpump.io.start import Start
    from diffpump.outcome.result import SolveResult
    from diffpump.search.earlier import Earlier
    from diffpump.verify.check import Proof


class Session:
    """One run of `diffpump solve` with its options, its log and its output files."""

    def __init__(self, options: Options, interrupt: Interrupt) -> None:
        self.options, self.interrupt = options, interrupt
        self.started = time.monotonic()
        self.writers: list[Callable[[str], None]] = [] if options.quiet else [log]
        self.errors: list[DiffpumpError] = []
        self.log_file: LineFile | None = None
        self.trace: JsonLines | None = None
        self.memory: Memory | None = None
        self.keeper: Keeper | None = None

    def run(self) -> int:
        """Solve, write the outputs, print the result, and return the exit code."""
        from diffpump.search.launch import member_ahead

        with member_ahead(self.options.threads):
            return self._run()

    def _run(self) -> int:
        from diffpump.core.errors import TimeLimitError

        config = self.options.config()
        self.options.check_files(config)
        if self.options.log_file is not None:
            from diffpump.explain.trace import LineFile

            self.log_file = LineFile(self.options.log_file, line_buffered=True)
            self.writers.append(self._log)
        try:
            return self._report(self._solve(config))
        except TimeLimitError as error:
            return self._report_unread(config, error)
        except Exception as error:
            self._log(f"error: {error}")
            if self.trace is not None:
                self.trace.discard()
            raise
        finally:
            if self.log_file is not None:
                self.log_file.close()

    # -- the run ------------------------------------------------------------------------------------

    def _solve(self, config: Config | Settings) -> SolveResult:
        """Read the model and search."""
        from diffpump.api import run
        from diffpump.cli.displays import RunDisplay, displays_of
        from diffpump.cli.keeper import Keeper
        from diffpump.cli.report import configuration_line, cores_line, model_line, start_line
        from diffpump.config.pump import Config
        from diffpump.core.limits import reading_check
        from diffpump.core.machine import usable_cores
        from diffpump.io.read import read
        from diffpump.io.start import start_of
        from diffpump.kernels.compile.warm import notice
        from diffpump.outcome.verifier import Verifier

        options, model = self.options, self.options.model
        if options.quiet and options.implies_pump:  # else the line on the configuration says so
            log(f"{options.implies_pump} selects the pump alone, preset {config.preset}, and not the engine")
        self._note(configuration_line(config, options))
        if warning := cores_line(config, usable_cores()):
            self._note(warning)
        self._note(f"reading {'standard input' if model == '-' else escaped(model)}")
        before = time.monotonic()
        problem = read(model, reading_check(config.time_limit, self.started))
        read_seconds = time.monotonic() - before
        self._note(model_line(problem))
        start = None if options.start is None else start_of(problem, options.start)
        if start is not None:
            self._note_on_start(start, start_line(problem, start))
        earlier = self._earlier(problem)
        self.interrupt.deferred = True  # from here on the run polls the interrupt and closes its outputs
        verifier = Verifier(problem)
        if (best_file := options.best_file(config)) is not None:
            self.keeper = Keeper(best_file, problem, verifier.prove)
        observers = self._observers(problem, config) if isinstance(config, Config) else []
        if (not isinstance(config, Config) or config.uses_kernels) and (cold := notice()):
            self._note(cold)
        if isinstance(config, Config):
            self._note("solving the first LP")
        displays = displays_of(
            config, self._seconds, quiet=options.quiet, verbose=options.verbose,
            log_line=self._log if self.log_file else None,
        )  # fmt: skip
        display = RunDisplay(displays, self.interrupt, self.keeper, observers)
        setup = display.setup(
            problem, options.seed, config.time_limit, self.started, read_seconds, verifier
        )  # fmt: skip
        try:
            result = run(setup, config, None if start is None else start.point, earlier)
        finally:
            self._keep(display.close())
        if best_file != options.solution_file and result.found and not self.errors:
            self._write_others(Path(str(options.solution_file)), result, verifier.prove)
        if options.history is not None:
            from diffpump.learn.history import remember

            for note in remember(options.history, result):
                self._warn(f"diffpump: warning: {note}")
        return result

    def _write_others(self, folder: Path, result: SolveResult, verify: Callable[[Values], Proof]) -> None:
        """Write the solutions after the best one to 2.sol, ..., and remove such files of earlier runs."""
        from diffpump.core.errors import DiffpumpError
        from diffpump.io.solution import write_solution

        try:
            for k, one in enumerate(result.solutions[1:], 2):
                write_solution(folder / f"{k}.sol", result.problem, one.x, one.found.objective, verify)
        except DiffpumpError as error:
            self._keep(error)
        for path in folder.glob("*.sol"):
            if path.stem.isdecimal() and int(path.stem) > len(result.solutions):
                path.unlink(missing_ok=True)

    def _earlier(self, problem: Problem) -> Earlier | None:
        """Return what the history and the family suggest, and log it."""
        history, family = self.options.history, self.options.family
        if history is None and family is None:
            return None
        from diffpump.cli.report import family_line, history_lines
        from diffpump.learn.suggest import suggested

        found, earlier = suggested(problem, history, family)
        for note in found.notes:
            self._warn(f"diffpump: warning: {note}")
        if history is not None:
            for line in history_lines(problem, found):
                self._note(line)
        if family is not None:
            self._note(family_line(problem, earlier))
        return earlier

    def _note_on_start(self, start: Start, line: str) -> None:
        """Log what the start gives. A start that is not used as given is reported even with -q."""
        for note in start.notes:
            self._warn(note)
        if start.point is not None:
            self._note(line)

    def _observers(self, problem: Problem, config: Config) -> list[Observer]:
        """Return the receivers of the pump's iterates: the trace and the memory for the plot."""
        from diffpump.explain.trace import JsonLines, LineFile, Memory
        from diffpump.outcome.record import instance_record
        from diffpump.outcome.verifier import versions

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

    def _seconds(self) -> float:
        return time.monotonic() - self.started

    # -- the outputs --------------------------------------------------------------------------------

    def _report(self, result: SolveResult) -> int:
        """Close every output, print the result and the errors, and return the exit code."""
        from diffpump.cli.report import closing_lines
        from diffpump.outcome.record import dumps, result_record

        options, record = self.options, result_record(result)
        # So far only the solution file can have failed; without an error it holds this run's last solution.
        kept = result.found and self.keeper is not None and not self.errors
        solution_file = options.solution_file if kept else None
        if self.trace is not None:
            self.trace.close(record)
            self._keep(self.trace.error)
            self.trace = None  # the trace is complete, and a later exception must not remove it
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

    def _report_unread(self, config: Config | Settings, error: TimeLimitError) -> int:
        """Print that the time limit was reached while the model was read, and return the exit code."""
        from diffpump.outcome.record import dumps, unread_record

        closing = f"{click.style('time limit', fg='yellow', bold=True)}: {error}"
        self._log(closing)
        if self.log_file is not None:
            self.log_file.close()
            self._keep(self.log_file.error)
        code = self.errors[0].exit_code if self.errors else error.exit_code
        if self.options.as_json:
            if not self.options.quiet:
                log(closing)
            record = unread_record(error, config.as_dict(), config.digest, self.options.seed, self._seconds())
            failures = [str(failure) for failure in self.errors]
            emit(dumps({**record, "solution_file": None, "errors": failures, "exit_code": code}))
        else:
            emit(closing)
        for failure in self.errors:
            failed(str(failure))
        return code

    def _draw(self, result: SolveResult) -> None:
        from diffpump.core.errors import OutputError

        if self.options.plot is None or self.memory is None:
            return
        from diffpump.cli.report import closing_title
        from diffpump.explain.plot import draw

        try:
            draw(self.memory.rows, self.options.plot, closing_title(result))
        except OutputError as error:
            self.errors.append(error)

    def _exit_code(self, result: SolveResult) -> int:
        """Return the exit code of an output that failed, else that of the signal, else that of the status."""
        if self.errors:
            return self.errors[0].exit_code
        return self.interrupt.exit_code if self.interrupt() else result.status.exit_code

    def _keep(self, error: DiffpumpError | None) -> None:
        if error is not None:
            self.errors.append(error)

    def _note(self, text: str) -> None:
        for write in self.writers:
            write(text)

    def _warn(self, text: str) -> None:
        """Write a line to every log, and to standard error even with -q."""
        if self.options.quiet:
            log(text)
        self._note(text)

    def _log(self, text: str) -> None:
        if self.log_file is not None:
            self.log_file.line(click.unstyle(text))
