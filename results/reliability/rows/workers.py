"""Processes of the engine that are killed while it runs."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

import limited
from trial import ROOT, Skipped, Trial, row

from rows.signals import hard_model

SECONDS = 3.0
MODULES = ("diffpump.search.member", "diffpump.search.mip_process", "diffpump.search.lp_process")


def killer(parent: int, kills: int, pause: float, killed: list[str]) -> None:
    """Kill up to `kills` processes of the engine, waiting some seconds before each; note their modules."""
    import psutil

    deadline = time.monotonic() + SECONDS
    while len(killed) < kills and time.monotonic() < deadline:
        time.sleep(pause)
        with suppress(psutil.Error):
            for child in psutil.Process(parent).children(recursive=True):
                module = next((m for m in MODULES if f"from {m} import" in " ".join(child.cmdline())), None)
                if module is not None:
                    os.kill(child.pid, signal.SIGKILL)
                    killed.append(module.rpartition(".")[2])
                    break


@row(
    "workers",
    "processes of the engine killed at random times",
    trials=30,
    seconds=80,
    patience=60,
    quick=(0,),
)
def workers(trial: Trial) -> None:
    """While `solve --threads N` runs, one to three of its processes (members, branch and cut) are killed with SIGKILL: it
    ends in time with code 0, its solution is proven, and `lost` counts a killed member.
    """
    try:
        import psutil  # noqa: F401
    except ImportError:
        raise Skipped("psutil is missing") from None
    random = trial.random
    if trial.number % 3:
        (trial.folder / "m.mps").write_text(hard_model(random))
    else:
        (trial.folder / "m.mps").write_bytes((ROOT / "instances" / "setcover-200x60-s1.mps").read_bytes())
    threads, kills, pause = random.choice([1, 2, 3]), random.randint(1, 3), random.uniform(0.1, 0.9)
    trial.case = f"{threads} threads"
    killed: list[str] = []

    def during(process: subprocess.Popen[bytes]) -> None:
        threading.Thread(target=killer, args=(process.pid, kills, pause, killed), daemon=True).start()

    done = limited.run(
        "solve", "m.mps", "--json", "-q", "--time-limit", f"{SECONDS:g}", "--threads", str(threads),
        "--solution-file", "m.sol", cwd=trial.folder, during=during,
    )  # fmt: skip
    limited.demand_orderly(trial, done)
    if not trial.demand(done.code == 0, f"exit code {done.code} after killing {killed}: {done.err.strip()}"):
        return
    said = done.json()
    trial.demand(said["found"] and (trial.folder / "m.sol").exists(), "no solution")
    limited.demand_proven(trial, trial.folder / "m.mps", trial.folder / "m.sol")
    lost = said["counters"].get("lost", 0)
    # One that had sent its result, or had not begun, may go uncounted; a member works until the end.
    trial.demand(
        lost >= 1 or "member" not in killed or said["complete"], f"killed {killed}, but lost is {lost}"
    )
    trial.demand(lost <= len(killed), f"killed {killed}, but lost is {lost}")
    trial.demand(
        done.seconds < SECONDS + 3 * trial.leeway, f"{done.seconds:.1f} s at a limit of {SECONDS:g} s"
    )
