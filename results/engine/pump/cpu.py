"""Configurations side by side under a clock that counts the processor's seconds: for a machine with other work.

    python cpu.py SECONDS LIST CONFIG.toml ... > records.jsonl

One process, one record a line: instance, configuration, found, iterations, objective (the model's own sense),
seconds, simplex iterations, counters. A solution counts once the exact check has taken it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from diffpump.backends import load
from diffpump.config import Config
from diffpump.config_file import load_config
from diffpump.engine import Verifier
from diffpump.io.read import read
from diffpump.oracle import Clock
from diffpump.problem import Problem
from diffpump.pump import Pump


def record(problem: Problem, settled: Config, seconds: float) -> dict[str, object]:
    """One run, from the loading of the LP to the first solution."""
    begun = time.process_time()
    verifier = Verifier(problem)
    relaxation = load(problem, settled.backend, settled.lp_start, settled.lp_algorithm)
    clock = Clock(stop=lambda: time.process_time() - begun > seconds)  # also inside an LP
    *_, state = Pump(problem, settled, relaxation, 0, clock, verifier, verifier.refute).iterates()
    return {
        "instance": problem.name, "label": settled.preset, "config_digest": settled.digest,
        "found": state.solution is not None, "iterations": state.iteration,
        "objective": None if state.solution is None else problem.value(state.solution),
        "cpu_seconds": round(time.process_time() - begun, 2), "counters": dict(state.counters),
    }  # fmt: skip


def main(seconds: str, listed: str, *configs: str) -> None:
    """Every instance of the list with every configuration, instance by instance."""
    settled = [load_config(path) for path in configs]
    paths = [
        os.path.expandvars(line) for line in Path(listed).read_text().split("\n") if line[:1] not in ("", "#")
    ]
    for path in paths:
        problem = read(path)
        for one in settled:
            row = record(problem, one, float(seconds))
            print(json.dumps({**row, "instance": Path(path).name.removesuffix(".mps.gz")}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
