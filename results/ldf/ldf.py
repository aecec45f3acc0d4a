"""Learn to solve knapsacks, as Keegan and Abolghasemi do, and print their tables: `python ldf.py > n100.md`.

    python ldf.py                                    n = 100, 4000 instances: minutes
    python ldf.py --n 500 --count 30000 --full       the paper's size: many hours

Networks are trained by the code of `diffpump learn`. A call that was killed goes on: solutions, finished networks and
checkpoints are kept in `runs`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from knapsacks import Knapsacks, knapsacks
from measures import COLUMNS, greedy, measures

from diffpump.core.spec import Spec
from diffpump.io.files import replace_file
from diffpump.knapsack import Knapsack, solve
from diffpump.learn.checkpoint import Checkpoint
from diffpump.learn.family import Layers, built, forward, packed_arrays
from diffpump.learn.lagrangian import Examples
from diffpump.learn.objectives import CrossEntropy
from diffpump.learn.training import Epoch, Plan, train
from diffpump.torch import Knapsack as KnapsackLayer

HERE = Path(__file__).parent
MUS = (0.0, 0.001, 0.01, 0.1, 0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0)  # those from 0.5 on, and 0, are the paper's
SELECTED = {"fc": 0.0, "ldf": 0.01, "ldf-pretrained": 0.01, "structured": 0.0}  # the mu of the tables
# The paper's Table 1; the one that was chosen for n = 100 comes first.
CLIPS = {"fc": (1.0, 10.0), "ldf": (0.5, 1.0, 10.0), "ldf-pretrained": (10.0, 0.5, 1.0)}
STEP = 1e-7 * 24_000  # the paper's, for sums over its training examples, as a step for means
PAPER = {  # the columns of Tables 2 to 5, all instances, then by quintile where the paper's numbers are at hand
    "fc": {"violated": [84.93, 64.7, 66.1, 95.42, 99.84, 100], "violation": [21.14], "over": [70], "under": [30],
           "ratio": [1.0703, 1.254, 1.0417, 1.029, 1.0185, 1.0064], "average_over": [5.89], "average_under": [7.76],
           "epochs": 16, "minutes": 0.7},
    "ldf": {"violated": [2.13, 10.48, 0.16, 0, 0, 0], "violation": [191], "under": [99.4], "over": [0.6],
            "ratio": [1.1811, 1.5643, 1.1521, 1.0931, 1.0628, 1.027], "average_over": [113.24], "average_under": [12],
            "epochs": 250, "minutes": 16},
    "ldf-pretrained": {"violated": [2.9, 14, 0.32, 0.17, 0, 0], "violation": [268], "under": [98.8], "over": [1.2],
                       "ratio": [1.177, 1.51, 1.1894, 1.09732, 1.0562, 1.0245], "average_over": [92.1],
                       "average_under": [12.4], "epochs": 46, "minutes": 2.6},
}  # fmt: skip


class Capacity:
    """The Fenchel-Young loss of the capacity row, exact, through the knapsack layer; a mean over the items."""

    def __init__(self, data: Knapsacks) -> None:
        self._data = data

    def loss(self, which: np.ndarray, logits: torch.Tensor) -> torch.Tensor:
        """Return the losses (B,)."""
        data = self._data
        layer = KnapsackLayer(data.weights[which], data.capacity[which])
        return layer.loss(logits.double(), torch.from_numpy(data.best[which].astype(float))) / data.n

    def decoded(self, which: np.ndarray, logits: np.ndarray) -> np.ndarray:
        """Return the best choices (B, n) within the capacities."""
        return Knapsack(self._data.weights[which], self._data.capacity[which]).best(logits)[1]


class Net(NamedTuple):
    """A trained network: its spec, its layers for each mu, the mu-losses, the epochs and the seconds."""

    spec: str
    layers: dict[float, Layers]
    losses: dict[float, float]
    epochs: list[int]
    seconds: float

    @property
    def name(self) -> str:
        return Spec.parse(self.spec).name

    def logits(self, features: np.ndarray, mu: float | None = None) -> np.ndarray:
        """Return the logits (B, n) of the network that mu has selected."""
        return forward(self.layers[SELECTED[self.name] if mu is None else mu], features)


def trained(data: Knapsacks, examples: Examples, text: str, plan: Plan, folder: Path, every: int = 1) -> Net:
    """Return a network from the folder; if it is not there, train it first, on each `every`-th instance alone."""
    spec = Spec.parse(text)
    parts = data.train[::every], data.valid[::every]  # these are in the order of their capacity ratios
    path = folder / f"{text.replace(',', '-')}-{plan.epochs}{'' if every == 1 else f'-every{every}'}.npz"
    if not path.exists():
        objective = Capacity(data) if spec.name == "structured" else CrossEntropy(examples)
        checkpoint = Checkpoint(path.with_suffix(".checkpoint"), seconds=30.0)

        def on_epoch(now: Epoch) -> None:
            if now.epoch % 10 == 0 or spec.name == "structured":
                print(f"{text}: {now}", file=sys.stderr, flush=True)

        found = train(
            examples,
            built(spec),
            objective,
            plan,
            parts,
            resume=checkpoint,
            on_epoch=on_epoch,
        )
        arrays = {"epochs": np.array(found.epochs), "seconds": np.array(found.seconds)}
        for k, mu in enumerate(plan.mus):
            arrays[f"loss{k}"] = np.array(found.chosen[mu][0])
            for j, (weights, bias) in enumerate(found.layers[mu]):
                arrays |= {f"weights{k}_{j}": weights, f"bias{k}_{j}": bias}
        replace_file(path, packed_arrays(arrays), lambda written: None)
        checkpoint.remove()
    with np.load(path, allow_pickle=False) as stored:
        depth = len(plan.hidden) + 1
        return Net(
            text,
            {mu: tuple((stored[f"weights{k}_{j}"], stored[f"bias{k}_{j}"]) for j in range(depth))
             for k, mu in enumerate(plan.mus)},
            {mu: float(stored[f"loss{k}"]) for k, mu in enumerate(plan.mus)},
            stored["epochs"].tolist(), float(stored["seconds"]),
        )  # fmt: skip


def networks(data: Knapsacks, examples: Examples, options: argparse.Namespace) -> dict[str, Net]:
    """Return the networks; the clip of each is the one of Table 1 with the least mu-loss on the validation part."""
    folder = HERE / "runs" / f"n{options.n}-{options.count}-{options.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    hidden = (2048, 1024) if options.full else (4 * options.n, 2 * options.n)
    plan = Plan(hidden, options.epochs, options.patience, 256, MUS, options.seed, options.threads)
    rate, found = f"rate={options.rate}", {}
    for name, clips in CLIPS.items():
        extra = "" if name == "fc" else f",step={STEP:g}"
        if name == "ldf-pretrained":
            extra += f",pretrained_clip={Spec.parse(found['fc'].spec).params['clip']}"
        tried = [
            trained(data, examples, f"{name},{rate},clip={clip}{extra}", plan, folder)
            for clip in clips[: options.clips]
        ]
        found[name] = min(tried, key=lambda net: net.losses[SELECTED[net.name]])
    short = Plan(
        hidden, options.structured_epochs, options.patience, 256, (0.0,), options.seed, options.threads
    )
    found["structured"] = trained(
        data, examples, f"structured,rate={options.structured_rate}", short, folder, options.structured_every
    )
    return found


def predictions(data: Knapsacks, examples: Examples, nets: dict[str, Net]) -> dict[str, np.ndarray]:
    """Return the predictions (B, n) of all methods for the test part."""
    test, features = data.test, examples.features[data.test]
    v, w, W = data.values[test], data.weights[test], data.capacity[test]
    found = {}
    for name in CLIPS:
        logits = nets[name].logits(features)
        found[name] = examples.rounded(logits)
        found[f"{name}, greedy decoding"] = greedy(logits, w, W)
    logits = nets["structured"].logits(features)
    exact = Capacity(data)
    found["fc, knapsack decoding"] = exact.decoded(test, nets["fc"].logits(features))
    found["structured"] = exact.decoded(test, logits)
    found["structured, greedy decoding"] = greedy(logits, w, W)
    found["greedy by value / weight, no network"] = greedy(v / w, w, W)
    return found


def seconds(action: Callable[[int], object], count: int) -> float:
    """Return the mean seconds of an action on an instance, after a first call that does not count."""
    action(0)
    began = time.perf_counter()
    for i in range(count):
        action(i)
    return (time.perf_counter() - began) / count


def times(data: Knapsacks, examples: Examples, nets: dict[str, Net], count: int) -> dict[str, float]:
    """Return the mean milliseconds of an instance of the test part."""
    test, features = data.test, examples.features[data.test]
    v, w, W = data.values[test], data.weights[test], data.capacity[test]
    layers = nets["fc"].layers[SELECTED["fc"]]
    logits = nets["structured"].logits(features)
    began = time.perf_counter()
    forward(layers, features)
    together = (time.perf_counter() - began) / test.size
    found = {
        "prediction, one instance at a time": seconds(lambda i: forward(layers, features[i : i + 1]), count),
        "prediction, all instances together": together,
        "decoding by the knapsack (`structured`)": seconds(
            lambda i: Knapsack(w[i], int(W[i])).best(logits[i]), count
        ),
        "greedy by value / weight": seconds(lambda i: greedy((v / w)[i : i + 1], w[i : i + 1], W[i : i + 1]), count),
        "exact, with proof (`knapsack.solve`)": seconds(lambda i: solve(v[i], w[i], int(W[i])), count),
        "exact, table over weights": seconds(lambda i: solve(v[i], w[i], int(W[i]), method="weights"), count),
    }  # fmt: skip
    return {name: 1000 * value for name, value in found.items()}


def table(head: list[str], lines: list[list[str]]) -> None:
    """Print a Markdown table with these column titles and rows of cells."""
    print(f"| {' | '.join(head)} |\n{'|---' * len(head)}|")
    for line in lines:
        print(f"| {' | '.join(line)} |")
    print()


def report(data: Knapsacks, examples: Examples, nets: dict[str, Net], options: argparse.Namespace) -> None:
    """Print the tables: test instances, quintiles, the selection by mu, the training and the times."""
    test = data.test
    v, w, W, optimum = data.values[test], data.weights[test], data.capacity[test], data.optimum[test]
    quintile = data.quintile(test)
    parts = [np.arange(test.size), *(np.flatnonzero(quintile == q) for q in range(5))]
    found = {
        name: [measures(y[part], v[part], w[part], W[part], optimum[part]) for part in parts]
        for name, y in predictions(data, examples, nets).items()
    }
    given = " ".join(["python ldf.py", *sys.argv[1:]])
    print(f"# Knapsacks of {options.n} items\n\nPrinted by `{given}` on {test.size} test instances of {options.count}. "
          f"The paper has n = 500 and 30 000 instances.\n\n## All instances\n")  # fmt: skip
    lines = []
    for name, by_part in found.items():
        lines.append([name, *(f"{by_part[0][key]:.4g}" for key in COLUMNS)])
        if name in PAPER:
            lines.append([f"*{name}, paper*", *(f"*{PAPER[name][key][0]:.5g}*" for key in COLUMNS)])
    table(["model", *COLUMNS.values()], lines)
    print("Quintiles are by capacity ratio, the smallest capacities first.\n")
    for key, title in COLUMNS.items():
        print(f"## {title} by quintile\n")
        lines = []
        for name, by_part in found.items():
            lines.append([name, *(f"{one[key]:.4g}" for one in by_part)])
            if len(paper := PAPER.get(name, {}).get(key, [])) > 1:
                lines.append([f"*{name}, paper*", *(f"*{one:.5g}*" for one in paper)])
        table(["model", "all", "1", "2", "3", "4", "5"], lines)
    print("## Selection by mu-loss\n\nViolated % / AR on the test instances.\n")
    lines = []
    for name in CLIPS:
        line = [name]
        for mu in MUS:
            y = examples.rounded(nets[name].logits(examples.features[test], mu))
            one = measures(y, v, w, W, optimum)
            line.append(f"{one['violated']:.3g} / {one['ratio']:.4g}")
        lines.append(line)
    table(["model", *(f"mu = {mu:g}" for mu in MUS)], lines)
    print("## Training\n")
    lines = [
        [name, f"`{net.spec}`", " + ".join(map(str, net.epochs)), f"{net.seconds / 60:.2f}",
         *(f"*{PAPER[name][key]:g}*" if name in PAPER else "" for key in ("epochs", "minutes"))]
        for name, net in nets.items()
    ]  # fmt: skip
    table(["model", "chosen", "epochs", "minutes", "*paper's epochs*", "*paper's minutes*"], lines)
    print("## Milliseconds for an instance\n")
    table(
        ["what", "ms"],
        [[name, f"{ms:.3g}"] for name, ms in times(data, examples, nets, min(200, test.size)).items()],
    )
    print("The paper: a prediction 1 ms, Gurobi 5.7 ms.")
    print(json.dumps({name: by_part[0] for name, by_part in found.items()}), file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--full", action="store_true", help="the paper's layers, rate and epochs")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--patience", type=int, default=30)
    parser.add_argument("--clips", type=int, help="the first clips of each network to try (default: all)")
    parser.add_argument("--structured-epochs", type=int, default=8)
    parser.add_argument(
        "--structured-every", type=int, default=1, help="K: train `structured` on each K-th instance"
    )
    parser.add_argument("--rate", help="of fc and ldf")
    parser.add_argument("--structured-rate", default="0.001")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.epochs = options.epochs or (500 if options.full else 200)
    options.rate = options.rate or ("0.0001" if options.full else "0.0003")
    data = knapsacks(options.n, options.count, options.seed, HERE / "runs")
    examples = data.examples()
    report(data, examples, networks(data, examples, options), options)


if __name__ == "__main__":
    main()
