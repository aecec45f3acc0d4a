"""Compiling every kernel ahead of its use: a tiny model through each, by the calls that the engine makes.

`is_warm` costs next to nothing and needs no numba: ask it before choosing what to begin with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from diffpump.kernels.compile import cache

if TYPE_CHECKING:
    from diffpump.core.problem import Problem

COLD = "kernels are not compiled yet, and are now, as they are needed; once for all: diffpump doctor --warm"


def is_warm() -> bool:
    """Whether every kernel is in the cache."""
    return cache.is_complete()


def notice() -> str | None:
    """The line that a user gets whose kernels are cold; None when they are warm."""
    return None if is_warm() else COLD


def warm() -> Iterator[tuple[str, float]]:
    """Compile what is not in the cache yet, and say so there: (kernel, seconds) as they are done.

    Raises OSError or RuntimeError, before anything is compiled, where nothing can be kept.
    """
    cache.write("writable", b"")
    for name, use in _uses().items():
        began = time.monotonic()
        use()
        yield name, time.monotonic() - began
    cache.complete()


def _uses() -> dict[str, Callable[[], object]]:
    """What makes each kernel compile for the types of the engine's calls."""
    from diffpump.kernels import fixing, focused, model, oneopt, propagation, violated
    from diffpump.kernels.conflict import search as conflict
    from diffpump.kernels.conflict.binary_rows import binary_rows
    from diffpump.kernels.jump import search as jump
    from diffpump.kernels.rng import rng

    tiny = model.model(_tiny())
    n = tiny.lb.size

    def propagated() -> None:
        domain = propagation.domain(tiny)
        begin = propagation.mark(domain)
        propagation.propagate(tiny, domain, 1000)
        propagation.tighten(tiny, domain, 0, propagation.LOWER, 1.0)
        propagation.wake(domain, 0)
        propagation.undo(tiny, domain, begin)

    def fixed() -> None:
        domain, order = propagation.domain(tiny), fixing.by_locks(tiny)
        fixing.fix(tiny, domain, order, np.zeros(n), 0.5, rng(0), 10, 1000)

    def searched() -> None:
        state = focused.focus(tiny)
        focused.search(tiny, state, "count", 1000)
        violated.move(tiny, state.point, 0, 1.0)

    def jumped() -> None:
        state = jump.jumper(tiny, np.zeros(n), 0)
        jump.jump(tiny, state, 1000)
        jump.perturbed(tiny, state.best_x, 0.5, state.rng)

    def learnt() -> None:
        rows, columns = binary_rows(tiny)
        state = conflict.start(rows, columns.size)
        conflict.search(state, 1000)
        conflict.set_phases(state, np.zeros(columns.size))
        pair = np.arange(2, dtype=np.int32)
        conflict.add_row(state, pair, np.array([1.0, 1.0]), 1.0)  # a clause
        conflict.add_row(state, pair[:1], np.array([1.0]), 0.0)  # an assignment
        conflict.add_row(state, np.arange(3, dtype=np.int32), np.array([2.0, 3.0, 4.0]), 5.0)

    return {
        "propagation": propagated,
        "fix and propagate": fixed,
        "focused search": searched,
        "feasibility jump": jumped,
        "conflict search": learnt,
        "1-opt": lambda: oneopt.oneopt(tiny, np.zeros(n), 1000),
    }


def _tiny() -> Problem:
    """max sum x, 2 x0 + 3 x1 + 4 x2 + x3 + x4 <= 6, three binaries, an integer and a continuous column."""
    import scipy.sparse as sp  # here: `is_warm` answers at once

    from diffpump.core.problem import Problem

    A = sp.csr_matrix(np.array([[2.0, 3.0, 4.0, 1.0, 1.0]]))
    return Problem(
        name="tiny", c=-np.ones(5), offset=0.0, maximise=True, A=A,
        row_lo=np.array([-np.inf]), row_hi=np.array([6.0]),
        lb=np.zeros(5), ub=np.array([1.0, 1.0, 1.0, 2.0, 2.0]), integer=np.arange(5) < 4,
        col_names=[f"x{j}" for j in range(5)], row_names=["row"],
    )  # fmt: skip
