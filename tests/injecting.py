"""Inject exceptions into the heuristic of SCIP at single lines: SCIP must end with the same result.

    python tests/injecting.py 100    injects 100 exceptions at random lines and prints a summary

The tests use a few lines.
"""

from __future__ import annotations

import logging
import sys
import weakref
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pyscipopt

import diffpump.scip
from diffpump.scip import heuristic

INSTANCES = Path(__file__).parent.parent / "instances"


def model_of(name: str, bare: bool = True) -> Any:
    """Return SCIP with a model; `bare` without heuristics, presolve or cuts, which would solve it at once."""
    model = pyscipopt.Model()
    model.hideOutput()
    model.readProblem(str(INSTANCES / f"{name}.mps"))
    return strip(model) if bare else model


def strip(model: Any) -> Any:
    """Switch off heuristics, presolve and cuts, and return the model."""
    for switch in (model.setHeuristics, model.setPresolve, model.setSeparating):
        switch(pyscipopt.SCIP_PARAMSETTING.OFF)
    return model


class Injected(Exception):
    """The injected exception."""


@contextmanager
def failing(at: int) -> Iterator[list[int]]:
    """Raise at the `at`-th line of diffpump that runs in SCIP's calls; yield a list with the lines run."""
    lines = [0]

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if "diffpump" not in frame.f_code.co_filename or "tests" in frame.f_code.co_filename:
            return None
        if frame.f_back is not None and frame.f_back.f_code.co_filename == weakref.__file__:
            return None  # Python swallows exceptions of finalizers, which run whenever an object is freed
        if event == "line":
            lines[0] += 1
            if lines[0] == at:
                raise Injected
        return trace

    called = heuristic.DiffPump._called

    def traced(self: heuristic.DiffPump, timing: int, infeasible: bool) -> int:
        sys.settrace(trace)
        try:
            return called(self, timing, infeasible)
        finally:
            sys.settrace(None)

    heuristic.DiffPump._called = traced  # type: ignore[method-assign]
    try:
        yield lines
    finally:
        heuristic.DiffPump._called = called  # type: ignore[method-assign]


def solved(at: int) -> tuple[str, float, int, int]:
    """Return the status, objective, errors and lines of a solve with an exception at a line."""
    model = model_of("cflp-6x8-s0")
    plugin = diffpump.scip.include(model, freq=1)
    with failing(at) as lines:
        model.optimize()
    return model.getStatus(), model.getObjVal(), plugin.statistics.errors, lines[0]


def points(count: int, last: int) -> list[int]:
    """Return lines to fail at, on a logarithmic scale: as many up to 100 as from 100 to 10 000."""
    rng = np.random.default_rng(0)
    return sorted(set(np.exp(rng.uniform(0, np.log(last), count)).astype(int).tolist()))


def main(count: int) -> None:
    """Inject exceptions at `count` random lines, one in each solve, and print a summary."""
    logging.disable(logging.CRITICAL)
    status, objective, _, lines = solved(0)
    rng, ends = np.random.default_rng(0), Counter[str]()
    for at in rng.integers(1, lines // 2, count).tolist():
        ended, value, errors, _ = solved(at)
        same = ended == status and abs(value - objective) <= 1e-9 * abs(objective)
        ends[f"{'same' if same else 'another'} end, {errors} caught"] += 1
    print(f"{count} injected exceptions in {lines} lines, without them {status}: {dict(ends)}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
