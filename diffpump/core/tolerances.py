"""Every tolerance on rows, bounds, integers and objectives, and the size from which a bound is infinite.

All are absolute and in the model's own units unless a line says otherwise. The exact checker has its own
copy of `FEASIBILITY_TOL` as a rational number, since the float 1e-6 is a little less than 10**-6.
"""

FEASIBILITY_TOL = 1e-6
"""Largest violation of a row or bound in a solution, and the distance by which the exact check may round."""

INTEGRAL_TOL = 1e-6
"""A column whose value is this near an integer counts as integral."""

INFINITE = 1e20
"""A bound or side of this size or more is no bound, in files and in the solvers."""

LP_TOL = 1e-7
"""Primal and dual feasibility tolerance of the LP solvers (HiGHS's default)."""

COMPLETION_TOL = 1e-9
"""Primal feasibility tolerance of an LP over the continuous columns, so that its point keeps a margin."""

NOISE = 1e-9
"""Differences of this size between LP values, and sums of this share of their terms, count as zero."""

SAME_POINT_TOL = 1e-9
"""Two LP points that differ by no more than this in every column are the same point."""

FEASIBILITY_MARGIN = 1e-8
"""The slack inside the relu of the paper's feasibility loss, on normalised rows (eq. 12)."""

IMPROVEMENT = 1e-9
"""Relative: an objective that is better by less than this counts as the same objective."""

MODERATE_COSTS = 1e-3, 1e12
"""Between these two, the largest cost of a model suits the absolute tolerances of the solvers."""

COST_BITS = 20
"""Larger costs are scaled so that the largest one is below 2^20, and smaller ones so that it is below 1."""

HIGHS_KEEPS = 1e-8, 1e10
"""Sizes of coefficients that HiGHS keeps with digits to spare: it drops 1e-9 and less and refuses 1e15."""

MAX_RESOLVED = 1e9
"""Largest finite bound or side at which float64 still resolves FEASIBILITY_TOL with a margin."""

VISIBLE_COST = 1e-5
"""Smallest cost that HiGHS's dual tolerance of 1e-7 still tells from zero with a margin."""

OPTIMALITY_TOL = 1e-6
"""Distance in the objective, in the unit of the costs, below which branch and cut prunes nodes (HiGHS's)."""
