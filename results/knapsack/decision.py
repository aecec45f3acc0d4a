"""Decision-focused learning on PyEPO's knapsack: `python decision.py > decision.md`

A linear model predicts the values of 32 items from 5 features; the decision is the best choice of items within a
capacity. The measure is the normalised regret on 1000 test points, sum (z* - c'y) / sum z*, where y is the best
choice for the predicted values and z* the value of the best one for the true values c. The data are those of
`pyepo.data.knapsack.genData`, with noise of half-width 0.5.

Every method has four settings, two learning rates of Adam and two temperatures or noise widths, or four learning
rates where there is nothing else; the setting and the epoch are those with the least regret on 200 validation
points. The best choices of all methods come from the same dynamic program.

    two-stage        least squares of the values
    SPO+             PyEPO's `SPOPlus`
    perturbed        PyEPO's `perturbedFenchelYoung`, 10 samples
    Fenchel-Young    V_g(s) - s'y*, y* the best choice for the true values: gradient mu_g(s) - y*
    score function   E[-c'Y] over 16 samples Y of the Gibbs distribution
    marginals        the same without samples: -c'mu_g(s)
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import torch
from pyepo import EPO
from pyepo.data.knapsack import genData
from pyepo.func import SPOPlus, perturbedFenchelYoung
from pyepo.model.opt import optModel
from trials import HERE, interval

from diffpump.torch import Knapsack

DEGREES, SEEDS = (1, 4), range(5)
FEATURES, ITEMS, CAPACITY, NOISE = 5, 32, 2000, 0.5  # weights are whole hundredths
TRAIN, VALIDATION, TEST = 200, 200, 1000
EPOCHS, BATCH, SAMPLES = 30, 32, 16
RATES, WIDTHS = (0.01, 0.1), (0.5, 2.0)
ONLY_RATES = (0.003, 0.01, 0.03, 0.1)
Loss = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]  # of scores, values, best choices


class Solver(optModel):  # type: ignore[misc]
    """The best choice for PyEPO's losses, by the dynamic program."""

    def __init__(self, weights: np.ndarray) -> None:
        self.weights = weights
        super().__init__()
        self.modelSense = EPO.MAXIMIZE

    def _getModel(self) -> tuple[Knapsack, list[int]]:
        return Knapsack(self.weights, CAPACITY), list(range(ITEMS))

    def setObj(self, c: np.ndarray) -> None:
        self.scores = np.asarray(c, np.float64)

    def solve(self) -> tuple[np.ndarray, float]:
        value, y = self._model.feasible.best(self.scores)
        return y, value


def two_stage(solver: Solver, width: float) -> Loss:
    return lambda score, value, best: ((score - value) ** 2).mean()


def spo_plus(solver: Solver, width: float) -> Loss:
    loss = SPOPlus(solver)
    return lambda score, value, best: loss(score, value, best, (value * best).sum(1, keepdim=True))


def perturbed(solver: Solver, width: float) -> Loss:
    loss = perturbedFenchelYoung(solver, n_samples=10, sigma=width)
    return lambda score, value, best: loss(score, best)


def fenchel_young(solver: Solver, width: float) -> Loss:
    layer = Knapsack(solver.weights, CAPACITY, g=width)
    return lambda score, value, best: layer.loss(score, best).mean()


def score_function(solver: Solver, width: float) -> Loss:
    layer = Knapsack(solver.weights, CAPACITY, g=width)
    return lambda score, value, best: layer.expectation(score, lambda y: -(y * value).sum(-1), SAMPLES).mean()


def through_marginals(solver: Solver, width: float) -> Loss:
    layer = Knapsack(solver.weights, CAPACITY, g=width)
    return lambda score, value, best: -(layer(score) * value).sum(-1).mean()


METHODS: dict[str, Callable[[Solver, float], Loss]] = {
    "two-stage": two_stage,
    "SPO+": spo_plus,
    "perturbed": perturbed,
    "Fenchel-Young": fenchel_young,
    "score function": score_function,
    "marginals": through_marginals,
}
WITHOUT_WIDTH = ("two-stage", "SPO+")


def regret(model: torch.nn.Module, layer: Knapsack, x: torch.Tensor, c: torch.Tensor) -> float:
    """Return the normalised regret of a model on points x (k, FEATURES) with values c (k, ITEMS)."""
    with torch.no_grad():
        chosen, best = ((layer.best(score) * c).sum() for score in (model(x), c))
    return float((best - chosen) / best)


def trial(method: str, degree: int, seed: int) -> float:
    """Return the test regret of a method on the data of a seed, in the setting that validates best."""
    torch.set_num_threads(1)
    made = genData(TRAIN + VALIDATION + TEST, FEATURES, ITEMS, 1, degree, NOISE, seed=seed)
    weights = np.rint(made[0][0] * 100)
    x, c = (torch.tensor(array, dtype=torch.float64) for array in made[1:])
    parts = [slice(0, TRAIN), slice(TRAIN, TRAIN + VALIDATION), slice(TRAIN + VALIDATION, None)]
    (x_train, c_train), valid, test = ((x[part], c[part]) for part in parts)
    layer, solver = Knapsack(weights, CAPACITY), Solver(weights)
    best_train, found = layer.best(c_train), (np.inf, np.inf)
    grid = (
        [(rate, 1.0) for rate in ONLY_RATES] if method in WITHOUT_WIDTH else itertools.product(RATES, WIDTHS)
    )
    for rate, width in grid:
        torch.manual_seed(seed)
        model = torch.nn.Linear(FEATURES, ITEMS, dtype=torch.float64)
        optimizer, loss = torch.optim.Adam(model.parameters(), lr=rate), METHODS[method](solver, width)
        for _ in range(EPOCHS):
            for batch in torch.randperm(TRAIN).split(BATCH):
                optimizer.zero_grad()
                loss(model(x_train[batch]), c_train[batch], best_train[batch]).backward()
                optimizer.step()
            if (at := regret(model, layer, *valid)) < found[0]:
                found = at, regret(model, layer, *test)
    return found[1]


def main() -> None:
    """Print the table and draw the picture."""
    import matplotlib.pyplot as plt

    jobs = list(itertools.product(METHODS, DEGREES, SEEDS))
    with ProcessPoolExecutor(2) as pool:
        results = dict(zip(jobs, pool.map(trial, *zip(*jobs, strict=True)), strict=True))
    print(
        "# Decision-focused learning\n\nPrinted by `python decision.py`: normalised test regret in percent,"
    )
    print(f"means over {len(SEEDS)} seeds with 95 % intervals.\n")
    print(
        "| | " + " | ".join(f"degree {degree}" for degree in DEGREES) + " |\n|" + "---|" * (1 + len(DEGREES))
    )
    figure, axes = plt.subplots(1, len(DEGREES), figsize=(9, 3.2), layout="constrained")
    for method in METHODS:
        cells = []
        for axis, degree in zip(axes, DEGREES, strict=True):
            values = 100 * np.array([results[method, degree, seed] for seed in SEEDS])
            mean, half = interval(values)
            cells.append(f"{mean:.2f} ± {half:.2f}")
            axis.errorbar(mean, method, xerr=half, fmt="o", color="tab:blue", capsize=3)
            axis.plot(values, [method] * len(values), ".", color="tab:gray", markersize=4)
            axis.set_title(f"degree {degree}")
            axis.set_xlabel("normalised test regret, %")
        print(f"| {method} | {' | '.join(cells)} |")
    axes[0].invert_yaxis()
    axes[1].invert_yaxis()
    axes[1].set_yticklabels([])
    figure.savefig(HERE / "figures" / "decision.svg")


if __name__ == "__main__":
    main()
