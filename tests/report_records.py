"""Records of invented runs in the schema of `diffpump.bench`, with every status, of ours and of a peer."""

from __future__ import annotations

import hashlib
import os
from typing import Any

import numpy as np

from diffpump.bench.solu import Known

OURS = ("FP", "DP1", "DP2", "DP3", "DP4")


def record(
    instance: str = "a", label: str = "FP", seed: int = 0, *, version: str = "0.1.0", **changes: Any
) -> dict[str, Any]:
    """Return the record of a run that found objective 10 after one second and five iterations."""
    sha = hashlib.sha256(os.fsencode(instance)).hexdigest()
    digest = hashlib.sha256(os.fsencode(label)).hexdigest()[:12]
    out: dict[str, Any] = {
        "format": 1,
        "solver": "diffpump",
        "label": label,
        "config": {"preset": label, "losses": ["integrality:1", "cost:0.1"], "max_iter": 1000},
        "config_digest": digest,
        "seed": seed,
        "instance": {
            "name": instance, "path": f"set/{instance}.mps.gz", "sha256": sha, "rows": 3, "columns": 5,
            "nonzeros": 9, "binaries": 4, "integers": 1,
        },
        "status": "feasible",
        "message": "a solution was found",
        "found": True,
        "objective": 10.0,
        "sense": "minimise",
        "claimed": {"found": True, "objective": 10.0, "violation": 0.0},
        "violation": {"rows": 0.0, "bounds": 0.0, "integrality": 0.0},
        "incumbents": [{"seconds": 1.0, "objective": 10.0, "verified": True, "violation": None}],
        "bound": None,
        "iterations": 5,
        "restarts": {"flip": 1, "perturbation": 1},
        "restart_ratio": 0.4,
        "lp_iterations": 100,
        "seconds": {"startup": 0.2, "read": 0.1, "total": 1.1, "first_solution": 1.0, "lp": 0.5},
        "wall_seconds": 1.4,
        "limits": {"time": 20.0, "memory": 4096, "stop": "first"},
        "host": {"name": "one", "cpus": 2, "jobs": 2},
        "started": "2025-05-01T10:00:00Z",
        "exit_code": 0,
        "versions": {"diffpump": version, "highs": "1.15.1"},
    }  # fmt: skip
    out |= changes
    return out | {"key": f"{sha}:{out['config_digest']}:{seed}:{version}"}


def failed(instance: str = "a", label: str = "FP", seed: int = 0, **changes: Any) -> dict[str, Any]:
    """Return the record of a run that found nothing within 40 iterations and 20 seconds."""
    nothing = {"found": False, "objective": None, "violation": None}
    end = {
        "status": "time_limit",
        "objective": None,
        "found": False,
        "claimed": nothing,
        "violation": None,
        "incumbents": [],
        "iterations": 40,
        "seconds": {"total": 20.0, "first_solution": None},
    }
    return record(instance, label, seed, **(end | changes))


def peer(instance: str = "a", seed: int = 0, **changes: Any) -> dict[str, Any]:
    """Return the record of a peer's run, which has no iterations and no restarts."""
    own = {"solver": "highs", "config": {"threads": 1}, "iterations": None, "restarts": None}
    return record(instance, "highs", seed, **(own | {"restart_ratio": None} | changes))


def crashed(instance: str = "a", label: str = "FP", seed: int = 0) -> dict[str, Any]:
    """Return the record of a run that crashed before it could report anything about the model."""
    out = failed(instance, label, seed, status="crashed", iterations=None, restarts=None, lp_iterations=None)
    about = {"name": instance, "path": out["instance"]["path"], "sha256": out["instance"]["sha256"]}
    return out | {"instance": about, "seconds": {}, "sense": None, "exit_code": -11, "stderr": "<b>died</b>"}


def batch(instances: int, seeds: int, labels: tuple[str, ...] = (*OURS, "highs")) -> list[dict[str, Any]]:
    """Return records of random runs of every kind, which depend only on the arguments."""
    rng, out = np.random.default_rng(0), []
    for i in range(instances):
        hard, maximise = rng.random(), rng.random() < 0.3
        for label in labels:
            for seed in range(seeds):
                luck = rng.random() + 0.1 * len(out) % 0.1
                name = f"model-{i:03d}"
                if luck < 0.01:
                    out.append(crashed(name, label, seed))
                elif luck < 0.6 * hard:
                    status = "time_limit" if rng.random() < 0.5 else "iteration_limit"
                    out.append(failed(name, label, seed, status=status, iterations=int(rng.integers(1000))))
                else:
                    out.append(_found(rng, name, label, seed, 20 * hard, maximise))
                if label == "highs":
                    out[-1] |= {"solver": "highs", "iterations": None, "restarts": None, "config": {}}
    return out


def _found(
    rng: np.random.Generator, name: str, label: str, seed: int, scale: float, maximise: bool
) -> dict[str, Any]:
    times = np.sort(rng.exponential(0.1 * scale, int(rng.integers(1, 10)))).clip(0.01, 19.9).tolist()
    gains = np.sort(rng.exponential(30.0, len(times)))[:: 1 if maximise else -1]
    values = (np.round(100 - gains[::-1] if maximise else 100 + gains, 1)).tolist()
    points = [
        {"seconds": t, "objective": v, "verified": label != "highs" or None, "violation": None}
        for t, v in zip(times, sorted(values, reverse=not maximise), strict=True)
    ]
    return record(
        name, label, seed, objective=points[-1]["objective"], incumbents=points,
        claimed={"found": True, "objective": points[-1]["objective"], "violation": 0.0},
        sense="maximise" if maximise else "minimise", iterations=int(rng.integers(200)),
        restarts={"flip": int(rng.integers(20)), "perturbation": 0},
        lp_iterations=int(rng.integers(20_000)), limits={"time": 20.0, "memory": 4096, "stop": "time"},
        seconds={"total": times[-1] + 0.1, "first_solution": times[0], "read": 0.01},
    )  # fmt: skip


def known(instances: int) -> dict[str, Known]:
    """Return an optimum of 100 for all instances except every tenth one."""
    return {f"model-{i:03d}": Known("opt", 100.0) for i in range(instances) if i % 10}
