"""The independent classic pump follows the 2005 paper, on models that can be checked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import oracle_fp
import pytest

# max a + b + c where a + b, b + c and c + a + s / 2 are at most 1.5: the LP optimum is fractional.
TRIANGLE = """NAME triangle
OBJSENSE
    MAX
ROWS
 N cost
 L ab
 L bc
 L ca
COLUMNS
    MARK0 'MARKER' 'INTORG'
    a cost 1 ab 1
    a ca 1
    b cost 1 ab 1
    b bc 1
    c cost 1 bc 1
    c ca 1
    MARK1 'MARKER' 'INTEND'
    s ca 0.5
RHS
    RHS ab 1.5 bc 1.5
    RHS ca 1.5
BOUNDS
 UP BND a 1
 UP BND b 1
 UP BND c 1
 UP BND s 1
ENDATA
"""

# 2 a = 1 has no integer point, and a = 1/2 for every cost, so no iteration succeeds.
STUCK = """NAME stuck
ROWS
 N cost
 E half
COLUMNS
    MARK0 'MARKER' 'INTORG'
    a cost 1 half 2
    b cost 1
    MARK1 'MARKER' 'INTEND'
RHS
    RHS half 1
BOUNDS
 UP BND a 1
 UP BND b 1
ENDATA
"""


@pytest.fixture
def write(tmp_path: Path):
    def write(name: str, text: str) -> Path:
        path = tmp_path / f"{name}.mps"
        path.write_text(text)
        return path

    return write


def test_maximisation_is_minimised_and_solved(write):
    iterates = list(oracle_fp.classic_pump(write("triangle", TRIANGLE)))
    first, last = iterates[0], iterates[-1]
    assert first.x[:3].sum() == pytest.approx(2.25)
    assert last.solved and [it.k for it in iterates] == list(range(len(iterates)))
    assert oracle_fp.Model(write("triangle", TRIANGLE)).feasible(last.y)


def test_half_rounds_down_and_a_repeated_point_perturbs(write):
    iterates = list(oracle_fp.classic_pump(write("stuck", STUCK), max_iter=5))
    assert all(it.x[0] == 0.5 and it.y[0] == 0 and not it.solved for it in iterates)
    assert [it.kick for it in iterates[:2]] == [None, "perturbation"]


def test_restart_rules(write):
    model = oracle_fp.Model(write("stuck", STUCK))
    x, y, far = np.array([0.5, 0.0]), np.zeros(2), np.ones(2)

    def kick(k: int, y_last: np.ndarray, recent: list[np.ndarray]) -> str | None:
        return oracle_fp.restart(model, k, x, y, y_last, recent, seed=0)[0]

    assert kick(1, far, [far, far]) is None
    assert kick(1, y, [far, far]) == "flip"
    assert kick(1, y, [far, x]) == kick(100, far, [far, far]) == "perturbation"
    _, flipped = oracle_fp.restart(model, 1, x, y, y, [far, far], seed=0)
    assert np.array_equal(flipped, [1, 1])  # a flip moves at least ten columns, here both


def test_without_the_stop_test_it_runs_to_the_limit(write):
    assert len(list(oracle_fp.classic_pump(write("triangle", TRIANGLE), max_iter=7, stop=False))) == 8


def test_the_seed_decides(write):
    path = write("stuck", STUCK)
    runs = [[it.y_after for it in oracle_fp.classic_pump(path, seed=s, max_iter=20)] for s in (0, 0, 1)]
    assert np.array_equal(runs[0], runs[1]) and not np.array_equal(runs[0], runs[2])


def test_general_integers_are_refused(write):
    with pytest.raises(ValueError, match="general integers"):
        oracle_fp.Model(write("general", STUCK.replace("UP BND b 1", "UP BND b 2")))
