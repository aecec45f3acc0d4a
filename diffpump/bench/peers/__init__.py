"""Peers: other solvers under the same limits and the same exact check as our own runs.

    task         what a peer is given and hands back; the `Peer` protocol
    native       the file as native readers take it
    verify       its points proven against the file, the record made
    highs  scip  scip_feaspump  cbc (with cbc_model)  localmip       one file a peer

A peer reads the file with its own reader and searches within the job's time limit. Its solutions are claims:
they are taken by column name, as decimal texts, and proven exactly against the file after its time.
A library is imported when its peer runs, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from diffpump.bench.peers.cbc import Cbc
from diffpump.bench.peers.highs import Highs
from diffpump.bench.peers.localmip import LocalMip
from diffpump.bench.peers.scip import Scip
from diffpump.bench.peers.scip_feaspump import ScipFeaspump
from diffpump.bench.peers.task import Peer, Task
from diffpump.bench.peers.verify import judged
from diffpump.bench.plan import STOPS
from diffpump.core.errors import UsageError
from diffpump.io.native import native
from diffpump.outcome.record import plain
from diffpump.outcome.verifier import versions

__all__ = ["PEERS", "Peer", "missing", "run"]

_ALL: tuple[Peer, ...] = (Highs(), Scip(), ScipFeaspump(), Cbc(), LocalMip())
PEERS: Mapping[str, Peer] = {peer.name: peer for peer in _ALL}


def missing(name: str) -> str | None:
    """None if the peer can run here, else one line on why not and what to install.

    UsageError for a name that no peer has.
    """
    return _peer(name).missing()


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
    """One run of a peer: its part of the record (`diffpump.bench`).

    stop     "first": end at the first solution; "time": use the whole time limit, all incumbents timed
    elapsed  wall seconds since the job began: the time limit counts from there, and so do all times

    UsageError for what is unknown or not installed, InputError for a file that the peer or our own reader
    refuses.
    """
    peer = _peer(name)
    if stop not in STOPS:
        raise UsageError(f"unknown stop '{stop}'; known: {', '.join(STOPS)}")
    if reason := peer.missing():
        raise UsageError(reason)
    task = Task(path, seed, time_limit, stop == "first", threads, elapsed)
    began = elapsed()
    with native(path, peer.gzip) as file:
        inflated = elapsed() - began
        outcome = peer.run(replace(task, path=file))
        total = elapsed()
    record = judged(path, name, outcome)
    seconds = {
        "ready": outcome.read[1],
        "read": inflated + outcome.read[1] - outcome.read[0],
        "total": total,
        "first_solution": record.pop("first_solution"),
        "check": record.pop("check"),
        "lp": None,
    }
    said = plain({"solver": name, **record, "seconds": seconds, "versions": versions(peer.versions())})
    return dict(said)


def _peer(name: str) -> Peer:
    try:
        return PEERS[name]
    except KeyError:
        raise UsageError(f"unknown peer '{name}'; known: {', '.join(PEERS)}") from None
