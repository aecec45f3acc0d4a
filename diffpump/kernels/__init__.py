"""Kernels: the hot loops of the search, compiled by numba. Plain arrays in, plain arrays out.

    model         a Problem as kernels take it        rng        random numbers from a seed, inside kernels
    propagation   bound propagation with undo         fixing     fix, propagate, backtrack
    focused       focused local search                oneopt     improvement of one column at a time
    violated      its violated rows and best point
    jump          Feasibility Jump, with jump_value (where a column jumps to) and members (sets of indices)
    conflict      conflict-driven search, with binary_rows (rows over the binaries), clauses, conflict_trail
                  (propagation), conflict_analysis (learning)
    jit           how kernels are compiled            native     how they are called, without numba
    cache         where machine code is kept          warm       all of them compiled ahead of their use

What a kernel changes is a named tuple of arrays that its caller keeps, so that a search goes on where it
stopped. Work is counted in touched nonzeros; a call ends when its budget of them is used up, so that a run
with budgets repeats exactly. No kernel looks at a clock, prints, raises or allocates.
"""
