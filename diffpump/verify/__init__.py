"""The judge: what is a solution, and what is a proof of infeasibility. It shares no code with the search.

check    points in float64 and in exact arithmetic      farkas   dual rays, in exact arithmetic
exact    rational arithmetic on arrays
"""
