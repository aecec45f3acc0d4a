"""`diffpump.torch`: operators inside autograd, and a user's torch function as a loss of the pump."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import diffpump
from diffpump.backends.interface import BACKENDS
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Spec
from diffpump.io.foreign import from_arrays
from diffpump.operators.losses import LOSSES, Point

torch = pytest.importorskip("torch", reason="torch is not installed")

from diffpump.operators.losses.user import load_loss  # noqa: E402
from diffpump.torch import Loss, LpArgmin, Rounding  # noqa: E402

GAP = Path(__file__).parent.parent / "instances" / "gap-3x8-s0.mps"


@pytest.fixture
def box() -> Problem:
    """Return a problem over [0, 1] x [0, 4] x [-1, 2] with one row; the last column is continuous."""
    return from_arrays([1, 1, 1], [[1, 1, 1]], [-9], [5], [0, 0, -1], [1, 4, 2], [True, True, False])


def tensor(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("backend", list(BACKENDS))
def test_the_lp_layer_goes_forward_and_back(box: Problem, backend: str) -> None:
    if backend == "scip":
        pytest.importorskip("pyscipopt", reason="PySCIPOpt is not installed")
    theta = tensor(1.0, 0.5, 2.0)
    x = LpArgmin(box, backend)(theta)
    assert x.tolist() == [0, 0, -1]
    (x * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
    assert theta.grad.tolist() == [-1, -2, -3]  # minus identity


def test_the_perturbed_layer_repeats_with_its_seed(box: Problem) -> None:
    gradients = []
    for seed in (0, 0, 1):
        theta = tensor(0.1, 0.2, -0.1)
        LpArgmin(box, jacobian="perturbation,samples=4,sigma=0.5", seed=seed)(theta).sum().backward()
        gradients.append(theta.grad.tolist())
    assert gradients[0] == gradients[1] != gradients[2]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_layer_takes_its_inputs_type_and_survives_changes_in_place(
    box: Problem, dtype: torch.dtype
) -> None:
    theta = torch.tensor([1.0, -1.0, 1.0], dtype=dtype, requires_grad=True)
    x = LpArgmin(box, jacobian="perturbation,samples=2")(theta)
    y = LpArgmin(box, jacobian="perturbation,samples=2")(theta)
    assert x.dtype == torch.float64
    x.sum().backward()
    first, theta.grad = theta.grad.clone(), None
    with torch.no_grad():
        theta.mul_(-7)
    y.sum().backward()
    assert theta.grad.dtype == dtype
    assert torch.equal(first, theta.grad)


def test_the_pump_chain_in_torch_is_the_pumps_gradient() -> None:
    """Autograd through LP, rounding and weighted losses gives the gradient of the pump's step."""
    problem = diffpump.read(GAP)
    seen: list[diffpump.api.PumpState] = []  # type: ignore[name-defined]
    config = diffpump.PRESETS["DP4"].with_(
        repair="off", restarts=[], max_iter=2, lp_start="cold", lp_algorithm="dual",
        losses=["integrality:10,order=2", "feasibility:0.5", "cost:0.01,share=0.3", "regularisation:0.1"],
    )  # fmt: skip
    diffpump.solve(problem, config, observers=[seen.append])
    assert len(seen) == 3
    theta = torch.tensor(seen[0].theta, requires_grad=True)
    x_lp = LpArgmin(problem)(theta)
    x_lp = x_lp + (torch.tensor(seen[1].x_lp) - x_lp).detach()  # the LP may have another optimal vertex
    x_round = Rounding(problem)(x_lp)
    loss = sum(Loss(problem, str(spec))(theta, x_lp, x_round) for spec in config.losses)
    loss.backward()
    assert loss.item() == pytest.approx(seen[1].loss)
    step = (seen[0].theta - seen[1].theta) / 0.6
    np.testing.assert_allclose(step, theta.grad.numpy(), atol=1e-12)


def test_wrong_tensors_and_lps_without_an_optimum(box: Problem) -> None:
    with pytest.raises(UsageError, match=r"shape \(3,\), got \(2,\)"):
        LpArgmin(box)(tensor(1, 2))
    with pytest.raises(UsageError, match=r"got \(1, 3\)"):
        Rounding(box)(torch.zeros(1, 3))
    with pytest.raises(UsageError, match="not finite"):
        LpArgmin(box)(tensor(1, float("nan"), 2))
    free = from_arrays([1], [[0]], [-1], [1], [-np.inf], [np.inf], [False])
    with pytest.raises(UsageError, match="no optimum for this theta"):
        LpArgmin(free)(tensor(1.0))
    with pytest.raises(UsageError, match="unknown jacobian"):
        LpArgmin(free, jacobian="none")


# --- load_loss --------------------------------------------------------------------------------

FILE = """
import torch

def order_two(theta, x_lp, x_round):
    return (torch.minimum(x_lp, 1 - x_lp) ** 2).sum() + 0.5 * (theta @ theta)

def text(theta, x_lp, x_round):
    return "zero"

def vector(theta, x_lp, x_round):
    return x_lp

def detached(theta, x_lp, x_round):
    return torch.tensor(1.0)

def wrong(theta, x_lp, x_round):
    return x_lp @ theta[:1]

def infinite(theta, x_lp, x_round):
    return torch.sqrt(0 * x_lp).sum()

number = 3
"""


@pytest.fixture
def losses(tmp_path: Path) -> str:
    path = tmp_path / "my_losses.py"
    path.write_text(FILE)
    return str(path)


def test_a_users_loss_is_differentiated(losses: str) -> None:
    term = load_loss(losses, "order_two").evaluate(
        Point(np.array([1.0, 2.0]), np.array([0.25, 0.9]), np.array([0.0, 1.0]))
    )
    assert term.value == pytest.approx(0.0725 + 2.5)
    assert term.theta is not None and term.x_lp is not None
    assert term.theta.tolist() == [1, 2]
    assert term.x_lp.tolist() == pytest.approx([0.5, -0.2])
    assert term.x_round is None


def test_a_users_loss_drives_the_pump_as_the_builtin_one(losses: str) -> None:
    """DP2's loss, written by the user, gives the same solution in as many iterations as DP2."""
    common = {"preset": "DP2", "lp_start": "cold", "max_iter": 60}
    built_in = ["integrality:1,order=2", "regularisation:1"]
    users = [f"python:1,file={losses},name=order_two"]
    runs = [diffpump.solve(GAP, **common, losses=terms) for terms in (built_in, users)]  # type: ignore[arg-type]
    assert runs[0].pump is not None and runs[1].pump is not None
    assert runs[0].pump.iterations == runs[1].pump.iterations > 0
    assert runs[0].values == runs[1].values


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing", "no function called 'missing'"),
        ("number", "no function called 'number'"),
        ("text", "must return a scalar tensor, got str"),
        ("vector", r"must return a scalar tensor, got shape \(2,\)"),
        ("detached", "does not depend on its arguments"),
        ("wrong", "wrong raised RuntimeError: "),
        ("infinite", "not finite"),
    ],
)
def test_functions_that_are_no_loss(losses: str, name: str, message: str) -> None:
    point = Point(np.array([1.0, 2.0]), np.array([0.25, 0.9]), np.array([0.0, 1.0]))
    with pytest.raises(UsageError, match=message) as refusal:
        load_loss(losses, name).evaluate(point)
    assert losses in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such file"), ("def f(:", "SyntaxError"), ("import nothing_like_this", "ModuleNotFoundError")],
)
def test_files_that_hold_no_loss(tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "f.py"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UsageError, match=message):
        load_loss(str(path), "f")


def test_a_loss_needs_its_file_and_name(box: Problem) -> None:
    with pytest.raises(UsageError, match="file"):
        LOSSES.build(Spec.parse("python"), box)


def test_without_torch_there_is_one_clear_line() -> None:
    code = (
        "import sys; sys.modules['torch'] = None; from diffpump.operators.losses import python_loss\n"
        "try: python_loss('f.py', 'f')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "UsageError this needs torch: pip install 'diffpump[torch]'"
