"""Kernels: the hot loops of the search, compiled by numba. Plain arrays in, plain arrays out.

    model         a Problem as kernels take it        rng        random numbers from a seed, inside kernels
    propagation   bound propagation with undo         fixing     fix, propagate, backtrack
    focused       focused local search                jump       Feasibility Jump
    conflict      conflict-driven search on binaries  oneopt     improvement of one column at a time

What a kernel changes is a named tuple of arrays that its caller keeps, so that a search goes on where it
stopped. Work is counted in touched nonzeros; a call ends when its budget of them is used up, so that a run
with budgets repeats exactly. No kernel looks at a clock, prints or allocates in its inner loop.
"""
