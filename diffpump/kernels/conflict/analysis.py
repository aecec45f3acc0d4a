"""Conflict analysis: derive the clause of the first unique implication point.

The reason of a literal is the row or clause that implied it. A row explains an implied literal by its
literals that were true before. Their weights may exceed what the implication needs, and as long as they do,
literals of earlier levels are left out. Resolving the conflict with reasons until only one literal of the
conflict's level remains gives the clause to learn. At an earlier level it implies that literal's negation.

Source: Marques-Silva, Sakallah (1999).
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
    """The working memory of the analysis, over N binaries.

    seen     (N,): whether a column's literal is marked
    learnt   (N + 1,): the clause to learn, in the first size[LEARNT] entries
    size     (2,): the length of that clause, and the number of marked literals still to be resolved
    stamp    (N + 1,): for each level, the number of the last conflict in whose clause `levels` met it
    """

    seen: Bytes
    learnt: Index
    size: Longs
    stamp: Longs


LEARNT, OPEN = range(2)  # positions in `Scratch.size`


@kernel
def _mark(trail: Trail, order: Order, scratch: Scratch, counts: Longs, literal: int) -> None:
    """Mark a true literal as part of the conflict.

    A literal of the current level is to be resolved, the negation of any other is learnt. Literals of level 0
    need no explanation.
    """
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
    """Mark true literals of row i that imply the literal `implied`, or violate the row if that is NONE.

    Since sum_{j true} w_j + w_implied > cap, literals whose weights together stay below the difference can be
    left out.
    """
    begin, end = form.start[i], form.start[i + 1]
    before = trail.position[implied >> 1] if implied != NONE else counts[TRAIL]
    excess = -form.cap[i] - 1
    for e in range(begin, end):
        literal = form.lit[e]
        if literal ^ 1 == implied or (trail.value[literal] > 0 and trail.position[literal >> 1] < before):
            excess += form.weight[e]
    for e in range(end - 1, begin - 1, -1):  # lightest first, which leaves out the most literals
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
    """Write the clause of the first unique implication point to scratch.learnt. Return the level to jump to.

    The clause's first literal is to be implied at that level, and its second one belongs to that level.
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
    """Return the LBD of the learnt clause, the number of decision levels among its literals."""
    number = 0
    for k in range(scratch.size[LEARNT]):
        level = trail.level[scratch.learnt[k] >> 1]
        if scratch.stamp[level] != counts[CONFLICTS]:
            scratch.stamp[level] = counts[CONFLICTS]
            number += 1
    return number
