"""Results as plain JSON objects, for `--json`, traces and the records of batches.

JSON has no NaN and no infinity: a number that is not finite becomes null.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from diffpump.core.errors import TimeLimitError
from diffpump.core.problem import Problem
from diffpump.core.status import Status, Violation
from diffpump.io.foreign import from_arrays
from diffpump.outcome.result import PumpStatistics, SolveResult
from diffpump.outcome.verifier import versions


def dumps(record: Mapping[str, Any]) -> str:
    """Return a record as one line of valid JSON."""
    return json.dumps(plain(record), allow_nan=False)


def plain(value: Any) -> Any:
    """Return a value in JSON's types: non-finite numbers become None, NumPy scalars become Python's."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def result_record(result: SolveResult) -> dict[str, Any]:
    """Return a run as one object; `status` is the name of its `Status` in lower case, `message` the value."""
    return {
        "status": result.status.name.lower(),
        "message": result.status.value,
        "found": result.found,
        "objective": result.objective,
        "lp_bound": result.bound,
        "complete": None if result.complete is None else asdict(result.complete),
        "certificate": None if result.certificate is None else asdict(result.certificate),
        "notices": list(result.notices),
        "sense": "maximise" if result.problem.maximise else "minimise",
        **_statistics(result),
        "incumbents": [asdict(incumbent) for incumbent in result.incumbents],
        "solutions": [asdict(one.found) for one in result.solutions],
        "differences": result.differences,
        "seconds": {"lp": 0.0 if result.pump is None else result.pump.lp_seconds, **result.seconds},
        "violation": None if result.violation is None else violation_record(result.violation),
        "exactly_feasible": result.exactly_feasible,
        "proof": result.proof,
        "instance": instance_record(result.problem),
        "config": dict(result.config),
        "config_digest": result.config_digest,
        "seed": result.seed,
        "versions": dict(result.versions),
    }


def unread_record(
    error: TimeLimitError, config: Mapping[str, Any], config_digest: str, seed: int, seconds: float
) -> dict[str, Any]:
    """Return the record of a run that reached its time limit while it read the model.

    It has the keys of `result_record`. What is not known without the model is None.
    """
    result = SolveResult(
        status=Status.TIME_LIMIT, problem=from_arrays([], np.empty((0, 0)), [], [], [], [], []), x=None,
        objective=None,
        seconds={"total": seconds, "read": seconds, "check": 0.0, "first_solution": None}, violation=None,
        exactly_feasible=False, proof=None, config=config, config_digest=config_digest, seed=seed,
        versions=versions({}),
    )  # fmt: skip
    unknown = {"sense": None, "instance": None}
    return {**result_record(result), "status": error.status, "message": str(error), **unknown}


def _statistics(result: SolveResult) -> dict[str, Any]:
    """Return the statistics of the pump or the engine; every record has all of these keys."""
    pump, engine = result.pump, result.engine
    ran = engine or pump
    return {
        "iterations": pump.iterations if pump else 0,
        "restarts": dict(pump.restarts) if pump else {"flip": 0, "perturbation": 0},
        "restart_ratio": restart_ratio(pump) if pump else 0.0,
        "lp_solves": pump.lp_solves if pump else 0,
        "lp_iterations": ran.lp_iterations if ran else 0,
        "lp_algorithm": pump.lp_algorithm if pump else "",
        "counters": dict(ran.counters) if ran else {},
        "arms": dict(engine.arms) if engine else {},
    }


def restart_ratio(pump: PumpStatistics) -> float:
    """Return (flips + perturbations) / iterations, 0 if there was no iteration."""
    return sum(pump.restarts.values()) / max(1, pump.iterations)


def instance_record(problem: Problem) -> dict[str, Any]:
    """Return the name, sha256 and sizes of a model; `integers` counts the general integer columns."""
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
    """Return the largest absolute violations of rows, bounds and integrality."""
    return {"rows": violation.rows, "bounds": violation.bounds, "integrality": violation.integrality}
