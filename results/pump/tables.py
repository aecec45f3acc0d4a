"""Write the tables of records-*.jsonl as Markdown: a row per instance, and totals in the paper's form."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

from diffpump.bench.store import read_objects

PRESETS = ("FP", "DP1", "DP2", "DP3", "DP4")
INFEASIBLE = ("diamond", "enlight14", "ns1766074", "p2m2p1m1p0n100")
Record = dict[str, Any]


def load(path: Path) -> list[Record]:
    return read_objects(path)


def split(record: Record) -> tuple[str, str, int]:
    """Return the instance, the preset and the seed of a record."""
    file, preset, seed = record["key"].split()
    return file.split("/")[1], preset, int(seed)


def cell(record: Record | None) -> str:
    if record is None:
        return ""
    if record["status"] in ("crashed", "error"):
        return "**crashed**" if record["status"] == "crashed" else "refused"
    ratio = record["restart_ratio"]
    kicks = "" if ratio is None else f" {100 * ratio:.0f}%"
    work = f"{record['iterations']}{kicks} {record['seconds']['total']:.1f}s"
    if record["found"]:
        return work
    reason = {"time_limit": "T", "iteration_limit": "I"}.get(record["status"], record["status"])
    return f"– {reason} {work}"


def totals(records: list[Record], presets: list[str]) -> list[str]:
    """Return the totals as in the paper's Table 3; a run cut by the time limit counts the iterations it made."""
    head = (
        "preset, runs, found, fails, cut by the clock, iterations, on commonly solved, restart ratio, seconds"
    )
    out = ["| " + head.replace(", ", " | ") + " |", "|---" * 9 + "|"]
    by_run: dict[tuple[str, int], dict[str, Record]] = defaultdict(dict)
    for record in records:
        instance, preset, seed = split(record)
        by_run[instance, seed][preset] = record
    common = [runs for runs in by_run.values() if all(p in runs and runs[p]["found"] for p in presets)]
    for preset in presets:
        mine = [r for r in records if split(r)[1] == preset and r["status"] not in ("crashed", "error")]
        found = sum(r["found"] for r in mine)
        kicks = sum(sum(r["restarts"].values()) for r in mine)
        iterations = sum(r["iterations"] for r in mine)
        cut = sum(r["status"] == "time_limit" for r in mine)
        on_common = sum(runs[preset]["iterations"] for runs in common)
        seconds = sum(r["seconds"]["total"] for r in mine)
        out.append(
            f"| {preset} | {len(mine)} | {found} | {len(mine) - found} | {cut} | {iterations} | {on_common} "
            f"(of {len(common)}) | {100 * kicks / max(1, iterations):.0f} % | {seconds:.0f} |"
        )
    return out


def per_instance(records: list[Record], presets: list[str]) -> list[str]:
    rows: dict[tuple[str, int], dict[str, Record]] = defaultdict(dict)
    for record in records:
        instance, preset, seed = split(record)
        rows[instance, seed][preset] = record
    out = ["| instance | seed | " + " | ".join(presets) + " |", "|---" * (len(presets) + 2) + "|"]
    for (instance, seed), runs in sorted(rows.items()):
        name = f"{instance} (infeasible)" if instance in INFEASIBLE else instance
        out.append(f"| {name} | {seed} | " + " | ".join(cell(runs.get(p)) for p in presets) + " |")
    return out


def provenance(records: list[Record], name: str) -> list[str]:
    record = next(r for r in records if "versions" in r)
    versions = ", ".join(f"{k} {v}" for k, v in record["versions"].items())
    digests = sorted({(r["preset"], r["config_digest"]) for r in records if "config_digest" in r})
    return [
        f"Made by `python results/pump/measure.py run {name}` and `... table`; arguments "
        f"`{' '.join(record['args'])}`; {versions}. Two runs went at a time on two cores, so iterations can be "
        f"compared and seconds are upper bounds. Configurations: {', '.join(f'{p} `{d}`' for p, d in digests)}.",
        "",
    ]


def claims(records: list[Record]) -> list[str]:
    """Return a paragraph that counts the claims, and every kind of claim that must not occur."""
    wrong = [r["key"] for r in records if split(r)[0] in INFEASIBLE and r["found"]]
    unverified = [r["key"] for r in records if r["found"] and r["exit_code"] != 0]
    exact = sum(r["found"] and r["exactly_feasible"] for r in records)
    crashed = [r["key"] for r in records if r["status"] == "crashed"]
    return [
        f"Claims: {sum(r['found'] for r in records)} solutions, each proven against the original file; "
        f"{exact} of them are exactly feasible (tolerance 0). Solutions of infeasible models: {wrong or 'none'}. "
        f"Claims without proof: {unverified or 'none'}. Better than a known optimum: "
        f"{beats(records) or 'none'}. Crashed: {crashed or 'none'}.",
        "",
    ]


def beats(records: list[Record]) -> list[str]:
    """Return the runs whose objective is better than an =opt= of best.solu by more than 1e-6 relative."""
    optima = {}
    for line in (Path(os.environ["DIFFPUMP_MIPLIB"]) / "best.solu").read_text().splitlines():
        kind, name, *value = line.split()
        if kind == "=opt=":
            optima[name] = float(value[0])
    out = []
    for r in records:
        best = optima.get(split(r)[0])
        if r["found"] and best is not None:
            gain = (best - r["objective"]) * (-1 if r["sense"] == "maximize" else 1)
            if gain > 1e-6 * max(1.0, abs(best)):
                out.append(f"{r['key']} ({r['objective']} against {best})")
    return out


LEGEND = (
    "Cells have the iterations, the restart ratio and the seconds in all; `–` means not found "
    "(T time limit, I iteration limit)."
)


def authors(records: list[Record]) -> list[str]:
    """Return tables of our runs beside the authors' (seed 0, Gurobi LPs, success by a mean over rows)."""
    with (Path(os.environ["DIFFPUMP_MIPLIB"]) / "authors_runs.csv").open() as stream:
        theirs = {(row["instance"], row["preset"]): row for row in csv.DictReader(stream)}
    ours: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        instance, preset, _ = split(record)
        ours[instance, preset].append(record)
    presets = ["FP", "DP2", "DP3", "DP4"]
    out = ["| preset | theirs: fails | iterations | ours, 5 seeds: fails a seed | iterations a seed |",
           "|---|---|---|---|---|"]  # fmt: skip
    for preset in presets:
        rows = [row for (_, p), row in theirs.items() if p == preset]
        fails = sum(row["success"] != "1" for row in rows)
        seeds = sorted({split(r)[2] for r in records})
        mine = {s: [r for r in records if split(r)[1] == preset and split(r)[2] == s] for s in seeds}
        our_fails = [sum(not r["found"] for r in mine[s]) for s in seeds]
        our_its = [sum(r["iterations"] for r in mine[s]) for s in seeds]
        their_its = sum(int(row["iterations"] or 0) for row in rows)
        out.append(f"| {preset} | {fails} of {len(rows)} | {their_its} | {our_fails} | {our_its} |")
    out += ["", "| instance | " + " | ".join(f"{p}: theirs | {p}: ours, seeds 0-4" for p in presets) + " |"]
    out.append("|---" * (1 + 2 * len(presets)) + "|")
    for instance in sorted({i for i, _ in ours}):
        cells = []
        for preset in presets:
            row = theirs.get((instance, preset))
            cells.append(
                "" if row is None else row["iterations"] if row["success"] == "1" else f"– {row['note']}"
            )
            mine = sorted(ours[instance, preset], key=lambda r: split(r)[2])
            cells.append(" ".join(str(r["iterations"]) if r["found"] else "–" for r in mine))
        out.append(f"| {instance} | " + " | ".join(cells) + " |")
    return out


def write(folder: Path) -> None:
    """Write a <set>.md for every records-<set>.jsonl, compressed or not."""
    names = {path.name.split(".jsonl")[0] for path in folder.glob("records-*.jsonl*")}
    for name in sorted(name.removeprefix("records-") for name in names):
        path = folder / f"records-{name}.jsonl"
        records = load(path)
        presets = [p for p in PRESETS if any(split(r)[1] == p for r in records)]
        lines = [f"# {name}", "", *provenance(records, name), *claims(records), *totals(records, presets), ""]
        if name.startswith("authors"):
            lines += authors(records)
        else:
            lines += [LEGEND, "", *per_instance(records, presets)]
        (folder / f"{name}.md").write_text("\n".join(lines) + "\n")
        print(folder / f"{name}.md")
