"""Learnt clauses: disjunctions of literals with two watched literals each (Moskewicz et al. 2001).

While a clause's two watched literals are not false, the clause can neither be violated nor imply anything,
so that only clauses that watch a literal's negation are visited when the literal becomes true. The clauses
that watch a literal are a linked list. LBD, the number of decision levels among the literals when the clause
was learnt, says which clauses are worth keeping (Audemard, Simon 2009); 0 marks those that always stay.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.model import Index

Longs = NDArray[np.int64]

CLAUSES, USED = range(2)  # positions in `size`
SHORT, LONG = 3, 12  # clauses up to LBD 3 stay for good, the newer half of those up to 12 for now


class Clauses(NamedTuple):
    """Clause c is literal[start[c] : start[c] + length[c]], its watched literals are the first two.

    literal (room,); start, length, lbd (capacity,). Watch 2 c + k is that of literal k of clause c: head
    (2 N,) is a literal's first watch or -1, after (2 capacity,) the next. size: clauses, literals in use.
    """

    literal: Index
    start: Longs
    length: Index
    lbd: Index
    head: Index
    after: Index
    size: Longs


def no_clauses(binaries: int) -> Clauses:
    """An empty store over N binaries."""
    literal, number = (np.empty(k, dtype=np.int32) for k in (4096 + 4 * binaries, 256))
    head = np.full(2 * binaries, -1, dtype=np.int32)
    start, after = np.empty(256, dtype=np.int64), np.empty(512, dtype=np.int32)
    return Clauses(literal, start, number, number.copy(), head, after, np.zeros(2, dtype=np.int64))


def grown(clauses: Clauses) -> Clauses:
    """The same clauses with twice the room."""
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
    """Whether one more clause of this length fits."""
    free = clauses.literal.size - clauses.size[USED]
    return bool(clauses.size[CLAUSES] < clauses.start.size and free >= length)


@kernel
def add_clause(clauses: Clauses, literals: Index, length: int, lbd: int) -> int:
    """Store literals[:length], two or more, and watch the first two. The number of the clause."""
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
    """Put a watch at the front of a literal's list."""
    clauses.after[watch] = clauses.head[literal]
    clauses.head[literal] = watch


@kernel
def reduce_clauses(clauses: Clauses, value: NDArray[np.int8]) -> None:
    """Delete clauses by LBD and age, those that hold at level 0, and literals that are false there.

    `value` (2 N,) is 1 for true, -1 for false literals; level 0, everything propagated: what remains of a
    clause that does not hold has two literals or more.
    """
    literal, start, length, lbd, _, _, size = clauses
    number = size[CLAUSES]
    candidates = 0
    for c in range(number):
        candidates += SHORT < lbd[c] <= LONG
    older = candidates // 2
    size[CLAUSES] = size[USED] = 0
    clauses.head[:] = -1
    for c in range(number):
        kept = lbd[c] <= LONG
        if SHORT < lbd[c] <= LONG and older > 0:
            older -= 1
            kept = False
        count = 0
        for e in range(start[c], start[c] + length[c]):
            kept = kept and value[literal[e]] <= 0
            if value[literal[e]] == 0:  # moved down in place: what is written has been read
                literal[size[USED] + count] = literal[e]
                count += 1
        if kept:
            add_clause(clauses, literal[size[USED] : size[USED] + count], count, lbd[c])
