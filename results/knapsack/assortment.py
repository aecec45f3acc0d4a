"""A shop that changes its assortment, as a small Markov decision process: `python assortment.py > assortment.md`

In each of 20 steps the shop offers a set S of 12 items whose sizes fit the shelf, and a customer buys one item of
it or none, item i with the probability e^(u_i) / (1 + sum_{j in S} e^(u_j)) (the multinomial logit model). The
reward is the price. A purchase makes the item known, which raises its utility u_i, and every step on the shelf tires
customers of it, which lowers it. So the best assortment of a step is not the best one for the sum.

A network gives each item a score from its features (price, size, utility, awareness, fatigue). The policies
differ in how scores become a random assortment, all are trained by the score-function gradient with the mean return
of the other episodes of the batch as the baseline, and all have the same network, steps and learning rates.

    knapsack    the Gibbs distribution over all assortments that fit (`diffpump.torch.Knapsack`)
    sequential  items one after another by the softmax of those that still fit, the Gumbel top-k policy under a
                capacity
    noise       the best assortment for scores with Gaussian noise, whose density is the policy's

`greedy` offers the assortment with the largest expected reward of the step for the true utilities, `random` draws
from all that fit. The return is the mean over 2000 test episodes, with the policies random as in training.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import torch
from trials import HERE, interval

from diffpump.torch import Knapsack

ITEMS, STEPS, CAPACITY = 12, 20, 12
UPDATES, EPISODES, TEST = 200, 64, 2000
RATES, SEEDS = (0.003, 0.01), range(5)
# The gain of awareness by a purchase, that of fatigue by an offer, and what is left of both after a step.
KNOWN, TIRED, FADE = 0.6, 0.2, 0.9
POLICIES = ("knapsack", "sequential", "noise")
Chosen = tuple[torch.Tensor, torch.Tensor]  # assortments (episodes, ITEMS) and their log-probabilities


class Shop:
    """A batch of episodes in one shop."""

    def __init__(self, seed: int, episodes: int) -> None:
        rng = np.random.default_rng(seed)
        self.price = torch.tensor(rng.uniform(1.0, 3.0, ITEMS))
        self.size = torch.tensor(rng.integers(1, 7, ITEMS), dtype=torch.float64)
        self.base = torch.tensor(rng.normal(0.0, 0.5, ITEMS)) - 0.6 * self.price + 0.5
        self.known = torch.zeros(episodes, ITEMS, dtype=torch.float64)
        self.tired = torch.zeros_like(self.known)

    def utility(self) -> torch.Tensor:
        """Return u, (episodes, ITEMS)."""
        return self.base + 2.0 * self.known - 1.5 * self.tired

    def features(self) -> torch.Tensor:
        """Return (episodes, ITEMS, 5)."""
        fixed = [one.expand_as(self.known) for one in (self.price - 2.0, self.size / 3.0 - 1.0)]
        return torch.stack([*fixed, self.utility(), self.known, self.tired], dim=-1)

    def offer(self, y: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """Let a customer of each episode buy from assortments y, and return the rewards (episodes,)."""
        weight = torch.cat((y * self.utility().exp(), torch.ones(len(y), 1)), dim=1)
        bought = torch.nn.functional.one_hot(
            torch.multinomial(weight, 1, generator=generator)[:, 0], ITEMS + 1
        )[:, :ITEMS]
        self.known = FADE * self.known + KNOWN * bought * (1.0 - self.known)
        self.tired = FADE * self.tired + TIRED * y * (1.0 - self.tired)
        return (bought * self.price).sum(1)


def sequential(score: torch.Tensor, size: torch.Tensor, generator: torch.Generator) -> Chosen:
    """Take items by the softmax of those that fit, until none fits."""
    y, log_prob = torch.zeros_like(score), torch.zeros(len(score), dtype=score.dtype)
    left = torch.full((len(score), 1), float(CAPACITY), dtype=score.dtype)
    for _ in range(ITEMS):
        fits = (size <= left) & (y == 0)
        some = fits.any(1)
        if not some.any():
            break
        logits = torch.where(fits | ~some[:, None], score, -torch.inf).log_softmax(1)
        taken = torch.multinomial(logits.detach().exp(), 1, generator=generator)
        log_prob = log_prob + torch.where(some, logits.gather(1, taken)[:, 0], 0.0)
        step = torch.zeros_like(y).scatter_(1, taken, 1.0) * some[:, None]
        y, left = y + step, left - (step * size).sum(1, keepdim=True)
    return y, log_prob


def chooser(policy: str, size: torch.Tensor, generator: torch.Generator) -> Callable[[torch.Tensor], Chosen]:
    """Return a function from scores (episodes, ITEMS) to assortments and log-probabilities."""
    layer = Knapsack(size.numpy(), CAPACITY)
    if policy == "sequential":
        return lambda score: sequential(score, size, generator)

    def gibbs(score: torch.Tensor) -> Chosen:
        y = layer.sample(score.detach(), 1, generator)[0]
        return y, layer.log_prob(score, y)

    def noise(score: torch.Tensor) -> Chosen:
        noisy = score.detach() + torch.randn(score.shape, dtype=score.dtype, generator=generator)
        return layer.best(noisy), -0.5 * ((noisy - score) ** 2).sum(1)

    return {"knapsack": gibbs, "noise": noise}[policy]


def returns(
    seed: int, episodes: int, choose: Callable[[Shop], torch.Tensor], generator: torch.Generator
) -> float:
    """Return the mean return of a policy."""
    shop, total = Shop(seed, episodes), torch.zeros(episodes, dtype=torch.float64)
    for _ in range(STEPS):
        total += shop.offer(choose(shop), generator)
    return float(total.mean())


def train(policy: str, rate: float, seed: int) -> tuple[list[float], float]:
    """Return the mean returns of the updates, and that of the test episodes."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    network = torch.nn.Sequential(
        torch.nn.Linear(5, 32, dtype=torch.float64), torch.nn.Tanh(),
        torch.nn.Linear(32, 1, dtype=torch.float64),
    )  # fmt: skip
    optimizer, curve = torch.optim.Adam(network.parameters(), lr=rate), []
    choose = chooser(policy, Shop(seed, 1).size, generator)
    for _ in range(UPDATES):
        shop, rewards, log_probs = Shop(seed, EPISODES), [], []
        for _ in range(STEPS):
            y, log_prob = choose(network(shop.features())[..., 0])
            rewards.append(shop.offer(y, generator))
            log_probs.append(log_prob)
        earned = torch.stack(rewards)
        later = earned.flip(0).cumsum(0).flip(0)  # the rewards from each step on
        advantage = (later - later.mean(1, keepdim=True)) / (later.std(1, keepdim=True) + 1e-6)
        optimizer.zero_grad()
        (-(advantage * torch.stack(log_probs)).sum(0).mean() / STEPS).backward()
        optimizer.step()
        curve.append(float(earned.sum(0).mean()))
    with torch.no_grad():
        test = returns(seed, TEST, lambda shop: choose(network(shop.features())[..., 0])[0], generator)
    return curve, test


def trial(policy: str, seed: int) -> tuple[list[float], float]:
    """Return what `train` returns for the learning rate whose last updates have the best returns."""
    torch.set_num_threads(1)
    if policy in POLICIES:
        return max((train(policy, rate, seed) for rate in RATES), key=lambda run: np.mean(run[0][-20:]))
    generator, size = torch.Generator().manual_seed(seed), Shop(seed, 1).size
    every = torch.tensor(list(itertools.product((0.0, 1.0), repeat=ITEMS)), dtype=torch.float64)
    every = every[every @ size <= CAPACITY]

    def random(shop: Shop) -> torch.Tensor:
        return every[torch.randint(len(every), (len(shop.known),), generator=generator)]

    def greedy(shop: Shop) -> torch.Tensor:
        weight = shop.utility().exp()
        return every[((weight * shop.price) @ every.T / (1.0 + weight @ every.T)).argmax(1)]

    return [], returns(seed, TEST, {"random": random, "greedy": greedy}[policy], generator)


def main() -> None:
    """Print the table and draw the picture."""
    import matplotlib.pyplot as plt

    policies = (*POLICIES, "greedy", "random")
    jobs = list(itertools.product(policies, SEEDS))
    with ProcessPoolExecutor(2) as pool:
        results = dict(zip(jobs, pool.map(trial, *zip(*jobs, strict=True)), strict=True))
    print(
        "# Dynamic assortment\n\nPrinted by `python assortment.py`: the mean return of a test episode, over"
    )
    print(f"{len(SEEDS)} shops with 95 % intervals, and the difference to `knapsack` in the same shop.\n")
    print("| | return | less than `knapsack` by |\n|---|---|---|")
    figure, axis = plt.subplots(figsize=(6, 3.6), layout="constrained")
    for policy in policies:
        tests = np.array([results[policy, seed][1] for seed in SEEDS])
        behind = np.array([results["knapsack", seed][1] for seed in SEEDS]) - tests
        (mean, half), (less, width) = interval(tests), interval(behind)
        print(f"| {policy} | {mean:.2f} ± {half:.2f} | {less:.2f} ± {width:.2f} |")
        if policy in POLICIES:
            curves = np.array([results[policy, seed][0] for seed in SEEDS]).mean(0)
            axis.plot(np.convolve(curves, np.ones(10) / 10, mode="valid"), label=policy)
        else:
            axis.axhline(mean, color="tab:gray", linestyle="--" if policy == "greedy" else ":", label=policy)
    axis.set_xlabel("update")
    axis.set_ylabel("return, mean of ten updates and five shops")
    axis.legend()
    figure.savefig(HERE / "figures" / "assortment.svg")


if __name__ == "__main__":
    main()
