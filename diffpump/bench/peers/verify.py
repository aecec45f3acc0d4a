"""From a peer's outcome to a record: the exact check of its points against the file, after its time.

The last incumbent is checked first, then the first, then the others from the latest to the earliest until
`PROOF_SECONDS` have passed. `found` and `objective` depend on these checks alone, never on the peer's claims.

Values are taken by column name. If names are missing or do not fit (some readers change blanks) but the
number of columns does, they are taken by position, and the check decides whether that was right. A peer whose
number of columns differs from the file's has read another model, so that its claims mean nothing: its status
is "refused".
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from diffpump.bench.peers.task import Incumbents, Outcome, Point
from diffpump.core.errors import InputError
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Source
from diffpump.core.status import Status
from diffpump.io.read import read_exact
from diffpump.outcome.record import violation_record
from diffpump.verify.check import Proof, prove

PROOF_SECONDS = 10.0  # for checks; the last and the first incumbent are checked in any case
Proofs = Mapping[int, Proof | None]  # by incumbent; None if its values are no point of this model
_INFINITE = 1e20  # solvers treat bounds and objectives from here on as infinite


def peer_record(source: Source, name: str, outcome: Outcome) -> dict[str, Any]:
    """Return the fields of a record that follow from the file and the outcome of the peer `name`.

    Raises InputError if our own reader refuses the file, or if the file has changed.
    """
    started = time.monotonic()
    model = read_exact(source)
    found = outcome.incumbents
    proofs = _proofs(model, found, outcome.columns)
    accepted = {k: proof for k, proof in proofs.items() if proof is not None and proof.accepted}
    best = _best(accepted, model.maximise)
    last = proofs.get(len(found) - 1)
    status, message = _status(name, outcome, best is not None, len(model.col_names))
    return {
        "status": status,
        "message": message,
        "found": best is not None,
        "objective": None if best is None else float(best.objective),
        "sense": "maximise" if model.maximise else "minimise",
        "claimed": {
            "found": len(found) > 0,
            "objective": found.objectives[-1] if found else None,
            "violation": None if last is None else last.violation.worst,
        },
        "violation": None if best is None else violation_record(best.violation),
        "exactly_feasible": best is not None and best.exactly_feasible,
        "proof": None if best is None else best.against,
        "incumbents": [_incumbent(found, k, proofs) for k in range(len(found))],
        "bound": _finite(outcome.bound),
        "nodes": outcome.nodes,
        "lp_iterations": outcome.lp_iterations,
        "instance": _instance(model, source),
        "first_solution": _first(found, proofs) if accepted else None,
        "check": time.monotonic() - started,
    }


def _proofs(model: ParsedModel, found: Incumbents, columns: Sequence[str | None] | None) -> Proofs:
    """Return the proofs of as many incumbents as there is time for."""
    order = sorted(found.points, reverse=True)
    if len(order) > 2:
        order.insert(1, order.pop())
    deadline = time.monotonic() + PROOF_SECONDS
    proofs: dict[int, Proof | None] = {}
    names = _names(model, columns)
    for done, k in enumerate(order):
        if done >= 2 and time.monotonic() > deadline:
            break
        proofs[k] = None if names is None else _proof(model, found.points[k], names)
    return proofs


def _names(model: ParsedModel, columns: Sequence[str | None] | None) -> Sequence[str | None] | None:
    """Return the file's name of each of the peer's columns, None if they cannot be matched."""
    if columns is None:
        return None
    by_position = model.col_names if len(columns) == len(model.col_names) else None
    named = [name for name in columns if name is not None]
    if not named or len(set(named)) < len(named) or not set(model.col_names).issuperset(named):
        return by_position
    if by_position is None:
        return columns
    return [own if name is None else name for name, own in zip(columns, by_position, strict=True)]


def _proof(model: ParsedModel, point: Point, names: Sequence[str | None]) -> Proof | None:
    pairs = zip(point.columns.tolist(), point.values.tolist(), strict=True)
    try:
        return prove(model, {str(names[j]): repr(value) for j, value in pairs})
    except InputError:  # a value is not finite, or a column has no name
        return None


def _best(accepted: dict[int, Proof], maximise: bool) -> Proof | None:
    """Return the best verified solution, the latest among equals, or None."""

    def rank(k: int) -> tuple[Fraction, int]:
        objective = accepted[k].objective
        return (objective if maximise else -objective, k)

    return accepted[max(accepted, key=rank)] if accepted else None


def _incumbent(found: Incumbents, k: int, proofs: Proofs) -> dict[str, Any]:
    """Return an entry of `incumbents`, with the exact objective if the point was checked."""
    proof = proofs.get(k)
    refused = k in proofs and (proof is None or not proof.accepted)
    return {
        "seconds": found.seconds[k],
        "objective": found.objectives[k] if proof is None else float(proof.objective),
        "verified": not refused if k in proofs else None,
        "violation": proof.violation.worst if refused and proof is not None else None,
    }


def _first(found: Incumbents, proofs: Proofs) -> float:
    """Return the time of the first incumbent that the check did not refuse."""
    verdicts = ((k, proofs.get(k)) for k in range(len(found)))
    return next(
        found.seconds[k] for k, proof in verdicts if k not in proofs or (proof is not None and proof.accepted)
    )


def _status(name: str, outcome: Outcome, verified: bool, columns: int) -> tuple[str, str]:
    """Return the status in lower case and a sentence that separates claims from verified facts."""
    words = f"{name} says: {outcome.words}"
    if verified:
        return Status.FEASIBLE.name.lower(), f"{Status.FEASIBLE.value} ({words})"
    if outcome.columns is not None and len(outcome.columns) != columns:
        other = f"{name} read {len(outcome.columns)} columns, but the file has {columns}"
        return "refused", f"{other}, so it solved another model ({words})"
    if len(outcome.incumbents):
        return Status.UNPROVEN.name.lower(), f"a solution was claimed, none passed the exact check ({words})"
    if outcome.status in (Status.INFEASIBLE, Status.UNBOUNDED):
        return outcome.status.name.lower(), f"{words}; this is a claim that was not verified"
    return outcome.status.name.lower(), f"no solution found; this proves nothing about the model ({words})"


def _instance(model: ParsedModel, source: Source) -> dict[str, Any]:
    binary = model.integer & (model.lb >= 0) & (model.ub <= 1)
    return {
        "name": model.name,
        "path": source.path,
        "sha256": source.sha256,
        "rows": len(model.row_names),
        "columns": len(model.col_names),
        "nonzeros": int(np.count_nonzero(model.values)),
        "binaries": int(binary.sum()),
        "integers": int((model.integer & ~binary).sum()),
    }


def _finite(bound: float | None) -> float | None:
    return None if bound is None or not abs(bound) < _INFINITE else bound
