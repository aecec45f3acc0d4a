"""The subset layers of `diffpump.torch` have the gradients of the operators, in any batch and type."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from diffpump.core.errors import UsageError

torch = pytest.importorskip("torch", reason="torch is not installed")

from diffpump.torch import Knapsack, OneOf, Subset, TopK  # noqa: E402

LAYERS = {
    "knapsack": lambda: Knapsack([3, 1, 4, 2, 2], 6, g=0.7),
    "exact": lambda: Knapsack([3, 1, 4, 2, 2], 6, g=0.7, exact=True),
    "tsallis": lambda: Knapsack([3, 1, 4, 2, 2], 6, g=2.0, regularizer="tsallis"),
    "top-k": lambda: TopK(5, 2, g=0.5),
    "one-of": lambda: OneOf(5, g=0.5),
}


@pytest.fixture(params=list(LAYERS))
def layer(request: pytest.FixtureRequest) -> Subset:
    make: Callable[[], Subset] = LAYERS[request.param]
    return make()


def scores(*shape: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    values = np.random.default_rng(0).normal(size=shape)
    return torch.tensor(values, dtype=dtype, requires_grad=True)


def test_gradcheck(layer: Subset) -> None:
    score = scores(3, 5)
    assert torch.autograd.gradcheck(layer, score)
    assert torch.autograd.gradcheck(layer.value, score)
    y = layer.best(score)
    assert torch.autograd.gradcheck(lambda s: layer.loss(s, y), score)


def test_a_batch_of_batches_is_the_rows_one_by_one(layer: Subset) -> None:
    score = scores(2, 3, 5)
    together = layer(score)
    together.square().sum().backward()
    for i in range(2):
        for j in range(3):
            row = score.detach()[i, j].clone().requires_grad_()
            y = layer(row)
            y.square().sum().backward()
            assert torch.equal(y, together[i, j]) and torch.equal(row.grad, score.grad[i, j])
    assert layer.value(score).shape == (2, 3) and layer.sample(score, 4).shape == (4, 2, 3, 5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_results_have_the_type_of_the_scores(layer: Subset, dtype: torch.dtype) -> None:
    score = scores(5, dtype=dtype)
    for call in (layer, layer.value, layer.best, layer.sample):
        assert call(score).dtype == dtype
    layer(score).sum().backward()
    assert score.grad.dtype == dtype


def test_samples_are_members_and_repeat_with_their_generator() -> None:
    layer, score = Knapsack([3, 1, 4, 2, 2], 6, g=0.7), scores(2, 5)
    one, two = (layer.sample(score, 50, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(one, two)
    assert (one @ torch.tensor([3.0, 1, 4, 2, 2], dtype=torch.float64) <= 6).all()
    weights = scores(50, 2, 5).detach()
    (one * weights).sum().backward()
    straight, score.grad = score.grad.clone(), None
    (layer(score) * weights.sum(0)).sum().backward()
    assert torch.allclose(straight, score.grad)


def test_a_network_with_a_layer_is_moved_copied_and_saved() -> None:
    network = torch.nn.Sequential(torch.nn.Linear(4, 3), TopK(3, 2)).double()
    x = torch.ones(2, 4, dtype=torch.float64)
    again = copy.deepcopy(network).to("cpu")
    assert torch.equal(network(x), again(x)) and network(x).dtype == torch.float64
    assert torch.equal(pickle.loads(pickle.dumps(network))(x), network(x))


def test_empty_batches() -> None:
    layer = TopK(3, 2)
    score = torch.empty(2, 0, 3, requires_grad=True)
    layer(score).sum().backward()
    assert score.grad.shape == (2, 0, 3) and layer.sample(score, 4).shape == (4, 2, 0, 3)
    assert Knapsack([], 1)(torch.empty(2, 0)).shape == (2, 0)


def test_a_function_may_count_or_decide() -> None:
    score = scores(4, dtype=torch.float32)
    for function in (lambda y: y.sum(-1) > 1, lambda y: y[..., 0].long()):
        TopK(4, 2).expectation(score, function, 8).backward()
    assert score.grad.dtype == torch.float32


def test_the_fenchel_young_loss_is_least_at_the_target() -> None:
    layer = Knapsack([3, 1, 4, 2, 2], 6, g=0.1)
    y = torch.tensor([1.0, 1, 0, 1, 0], dtype=torch.float64)
    score = torch.zeros(5, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([score], lr=0.1)
    for _ in range(100):
        optimizer.zero_grad()
        loss = layer.loss(score, y)
        assert loss >= 0
        loss.backward()
        optimizer.step()
    assert torch.equal(layer.best(score), y) and loss < 1e-3


def test_probabilities_add_up_to_one() -> None:
    layer, score = Knapsack([1, 2], 2, g=0.5), scores(2)
    members = torch.tensor([[0.0, 0], [1, 0], [0, 1]], dtype=torch.float64)
    assert float(layer.log_prob(score.detach(), members).exp().sum()) == pytest.approx(1)


def test_the_score_function_estimator_is_unbiased() -> None:
    layer, score = TopK(4, 2, g=0.8), scores(4)
    target = torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=torch.float64)
    layer.expectation(score, lambda y: y @ target, 20_000, torch.Generator().manual_seed(0)).backward()
    estimate, score.grad = score.grad.clone(), None
    (layer(score) @ target).backward()
    assert torch.allclose(estimate, score.grad, atol=0.05)


def test_learning_by_the_score_function() -> None:
    torch.manual_seed(0)
    layer, score = TopK(6, 2, g=1.0), torch.zeros(6, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([score], lr=0.2)
    for _ in range(100):
        optimizer.zero_grad()
        # A function without a gradient: whether item 4 is taken, and item 0 is not.
        reward = layer.expectation(score, lambda y: ((y[..., 4] > 0.5) & (y[..., 0] < 0.5)).double(), 16)
        (-reward).backward()
        optimizer.step()
    assert layer(score)[4] > 0.9 and layer(score)[0] < 0.1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TopK(3, 2)(torch.tensor(1.0)), "score must be"),
        (lambda: TopK(3, 2)(torch.tensor([1, 2, 3])), "of a floating type, got torch.int64"),
        (lambda: TopK(3, 2)([1.0, 2.0, 3.0]), "of a floating type, got list"),
        (lambda: TopK(3, 2)(torch.ones(3, device="meta")), "must be on the CPU, got a tensor on meta"),
        (lambda: TopK(3, 2).expectation(torch.ones(3), lambda y: y.sum(), 4), r"must return a tensor \(4,\)"),
        (lambda: TopK(3, 2).expectation(torch.ones(3), lambda y: None, 4), "got NoneType"),
        (lambda: TopK(3, 2)(torch.ones(4)), r"score must be \(3,\)"),
        (lambda: TopK(3, 2, g=0.0), "g must be a finite number > 0"),
        (
            lambda: TopK(3, 2, regularizer="gini").log_prob(torch.ones(3), torch.ones(3)),
            "needs the regularizer",
        ),
        (lambda: TopK(3, 2).expectation(torch.ones(3), lambda y: y.sum(-1), 1), "at least 2 samples"),
        (lambda: Knapsack([[1, 2], [1, 1]], 2)(torch.ones(3, 2)), "score has 3 rows for 2 sets"),
    ],
)
def test_bad_input_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call()
