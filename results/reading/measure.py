"""Measure reading time and memory, ours against highspy's own reader, on the five largest files.

    DIFFPUMP_MIPLIB=... python results/reading/measure.py > results/reading/reading.md

The files are the union of the five largest by bytes as stored, by bytes decompressed, and by nonzeros. A time is
the best of `ROUNDS`, from the path to the model, decompression included, with both readers alternating in one
process. The memory is the peak resident set of a fresh process that imports, reads once and keeps the model.
"""

from __future__ import annotations

import datetime
import gzip
import importlib.metadata
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import highspy

from diffpump.io.read import read

ROUNDS = 7
PEAK = """
import sys
{}
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""
OURS = "from diffpump.io.read import read\nmodel = read(sys.argv[1])"
EXACT = "from diffpump.io.read import load_bytes, read_exact\nmodel = read_exact(load_bytes(sys.argv[1])[1])"
THEIRS = "import highspy\nmodel = highspy.Highs()\nmodel.silent()\nmodel.readModel(sys.argv[1])"


def highs(path: Path) -> highspy.Highs:
    """Read a file with highspy, with which `read` is compared."""
    solver = highspy.Highs()
    solver.silent()
    solver.readModel(str(path))
    return solver


def seconds(reader: Callable[[Path], object], path: Path) -> float:
    """Return the seconds of one reading, without those of freeing the model."""
    start = time.perf_counter()
    model = reader(path)
    elapsed = time.perf_counter() - start
    del model
    return elapsed


def peak(code: str, path: Path) -> int:
    """Return the peak resident memory of a fresh process in MB."""
    command = [sys.executable, "-c", PEAK.format(code), str(path)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) // 1024


def largest(files: list[Path]) -> list[Path]:
    """Return the union of the five largest files by each of the three measures."""
    stored = sorted(files, key=lambda path: -path.stat().st_size)
    unpacked = sorted(stored[:40], key=lambda path: -len(gzip.decompress(path.read_bytes())))
    nonzeros = sorted(stored[:40], key=lambda path: -read(path).nnz)
    return sorted({*stored[:5], *unpacked[:5], *nonzeros[:5]}, key=lambda path: -path.stat().st_size)


def main() -> None:
    """Print the table."""
    folder = Path(os.environ["DIFFPUMP_MIPLIB"]) / "paper"
    rows = []
    for path in largest(list(folder.glob("*.mps.gz"))):
        times = [(seconds(read, path), seconds(highs, path)) for _ in range(ROUNDS)]
        ours, theirs = (min(column) for column in zip(*times, strict=True))
        memory = [peak(code, path) for code in (OURS, THEIRS, EXACT)]
        size = len(gzip.decompress(path.read_bytes())) / 1e6
        rows.append((path.name.removesuffix(".mps.gz"), size, read(path).nnz, ours, theirs, *memory))
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("diffpump", "highspy", "numpy")
    )
    python = ".".join(map(str, sys.version_info[:3]))
    print(f"# Reading the largest files of `miplib/paper`\n\n{__doc__.split(chr(10), 3)[3].strip()}\n")
    print(
        f"{datetime.date.today()}, {versions}, Python {python}, {os.cpu_count()} cores, best of {ROUNDS}.\n"
    )
    print("| file | MB | nonzeros | ours s | highspy s | ratio | ours MB | highspy MB | exact MB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, size, nnz, ours, theirs, *memory in rows:
        cells = [name, f"{size:.1f}", nnz, f"{ours:.2f}", f"{theirs:.2f}", f"{ours / theirs:.2f}", *memory]
        print("| " + " | ".join(map(str, cells)) + " |")
    print(
        f"\nWorst ratio of times: {max(ours / theirs for _, _, _, ours, theirs, *_ in rows):.2f} (limit 2)."
    )


if __name__ == "__main__":
    main()
