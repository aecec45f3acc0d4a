"""Verification of solutions and of infeasibility. The package shares no code with the search.

check     feasibility of points, in float64 and in exact arithmetic
exact     rational arithmetic on arrays
farkas    infeasibility of LPs by dual rays, in exact arithmetic
"""
