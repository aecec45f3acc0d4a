"""The errors that a user's input can cause. Each has a one-line message and an exit code.

    DiffpumpError
    |-- UsageError           2   an option, name or argument that does not exist or does not fit
    |-- InputError           3   a file or model that is refused (file, line, reason)
    |   |-- UnsupportedError  4   a feature outside MILP: SOS, indicator, quadratic, semicontinuous
    |   `-- SolverRefusal   3   a model that an LP or MIP solver cannot hold
    |-- TimeLimitError      10   the time limit was reached before the model was read; nothing was searched
    |-- ProofError           5   a claimed solution failed the exact check; nothing was written
    `-- OutputError          6   an output could not be written; no partial file is left behind

`InputWarning` is the category of the warnings about a file that is read, but perhaps not as its author meant.
How a search ended is not an error but a `Status`.
"""

from __future__ import annotations

INTERRUPTED = "interrupted before there was a result"


class DiffpumpError(Exception):
    """The base class of all errors; the message is one line, and `exit_code` is the command line's.

    status    the value of "status" in the JSON object of a command that fails with this error
    """

    exit_code = 2
    status = "error"


class UsageError(DiffpumpError):
    """An option, name or argument that does not exist or does not fit."""

    exit_code = 2


class InputError(DiffpumpError):
    """A file or model that is refused: the reason, and where known the file and the line, counted from 1."""

    exit_code = 3

    def __init__(self, reason: str, path: str | None = None, line: int | None = None) -> None:
        where = "" if path is None else f"{path}: " if line is None else f"{path}:{line}: "
        super().__init__(f"{where}{reason}")
        self.reason, self.path, self.line = reason, path, line

    def at(self, path: str) -> InputError:
        """Return the same error, of the same class, with the file's name."""
        return type(self)(self.reason, path, self.line)


class UnsupportedError(InputError):
    """A feature outside mixed-integer linear programs: SOS, indicator, quadratic or semicontinuous."""

    exit_code = 4


class SolverRefusal(InputError):
    """A model that an LP or MIP solver cannot hold; an arm that needs this solver sits out."""


class TimeLimitError(DiffpumpError):
    """The time limit was reached before the model was read, so there is nothing to search on."""

    exit_code = 10
    status = "time_limit"


class InputWarning(UserWarning):
    """A remark on an input.

    A file is read, but perhaps not as its author meant, or an option has no effect on a model.
    """


class ProofError(DiffpumpError):
    """A claimed solution that failed the exact check; nothing was written."""

    exit_code = 5


class OutputError(DiffpumpError):
    """An output that could not be written; no partial file is left behind."""

    exit_code = 6
