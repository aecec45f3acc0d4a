"""Time limits on the largest files, on more threads than cores, and while the kernels are compiled."""

from __future__ import annotations

import os
from pathlib import Path

import limited
import peer_solvers
from trial import ROOT, Skipped, Trial, row

LARGEST = 12  # files of MIPLIB, by their size
MOST_OVER = 1.0  # seconds, or
MOST_SHARE = 0.05  # of the limit, whichever is more
LIMITS = (1.0, 2.0, 5.0)
PEER_LIMIT = 2.0


def largest() -> list[Path]:
    """Return the largest files of MIPLIB, or our own instances without it."""
    folder = os.environ.get("DIFFPUMP_MIPLIB")
    files = list(Path(folder).rglob("*.mps.gz")) if folder else list((ROOT / "instances").glob("*.mps"))
    return sorted(files, key=lambda path: (-path.stat().st_size, path.name))[:LARGEST]


def allowed(limit: float) -> float:
    """Return the seconds after which a run at a limit must have ended."""
    return limit + max(MOST_OVER, MOST_SHARE * limit)


def judge(trial: Trial, limit: float, *arguments: str, env: dict[str, str] | None = None) -> None:
    """Run with a limit and demand that it is kept."""
    done = limited.run(
        "solve", *arguments, "-q", "--json", "--time-limit", f"{limit:g}", cwd=trial.folder, env=env,
        patience=limit + 60,
    )  # fmt: skip
    limited.demand_orderly(trial, done, (0, 10, 11, 12))
    late = f"{done.seconds:.1f} s at a limit of {limit:g} s, allowed {allowed(limit):.2f} s"
    trial.demand(done.seconds <= limit + (allowed(limit) - limit) * trial.leeway, late)


@row(
    "limits",
    "time limits, largest files, many threads, cold kernels",
    trials=44,
    seconds=180,
    patience=200,
    jobs=1,
    quick=(0,),
)
def limits(trial: Trial) -> None:
    """From its start to its end a command takes no longer than its time limit and 1 s (or 5 %): on the largest files of
    MIPLIB, where reading alone may take longer, with up to 64 threads, with an empty cache of kernels, and with the pump
    alone. Peers: reading and solving in their process, at 2 s, on the same large files.
    """
    files = largest()
    if not files:
        raise Skipped("no model files")
    random, turn = trial.random, trial.number % 4
    file = files[trial.number // 4 % len(files)]
    limit = random.choice(LIMITS)
    if turn == 0:
        trial.case = "threads"
        model = str(
            ROOT
            / "instances"
            / random.choice(["gap-5x25-s0.mps", "cflp-30x40-s0.mps", "lotsizing-2x12-s0.mps"])
        )
        judge(trial, 1.0, model, "--threads", str(random.choice([4, 16, 64])))
    elif turn == 1 and trial.number % 8 == 5:
        trial.case = "cold kernels"
        model = str(ROOT / "instances" / "gap-5x25-s1.mps")
        judge(trial, random.choice([1.0, 2.0]), model, env={"NUMBA_CACHE_DIR": str(trial.folder / "cache")})
    elif turn == 2 and random.random() < 0.5:
        trial.case = f"pump, {file.name.split('.')[0]}"
        judge(trial, limit, str(file), "--preset", random.choice(["FP", "DP4"]))
    else:
        trial.case = file.name.split(".")[0]
        judge(trial, limit, str(file), "--seed", str(trial.number))
        for name in peer_solvers.present() if turn == 1 else ():
            trial.peers[name] = _peer(name, file)


def _peer(name: str, file: Path) -> str | None:
    said = peer_solvers.ask(name, {"do": "solve", "path": str(file), "seconds": PEER_LIMIT}, PEER_LIMIT + 30)
    if "died" in said:
        return str(said["died"])
    seconds = said["seconds"]
    return None if seconds <= allowed(PEER_LIMIT) else f"{seconds:.1f} s at a limit of {PEER_LIMIT:g} s"
