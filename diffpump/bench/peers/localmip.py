"""Local-MIP: local search for general MIP (Lin, Zou and Cai 2024), through its Python bindings `localmip_py`.

    random_seed   the seed of the run (0 stands for its built-in seed); it uses one thread
    time_limit    the rest of the job's time once the model is read and prepared

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
from typing import IO

import numpy as np

from diffpump.bench.peers.task import PEERS, Incumbents, Outcome, Task
from diffpump.core.errors import InputError
from diffpump.core.status import Status

_INCUMBENT_LINE = re.compile(rb"^c \[ *([0-9.]+)\] obj\*: (\S+)", re.MULTILINE)  # seconds, objective
_MIN_SECONDS, _MAX_SECONDS = 1e-3, 1e8  # the range of time limits that Local-MIP accepts
_CLAIMS = {b"model is infeasible": Status.INFEASIBLE, b"problem is unbounded": Status.UNBOUNDED}


@PEERS.register("localmip", help="Local-MIP, local search", extra="peers", modules=("localmip_py",))
class LocalMip:
    """Local-MIP as a `Peer`."""

    gzip = False

    def missing(self) -> str | None:
        """Return None if the bindings are installed."""
        found = find_spec("localmip_py")
        return None if found else "pip install 'diffpump[peers]'"

    def versions(self) -> dict[str, str]:
        """Return the version of the package."""
        return {"localmip": metadata.version("localmip")}

    def run(self, task: Task) -> Outcome:
        """Read the file and search; the native output goes to a temporary log."""
        import localmip_py  # type: ignore[import-not-found]

        began = task.elapsed()
        incumbents = Incumbents(task)
        with tempfile.TemporaryFile() as log:
            with _redirected_stdout(log):
                try:
                    prepared = localmip_py.PreparedModel.from_file(task.path)
                except RuntimeError as error:
                    raise InputError(f"Local-MIP's reader refuses the file: {error}", task.path) from None
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
