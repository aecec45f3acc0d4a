"""Learnt clauses: disjunctions of literals with two watched literals each.

As long as neither of its two watched literals is false, a clause is not violated and implies nothing. When a
literal becomes true, only the clauses that watch its negation are therefore visited. The clauses that watch a
literal form a linked list. The LBD of a clause, the number of decision levels among its literals when it was
learnt, decides for how long it is kept. An LBD of 0 marks clauses that were not learnt from a conflict but
added by a caller or a failed check; they are never deleted for their age.

Sources: watched literals (Moskewicz et al. 2001); LBD (Audemard, Simon 2009).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.model import Index

Longs = NDArray[np.int64]

CLAUSES, USED = range(2)  # positions in `Clauses.size`
# A reduction keeps all clauses up to the first LBD, and the newer half of the others up to the second one.
PERMANENT_LBD, MAX_LBD = 3, 12


class Clauses(NamedTuple):
    """A store of clauses over N binaries.

    Clause c is literal[start[c] : start[c] + length[c]], and its watched literals are the first two. Watch
    2 c + k is that of literal k of clause c.

    literal              the clauses' literals, one clause after another
    start, length, lbd   by clause
    head                 (2 N,): the first watch of each literal, or -1
    after                (2 capacity,): the next watch of the same literal, or -1
    size                 (2,): the number of clauses, and of entries of `literal` in use
    """

    literal: Index
    start: Longs
    length: Index
    lbd: Index
    head: Index
    after: Index
    size: Longs


def no_clauses(binaries: int) -> Clauses:
    """Return an empty store over so many binaries."""
    literal, number = (np.empty(k, dtype=np.int32) for k in (4096 + 4 * binaries, 256))
    head = np.full(2 * binaries, -1, dtype=np.int32)
    start, after = np.empty(256, dtype=np.int64), np.empty(512, dtype=np.int32)
    return Clauses(literal, start, number, number.copy(), head, after, np.zeros(2, dtype=np.int64))


def grown(clauses: Clauses) -> Clauses:
    """Return the same clauses with twice the capacity."""
    return Clauses(
        literal=np.resize(clauses.literal, 2 * clauses.literal.size),
        start=np.resize(clauses.start, 2 * clauses.start.size),
        length=np.resize(clauses.length, 2 * clauses.length.size),
        lbd=np.resize(clauses.lbd, 2 * clauses.lbd.size),
        head=clauses.head,
        after=np.resize(clauses.after, 2 * clauses.after.size),
        size=clauses.size,
    )


@kernel
def has_room(clauses: Clauses, length: int) -> bool:
    """Return whether one more clause of this length fits."""
    free = clauses.literal.size - clauses.size[USED]
    return bool(clauses.size[CLAUSES] < clauses.start.size and free >= length)


@kernel
def add_clause(clauses: Clauses, literals: Index, length: int, lbd: int) -> int:
    """Store the clause literals[:length], length >= 2, and watch the first two. Return its number."""
    c, begin = clauses.size[CLAUSES], clauses.size[USED]
    clauses.start[c], clauses.length[c], clauses.lbd[c] = begin, length, lbd
    for k in range(length):
        clauses.literal[begin + k] = literals[k]
    clauses.size[CLAUSES] += 1
    clauses.size[USED] += length
    _watch(clauses, 2 * c, literals[0])
    _watch(clauses, 2 * c + 1, literals[1])
    return int(c)


@kernel
def _watch(clauses: Clauses, watch: int, literal: int) -> None:
    """Insert a watch at the front of a literal's list."""
    clauses.after[watch] = clauses.head[literal]
    clauses.head[literal] = watch


@kernel
def reduce_clauses(clauses: Clauses, value: NDArray[np.int8]) -> None:
    """Delete clauses by LBD and age, clauses that are true at level 0, and literals that are false there.

    value   (2 N,): 1 for true literals, -1 for false ones, 0 for open ones

    The search must be at level 0 with everything propagated. Every clause that is not true then has at least
    two literals left.
    """
    literal, start, length, lbd, _, _, size = clauses
    number = size[CLAUSES]
    candidates = 0
    for c in range(number):
        candidates += PERMANENT_LBD < lbd[c] <= MAX_LBD
    to_delete = candidates // 2
    size[CLAUSES] = size[USED] = 0
    clauses.head[:] = -1
    for c in range(number):
        kept = lbd[c] <= MAX_LBD
        if PERMANENT_LBD < lbd[c] <= MAX_LBD and to_delete > 0:
            to_delete -= 1
            kept = False
        count = 0
        for e in range(start[c], start[c] + length[c]):
            kept = kept and value[literal[e]] <= 0
            if value[literal[e]] == 0:  # moved in place: every overwritten entry has been read before
                literal[size[USED] + count] = literal[e]
                count += 1
        if kept:
            add_clause(clauses, literal[size[USED] : size[USED] + count], count, lbd[c])
