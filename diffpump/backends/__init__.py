"""LP and MIP solvers. HiGHS's and SCIP's libraries are imported only here, each by the modules that need it.

interface    `Relaxation`, `Simplex`, `Basis`, and the registry of LP backends
relaxation   an LP that is re-solved under changing costs: `load`
highs        HiGHS's simplex                       highs_model  loads a model into HiGHS
scip         SCIP's simplex                        lpi          SCIP's LP interface through ctypes
choice       primal or dual simplex                lp           one LP, solved once
completion   LPs with the integer columns fixed    mip          presolve, branch and cut
worker       a native call under a time limit      fake         a relaxation without a solver, for tests
"""
