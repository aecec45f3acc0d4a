"""Every arm on a model of 160 000 rows with one column in all of them: how long a slice takes, what it finds.

    python large.py [ROWS]

x binary, y a whole number: c'x + 50 y least, every row a sum of three x plus y at least 2, so that y = 2 alone is
a solution, and every column but y is in 12 rows or so. Every arm has a slice of a second without a solution, then,
with y = 2 as one, another.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import scipy.sparse as sp

from diffpump.config.engine import BETTER, FIRST, Settings
from diffpump.core.limits import Clock
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.outcome.verifier import Verifier
from diffpump.search.auto import Search


def large(m: int) -> Problem:
    """The model of m rows."""
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
    """One line for each arm."""
    problem = large(m)
    point = np.zeros(problem.n)
    point[0] = 2
    print(f"{problem.m} rows, {problem.n} columns, {problem.nnz} nonzeros\n")
    print("| arm | slice without a solution, s | found | slice with one, s | improved | memory, MB |")
    print("|---|---|---|---|---|---|")
    for arm in dict.fromkeys(name for name, _ in (*FIRST, *BETTER)):
        search = Search(problem, Settings(), 0, Clock(), Verifier(problem), time.monotonic())
        portfolio, pool, cells = search.portfolio, search.pool, [arm]
        with search.ending:
            for given in (False, True):
                if given:
                    pool.offer(point, "given")
                count, began = len(pool.solutions), time.monotonic()
                if portfolio.arms(arm).exhausted:
                    cells += ["-", "-"]
                    continue
                portfolio.give(arm, 1.0)
                cells += [f"{time.monotonic() - began:.1f}", str(len(pool.solutions) - count)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {' | '.join(cells)} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 160_000)
