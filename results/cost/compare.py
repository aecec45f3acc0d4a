"""Compare the costs of two checkouts of diffpump in one run: start-up, and time outside the LP solver.

    python results/cost/compare.py OLD NEW        (needs DIFFPUMP_MIPLIB and a machine doing nothing else)

OLD and NEW are folders, each with its own environment in .venv (`make install-dev`). The two run alternately, so
that a change of the machine's speed concerns both. Writes compare.md beside this file.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
INSTANCES = (
    "small/p0201 small/misc07 small/air03 small/roll3000 small/mod011 paper/glass4 paper/tr12-30 paper/seymour"
).split()
PRESETS = ("FP", "DP4")
GAP = HERE.parent.parent / "instances" / "gap-5x25-s0.mps"
COMMANDS = {
    "--help": ["--help"],
    "solve --help": ["solve", "--help"],
    "presets": ["presets"],
    "info": ["info", str(GAP)],
    "solve --preset DP4 --max-iter 50": ["solve", str(GAP), "--preset", "DP4", "--max-iter", "50", "-q"],
    "solve --stop first": ["solve", str(GAP), "--stop", "first", "-q"],
}
STARTS, OVERHEADS = 25, 5  # runs of each command, and of each instance and preset


def seconds(folder: Path, arguments: list[str]) -> float:
    """Return the wall seconds of a command of a checkout."""
    began = time.perf_counter()
    done = subprocess.run([folder / ".venv" / "bin" / "diffpump", *arguments], capture_output=True, cwd="/")
    took = time.perf_counter() - began
    if done.returncode not in (0, 10):  # 10: nothing was found within the limits
        sys.exit(done.stderr.decode())
    return took


def overhead(folder: Path, name: str, preset: str) -> float:
    """Return a checkout's milliseconds outside the LP solver in an iteration, by its own results/cost."""
    code = f"import sys; sys.path.insert(0, {str(folder / 'results' / 'cost')!r}); import measure; "
    code += f"print(measure.overhead({name!r}, {preset!r})[-1])"
    python = folder / ".venv" / "bin" / "python"
    done = subprocess.run([python, "-c", code], capture_output=True, check=True, text=True, cwd="/")
    return float(done.stdout.splitlines()[-1])


def row(label: str, old: list[float], new: list[float], digits: int) -> str:
    """Return a table row: medians, the median of the ratios of neighbouring runs, and their quartiles."""
    ratios = [b / a for a, b in zip(old, new, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    medians = f"{statistics.median(old):.{digits}f} | {statistics.median(new):.{digits}f}"
    return f"| {label} | {medians} | {middle:.2f} ({low:.2f} to {high:.2f}) |"


def main(old: Path, new: Path) -> None:
    """Measure both checkouts in turn, and write the page."""
    lines = [
        "# Two checkouts beside each other", "",
        f"`python results/cost/compare.py OLD NEW` of {datetime.now(UTC):%Y-%m-%d}. The runs alternate; ratios are new "
        "to old, with their quartiles.", "",
        f"Start-up, s, {STARTS} runs each:", "", "| command | old | new | ratio |", "|---|---|---|---|",
    ]  # fmt: skip
    for label, arguments in COMMANDS.items():
        for folder in (old, new):
            seconds(folder, arguments)  # a first run fills the caches
        pairs = [(seconds(old, arguments), seconds(new, arguments)) for _ in range(STARTS)]
        lines.append(row(f"`{label}`", *map(list, zip(*pairs, strict=True)), digits=3))
        print(lines[-1], flush=True)
    lines += ["", f"Time outside the LP solver, ms an iteration, {OVERHEADS} runs each:", ""]
    lines += ["| instance, preset | old | new | ratio |", "|---|---|---|---|"]
    for name in INSTANCES:
        for preset in PRESETS:
            pairs = [(overhead(old, name, preset), overhead(new, name, preset)) for _ in range(OVERHEADS)]
            lines.append(row(f"{name}, {preset}", *map(list, zip(*pairs, strict=True)), digits=3))
            print(lines[-1], flush=True)
    (HERE / "compare.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3 or "DIFFPUMP_MIPLIB" not in os.environ:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
