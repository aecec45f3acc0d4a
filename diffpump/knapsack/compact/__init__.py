"""The min-knapsack with compactness: cheap choices of ordered items, heavy enough and without long gaps.

    instance      `Compact`, its JSON form and its mixed-integer program
    exact         `solve`, the optimum
    smoothed      `CompactSet`, its choices as a set with smoothed maxima
    relaxations   `relax`: linear, semidefinite and penalised, with certified lower bounds
    sdp           the semidefinite solvers behind one call, and the certificate
    rows          the rows of the semidefinite relaxations
    rounding      `threshold` and `nearest`, choices from a relaxation's point
    series        `read`, and credible sets of a change point

Sources: Knapsack with compactness: a semidefinite approach; Santini, Malaguti, The min-knapsack problem with
compactness constraints and applications in statistics (European Journal of Operational Research 2024).
"""

from diffpump.knapsack.compact.exact import CompactChoice, solve
from diffpump.knapsack.compact.instance import Compact
from diffpump.knapsack.compact.relaxations import Relaxed, relax
from diffpump.knapsack.compact.rounding import nearest, threshold
from diffpump.knapsack.compact.series import change_point, credible, intervals, members, read
from diffpump.knapsack.compact.smoothed import CompactSet

__all__ = [
    "Compact", "CompactChoice", "CompactSet", "Relaxed", "change_point", "credible", "intervals", "members",
    "nearest", "read", "relax", "solve", "threshold",
]  # fmt: skip
