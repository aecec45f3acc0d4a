"""Jacobians of the LP argmin x*(theta) = argmin_{x in P} theta'x.

The argmin is piecewise constant, so its true Jacobian is 0 almost everywhere. The Jacobians here are
surrogates with one method, `vjp(at, g, rng)`, which carries a gradient g at x_lp back to theta. Each
iteration of the pump calls it once.

    minus_identity   -I                                              no LP
    projection       -(projector onto the active rows' null space)   no LP, products with the active rows
    interpolation    a difference quotient in the direction of g     one LP
    perturbation     Monte-Carlo smoothing, with independent         `samples` LPs
                     samples or with `antithetic` pairs
    quadratic        the argmin of theta'x + weight/2 ||x||^2        one QP, on small models

A new Jacobian is one decorated class or function in a module of this package.
"""

from diffpump.operators.jacobians.base import JACOBIANS, Argmin, Jacobian, Optimum

__all__ = ["JACOBIANS", "Argmin", "Jacobian", "Optimum"]
