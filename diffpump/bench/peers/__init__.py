"""Peers: other solvers under the same limits and the same exact check as our own runs.

    task         the input and the outcome of a peer's run; the `Peer` protocol
    verify       checks the points of an outcome exactly against the file and makes the record
    highs  scip  scip_feaspump  cbc (with cbc_model)  localmip       one file per peer

A peer reads the file with its own reader and searches within the job's time limit. Its solutions are claims:
they are taken by column name, as decimal texts, and checked exactly against the file after its time. The
library of a peer is imported only when the peer runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from diffpump.bench.peers.task import PEERS, Peer, Task
from diffpump.bench.peers.verify import peer_record
from diffpump.bench.plan import STOPS
from diffpump.core.errors import UsageError
from diffpump.io.native import native
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
) -> dict[str, Any]:
    """Run a peer and return its part of the record (see `diffpump.bench`).

    path        of the model file
    time_limit  in seconds on the clock of `elapsed`, None for no limit
    stop        "first": end at the first solution; "time": use the whole time limit, with all incumbents
    threads     of the solver
    elapsed     returns the wall seconds since the job began, the clock of all times in the record

    Raises UsageError for an unknown peer or stop and for a peer that is not installed, and InputError if the
    peer or our own reader refuses the file.
    """
    peer = PEERS.factory(name)()
    if stop not in STOPS:
        raise UsageError(f"unknown stop '{stop}'; known: {', '.join(STOPS)}")
    if reason := missing(name):
        raise UsageError(reason)
    task = Task(path, seed, time_limit, stop == "first", threads, elapsed)
    began = elapsed()
    with native(path, peer.gzip) as file:
        decompression = elapsed() - began
        outcome = peer.run(replace(task, path=file))
        total = elapsed()
    record = peer_record(path, name, outcome)
    seconds = {
        "ready": outcome.read[1],
        "read": decompression + outcome.read[1] - outcome.read[0],
        "total": total,
        "first_solution": record.pop("first_solution"),
        "check": record.pop("check"),
        "lp": None,
    }
    return dict(plain({"solver": name, **record, "seconds": seconds, "versions": versions(peer.versions())}))
