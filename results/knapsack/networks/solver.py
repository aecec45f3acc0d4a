"""Time exact knapsack solvers side by side: `python solver.py > solver.md`

The peers are OR-tools' `KnapsackSolver`, by branch and bound and by dynamic programming, and HiGHS. Every line is a
class, a size and a range of weights, with three seeds; a solver has `LIMIT` seconds an instance. All values that are
called optimal must agree. "memory" stands for a table beyond the limit of 2 GiB.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import numpy as np

from diffpump.families.pisinger import knapsack

CLASSES = {
    1: "uncorrelated", 2: "weakly correlated", 3: "strongly correlated", 4: "inversely correlated",
    5: "almost strongly", 6: "subset sum", 7: "profit ceiling",
}  # fmt: skip
SIZES = ((100, 1000), (1000, 1000), (10_000, 1000), (1000, 1_000_000))
SEEDS, LIMIT = range(3), 20.0
REASONS = {"UsageError": "memory", "TimeoutError": f"> {LIMIT:g} s"}  # by the name of the error


def ours(method: str) -> Callable[[np.ndarray, np.ndarray, int], int]:
    from diffpump.knapsack import solve

    def run(p: np.ndarray, w: np.ndarray, capacity: int) -> int:
        found = solve(p, w, capacity, method)
        assert found.optimal
        return int(found.value)

    return run


def ortools(kind: str) -> Callable[[np.ndarray, np.ndarray, int], int]:
    from ortools.algorithms.python import knapsack_solver as ks

    def run(p: np.ndarray, w: np.ndarray, capacity: int) -> int:
        solver = ks.KnapsackSolver(getattr(ks.SolverType, kind), "k")
        solver.init(p.tolist(), [w.tolist()], [capacity])
        return int(solver.solve())

    return run


def highs() -> Callable[[np.ndarray, np.ndarray, int], int]:
    from scipy.optimize import Bounds, LinearConstraint, milp

    def run(p: np.ndarray, w: np.ndarray, capacity: int) -> int:
        found = milp(
            -p.astype(float), constraints=LinearConstraint(w[None].astype(float), ub=capacity),
            integrality=np.ones(p.size), bounds=Bounds(0, 1), options={"mip_rel_gap": 0.0, "time_limit": LIMIT},
        )  # fmt: skip
        if found.status != 0:
            raise TimeoutError
        return round(-found.fun)

    return run


SOLVERS: dict[str, Callable[[], Callable[[np.ndarray, np.ndarray, int], int]]] = {
    "ours": lambda: ours("auto"),
    "ours, weights": lambda: ours("weights"),
    "ours, profits": lambda: ours("profits"),
    "OR-tools, branch and bound": lambda: ortools("KNAPSACK_MULTIDIMENSION_BRANCH_AND_BOUND_SOLVER"),
    "OR-tools, table": lambda: ortools("KNAPSACK_DYNAMIC_PROGRAMMING_SOLVER"),
    "HiGHS": highs,
}


def work(name: str, pipe: Connection) -> None:
    """Solve the instances that come through the pipe; the first call compiles and imports."""
    run = SOLVERS[name]()
    run(np.array([3, 4]), np.array([2, 3]), 4)
    pipe.send(None)
    while True:
        arguments = pipe.recv()
        began = time.perf_counter()
        try:
            pipe.send((run(*arguments), time.perf_counter() - began))
        except Exception as error:
            pipe.send((None, REASONS[type(error).__name__]))


class Worker:
    """A process that solves, and is replaced when it exceeds the limit."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.start()

    def start(self) -> None:
        self.pipe, other = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=work, args=(self.name, other), daemon=True)
        self.process.start()
        self.pipe.recv()

    def __call__(self, p: np.ndarray, w: np.ndarray, capacity: int) -> tuple[int | None, float | str]:
        """Return the value and the seconds, or None and a reason."""
        self.pipe.send((p, w, capacity))
        if self.pipe.poll(LIMIT):
            found: tuple[int | None, float | str] = self.pipe.recv()
            return found
        self.process.kill()
        self.process.join()
        self.start()
        return None, f"> {LIMIT:g} s"


def main() -> None:
    """Print the largest seconds of every solver for every class of knapsacks."""
    names = list(SOLVERS)
    workers = {name: Worker(name) for name in names}
    print("# Exact knapsack solvers\n\nPrinted by `python solver.py`: the largest seconds of")
    print(f"{len(SEEDS)} seeds, one thread, at most {LIMIT:g} s an instance.\n")
    print(f"| class | n | R | {' | '.join(names)} |\n" + "|---" * (3 + len(names)) + "|")
    for kind, label in CLASSES.items():
        for n, largest in SIZES:
            cells: dict[str, list[float | str]] = {name: [] for name in names}
            for seed in SEEDS:
                p, w = knapsack(seed, n, kind, largest)
                values = set()
                for name in names:
                    if any(isinstance(cell, str) for cell in cells[name]):
                        continue  # it has failed on another seed
                    value, seconds = workers[name](p, w, int(w.sum()) // 2)
                    cells[name].append(seconds)
                    values |= set() if value is None else {value}
                assert len(values) == 1, (kind, n, largest, seed, values)
            shown = [
                next((cell for cell in cells[name] if isinstance(cell, str)), None)
                or f"{max(cell for cell in cells[name] if not isinstance(cell, str)):.4f}"
                for name in names
            ]
            print(f"| {label} | {n} | {largest} | {' | '.join(shown)} |", flush=True)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
