"""Restarts: policies that kick a stalled pump (Fischetti, Glover, Lodi 2005).

A policy looks at the stalled pump and returns a `Kick` or None; it changes nothing itself. The pump asks its
policies in order and applies the first kick. In the presets perturbation comes before flip and so suppresses
it.

A kick moves x_round on some integer columns, and theta with it. On a binary column y <- 1 - y and
theta <- -theta. Since neither formula has a meaning for a general integer, such a column moves to another
value y', and theta takes the sign that pulls x_lp towards it, sign(x_lp - y'), with its old magnitude (1 if
theta was 0). A local search (`search`, `walksat`) lets theta pull binary columns to their new values
likewise.

    flip           the most fractional columns        search     the best point of a long local search
    perturbation   random columns                     walksat    a short random walk on violated rows

A new restart is one decorated class in a module of this package.
"""

from diffpump.operators.restarts.base import RESTARTS, Kick, Restart, StallContext

__all__ = ["RESTARTS", "Kick", "Restart", "StallContext"]
