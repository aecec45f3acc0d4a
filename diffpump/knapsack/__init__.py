"""Smoothed choices of subsets: knapsack, top-k and one-of, with exact gradients and samples.

For scores s, a set Y of binary vectors and a temperature g > 0,

    V_g(s) = max over distributions on Y of E[s'y] + g H,   mu_g(s) = grad V_g(s) in conv(Y),

where H is the entropy of the choices that build y one item after another. Under Shannon's entropy V_g(s) is
g log sum_{y in Y} e^(s'y / g) and mu_g(s) the marginals of the Gibbs distribution, whatever the order of the
items. For g -> 0 these are the optimum over Y. Every Y answers the same calls (`FeasibleSet`):

    >>> import numpy as np
    >>> from diffpump.knapsack import Knapsack
    >>> Y = Knapsack([3, 4, 2], capacity=6)
    >>> Y.best([2.0, 3.0, 1.5])
    (4.5, array([0., 1., 1.]))
    >>> Y.marginals([2.0, 3.0, 1.5], g=0.5).round(3)
    array([0.119, 0.879, 0.953])

    base           the protocol `FeasibleSet`, and the checks of its arguments
    regularizers   the entropies by name
    program        `Knapsack` and `TopK`, by the dynamic program (`kernels.knapsack`)
    choice         `OneOf`, in closed form
    exact          `solve`, the best choice with a proof, for large knapsacks
    covers         cuts of sets that are too light, and minimal cover cuts of a model's rows
    networks       networks of rectifiers that are dynamic programs

Source: Vivier-Ardisson, Sander, Parmentier, Blondel, Differentiable knapsack and top-k operators via dynamic
programming (arXiv 2601.21775).
"""

from diffpump.knapsack.base import FeasibleSet
from diffpump.knapsack.choice import OneOf
from diffpump.knapsack.exact import Choice, solve
from diffpump.knapsack.program import Knapsack, TopK
from diffpump.knapsack.regularizers import REGULARIZERS

__all__ = ["REGULARIZERS", "Choice", "FeasibleSet", "Knapsack", "OneOf", "TopK", "solve"]
