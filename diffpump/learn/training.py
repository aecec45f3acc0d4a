"""Training of a network on examples: epochs, multipliers, selection by mu-loss, and checkpoints (`train`).

Batches are drawn from (seed, stage, epoch), and torch runs in one thread unless the plan says otherwise, so a
training repeats exactly, also one that was killed and goes on from its checkpoint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.core.errors import InputError, UsageError
from diffpump.learn.family import Layers
from diffpump.learn.lagrangian import Array, Examples, Index, mu_loss, raised
from diffpump.learn.model import Model

try:
    import torch
except ModuleNotFoundError as missing:
    raise UsageError("training needs torch: pip install 'diffpump[learn]'") from missing

from diffpump.learn import checkpoint
from diffpump.learn.network import layers_of, network
from diffpump.learn.objectives import Objective, penalty

CHUNK = 1024  # examples that are evaluated at a time


@dataclass(frozen=True)
class Plan:
    """How a network is trained.

    Attributes
    ----------
    hidden : tuple of int
        The sizes of the hidden layers.
    epochs : int
        The most epochs of a stage.
    patience : int
        The number of epochs without a smaller mu-loss, for any mu, after which a stage ends.
    batch : int
        Examples of a batch.
    mus : tuple of float
        The values of mu, each of which selects a network. A stage before the last takes mu = 0 alone.
    seed : int
        The seed of the weights and of the batches.
    threads : int
        Threads of torch. Weights may depend on their number.
    """

    hidden: tuple[int, ...] = (256, 128)
    epochs: int = 300
    patience: int = 50
    batch: int = 256
    mus: tuple[float, ...] = (1.0,)
    seed: int = 0
    threads: int = 1


@dataclass(frozen=True)
class Epoch:
    """The state of training after an epoch; numbers count from 1."""

    stage: int
    epoch: int
    loss: float
    violation: float
    largest_multiplier: float


@dataclass(frozen=True, eq=False)
class Trained:
    """What a training gives.

    Attributes
    ----------
    layers : dict of float to Layers
        The selected network for each mu.
    chosen : dict of float to (float, int)
        Its mu-loss and its epoch.
    epochs : tuple of int
        The number of epochs of each stage.
    multipliers : (m,) float64
        The last multipliers.
    seconds : float
        The seconds of training, those before a kill included up to the last checkpoint.
    """

    layers: dict[float, Layers]
    chosen: dict[float, tuple[float, int]]
    epochs: tuple[int, ...]
    multipliers: NDArray[np.float64]
    seconds: float


def split(count: int, share: float, seed: int) -> tuple[Index, Index]:
    """Return the examples for training, at least two, and for validation, at least one, drawn by a seed."""
    order = np.random.default_rng(seed).permutation(count)
    held = min(max(1, round(share * count)), count - 2)
    return np.sort(order[held:]), np.sort(order[:held])


def train(
    examples: Examples, model: Model, objective: Objective, plan: Plan, parts: tuple[Index, Index], *,
    resume: checkpoint.Checkpoint | None = None, on_epoch: Callable[[Epoch], None] = lambda epoch: None,
) -> Trained:  # fmt: skip
    """Train a network.

    Parameters
    ----------
    examples, model, objective, plan
        The data and the way.
    parts : tuple of two arrays
        The examples for training and for validation.
    resume : Checkpoint, optional
        Where the state is kept and taken from.
    on_epoch : callable
        Called after each epoch.
    """
    with _threads(plan.threads):
        trainer = Trainer(examples, model, objective, plan, parts)
        if resume is not None and (arrays := resume.read(trainer.digest())) is not None:
            trainer.restore(arrays)
        while not trainer.finished:
            report = trainer.run_epoch()
            if resume is not None:
                resume.keep(trainer.digest(), trainer.arrays)
            on_epoch(report)
        return trainer.result()


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class Trainer:
    """The state of a training; see `train`."""

    def __init__(
        self, examples: Examples, model: Model, objective: Objective, plan: Plan, parts: tuple[Index, Index]
    ) -> None:
        self._examples, self._model, self._objective, self._plan = examples, model, objective, plan
        self._train, self._valid = parts
        self._inputs = torch.from_numpy(np.ascontiguousarray(examples.features))
        self._net = network(examples.features.shape[1], plan.hidden, examples.targets.shape[1], plan.seed)
        self._stage, self._epoch, self._stale, self._seconds = 0, 0, 0, 0.0
        self._epochs = [0] * len(model.stages)
        self._kept: dict[int, dict[str, torch.Tensor]] = {}  # weights by epoch
        self._begin()
        self._digest: str | None = None

    @property
    def finished(self) -> bool:
        """Whether every stage has ended."""
        return self._stage == len(self._model.stages)

    def _begin(self) -> None:
        """Begin a stage from the network as it is."""
        stage = self._model.stages[self._stage]
        self._optimizer = torch.optim.Adam(self._net.parameters(), lr=stage.rate)
        self._multipliers = np.full(self._examples.rows.count, stage.first)
        last = self._stage == len(self._model.stages) - 1
        self._chosen = dict.fromkeys(self._plan.mus if last else (0.0,), (np.inf, 0))
        self._epoch, self._stale = 0, 0

    def run_epoch(self) -> Epoch:
        """Train for an epoch, raise the multipliers, and select by the validation data."""
        began, stage = monotonic(), self._model.stages[self._stage]
        self._epoch += 1
        self._net.train()
        rng = np.random.default_rng((self._plan.seed, self._stage, self._epoch))
        order = rng.permutation(self._train)
        for which in np.array_split(order, -(-order.size // self._plan.batch)):
            self._optimizer.zero_grad()
            logits = self._net(self._inputs[which])
            loss = self._objective.loss(which, logits)
            if stage.constrained:
                loss = loss + penalty(self._examples, which, logits, self._multipliers)
            loss.mean().backward()
            torch.nn.utils.clip_grad_norm_(self._net.parameters(), stage.clip)
            self._optimizer.step()
        if stage.constrained:
            self._multipliers = raised(self._multipliers, stage.step, self._mean_violation())
        loss, violation = self._validate()
        report = Epoch(
            self._stage + 1, self._epoch, loss, violation, float(self._multipliers.max(initial=0.0))
        )
        self._select(loss, violation)
        self._epochs[self._stage] = self._epoch
        self._seconds += monotonic() - began
        if self._epoch == self._plan.epochs or self._stale == self._plan.patience:
            self._end_stage()
        return report

    def _mean_violation(self) -> NDArray[np.float64]:
        """Return the mean violations (m,) of the rounded predictions over the training examples."""
        total = sum(
            self._examples.violations(which, self._logits(which)).sum(axis=0)
            for which in _chunks(self._train)
        )
        return np.asarray(total / self._train.size)

    def _validate(self) -> tuple[float, float]:
        """Return the mean loss and the mean sum of violations over the validation examples."""
        loss, violation = 0.0, 0.0
        for which in _chunks(self._valid):
            logits = self._logits(which)
            with torch.no_grad():
                loss += float(self._objective.loss(which, torch.from_numpy(logits)).sum())
            y = self._objective.decoded(which, logits)
            violation += float(self._examples.rows.excess(which, y)[0].sum())
        return loss / self._valid.size, violation / self._valid.size

    def _logits(self, which: Index) -> Array:
        self._net.eval()
        with torch.no_grad():
            found: Array = self._net(self._inputs[which]).numpy().astype(np.float64)
        return found

    def _select(self, loss: float, violation: float) -> None:
        """Keep the network for each mu whose mu-loss has fallen."""
        better = [mu for mu in self._chosen if mu_loss(loss, violation, mu) < self._chosen[mu][0]]
        self._stale = 0 if better else self._stale + 1
        if better:
            for mu in better:
                self._chosen[mu] = mu_loss(loss, violation, mu), self._epoch
            self._kept[self._epoch] = {key: one.clone() for key, one in self._net.state_dict().items()}
        wanted = {epoch for _, epoch in self._chosen.values()}
        self._kept = {epoch: state for epoch, state in self._kept.items() if epoch in wanted}

    def _end_stage(self) -> None:
        if not self._kept:
            raise InputError("no epoch has a finite loss: lower the model's rate, as in ldf,rate=0.0001")
        self._stage += 1
        if not self.finished:
            self._net.load_state_dict(self._kept[self._chosen[0.0][1]])
            self._kept = {}
            self._begin()

    def result(self) -> Trained:
        """Return the selected networks."""
        layers = {}
        for mu, (_, epoch) in self._chosen.items():
            self._net.load_state_dict(self._kept[epoch])
            layers[mu] = layers_of(self._net)
        return Trained(layers, self._chosen, tuple(self._epochs), self._multipliers, self._seconds)

    # -- the checkpoint -----------------------------------------------------------------------------

    def digest(self) -> str:
        """Return the digest of the data and of the way, which a checkpoint must share."""
        if self._digest is None:
            found = hashlib.sha256(repr((self._model, self._plan, torch.__version__)).encode())
            examples = self._examples
            rows = examples.rows
            for array in (
                examples.features, examples.targets, examples.weight, examples.low, examples.high, rows.row,
                rows.column, rows.values, rows.lo, rows.hi, self._train, self._valid,
            ):  # fmt: skip
                found.update(np.ascontiguousarray(array).tobytes())
            self._digest = found.hexdigest()
        return self._digest

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the whole state as arrays."""
        arrays = {
            "stage": np.array(self._stage), "epoch": np.array(self._epoch), "stale": np.array(self._stale),
            "epochs": np.array(self._epochs), "seconds": np.array(self._seconds),
            "multipliers": self._multipliers,
            "chosen": np.array([[mu, *found] for mu, found in self._chosen.items()]),
        }  # fmt: skip
        states = {"net": self._net.state_dict(), **{f"kept{e}": state for e, state in self._kept.items()}}
        for name, state in states.items():
            arrays |= {f"{name}/{key}": one.numpy() for key, one in state.items()}
        for k, moments in self._optimizer.state_dict()["state"].items():
            arrays |= {f"adam/{k}/{key}": one.numpy() for key, one in moments.items()}
        return arrays

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take over the state of a checkpoint with the same digest."""
        self._stage = int(arrays["stage"])
        if not self.finished:
            self._begin()
        self._epoch, self._stale = int(arrays["epoch"]), int(arrays["stale"])
        self._epochs, self._seconds = arrays["epochs"].tolist(), float(arrays["seconds"])
        self._multipliers = arrays["multipliers"]
        self._chosen = {mu: (value, int(epoch)) for mu, value, epoch in arrays["chosen"].tolist()}
        states: dict[str, dict[str, torch.Tensor]] = {}
        for key, one in arrays.items():
            name, slash, rest = key.partition("/")
            if slash:
                states.setdefault(name, {})[rest] = torch.from_numpy(one.copy())
        self._net.load_state_dict(states.pop("net"))
        moments: dict[int, dict[str, torch.Tensor]] = {}
        for key, one in states.pop("adam", {}).items():
            number, _, moment = key.partition("/")
            moments.setdefault(int(number), {})[moment] = one
        groups = self._optimizer.state_dict()["param_groups"]
        self._optimizer.load_state_dict({"state": moments, "param_groups": groups})
        self._kept = {int(name.removeprefix("kept")): state for name, state in states.items()}


def _chunks(which: Index) -> list[Index]:
    return np.array_split(which, -(-which.size // CHUNK))
