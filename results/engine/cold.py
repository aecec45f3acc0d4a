"""Measure first solutions with warm kernels, with no compiled kernel, and with four cold solves at once.

    python cold.py MODEL ...        print the table of startup.md

Every solve is a process of its own, `diffpump solve MODEL --until first --json -q`. A cold one has an empty
folder for its kernels. Seconds are counted from the start of the process, as the runs report them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

COLD_SOLVES_AT_ONCE = 4


def first(model: str, kernels: str | None = None) -> tuple[float, str]:
    """Return the seconds to the first solution and the arm that found it.

    `kernels` is the folder of the compiled kernels, None for the user's own. Raises IndexError if there is no
    solution.
    """
    env = os.environ if kernels is None else {**os.environ, "NUMBA_CACHE_DIR": kernels}
    command = [sys.executable, "-m", "diffpump", "solve", model, "--until", "first", "--json", "-q"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)["incumbents"][0]
    return found["seconds"], found["arm"]


def main(models: list[str]) -> None:
    """Print the table."""
    print("| model | warm, s | cold, s | the next one | four cold at once |\n|---|---|---|---|---|")
    for model in models:
        cells = [first(model)]
        with tempfile.TemporaryDirectory() as empty:
            cells += [first(model, empty), first(model, empty)]
        with tempfile.TemporaryDirectory() as empty, ThreadPoolExecutor(COLD_SOLVES_AT_ONCE) as pool:
            together = list(
                pool.map(lambda _, model=model, empty=empty: first(model, empty), range(COLD_SOLVES_AT_ONCE))
            )
        formatted = [f"{seconds:.2f} ({arm})" for seconds, arm in cells]
        formatted.append(", ".join(f"{seconds:.2f} ({arm})" for seconds, arm in sorted(together)))
        print(f"| {Path(model).name.split('.')[0]} | {' | '.join(formatted)} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
