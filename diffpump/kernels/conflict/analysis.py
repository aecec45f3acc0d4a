"""What a conflict teaches: the clause of the first unique implication point.

A literal's reason is the row or clause that implied it. The explanation by a row: its literals that were true
before; their weights may exceed what the implication needs, and while they do, literals from earlier levels
are left out. Resolving reasons until one literal of the conflict's level remains gives the clause to learn
(Marques-Silva, Sakallah 1999), which implies that literal's negation at an earlier level.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.conflict.binary_rows import Literals, Longs
from diffpump.kernels.conflict.clauses import Clauses
from diffpump.kernels.conflict.trail import CONFLICTS, LEVEL, NONE, TRAIL, WORK, Linear, Order, Trail, bump
from diffpump.kernels.model import Index

Bytes = NDArray[np.int8]


class Scratch(NamedTuple):
    """Of the analysis: seen (N,), the clause learnt and stamps of levels (N + 1,), sizes (2,)."""

    seen: Bytes
    learnt: Index
    size: Longs
    stamp: Longs


LEARNT, OPEN = range(2)  # positions in Scratch.size


@kernel
def _mark(trail: Trail, order: Order, scratch: Scratch, counts: Longs, literal: int) -> None:
    """A true literal is part of the conflict: to be resolved on this level, to be learnt on others but 0."""
    v = literal >> 1
    if scratch.seen[v] != 0 or trail.level[v] == 0:
        return
    scratch.seen[v] = 1
    bump(order, v)
    if trail.level[v] == counts[LEVEL]:
        scratch.size[OPEN] += 1
    else:
        scratch.learnt[scratch.size[LEARNT]] = literal ^ 1
        scratch.size[LEARNT] += 1


@kernel
def _explain_row(
    form: Literals, trail: Trail, order: Order, scratch: Scratch, counts: Longs, i: int, implied: int
) -> None:
    """Mark true literals of row i that imply `implied`, or violate the row when that is NONE.

    With sum_{j true} w_j + w_implied > cap, weights up to the excess of the left side can be left out.
    """
    begin, end = form.start[i], form.start[i + 1]
    before = trail.position[implied >> 1] if implied != NONE else counts[TRAIL]
    excess = -form.cap[i] - 1
    for e in range(begin, end):
        literal = form.lit[e]
        if literal ^ 1 == implied or (trail.value[literal] > 0 and trail.position[literal >> 1] < before):
            excess += form.weight[e]
    for e in range(end - 1, begin - 1, -1):  # lightest first: most are left out
        literal = form.lit[e]
        v = literal >> 1
        if trail.value[literal] <= 0 or trail.position[v] >= before or scratch.seen[v] != 0:
            continue
        if form.weight[e] <= excess and 0 < trail.level[v] < counts[LEVEL]:
            excess -= form.weight[e]
        else:
            _mark(trail, order, scratch, counts, literal)
    counts[WORK] += 2 * (end - begin)


@kernel
def analyse(
    linear: Linear, clauses: Clauses, trail: Trail, order: Order, scratch: Scratch, counts: Longs, reason: int
) -> int:
    """The clause of the first unique implication point, into scratch.learnt; the level to jump to.

    Its first literal is to be implied there, its second is one of that level's.
    """
    learnt, size = scratch.learnt, scratch.size
    size[LEARNT], size[OPEN] = 1, 0
    t, implied = counts[TRAIL], NONE
    while True:
        if reason & 1:
            c = reason >> 1
            for e in range(clauses.start[c], clauses.start[c] + clauses.length[c]):
                if clauses.literal[e] != implied:
                    _mark(trail, order, scratch, counts, clauses.literal[e] ^ 1)
            counts[WORK] += clauses.length[c]
        else:
            _explain_row(linear.form, trail, order, scratch, counts, reason >> 1, implied)
        t -= 1
        while scratch.seen[trail.literal[t] >> 1] == 0:
            t -= 1
        implied = trail.literal[t]
        scratch.seen[implied >> 1] = 0
        size[OPEN] -= 1
        if size[OPEN] == 0:
            break
        reason = trail.reason[implied >> 1]
    learnt[0] = implied ^ 1
    target = 0
    for k in range(1, size[LEARNT]):
        v = learnt[k] >> 1
        scratch.seen[v] = 0
        if trail.level[v] > target:
            target = trail.level[v]
            learnt[1], learnt[k] = learnt[k], learnt[1]
    return int(target)


@kernel
def levels(trail: Trail, scratch: Scratch, counts: Longs) -> int:
    """LBD: the number of levels among the literals learnt."""
    number = 0
    for k in range(scratch.size[LEARNT]):
        level = trail.level[scratch.learnt[k] >> 1]
        if scratch.stamp[level] != counts[CONFLICTS]:
            scratch.stamp[level] = counts[CONFLICTS]
            number += 1
    return number
