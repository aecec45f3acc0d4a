"""Kernels: the inner loops of the search, compiled by numba. They take and return plain arrays.

    model         a Problem in the form that kernels take
    rng           random numbers inside kernels, from a seed
    members       sets of indices with insertion, removal and drawing in O(1)
    propagation   bound propagation with undo
    fixing        fix and propagate with backtracking, and the orders in which it fixes columns
    targets       the orders and targets of fix and propagate, by name
    focused       focused local search
    violated      the point of a focused search, its violated rows and the best point so far
    oneopt        1-opt: improvement of a feasible point, one column at a time
    jump          Feasibility Jump: search, value (a column's jump value and score)
    conflict      conflict-driven search: search, binary_rows (rows over the binaries), clauses (the learnt
                  ones), trail (assignments and propagation), analysis (the clause learnt from a conflict)
    compile       jit (how kernels are compiled), native (how they are called without numba), cache (where
                  their machine code is stored), warm (how all of them are compiled before their first use)

The state that a kernel changes is a named tuple of arrays that the caller keeps, so a search continues where
it stopped. Work is counted in touched nonzeros, and a call ends once its budget of work is used up, so a run
with budgets repeats exactly. No kernel reads the time, prints, raises or allocates.
"""
