"""Short and unique names of instances and configurations, made from the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from diffpump.bench import plan
from diffpump.config.presets import PRESETS

Record = Mapping[str, Any]
Run = tuple[str, str, int | None]  # instance, configuration, seed


def latest(records: Sequence[Record]) -> tuple[dict[Run, Record], list[str], list[str]]:
    """Return the latest record of each run, and the names of configurations and instances in order."""
    instances = _instance_names(records)
    configs = _config_names(records)
    runs = {
        (instances[_file(r)], configs[_identity(r)], r.get("seed")): r
        for r in sorted(records, key=lambda r: (str(r.get("started")), str(r.get("key"))))
    }
    in_order = dict.fromkeys(configs[i] for i in sorted(configs, key=_rank))
    return runs, list(in_order), sorted(set(instances.values()), key=lambda name: (name.casefold(), name))


def instance_name(record: Record) -> str:
    """Return the instance's name, else its file's name without suffixes, else its hash."""
    about = record.get("instance") or {}
    return str(about.get("name") or stem(record) or about.get("sha256") or "?")


def stem(record: Record) -> str:
    """Return the file's name without folder and suffixes: "air05" for "air05.mps.gz"."""
    path = (record.get("instance") or {}).get("path")
    return plan.instance_name(path) if path else ""


def version(record: Record) -> str:
    """Return the version in the record's key, else the one of diffpump in `versions`."""
    parts = str(record.get("key") or "").split(":", 3)
    return parts[3] if len(parts) == 4 else str((record.get("versions") or {}).get("diffpump") or "")


def _file(record: Record) -> tuple[str, str]:
    return instance_name(record), str((record.get("instance") or {}).get("sha256") or "")


def _instance_names(records: Iterable[Record]) -> dict[tuple[str, str], str]:
    """Return names by (name, sha256); six digits of the hash are added if several files share a name.

    A record without a hash, whose run died early, belongs to the file with its name.
    """
    hashes = _group({_file(r) for r in records}, lambda f: f[0], lambda f: f[1])
    return {
        (name, sha): f"{name} {sha[:6]}".rstrip() if len(shas - {""}) > 1 else name
        for name, shas in hashes.items()
        for sha in shas
    }


def _identity(record: Record) -> tuple[str, str, str, str]:
    label, solver = str(record.get("label") or ""), str(record.get("solver") or "")
    return solver, label or solver or "?", str(record.get("config_digest") or ""), version(record)


def _config_names(records: Iterable[Record]) -> dict[tuple[str, str, str, str], str]:
    """Return names by identity: the label, with digest or version if several configurations share it."""
    known = {_identity(r) for r in records}
    digests = _group(known, lambda i: i[1], lambda i: i[2])
    versions = _group(known, lambda i: i[1:3], lambda i: i[3])
    out = {}
    for identity in known:
        _, label, digest, number = identity
        parts = [label]
        if len(digests[label]) > 1:
            parts.append(digest or "?")
        if len(versions[label, digest]) > 1:
            parts.append(number or "?")
        out[identity] = " ".join(parts)
    return out


def _rank(identity: tuple[str, str, str, str]) -> tuple[Any, ...]:
    """Return a sort key: the paper's presets and their variants (`FP eta=0.5`), our others, then peers."""
    solver, label, *rest = identity
    presets = [*PRESETS, family] if (family := label.split()[0]) not in PRESETS else list(PRESETS)
    return solver != "diffpump", presets.index(family), label.casefold(), rest


def _group(items: Iterable[Any], key: Callable[[Any], Hashable], value: Callable[[Any], str]) -> Any:
    out: dict[Hashable, set[str]] = defaultdict(set)
    for item in items:
        out[key(item)].add(value(item))
    return out
