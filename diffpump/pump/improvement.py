"""A pump that goes on after a solution, for a better one.

After each solution a row of the LP asks for an objective that closes a share of the gap between the solution
and the LP relaxation. Sources: Fischetti, Glover, Lodi, The feasibility pump (2005), section 5, and Bertacco,
Fischetti, Lodi (2007), who repeat the pump below such a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from diffpump.core.arrays import dot
from diffpump.core.status import Status
from diffpump.pump.algorithm import Pump
from diffpump.pump.state import PumpState

SHARE = 0.3  # of the gap to the LP relaxation that the next solution must close; halved where none is found
LEAST_GAIN = 1e-4  # relative improvement that it must bring at least
PATIENCE = 10  # iterations for the next solution, besides as many as the last one took


def target(value: float, relaxed: float, share: float) -> float:
    """Return the c'x that a better solution must reach.

    Parameters
    ----------
    value : float
        c'x of the present solution.
    relaxed : float
        c'x of the LP relaxation's optimum.
    share : float
        The share of the gap between them that the better solution must close.
    """
    return value - max(share * (value - relaxed), LEAST_GAIN * abs(value))


def improving(pump: Pump, rounds: int) -> Iterator[PumpState]:
    """Yield the states of a pump that asks for a better solution up to `rounds` times.

    Parameters
    ----------
    pump : Pump
        The pump, before its first iteration.
    rounds : int
        The largest number of better solutions to ask for. 0 stands for `Pump.iterates`.

    Yields
    ------
    PumpState
        The last state, and only the last, has a status. It is FEASIBLE with the best solution if there is
        one.
    """
    c, states, share, value = pump.problem.c, pump.iterates(), SHARE, np.inf
    best: PumpState | None = None
    until, began, asked = np.inf, 0, False
    while True:
        for state in states:
            is_first_lp = best is not None and not asked  # after a solution without an LP
            if state.status is not None or state.iteration >= until or is_first_lp:
                break
            yield state
        if state.solution is not None and dot(c, state.solution) < value:
            best, share, value = state, SHARE, dot(c, state.solution)
        elif best is None or state.status not in (None, Status.EXHAUSTED, Status.FEASIBLE):
            break
        elif asked:
            share /= 2
        if rounds == 0 or not c.any():
            break
        if pump.relaxed is None:
            yield replace(state, status=None)
            states = pump.iterates()
            continue
        cutoff = target(value, pump.relaxed, share)
        if cutoff < pump.relaxed:
            break
        yield replace(state, status=None)
        rounds, until = rounds - 1, 2 * state.iteration - began + PATIENCE
        began, asked = state.iteration, True
        pump.set_cutoff(cutoff)
        states = pump.iterates(state)
    if best is not None:
        state = replace(state, status=Status.FEASIBLE, solution=best.solution)
    yield state
