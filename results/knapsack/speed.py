"""Time the smoothed knapsack beside the official file and a plain torch version.

    python speed.py diff_knapsack.py > speed.md

The argument is the public file of the paper's authors (github.com/google-deepmind/diff-knapsack, Apache-2.0),
kept outside this repository. Each line is a process of its own, the largest sizes first; finished ones are kept in
speed.jsonl, so that a call that is repeated goes on. The seconds are the least of some calls after a first one on
small data, and the memory is the largest resident size less that before the calls. The three programs
compute the same: `forward` the value, `layer` also the marginals, `vjp` also a vector-Jacobian product,
`sample` 1000 samples. The bandwidth is that of a large copy with the same number of threads.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

SIZES = (
    (100, 1_000, 1),
    (100, 1_000, 64),
    (100, 10_000, 1),
    (500, 1_000, 64),
    (500, 10_000, 1),
    (500, 10_000, 64),
)
TASKS = ("forward", "layer", "vjp", "sample")
PROGRAMS = ("ours", "official", "torch")
TORCH_CELLS = 50_000_000  # cells up to which the torch version, whose tape keeps every row, is run
G, SAMPLES = 0.5, 1000
# Calls are repeated so often and so long, but not beyond; the first one, which may compile again, never counts alone.
CALLS, MIN_SECONDS, ENOUGH_SECONDS = 3, 0.5, 10.0
RECORDS = Path(__file__).with_name("speed.jsonl")


def data(n: int, capacity: int, batch: int) -> tuple[Any, Any, Any]:
    """Return scores and z (batch, n), and weights (batch, n) whose sum is about twice the capacity."""
    rng = np.random.default_rng(0)
    largest = max(2, 4 * capacity // n)
    return rng.normal(size=(batch, n)), rng.normal(size=(batch, n)), rng.integers(1, largest, (batch, n))


def ours(task: str, capacity: int, threads: int, score: Any, z: Any, weights: Any) -> Callable[[], Any]:
    from diffpump.knapsack import Knapsack

    knapsack = Knapsack(weights, capacity, threads=threads)
    return {
        "forward": lambda: knapsack.value(score, G),
        "layer": lambda: knapsack.marginals(score, G),
        "vjp": lambda: knapsack.vjp(score, G, z),
        "sample": lambda: knapsack.sample(score, G, SAMPLES, np.random.default_rng(0)).mean(axis=1),
    }[task]


def official(task: str, capacity: int, threads: int, score: Any, z: Any, weights: Any) -> Callable[[], Any]:
    import numba

    spec = importlib.util.spec_from_file_location("diff_knapsack", os.environ["OFFICIAL"])
    assert spec is not None and spec.loader is not None
    file = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(file)
    numba.set_num_threads(threads)

    def run() -> Any:
        value, v, q = file.dp_value(score, capacity, G, weights)
        if task == "forward":
            return value
        if task == "sample":
            return file.dp_sample(q, weights, SAMPLES).mean(axis=1)
        y, e = file.dp_layer(v, q, weights)
        return y if task == "layer" else file.dp_vjp(z, v, q, e, G, weights)

    return run


def plain_torch(
    task: str, capacity: int, threads: int, score: Any, z: Any, weights: Any
) -> Callable[[], Any]:
    import torch

    torch.set_num_threads(threads)
    columns = torch.arange(capacity + 1)
    w = torch.tensor(weights)

    def value(theta: Any) -> Any:
        row = torch.zeros(len(theta), capacity + 1, dtype=torch.float64)
        for i in range(theta.shape[1]):
            source = columns - w[:, i : i + 1]
            pick = row.gather(1, source.clamp(min=0)) + theta[:, i : i + 1]
            row = G * torch.logaddexp(row / G, torch.where(source >= 0, pick, -torch.inf) / G)
        return row[:, -1]

    def run() -> Any:
        theta = torch.tensor(score, requires_grad=task != "forward")
        found = value(theta)
        if task == "forward":
            return found.numpy()
        (y,) = torch.autograd.grad(found.sum(), theta, create_graph=task == "vjp")
        if task == "layer":
            return y.numpy()
        (product,) = torch.autograd.grad((y * torch.tensor(z)).sum(), theta)
        return product.numpy()

    return run


def measure(program: str, task: str, n: int, capacity: int, batch: int, threads: int) -> None:
    """Print the seconds, the memory in MiB and the result of one program on one task, as JSON."""
    make = {"ours": ours, "official": official, "torch": plain_torch}[program]
    make(task, 20, threads, *data(5, 20, 2))()  # compiles
    run = make(task, capacity, threads, *data(n, capacity, batch))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, began = [], time.perf_counter()
    while len(seconds) < 2 or (
        time.perf_counter() - began < ENOUGH_SECONDS
        and (len(seconds) < CALLS or time.perf_counter() - began < MIN_SECONDS)
    ):
        start = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps([min(seconds), memory / 1024, np.asarray(result).tolist()]))


def bandwidth(threads: int) -> float:
    """Return the bytes per second that a copy of arrays much larger than the caches reads and writes."""
    from concurrent.futures import ThreadPoolExecutor

    pairs = [(np.ones(20_000_000), np.zeros(20_000_000)) for _ in range(threads)]
    best = np.inf
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(5):
            start = time.perf_counter()
            list(pool.map(lambda pair: np.copyto(pair[1], pair[0]), pairs))
            best = min(best, time.perf_counter() - start)
    return threads * 2 * 8 * 20_000_000 / best


def jobs() -> Iterator[tuple[Any, ...]]:
    """Yield (program, task, n, C, batch, threads), the largest sizes first."""
    for n, capacity, batch in reversed(SIZES):
        for threads in (1, 2):
            for task in TASKS:
                for program in PROGRAMS:
                    if program != "torch" or (n * capacity * batch <= TORCH_CELLS and task != "sample"):
                        yield program, task, n, capacity, batch, threads


def known_records() -> dict[tuple[Any, ...], list[Any]]:
    """Return the records: seconds, MiB, and the largest difference from ours, NaN where a result has NaN."""
    lines = RECORDS.read_text().splitlines() if RECORDS.exists() else []
    return {tuple(job): found for job, found in map(json.loads, lines)}


def run(file: str) -> dict[tuple[Any, ...], list[Any]]:
    """Run the jobs that have no record, and return all records."""
    known = known_records()
    values: dict[tuple[Any, ...], Any] = {}
    for job in jobs():
        if job in known:
            continue
        program, task, *size = job
        if program != "ours" and tuple(job[1:]) not in values and task != "sample":
            values[tuple(job[1:])] = measured("ours", task, size, file)[2]
        seconds, memory, result = measured(program, task, size, file)
        if program == "ours":
            values = {tuple(job[1:]): result}
        off = 0.0 if task == "sample" else float(np.abs(np.array(result) - values[tuple(job[1:])]).max())
        known[job] = [seconds, memory, off]
        with RECORDS.open("a") as stream:
            stream.write(json.dumps([job, known[job]]) + "\n")
        print(*job, known[job], file=sys.stderr, flush=True)
    return known


def measured(program: str, task: str, size: Sequence[int], file: str) -> Any:
    """Return what `measure` prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, program, task, *map(str, size)], capture_output=True, text=True, check=True,
        env={**os.environ, "OFFICIAL": file, "NUMBA_NUM_THREADS": "2"},
    )  # fmt: skip
    return json.loads(done.stdout)


def main(file: str) -> None:
    """Measure every size, task and program in turn, and print the table; `--table` prints what there is."""
    found = known_records() if file == "--table" else run(file)
    wide = {threads: bandwidth(threads) for threads in (1, 2)}
    print(
        "# Speed and memory\n\nPrinted by `python speed.py diff_knapsack.py`; seconds, and MiB in brackets.\n"
    )
    print("| n | C | batch | threads | | ours | official | torch | official / ours | memory | ours, ns a cell "
          "| GB/s of q alone |\n" + "|---" * 12 + "|")  # fmt: skip
    for size, threads, task in product(SIZES, (1, 2), TASKS):
        one = {program: found.get((program, task, *size, threads)) for program in PROGRAMS}
        own, other = one["ours"], one["official"]
        if own is None or other is None:
            continue
        cells = size[0] * (size[1] + 1) * size[2]
        cell = ["-" if each is None else f"{each[0]:.4f} ({each[1]:.0f})" for each in one.values()]
        print(
            f"| {' | '.join(map(str, size))} | {threads} | {task} | {' | '.join(cell)} "
            f"| {other[0] / own[0]:.1f} | {own[1] / max(other[1], 1e-9):.3f} | {own[0] / cells * 1e9:.2f} "
            f"| {cells * 8 / own[0] / 1e9:.1f} |"
        )
    worst = max(record[2] for job, record in found.items() if job[0] == "official")
    print(f"\nThe official file's largest difference of a value, marginal or product from ours: {worst:.1e}.")
    if undefined := sum(np.isnan(record[2]) for record in found.values()):
        print(f"In {undefined} lines torch's product has NaN, from differences of infinities.")
    print(f"A copy reads and writes {wide[1] / 1e9:.1f} GB/s with one thread, {wide[2] / 1e9:.1f} with two.")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(sys.argv[1])
    else:
        measure(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
