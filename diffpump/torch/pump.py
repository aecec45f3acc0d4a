"""The parts of the pump as torch functions: the LP argmin, the roundings and the losses."""

from __future__ import annotations

import numpy as np
import torch

from diffpump.backends.interior import HighsInterior
from diffpump.backends.relaxation import load
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Spec
from diffpump.core.status import LpStatus
from diffpump.operators.jacobians import JACOBIANS, Optimum
from diffpump.operators.losses import LOSSES, Point
from diffpump.operators.roundings import ROUNDINGS, Randomised
from diffpump.torch.operator import Operator, Pullback


class LpArgmin:
    """The map theta -> x_lp = argmin_{x in P} theta'x over the LP relaxation P of a problem.

    theta and x_lp are (n,). The LP is loaded once and re-solved from the last basis.

    Parameters
    ----------
    problem : Problem
        The rows and bounds of the LP; the cost of the problem is not used.
    backend : str
        "highs" or "scip".
    jacobian : str
        The text form of a registered surrogate Jacobian for the backward pass, such as "minus_identity" or
        "perturbation,samples=8,sigma=0.5".
    seed : int
        The seed of the Jacobian's noise, drawn for each forward pass from (seed, number of the call).

    References
    ----------
    arXiv 2411.03535, section 3 and eq. 4.
    """

    def __init__(
        self, problem: Problem, backend: str = "highs", jacobian: str = "minus_identity", seed: int = 0
    ) -> None:
        self.relaxation = load(problem, backend)
        self.jacobian = JACOBIANS.build(Spec.parse(jacobian), problem, interior=HighsInterior(problem))
        self.n, self.seed, self.calls = problem.n, seed, 0

    def __call__(self, theta: torch.Tensor) -> torch.Tensor:
        """Return x_lp (n,) for theta (n,).

        Raises
        ------
        UsageError
            If theta has another shape or is not finite, and if the LP has no optimum for theta.
        """
        _check_size(self.n, theta)
        return Operator.apply(self._compute, theta)

    def _compute(self, theta: Vector) -> tuple[Vector, Pullback]:
        if not np.isfinite(theta).all():
            raise UsageError("LpArgmin: theta has a value that is not finite")
        lp = self.relaxation.solve(theta)
        if lp.status is not LpStatus.OPTIMAL:
            raise UsageError(f"LpArgmin: the LP has no optimum for this theta ({lp.status.value})")
        self.calls += 1
        rng = np.random.default_rng((self.seed, self.calls))
        at = Optimum(theta, lp.x, self._argmin)
        return lp.x, lambda g: (self.jacobian.vjp(at, g, rng),)

    def _argmin(self, theta: Vector) -> Vector | None:
        lp = self.relaxation.solve(theta)
        return lp.x if lp.status is LpStatus.OPTIMAL else None


class Rounding:
    """The map x_lp -> x_round of a registered rounding, both (n,).

    The forward pass rounds, and the backward pass uses the slope of the smoothed rounding.

    Parameters
    ----------
    problem : Problem
        The model that the rounding is built for.
    rounding : str
        The text form of the rounding, such as "gaussian,sigma=0.15".
    seed : int
        The seed of a random rounding, which draws for each forward pass from (seed, number of the call).

    References
    ----------
    arXiv 2411.03535, section 4.3.

    Examples
    --------
    >>> import torch
    >>> from diffpump.io.foreign import from_arrays
    >>> from diffpump.torch import Rounding
    >>> box = from_arrays([0, 0], [[1, 1]], [0], [2], [0, 0], [1, 1], [True, True])
    >>> x = torch.tensor([0.5, 0.9], dtype=torch.float64, requires_grad=True)
    >>> y = Rounding(box)(x)
    >>> y.sum().backward()
    >>> y.tolist(), [round(g, 4) for g in x.grad.tolist()]
    ([0.0, 1.0], [2.6596, 0.076])
    """

    def __init__(self, problem: Problem, rounding: str = "gaussian,sigma=0.15", seed: int = 0) -> None:
        self.operator = ROUNDINGS.build(Spec.parse(rounding), problem, interior=HighsInterior(problem))
        self.n, self.seed, self.calls = problem.n, seed, 0

    def __call__(self, x_lp: torch.Tensor) -> torch.Tensor:
        """Return x_round (n,) for x_lp (n,). Raises UsageError for another shape."""
        _check_size(self.n, x_lp)
        return Operator.apply(self._compute, x_lp)

    def _compute(self, x: Vector) -> tuple[Vector, Pullback]:
        self.calls += 1
        call = self.calls
        self._draw(call)

        def pullback(g: Vector) -> tuple[Vector]:
            self._draw(call)  # other calls may have drawn since
            return (self.operator.vjp(x, g),)

        return self.operator.forward(x), pullback

    def _draw(self, call: int) -> None:
        if isinstance(self.operator, Randomised):
            self.operator.draw(np.random.default_rng((self.seed, call)))


class Loss:
    """The map (theta, x_lp, x_round) -> scalar of a registered loss times its weight.

    Parameters
    ----------
    problem : Problem
        The model that the loss is built for.
    loss : str
        The text form of the loss, such as "integrality:10,order=2" or "feasibility". The weight is 1 if the
        text has none.
    """

    def __init__(self, problem: Problem, loss: str) -> None:
        spec = Spec.parse(loss)
        self.operator = LOSSES.build(spec, problem, interior=HighsInterior(problem))
        self.weight = 1.0 if spec.weight is None else spec.weight
        self.n = problem.n

    def __call__(self, theta: torch.Tensor, x_lp: torch.Tensor, x_round: torch.Tensor) -> torch.Tensor:
        """Return the weighted loss, a scalar, at three (n,) tensors. Raises UsageError for another shape."""
        _check_size(self.n, theta, x_lp, x_round)
        return Operator.apply(self._compute, theta, x_lp, x_round)

    def _compute(self, *point: Vector) -> tuple[float, Pullback]:
        term = self.operator.evaluate(Point(*point))
        parts = (term.theta, term.x_lp, term.x_round)

        def pullback(g: Vector) -> tuple[Vector | None, ...]:
            return tuple(None if part is None else self.weight * float(g) * part for part in parts)

        return self.weight * term.value, pullback


def _check_size(n: int, *tensors: torch.Tensor) -> None:
    for tensor in tensors:
        if tuple(tensor.shape) != (n,):
            raise UsageError(f"expected a tensor of shape ({n},), got {tuple(tensor.shape)}")
