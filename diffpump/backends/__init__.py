"""LP and MIP oracles: the only importers of HiGHS's and SCIP's libraries, each in the module that needs it.

interface    `Relaxation`, `Simplex`, `Basis`     relaxation   an LP re-solved under changing costs: `load`
highs  scip  the two simplex solvers              lpi          SCIP's LP interface by ctypes
choice       primal or dual simplex               lp           one LP, solved once
mip          presolve, branch and cut             worker       a native call under a time limit
fake         a relaxation without a solver, for tests
"""
