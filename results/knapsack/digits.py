"""Autoencoders of digits with k-subsets as codes: `python digits.py > digits.md`

The code of an image is a choice of 8 out of 32 bits. An encoder gives scores, a code is drawn from them, and a decoder
gives the probability of each of the 64 pixels of scikit-learn's digits (grey values as probabilities). The methods
differ in the gradient of the encoder; networks, steps and learning rates are the same.

    straight-through samples    samples of the Gibbs distribution, backward through the marginals
    score function              the same samples, 8 of them, with the score-function gradient
    marginals                   the marginals in place of a sample in training
    Gumbel top-k                the best 8 scores with Gumbel noise; backward through the relaxation of Xie, Ermon
                                (Reparameterizable subset sampling via continuous relaxations, IJCAI 2019)
    straight-through            the best 8 scores; backward as if they were the scores themselves
    ELBO                        a variational autoencoder with straight-through samples and the exact divergence from
                                the uniform distribution over codes, KL = (s'mu - V_g(s)) / g + log C(32, 8)

The measure is the cross-entropy of a test image in nats, by the decoder from the best code for the encoder's scores
(`best`) and from a code drawn as in training (`drawn`); for ELBO the negative ELBO as well.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import torch
from sklearn.datasets import load_digits
from trials import HERE, interval

from diffpump.torch import TopK

BITS, CHOSEN, HIDDEN = 32, 8, 64
EPOCHS, BATCH, RATES, SEEDS = 100, 64, (0.001, 0.003), range(5)
SAMPLES = 8  # of the score function
LAYER = TopK(BITS, CHOSEN)
Draw = Callable[[torch.Tensor], torch.Tensor]  # scores (images, BITS) -> codes of the same shape


def gumbel(score: torch.Tensor) -> torch.Tensor:
    """Return scores with Gumbel noise."""
    return score - torch.log(-torch.log(torch.rand_like(score)))


def relaxed(score: torch.Tensor) -> torch.Tensor:
    """Return the sum of `CHOSEN` softmaxes, each without what the ones before it have taken."""
    total = torch.zeros_like(score)
    for _ in range(CHOSEN):
        part = score.softmax(-1)
        total = total + part
        score = score + torch.log1p(-part.clamp(max=1 - 1e-6))
    return total


def hard(score: torch.Tensor) -> torch.Tensor:
    """Return the best code."""
    return torch.zeros_like(score).scatter_(-1, score.topk(CHOSEN).indices, 1.0)


def gumbel_top_k(score: torch.Tensor) -> torch.Tensor:
    noisy = gumbel(score)
    soft = relaxed(noisy)
    return hard(noisy) + soft - soft.detach()


def sampled(score: torch.Tensor) -> torch.Tensor:
    return LAYER.sample(score)[0]


def straight_through(score: torch.Tensor) -> torch.Tensor:
    return hard(score) + score - score.detach()


DRAWS: dict[str, Draw] = {
    "straight-through samples": sampled,
    "score function": sampled,
    "marginals": LAYER,
    "Gumbel top-k": gumbel_top_k,
    "straight-through": straight_through,
    "ELBO": sampled,
}


def network(inputs: int, outputs: int) -> torch.nn.Sequential:
    return torch.nn.Sequential(
        torch.nn.Linear(inputs, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, outputs)
    )


def entropy(logits: torch.Tensor, image: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of images (..., 64), summed over the pixels."""
    return torch.nn.functional.binary_cross_entropy_with_logits(
        logits, image.expand_as(logits), reduction="none"
    ).sum(-1)


def divergence(score: torch.Tensor) -> torch.Tensor:
    """Return KL (images,) of the codes from the uniform distribution."""
    return (score * LAYER(score)).sum(-1) - LAYER.value(score) + math.log(math.comb(BITS, CHOSEN))


def train(method: str, rate: float, seed: int) -> tuple[float, dict[str, float]]:
    """Return the validation loss and the test losses of a trained autoencoder."""
    torch.manual_seed(seed)
    images = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)[torch.randperm(1797)]
    training, validation, test = images[:1200], images[1200:1400], images[1400:]
    encoder, decoder, draw = network(64, BITS), network(BITS, 64), DRAWS[method]
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=rate)

    def loss(image: torch.Tensor) -> torch.Tensor:
        score = encoder(image)
        if method == "score function":
            return LAYER.expectation(score, lambda y: entropy(decoder(y), image), SAMPLES).mean()
        found = entropy(decoder(draw(score)), image).mean()
        return found + divergence(score).mean() if method == "ELBO" else found

    for _ in range(EPOCHS):
        for batch in torch.randperm(len(training)).split(BATCH):
            optimizer.zero_grad()
            loss(training[batch]).backward()
            optimizer.step()
    with torch.no_grad():
        score = encoder(test)
        drawn = hard(score) if method == "straight-through" else draw(score)
        if method == "marginals":
            drawn = sampled(score)
        losses = {
            "best": float(entropy(decoder(hard(score)), test).mean()),
            "drawn": float(entropy(decoder(drawn), test).mean()),
        }
        if method == "ELBO":
            losses["negative ELBO"] = losses["drawn"] + float(divergence(score).mean())
        valid = float(loss(validation)) if method == "ELBO" else float(
            entropy(decoder(hard(encoder(validation))), validation).mean()
        )  # fmt: skip
    return valid, losses


def trial(method: str, seed: int) -> dict[str, float]:
    """Return the test losses with the learning rate that validates best."""
    torch.set_num_threads(1)
    return min((train(method, rate, seed) for rate in RATES), key=lambda run: run[0])[1]


def main() -> None:
    """Print the table and draw the picture."""
    import matplotlib.pyplot as plt

    jobs = list(itertools.product(DRAWS, SEEDS))
    with ProcessPoolExecutor(2) as pool:
        results = dict(zip(jobs, pool.map(trial, *zip(*jobs, strict=True)), strict=True))
    print("# Codes that are k-subsets\n\nPrinted by `python digits.py`: nats of a test image, means over")
    print(f"{len(SEEDS)} seeds with 95 % intervals.\n")
    print("| | best | drawn | negative ELBO |\n|---|---|---|---|")
    figure, axis = plt.subplots(figsize=(7, 3.2), layout="constrained")
    for method in DRAWS:
        cells = []
        for kind in ("best", "drawn", "negative ELBO"):
            values = [results[method, seed].get(kind, np.nan) for seed in SEEDS]
            mean, half = interval(values)
            cells.append("-" if np.isnan(mean) else f"{mean:.2f} ± {half:.2f}")
            if kind != "negative ELBO":
                marker = {"best": "o", "drawn": "s"}[kind]
                axis.errorbar(
                    mean, method, xerr=half, fmt=marker, capsize=3, color="tab:blue" if kind == "best" else "tab:orange",
                    label=kind if method == "ELBO" else None,
                )  # fmt: skip
        print(f"| {method} | {' | '.join(cells)} |")
    axis.invert_yaxis()
    axis.set_xlabel("cross-entropy of a test image, nats")
    axis.legend()
    figure.savefig(HERE / "figures" / "digits.svg")


if __name__ == "__main__":
    main()
