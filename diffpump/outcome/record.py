"""Results as plain JSON objects: what `--json` prints, traces hold and batches store.

Every number in a record is finite (JSON knows no NaN and no infinity): what is not becomes null.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from diffpump.core.problem import Problem
from diffpump.core.status import Violation
from diffpump.outcome.result import SolveResult


def dumps(record: Mapping[str, Any]) -> str:
    """One line of valid JSON."""
    return json.dumps(plain(record), allow_nan=False)


def plain(value: Any) -> Any:
    """A value as JSON has it: numbers that are not finite become None, NumPy scalars Python's own."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def result_record(result: SolveResult) -> dict[str, Any]:
    """A run as one object; `status` is the Status's name in lower case, `message` its sentence."""
    return {
        "status": result.status.name.lower(),
        "message": result.status.value,
        "found": result.found,
        "objective": result.objective,
        "lp_bound": result.bound,
        "complete": result.complete,
        "sense": "maximise" if result.problem.maximise else "minimise",
        "iterations": result.iterations,
        "restarts": dict(result.restarts),
        "restart_ratio": restart_ratio(result),
        "lp_solves": result.lp_solves,
        "lp_iterations": result.lp_iterations,
        "lp_algorithm": result.lp_algorithm,
        "counters": dict(result.counters),
        "arms": dict(result.arms),
        "incumbents": [asdict(incumbent) for incumbent in result.incumbents],
        "seconds": dict(result.seconds),
        "violation": None if result.violation is None else violation_record(result.violation),
        "exactly_feasible": result.exactly_feasible,
        "proof": result.proof,
        "instance": instance_record(result.problem),
        "config": dict(result.config),
        "config_digest": result.config_digest,
        "seed": result.seed,
        "versions": dict(result.versions),
    }


def restart_ratio(result: SolveResult) -> float:
    """(flips + perturbations) / iterations, 0 when there was no iteration."""
    return sum(result.restarts.values()) / max(1, result.iterations)


def instance_record(problem: Problem) -> dict[str, Any]:
    """Name, hash and sizes of a model; `integers` are the general ones."""
    return {
        "name": problem.name,
        "sha256": None if problem.source is None else problem.source.sha256,
        "rows": problem.m,
        "columns": problem.n,
        "nonzeros": problem.nnz,
        "binaries": int(problem.binary.sum()),
        "integers": int(problem.general.sum()),
    }


def violation_record(violation: Violation) -> dict[str, float]:
    """The three largest absolute violations."""
    return {"rows": violation.rows, "bounds": violation.bounds, "integrality": violation.integrality}
