"""How far a batch has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from diffpump.bench.plan import Job


def progress(planned: Mapping[str, Job], records: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Jobs planned and done, in all and for each configuration, with how they ended, in plain values."""
    configurations: dict[tuple[str, str], dict[str, Any]] = {}
    for key, job in planned.items():
        setting = job.setting
        entry = configurations.setdefault(
            (setting.label, setting.digest),
            {
                "label": setting.label, "digest": setting.digest,
                "planned": 0, "done": 0, "found": 0, "ended": Counter(),
            },
        )  # fmt: skip
        entry["planned"] += 1
        if key in records:
            entry["done"] += 1
            entry["found"] += bool(records[key]["found"])
            entry["ended"][records[key]["status"]] += 1
    return {
        "planned": len(planned),
        "done": sum(entry["done"] for entry in configurations.values()),
        "configurations": list(configurations.values()),
    }
