"""Verification of solutions and of infeasibility. The package shares no code with the search.

check        feasibility of points, in float64 and in exact arithmetic
bound        bounds on the objective by dual vectors, in exact arithmetic
farkas       infeasibility of LPs by dual rays, in exact arithmetic
exact        rational arithmetic on arrays
elimination  repair of multipliers whose rounding errors matter
implied      column bounds that the rows imply, in float64 with outward rounding
"""
