"""Peers: other solvers under the same limits and the same exact check as our own runs.

    task         the input and the outcome of a peer's run; the protocols `Peer` and `Loader`
    verify       checks the points of an outcome exactly against the file and makes the record
    highs  scip  scip_feaspump  cbc (with cbc_model)  localmip       one file per peer

A peer solves the model that diffpump has parsed, since the solvers' own readers give other meanings to some
files or refuse them. A `Loader` builds its model through the solver's library, bit for bit as our `Problem`.
Any other peer reads a temporary MPS file of the problem, in which columns and rows have plain names. Both are
minimisations: objectives and bounds are converted to the file's sense afterwards. With the reader "native" a
peer reads the user's file itself.

A peer searches within the job's time limit. Its solutions are claims: they are taken by column name, as
decimal texts, and checked exactly against the file after its time. The library of a peer is imported only
when the peer runs.

How time counts: parsing the file is part of `seconds.read` and of the time limit, for a peer as for our own
runs, and so is the time in which a peer reads a file itself. The hand-over (building the peer's model, or
writing the file) would not be needed by that solver's users. It is recorded as `seconds.handover`, and the
clock of the job stands still meanwhile, so that neither the limit nor any other time includes it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from diffpump.bench.peers.task import PEERS, Loader, Outcome, Peer, Task
from diffpump.bench.peers.verify import peer_record
from diffpump.bench.plan import NATIVE_READER, OUR_READER, READERS, STOPS, check_word
from diffpump.core.errors import UsageError
from diffpump.core.limits import reading_check
from diffpump.core.problem import Problem
from diffpump.io.native import native, plain_file
from diffpump.io.read import load_bytes, read
from diffpump.outcome.record import plain
from diffpump.outcome.verifier import versions

__all__ = ["PEERS", "Peer", "missing", "run"]


def missing(name: str) -> str | None:
    """Return None if a peer can run here, else one line that says what to install.

    Raises UsageError for an unknown name.
    """
    how = PEERS.factory(name)().missing()
    return None if how is None else f"{name} is not installed: {how}"


def run(
    name: str,
    path: str,
    seed: int,
    *,
    time_limit: float | None,
    stop: str,
    threads: int,
    elapsed: Callable[[], float],
    reader: str = OUR_READER,
) -> dict[str, Any]:
    """Run a peer and return its part of the record (see `diffpump.bench`).

    path        of the model file
    time_limit  in seconds on the clock of `elapsed`, None for no limit
    stop        "first": end at the first solution; "time": use the whole time limit, with all incumbents
    threads     of the solver
    elapsed     returns the wall seconds since the job began
    reader      "diffpump": the peer gets our parsed model; "native": it reads the file with its own reader

    Raises UsageError for an unknown peer, stop or reader and for a peer that is not installed, and InputError
    if the peer or our own reader refuses the file.
    """
    peer = PEERS.factory(name)()
    check_word("stop", stop, STOPS)
    check_word("reader", reader, READERS)
    if reason := missing(name):
        raise UsageError(reason)
    clock = _Clock(elapsed)
    task = Task(path, seed, time_limit, stop == "first", threads, clock)
    began = clock()
    if reader == NATIVE_READER:
        with native(path, peer.gzip) as file:
            before = clock() - began  # decompression
            outcome = peer.run(replace(task, path=file))
            total = clock()
        source = load_bytes(path)[1]
    else:
        problem = read(path, reading_check(time_limit, time.monotonic() - elapsed()))
        before = clock() - began
        outcome = _solved(peer, problem, task, clock)
        total = clock()
        assert problem.source is not None
        source = problem.source
    record = peer_record(source, name, outcome)
    seconds = {
        "ready": outcome.read[1],
        "read": before + outcome.read[1] - outcome.read[0],
        "handover": None if reader == NATIVE_READER else clock.stood_still,
        "total": total,
        "first_solution": record.pop("first_solution"),
        "check": record.pop("check"),
        "lp": None,
    }
    return dict(plain({"solver": name, **record, "seconds": seconds, "versions": versions(peer.versions())}))


class _Clock:
    """The job's clock, which can stand still for a while.

    elapsed        returns the wall seconds since the job began
    stood_still    the seconds for which this clock stood still
    """

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed, self.stood_still = elapsed, 0.0

    def __call__(self) -> float:
        return self._elapsed() - self.stood_still

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Stop the clock while the block runs."""
        began = self._elapsed()
        yield
        self.stood_still += self._elapsed() - began


def _solved(peer: Peer, problem: Problem, task: Task, clock: _Clock) -> Outcome:
    """Hand our parsed model over to the peer and return its outcome in the file's names and sense."""
    if isinstance(peer, Loader):
        with clock.standing_still():
            model = peer.load(problem)
        outcome = replace(peer.run(replace(task, model=model)), columns=problem.col_names)
    else:
        with ExitStack() as stack:
            with clock.standing_still():
                file, names = stack.enter_context(plain_file(problem))
            outcome = peer.run(replace(task, path=file))
        if outcome.columns is not None:
            columns = [name if name is None else names.get(name, name) for name in outcome.columns]
            outcome = replace(outcome, columns=columns)
    if problem.maximise:
        outcome.incumbents.negate()
        outcome = replace(outcome, bound=None if outcome.bound is None else -outcome.bound)
    return outcome
