"""The provenance of the numbers: versions, hosts, limits, seeds, dates, and the configurations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from diffpump.bench.report.names import Record
from diffpump.bench.report.runs import Runs
from diffpump.bench.report.text import NONE, Table, joined, ranges, with_noun

_STOPS = {"first": "to the first solution", "time": "for the whole time"}
_SHOWN_ELSEWHERE = ("preset", "label", "time_limit")  # settings that other parts of the page show


def facts(runs: Runs) -> list[tuple[str, str]]:
    """Return the provenance as (name, text); different values come with their numbers of runs."""
    rows = runs.records
    dates = sorted(str(row["started"]) for row in rows if row.get("started"))
    versions: dict[str, set[str]] = {}
    for row in rows:
        for name, value in (row.get("versions") or {}).items():
            versions.setdefault(name, set()).add(str(value))
    made = dict.fromkeys(date[:16].replace("T", " ") for date in (dates[:1] + dates[-1:]))
    texts = {
        "records": f"{len(rows)}: {with_noun(len(runs.configs), 'configuration')}, "
        + with_noun(len(runs.instances), "instance"),
        "seeds": ranges(row["seed"] for row in rows if row.get("seed") is not None),
        "limits": _each(rows, lambda r: r.get("limits"), _limits),
        "host": _each(rows, lambda r: r.get("host"), _host),
        "versions": joined((f"{name} {' and '.join(sorted(v))}" for name, v in versions.items()), 12),
        "dates (UTC)": " to ".join(made),
    }
    return [(name, text or NONE) for name, text in texts.items()]


def _each(rows: Any, part: Callable[[Record], Any], words: Callable[[Mapping[str, Any]], str]) -> str:
    counts = Counter(words(value) if (value := part(row)) else NONE for row in rows)
    if len(counts) == 1:
        return next(iter(counts))
    return joined((f"{text} ({with_noun(n, 'run')})" for text, n in sorted(counts.items())), separator="; ")


def _host(host: Mapping[str, Any]) -> str:
    return (
        f"{host.get('name') or NONE}, {host.get('cpus') or NONE} cores, {host.get('jobs') or NONE} at a time"
    )


def _limits(limits: Mapping[str, Any]) -> str:
    time, memory, stop = (limits.get(key) for key in ("time", "memory", "stop"))
    return ", ".join(
        (
            "no time limit" if time is None else f"{time:g} s",
            "no memory limit" if memory is None else f"{memory:g} MB",
            _STOPS.get(str(stop), str(stop or NONE)),
        )
    )


def configurations(runs: Runs) -> Table:
    """Return each configuration's solver, digest, and settings that differ from others of its solver."""
    first = [runs.records[int(np.argmax(runs.config == i))] for i in range(len(runs.configs))]
    settings: dict[str, list[Mapping[str, Any]]] = {}
    for row in first:
        settings.setdefault(str(row.get("solver") or NONE), []).append(row.get("config") or {})
    rows, alike = [], {}
    for name, row in zip(runs.configs, first, strict=True):
        solver, own = str(row.get("solver") or NONE), row.get("config") or {}
        shared = {k: v for k, v in own.items() if all(other.get(k) == v for other in settings[solver])}
        differing = [
            f"{k}={_text(v)}" for k, v in own.items() if k not in shared and k not in _SHOWN_ELSEWHERE
        ]
        rows.append([name, solver, str(row.get("config_digest") or NONE), "; ".join(differing) or NONE])
        alike[solver] = "; ".join(f"{k}={_text(v)}" for k, v in shared.items() if k not in _SHOWN_ELSEWHERE)
    notes = [f"All of {solver}: {text}." for solver, text in alike.items() if text]
    head = ("configuration", "solver", "digest", "settings that differ within a solver")
    return Table("configurations", "Configurations", head, rows, notes, texts=(0, 1, 2, 3))


def _text(value: Any) -> str:
    return " + ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
