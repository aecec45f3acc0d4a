"""Local-MIP: local search for general MIP (Lin, Zou and Cai 2024), through its Python bindings `localmip_py`.

    random_seed   the seed of the run (0 stands for its built-in seed); it uses one thread
    time_limit    the rest of the job's time once the model is prepared, which counts as reading

Local-MIP proves nothing and always uses its whole time. Incumbents and their times are read from its log;
only the values of the last one are available. To end at the first solution, a callback is set for the scores
of moves that keep feasibility. Local-MIP does not call it before there is a solution, and the callback ends
the search.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from importlib.util import find_spec
from math import inf
from typing import IO, Any

import numpy as np

from diffpump.bench.peers.task import PEERS, Incumbents, Outcome, Task
from diffpump.core.errors import InputError
from diffpump.core.problem import Problem
from diffpump.core.status import Status

MODULE = "localmip_py"  # the distribution that installs it is called localmip
_INCUMBENT_LINE = re.compile(rb"^c \[ *([0-9.]+)\] obj\*: (\S+)", re.MULTILINE)  # seconds, objective
_MIN_SECONDS, _MAX_SECONDS = 1e-3, 1e8  # the range of time limits that Local-MIP accepts
_CLAIMS = {b"model is infeasible": Status.INFEASIBLE, b"problem is unbounded": Status.UNBOUNDED}


@PEERS.register("localmip", help="Local-MIP, local search", extra="peers", modules=(MODULE,))
class LocalMip:
    """Local-MIP as a `Peer` and `Loader`."""

    gzip = False

    def missing(self) -> str | None:
        """Return None if the bindings are installed."""
        found = find_spec(MODULE)
        return None if found else "pip install 'diffpump[peers]'"

    def versions(self) -> dict[str, str]:
        """Return the version of the package."""
        return {"localmip": metadata.version("localmip")}

    def load(self, problem: Problem) -> Any:
        """Return a builder with the problem.

        Local-MIP refuses rows without entries, and warns of free rows. Empty rows that hold and free rows are
        left out, as its own reader does.

        Raises InputError for an empty row that does not hold.
        """
        import localmip_py

        builder, kinds = localmip_py.ModelBuilder(), localmip_py.VarType
        for name, lb, ub, cost, integer, binary in zip(
            problem.col_names, problem.lb.tolist(), problem.ub.tolist(), problem.c.tolist(),
            problem.integer.tolist(), problem.binary.tolist(), strict=True,
        ):  # fmt: skip
            kind = kinds.binary if binary else kinds.general_integer if integer else kinds.real
            builder.add_var(name, lb, ub, cost, kind)
        sides = problem.row_lo.tolist(), problem.row_hi.tolist()
        for name, lo, hi, (columns, values) in zip(problem.row_names, *sides, problem.rows(), strict=True):
            if columns:
                if lo > -inf or hi < inf:
                    builder.add_con(lo, hi, columns, values)
            elif not lo <= 0 <= hi:
                path = None if problem.source is None else problem.source.path
                raise InputError(f"Local-MIP takes no rows without entries, and {name} does not hold", path)
        builder.set_obj_offset(problem.offset)
        return builder

    def run(self, task: Task) -> Outcome:
        """Search in the loaded model or in the file; the native output goes to a temporary log."""
        import localmip_py

        began = task.elapsed()
        incumbents = Incumbents(task)
        with tempfile.TemporaryFile() as log:
            with _redirected_stdout(log):
                prepared = _read(task.path) if task.model is None else task.model.prepare()
                read = began, task.elapsed()
                solver = localmip_py.LocalMIP(prepared)
                solver.set_random_seed(task.seed % 2**32)
                solver.set_log_obj(True)
                if task.first:
                    solver.set_lift_scoring_cbk(lambda *context: solver.terminate())
                solver.set_time_limit(min(max(task.left(), _MIN_SECONDS), _MAX_SECONDS))
                search_began = task.elapsed()  # zero of the times in the log
                solver.run()
            log.seek(0)
            printed = log.read()
        manager = prepared.model_manager
        for seconds, objective in _INCUMBENT_LINE.findall(printed):
            incumbents.add(float(objective), seconds=search_began + float(seconds))
        if solver.is_feasible():
            incumbents.end(solver.get_obj_value(), np.array(solver.get_solution()))
            words = "feasible"
        else:
            words = "the solution was withdrawn" if incumbents else "no feasible solution found"
        status = Status.TIME_LIMIT
        for text, claim in _CLAIMS.items():
            if text in printed:
                status, words = claim, claim.name.lower()
        columns = [manager.var(j).name for j in range(manager.var_num)]
        return Outcome(incumbents, columns, status, words, read)


def _read(path: str) -> Any:
    """Return the prepared model that Local-MIP's own reader makes of a file."""
    import localmip_py

    try:
        return localmip_py.PreparedModel.from_file(path)
    except RuntimeError as error:
        raise InputError(f"Local-MIP's reader refuses the file: {error}", path) from None


@contextmanager
def _redirected_stdout(file: IO[bytes]) -> Iterator[None]:
    """Redirect standard output, that of native code included, to the file while the block runs."""
    libc = ctypes.CDLL(None)  # to flush C's buffers, which Python's do not include
    sys.stdout.flush()
    libc.fflush(None)
    original = os.dup(1)
    os.dup2(file.fileno(), 1)
    try:
        yield
    finally:
        libc.fflush(None)
        os.dup2(original, 1)
        os.close(original)
