"""The progress of a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from diffpump.bench.plan import Job


def progress(planned: Mapping[str, Job], records: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the numbers of planned and finished jobs as plain values.

    planned, done    over all configurations
    configurations   for each: label, digest, planned, done, found, and `ended`, the number of records by
                     status
    """
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
