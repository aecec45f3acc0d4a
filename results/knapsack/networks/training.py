"""How wide must a network be to learn one item's step of the dynamic program? Section 5 of the paper, again.

    python training.py --threshold 0.005 --minutes 5     train, and go on where an earlier call ended
    python training.py --report > training.md            the table, the regressions and the picture

A network with three hidden layers of equal width has the inputs of a DP-NN cell, f(1..p*, i - 1), p_i and s_i, and
learns f(1..p*, i). Profits are a random composition of p*, sizes are uniform and scaled so that their sum is
1 + U(0, 1), and every item of such a knapsack gives a pair. Training is by Adam, 32 pairs a step, 1000 steps an epoch,
at most 100 epochs, and ends early when the loss on validation pairs has not fallen for 2 epochs. The width rises in
steps of 25 until the mean square error on test pairs is at most the threshold.

The paper's own thresholds and profits are 0.005 with p* = 3, 6, ..., 75, 0.0025 with 1, ..., 25 and 0.00375 with
2, 4, ..., 50. It regresses the width on p* and p*^2, and finds for 0.005 that p*^2 matters, with a p-value of 1.1 %.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from scipy import stats

HERE = Path(__file__).parent
RECORDS = HERE / "training.jsonl"
PROFITS = {0.005: range(3, 76, 3), 0.0025: range(1, 26), 0.00375: range(2, 51, 2)}
WIDTH_STEP, BATCH, STEPS, EPOCHS, PATIENCE = 25, 32, 1000, 100, 2
POOL, HELD_OUT = 200_000, 20_000  # training pairs, and pairs for validation and for the test each
PAPERS_P_VALUE = 0.011


def pairs(rng: np.random.Generator, top: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs (count, p* + 2) and outputs (count, p*) of the step."""
    inputs, outputs, made = [], [], 0
    while made < count:
        batch = 4096 // top + 1
        cuts = rng.random((batch, top)) < 0.5
        cuts[:, -1] = True  # the last unit of profit ends the last item
        last = np.flatnonzero(cuts)  # positions of the last units of all items, knapsack by knapsack
        knapsack = last // top
        profit = np.diff(np.append(-1, last))
        size = rng.random(last.size)
        total = np.bincount(knapsack, size)
        size *= ((1.0 + rng.random(batch)) / total)[knapsack]
        place = np.arange(last.size) - np.searchsorted(knapsack, knapsack)  # of an item in its knapsack
        f = np.full((batch, top + 1), 2.0)
        f[:, 0] = 0.0
        for i in range(int(place.max()) + 1):
            now = np.flatnonzero(place == i)
            rows, p, s = knapsack[now], profit[now], size[now]
            before = f[rows, 1:]
            shifted = f[rows[:, None], np.maximum(np.arange(1, top + 1) - p[:, None], 0)]
            f[rows, 1:] = np.minimum(before, np.minimum(shifted + s[:, None], 2.0))
            inputs.append(np.column_stack((before, p, s)))
            outputs.append(f[rows, 1:])
            made += now.size
    order = rng.permutation(made)[:count]
    return tuple(torch.tensor(np.concatenate(part)[order], dtype=torch.float32) for part in (inputs, outputs))


def test_error(top: int, width: int, seed: int) -> tuple[float, int]:
    """Train a network, and return its mean square error on the test pairs and the epochs."""
    torch.manual_seed(seed)
    rng = np.random.default_rng((seed, top))
    train, valid, test = pairs(rng, top, POOL), pairs(rng, top, HELD_OUT), pairs(rng, top, HELD_OUT)
    sizes = [top + 2, width, width, width]
    layers: list[torch.nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [torch.nn.Linear(before, after), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers, torch.nn.Linear(width, top))
    optimizer, loss = torch.optim.Adam(network.parameters()), torch.nn.functional.mse_loss
    best, stale, epoch = np.inf, 0, 0
    for epoch in range(1, EPOCHS + 1):  # noqa: B007  (it is returned)
        for batch in torch.randint(POOL, (STEPS, BATCH)):
            optimizer.zero_grad()
            loss(network(train[0][batch]), train[1][batch]).backward()
            optimizer.step()
        with torch.no_grad():
            now = float(loss(network(valid[0]), valid[1]))
        best, stale = (now, 0) if now < best else (best, stale + 1)
        if stale == PATIENCE:
            break
    with torch.no_grad():
        return float(loss(network(test[0]), test[1])), epoch


def records() -> list[dict[str, float]]:
    return [json.loads(line) for line in RECORDS.read_text().splitlines()] if RECORDS.exists() else []


def train(threshold: float, minutes: float, seed: int) -> None:
    """Train one network after another until the time is over, and keep a record of each."""
    end = time.monotonic() + 60 * minutes
    known = {
        (one["threshold"], one["top"], one["width"]): one["error"] for one in records() if one["seed"] == seed
    }
    for top in PROFITS[threshold]:
        width = WIDTH_STEP
        while True:
            error = known.get((threshold, top, width))
            if error is None:
                # A network of the same profit under another threshold is the same network.
                error = next((e for (_, t, w), e in known.items() if (t, w) == (top, width)), None)
            if error is None:
                if time.monotonic() > end:
                    return
                began = time.monotonic()
                error, epochs = test_error(top, width, seed)
                seconds = time.monotonic() - began
                print(
                    f"p* = {top}, width {width}: {error:.5f} in {epochs} epochs, {seconds:.0f} s",
                    file=sys.stderr,
                )
                record = {
                    "threshold": threshold, "top": top, "width": width, "seed": seed, "error": error,
                    "epochs": epochs, "seconds": round(seconds, 1), "torch": torch.__version__,
                }  # fmt: skip
                with RECORDS.open("a") as stream:
                    stream.write(json.dumps(record) + "\n")
                known[threshold, top, width] = error
            if error <= threshold:
                break
            width += WIDTH_STEP


def least_widths(threshold: float) -> dict[int, int]:
    """Return the least width within the threshold for each p* of which all smaller widths were trained."""
    errors: dict[int, dict[int, float]] = {}
    for one in records():
        errors.setdefault(int(one["top"]), {})[int(one["width"])] = one["error"]
    found = {}
    for top in PROFITS[threshold]:
        width = WIDTH_STEP
        while (error := errors.get(top, {}).get(width)) is not None:
            if error <= threshold:
                found[top] = width
                break
            width += WIDTH_STEP
    return found


def quadratic(widths: dict[int, int]) -> tuple[np.ndarray, float]:
    """Return the coefficients of 1, p* and p*^2, and the p-value of the last by its t statistic."""
    top, width = np.array(list(widths), float), np.array(list(widths.values()), float)
    design = np.column_stack((np.ones_like(top), top, top**2))
    coefficients, *_ = np.linalg.lstsq(design, width, rcond=None)
    freedom = top.size - 3
    variance = ((width - design @ coefficients) ** 2).sum() / freedom
    error = np.sqrt(variance * np.linalg.inv(design.T @ design)[2, 2])
    return coefficients, float(2 * stats.t.sf(abs(coefficients[2] / error), freedom))


def report() -> None:
    """Print the table and draw the picture."""
    import matplotlib.pyplot as plt

    print("# The width that learns a step\n\nPrinted by `python training.py --report`.\n")
    figure, axes = plt.subplots(1, len(PROFITS), figsize=(11, 3.4), layout="constrained")
    for axis, threshold in zip(axes, PROFITS, strict=True):
        widths = least_widths(threshold)
        axis.set_title(f"MSE at most {threshold}")
        axis.set_xlabel("p*")
        if not widths:
            continue
        print(f"## Threshold {threshold}\n\n| p* | {' | '.join(map(str, widths))} |")
        print("|---" * (len(widths) + 1) + f"|\n| width | {' | '.join(map(str, widths.values()))} |\n")
        axis.plot(list(widths), list(widths.values()), "o", markersize=4)
        if len(widths) > 4:
            coefficients, p_value = quadratic(widths)
            grid = np.linspace(min(widths), max(widths))
            axis.plot(grid, np.polyval(coefficients[::-1], grid), "--", color="tab:gray")
            print(f"Width = {coefficients[0]:.1f} + {coefficients[1]:.2f} p* + {coefficients[2]:.4f} p*^2; "
                  f"without a quadratic term a coefficient as large has the probability {p_value:.1%} "
                  f"(the paper for 0.005: {PAPERS_P_VALUE:.1%}).\n")  # fmt: skip
    axes[0].set_ylabel("least width")
    (HERE / "figures").mkdir(exist_ok=True)
    figure.savefig(HERE / "figures" / "training.svg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threshold", type=float, choices=PROFITS, default=0.005)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.report:
        report()
    else:
        train(options.threshold, options.minutes, options.seed)


if __name__ == "__main__":
    main()
