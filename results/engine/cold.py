"""First solutions with warm kernels, with none compiled, and four solves at once with none compiled.

    python cold.py MODEL ...        the table of startup.md

Every solve is a process of its own, `diffpump solve MODEL --stop first --json -q`; the cold ones have an empty
folder for their kernels. Seconds from the start of the process, as the runs report them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

AT_ONCE = 4


def first(model: str, kernels: str | None = None) -> tuple[float, str]:
    """Seconds to the first solution and the arm that found it; raises where there is none."""
    env = os.environ if kernels is None else {**os.environ, "NUMBA_CACHE_DIR": kernels}
    command = [sys.executable, "-m", "diffpump", "solve", model, "--stop", "first", "--json", "-q"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)["incumbents"][0]
    return found["seconds"], found["arm"]


def main(models: list[str]) -> None:
    """Print it."""
    print("| model | warm, s | cold, s | the next one | four cold at once |\n|---|---|---|---|---|")
    for model in models:
        cells = [first(model)]
        with tempfile.TemporaryDirectory() as empty:
            cells += [first(model, empty), first(model, empty)]
        with tempfile.TemporaryDirectory() as empty, ThreadPoolExecutor(AT_ONCE) as pool:
            together = list(pool.map(lambda _, model=model, empty=empty: first(model, empty), range(AT_ONCE)))
        told = [f"{seconds:.2f} ({arm})" for seconds, arm in cells]
        told.append(", ".join(f"{seconds:.2f} ({arm})" for seconds, arm in sorted(together)))
        print(f"| {Path(model).name.split('.')[0]} | {' | '.join(told)} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
