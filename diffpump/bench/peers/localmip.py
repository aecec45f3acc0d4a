"""Local-MIP: local search for general MIP (Lin, Zou and Cai 2024), by its Python bindings, `localmip_py`.

    random_seed   the run's (0 is its built-in one); one thread
    time_limit    what is left of the job's time once the model is read and prepared

It never proves anything: it ends with the time. Incumbents are read from its log, which times them; it keeps
the last one's values only. To end at the first solution, a callback is put where it first scores a move that
keeps feasibility: it is not called before there is a solution, and ends the search when it is.
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

from diffpump.bench.peers.task import Incumbents, Outcome, Task
from diffpump.core.errors import InputError
from diffpump.core.status import Status

_LINE = re.compile(rb"^c \[ *([0-9.]+)\] obj\*: (\S+)", re.MULTILINE)
_SHORTEST, _LONGEST = 1e-3, 1e8  # time limits that it takes
_CLAIMS = {b"model is infeasible": Status.INFEASIBLE, b"problem is unbounded": Status.UNBOUNDED}


class LocalMip:
    """A `Peer`."""

    name = "localmip"
    about = "Local-MIP, local search"
    gzip = False

    def missing(self) -> str | None:
        """None if its bindings are there."""
        found = find_spec("localmip_py")
        return None if found else "localmip is not installed: pip install 'diffpump[peers]'"

    def versions(self) -> dict[str, str]:
        """The package's."""
        return {"localmip": metadata.version("localmip")}

    def run(self, task: Task) -> Outcome:
        """Read and search, its output kept aside."""
        import localmip_py  # type: ignore[import-not-found]

        began = task.elapsed()
        incumbents = Incumbents(task)
        with tempfile.TemporaryFile() as log:
            with _printing_to(log):
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
                solver.set_time_limit(min(max(task.left(), _SHORTEST), _LONGEST))
                searching = task.elapsed()  # zero on its clock
                solver.run()
            log.seek(0)
            printed = log.read()
        manager = prepared.model_manager
        for seconds, objective in _LINE.findall(printed):
            incumbents.add(float(objective), seconds=searching + float(seconds))
        if solver.is_feasible():
            incumbents.end(solver.get_obj_value(), np.array(solver.get_solution()))
            words = "feasible"
        else:
            words = "it withdrew its solution" if incumbents else "no feasible solution found"
        status = Status.TIME_LIMIT
        for text, claim in _CLAIMS.items():
            if text in printed:
                status, words = claim, claim.name.lower()
        columns = [manager.var(j).name for j in range(manager.var_num)]
        return Outcome(incumbents, columns, status, words, read)


@contextmanager
def _printing_to(file: IO[bytes]) -> Iterator[None]:
    """What native code prints to standard output goes to the file while the block runs."""
    libc = ctypes.CDLL(None)  # C's buffers are not Python's
    sys.stdout.flush()
    libc.fflush(None)
    kept = os.dup(1)
    os.dup2(file.fileno(), 1)
    try:
        yield
    finally:
        libc.fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
