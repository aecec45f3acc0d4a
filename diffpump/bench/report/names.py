"""What runs, instances and configurations are called: records in, short names out that tell them apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from diffpump.bench import plan
from diffpump.config.pump import PRESETS

Record = Mapping[str, Any]
Run = tuple[str, str, int | None]
"""Instance, configuration, seed."""


def latest(records: Sequence[Record]) -> tuple[dict[Run, Record], list[str], list[str]]:
    """One record a run (the latest of several), and the names of configurations and instances in order."""
    instances = _instance_names(records)
    configs = _config_names(records)
    runs = {
        (instances[_file(r)], configs[_identity(r)], r.get("seed")): r
        for r in sorted(records, key=lambda r: (str(r.get("started")), str(r.get("key"))))
    }
    in_order = dict.fromkeys(configs[i] for i in sorted(configs, key=_rank))
    return runs, list(in_order), sorted(set(instances.values()), key=lambda name: (name.casefold(), name))


def instance_name(record: Record) -> str:
    """The instance's name, or its file's without endings."""
    about = record.get("instance") or {}
    return str(about.get("name") or stem(record) or about.get("sha256") or "?")


def stem(record: Record) -> str:
    """The file's name without folder and endings (`air05.mps.gz` is `air05`)."""
    path = (record.get("instance") or {}).get("path")
    return plan.instance_name(path) if path else ""


def version(record: Record) -> str:
    """The version in the record's key, else diffpump's."""
    parts = str(record.get("key") or "").split(":", 3)
    return parts[3] if len(parts) == 4 else str((record.get("versions") or {}).get("diffpump") or "")


def _file(record: Record) -> tuple[str, str]:
    return instance_name(record), str((record.get("instance") or {}).get("sha256") or "")


def _instance_names(records: Iterable[Record]) -> dict[tuple[str, str], str]:
    """By (name, sha256): the name, with six digits of the hash where several files share it. A record
    without a hash (it died early) belongs to the file of its name."""
    hashes = _group({_file(r) for r in records}, lambda f: f[0], lambda f: f[1])
    return {
        (name, sha): f"{name} {sha[:6]}".rstrip() if len(several - {""}) > 1 else name
        for name, several in hashes.items()
        for sha in several
    }


def _identity(record: Record) -> tuple[str, str, str, str]:
    label, solver = str(record.get("label") or ""), str(record.get("solver") or "")
    return solver, label or solver or "?", str(record.get("config_digest") or ""), version(record)


def _config_names(records: Iterable[Record]) -> dict[tuple[str, str, str, str], str]:
    """By identity: the label, with what tells it apart where it stands for several configurations."""
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
    """The paper's presets and their variants (`FP eta=0.5`) first, then our others, then peers."""
    solver, label, *rest = identity
    presets = [*PRESETS, family] if (family := label.split()[0]) not in PRESETS else list(PRESETS)
    return solver != "diffpump", presets.index(family), label.casefold(), rest


def _group(items: Iterable[Any], key: Callable[[Any], Hashable], value: Callable[[Any], str]) -> Any:
    out: dict[Hashable, set[str]] = defaultdict(set)
    for item in items:
        out[key(item)].add(value(item))
    return out
