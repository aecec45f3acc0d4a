"""Run every arm on a model of 160 000 rows with one column in all of them: the time and result of a slice.

    python large.py [ROWS]

The model has binary x and an integer y. It minimises c'x + 50 n y, and every row demands that the sum of three
x and y is at least 2. So y = 2 alone is a solution, and every column but y is in about 12 rows. Every arm has a
slice of 1 s without a solution, and another with y = 2 as the incumbent.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import scipy.sparse as sp

from diffpump.config.engine import Settings
from diffpump.config.schedule import default_schedule
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.outcome.run import RunSetup
from diffpump.search.engine import Engine


def large(m: int) -> Problem:
    """Return the model with m rows and m / 4 columns, of which y is the first."""
    rng, n = np.random.default_rng(0), m // 4
    rows = np.concatenate([np.repeat(np.arange(m), 3), np.arange(m)])
    cols = np.concatenate([rng.integers(1, n, 3 * m), np.zeros(m, int)])
    A = sp.csr_matrix((np.ones(rows.size), (rows, cols)), (m, n))
    A.data[:] = 1.0  # a column drawn twice for a row counts once
    cost = rng.integers(1, 100, n).astype(float)
    cost[0] = 50.0 * n
    upper = np.ones(n)
    upper[0] = 9
    return from_arrays(cost, A, np.full(m, 2.0), np.full(m, np.inf), np.zeros(n), upper, np.ones(n, bool))


def main(m: int) -> None:
    """Print one row per arm."""
    problem = large(m)
    point = np.zeros(problem.n)
    point[0] = 2
    print(f"{problem.m} rows, {problem.n} columns, {problem.nnz} nonzeros\n")
    print("| arm | slice without a solution, s | found | slice with one, s | improved | memory, MB |")
    print("|---|---|---|---|---|---|")
    for arm in dict.fromkeys(name for name, _ in (*default_schedule().first, *default_schedule().better)):
        search = Engine(RunSetup(problem), Settings())
        portfolio, pool, cells = search.portfolio, search.pool, [arm]
        with search.exit_stack:
            for given in (False, True):
                if given:
                    pool.offer(point, "given")
                count, began = len(pool.solutions), time.monotonic()
                if portfolio.arms(arm).exhausted:
                    cells += ["-", "-"]
                    continue
                portfolio.run_slice(arm, 1.0)
                cells += [f"{time.monotonic() - began:.1f}", str(len(pool.solutions) - count)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {' | '.join(cells)} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 160_000)
