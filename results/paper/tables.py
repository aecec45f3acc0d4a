"""Print the paper's tables with ours beside them: `python results/paper/tables.py > results/paper/tables.md`

The program reads the results folders beside this file (README.md says how they were made). Where a batch is not
complete, a table has the instances on which each of its configurations has a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from diffpump.bench.plan import instance_files, instance_name
from diffpump.bench.store import Store

HERE = Path(__file__).parent
PRESETS = ("FP", "DP1", "DP2", "DP3", "DP4")
# arXiv 2411.03535, Tables 3, 6, 7 and 12: fails of 125 and total iterations, Gurobi LPs, no time limit.
PAPER = {
    "FP": (28, 30071), "DP1": (28, 30037), "DP2": (21, 24084), "DP3": (21, 25684), "DP4": (20, 23383),
    "FP-perturbation": (98, 100974), "DP2-perturbation": (93, 96011),
    "FP-momentum-0.1": (28, 30980), "FP-momentum-0.5": (26, 27872), "FP-momentum-0.9": (29, 32208),
    "FP-adam": (26, 29019), "p2-plain": (21, 25114), "p2-momentum-0.1": (21, 25020),
    "p2-momentum-0.5": (27, 29371), "p2-momentum-0.9": (39, 40157), "p2-adam": (44, 45408),
}  # fmt: skip
RESTARTS = {"FP": "44 %", "DP2": "about half of FP's", "DP3": "4 %", "DP4": "about half of FP's"}
CUT = ("time_limit", "timeout", "memory", "crashed")  # the time limit or the machine ended the run
JACOBIANS = (
    "", "-perturbation", "-perturbation-8", "-perturbation-64", "-antithetic-8", "-interpolation", "-projection",
)  # fmt: skip
Record = Mapping[str, Any]


def listed(name: str) -> list[str]:
    """Return the instances of a list, in its order."""
    return [instance_name(str(path)) for path in instance_files([str(HERE / "lists" / f"{name}.txt")])]


def by_label(folder: str, seed: int = 0, limit: float | None = None) -> dict[str, dict[str, Record]]:
    """Return the records of a folder by label (without its "(paper)") and instance.

    With a limit in seconds they are what they would have been under that time limit.
    """
    found: dict[str, dict[str, Record]] = {}
    for record in Store(HERE / folder).records().values():
        if record["seed"] == seed:
            label = record["label"].removesuffix(" (paper)")
            found.setdefault(label, {})[record["instance"]["name"]] = cut_short(record, limit)
    return found


def cut_short(record: Record, limit: float | None) -> Record:
    """Return the record of the same run under a shorter time limit in seconds."""
    if limit is None or record["seconds"].get("total", 0) <= limit:
        return record
    return {**record, "found": False, "status": "time_limit"}


def complete(runs: Mapping[str, Mapping[str, Record]], names: Iterable[str]) -> list[str]:
    """Return the instances that every configuration has a record of."""
    return [name for name in names if all(name in of for of in runs.values())]


def row(label: str, runs: Mapping[str, Record], names: list[str], common: list[str]) -> str:
    """Return a configuration's row: our numbers, the iterations on common instances, and the paper's numbers."""
    records = [runs[name] for name in names]
    fails = [record for record in records if not record["found"]]
    cut = sum(record["status"] in CUT for record in fails)
    total = sum(r["iterations"] if r["found"] else r["config"]["max_iter"] for r in records)
    kicks = sum(sum(record.get("restarts", {}).values()) for record in records)
    made = sum(record.get("iterations") or 0 for record in records)
    shared = sum(runs[name]["iterations"] for name in common)
    paper = PAPER[label]
    return (
        f"| {label} | {len(fails)} | {cut} | {total} | {kicks / max(1, made):.0%} | {shared} "
        f"| {paper[0]} | {paper[1]} | {RESTARTS.get(label, '')} |"
    )


def table(runs: Mapping[str, Mapping[str, Record]], names: list[str], labels: Iterable[str]) -> list[str]:
    """Return the lines of the table of some configurations on some instances."""
    names = complete({label: runs[label] for label in labels}, names)
    common = [name for name in names if all(runs[label][name]["found"] for label in labels)]
    return [
        f"{len(names)} instances, of which all rows solve {len(common)} (the commonly solved ones).",
        "",
        "| | fails | of them cut | iterations | restart ratio | iterations, commonly solved "
        "| paper (125): fails | iterations | restart ratio |",
        "|---|---|---|---|---|---|---|---|---|",
        *(row(label, runs[label], names, common) for label in labels),
        "",
    ]


def effort(runs: Mapping[str, Mapping[str, Record]], names: list[str], labels: Iterable[str]) -> list[str]:
    """Return the lines of a table: how many LPs and simplex iterations each configuration takes.

    Configurations without records are left out.
    """
    labels = [label for label in labels if label in runs]
    names = complete({label: runs[label] for label in labels}, names)
    lines = [
        f"{len(names)} instances. LPs and simplex iterations are those of all runs, the fails included.",
        "",
        "| | fails | of them cut | iterations made | LPs solved | simplex iterations | LPs per success |",
        "|---|---|---|---|---|---|---|",
    ]
    for label in labels:
        records = [runs[label][name] for name in names]
        fails = [record for record in records if not record["found"]]
        cut = sum(record["status"] in CUT for record in fails)
        made, lps, simplex = (
            sum(record.get(count) or 0 for record in records)
            for count in ("iterations", "lp_solves", "lp_iterations")
        )
        share = f"{lps / (len(names) - len(fails)):.0f}" if len(fails) < len(names) else ""
        lines.append(f"| {label} | {len(fails)} | {cut} | {made} | {lps} | {simplex} | {share} |")
    return [*lines, ""]


def main() -> None:
    """Print all tables."""
    runs = by_label("main")
    print(
        "# The paper's tables\n\nA fail counts as 1000 iterations. A fail is cut if the time limit ended it, or if its process died.\n"
    )
    print("## Table 3: 60 s, the 60 smallest\n")
    print("\n".join(table(runs, listed("smallest60"), PRESETS)))
    print("## Table 3: 60 s, all\n")
    print("\n".join(table(runs, listed("all124"), PRESETS)))
    for seed in (1, 2, 3, 4):
        again = by_label("main", seed)
        if len(again) == len(PRESETS):
            print(f"## The 60 smallest, seed {seed}\n")
            print("\n".join(table(again, listed("smallest60"), PRESETS)))
    short = by_label("main", limit=20)
    if (HERE / "jacobian").exists():
        print("## Table 6: the perturbation Jacobian, 20 s, the 60 smallest\n")
        labels = ("FP", "FP-perturbation", "DP2", "DP2-perturbation")
        jacobian = {**short, **by_label("jacobian")}
        print("\n".join(table(jacobian, listed("smallest60"), labels)))
    if (HERE / "jacobian10").exists():
        print("## Beyond Table 6: what each Jacobian costs in LPs, 10 s, the 30 smallest\n")
        labels = [preset + kind for preset in ("FP", "DP2") for kind in JACOBIANS]
        print("\n".join(effort(by_label("jacobian10"), listed("smallest30"), labels)))
    if (HERE / "optimizers").exists():
        runs = {**short, **by_label("optimizers")}
        print("## Table 7: FP with momentum and Adam, 20 s, the 60 smallest\n")
        labels = ("FP", "FP-momentum-0.1", "FP-momentum-0.5", "FP-momentum-0.9", "FP-adam")
        print("\n".join(table(runs, listed("smallest60"), labels)))
        print("## Table 12: eta 0.6, regularisation 0.1, order 2, 20 s, the 60 smallest\n")
        labels = ("p2-plain", "p2-momentum-0.1", "p2-momentum-0.5", "p2-momentum-0.9", "p2-adam")
        print("\n".join(table(runs, listed("smallest60"), labels)))
    for path in sorted(HERE.glob("grids/*/grid.md")):
        print(f"Grid: [{path.parent.name}](grids/{path.parent.name}/grid.md)")


if __name__ == "__main__":
    main()
