"""Code that plugs in and raises: our heuristic inside SCIP, an arm of the engine, a loss in Python."""

from __future__ import annotations

import importlib.util
import logging
import sys
from pathlib import Path

import limited
from trial import Skipped, Trial, row

RAISED = (
    "raise ValueError('no\\nsuch\\nthing')", "raise KeyError('x')", "raise RuntimeError()", "return None",
    "return theta.sum() / 0", "return x_lp", "raise MemoryError()", "raise OSError(28, 'full')", "return 1.0",
    "return (x_lp * float('nan')).sum()", "assert False", "raise StopIteration", "import no_such_module",
)  # fmt: skip
ERRORS = (
    "ValueError",
    "RuntimeError",
    "MemoryError",
    "FloatingPointError",
    "OSError",
    "IndexError",
    "AssertionError",
)
LINES_OF_A_SOLVE = 8000  # lines of diffpump that run in SCIP's calls, about


def in_scip(trial: Trial) -> None:
    """An exception at a random line of the heuristic leaves SCIP's result as it is."""
    if importlib.util.find_spec("pyscipopt") is None:
        raise Skipped("pyscipopt is missing")
    from injecting import solved

    at = trial.random.randrange(1, LINES_OF_A_SOLVE)
    logging.disable(logging.CRITICAL)
    try:
        status, value, errors, lines = solved(at)
    finally:
        logging.disable(logging.NOTSET)
    trial.demand(status == "optimal" and abs(value - 2636.34) < 1e-6, f"SCIP ends {status} at {value}")
    trial.demand(errors == (at <= lines), f"{errors} errors counted, exception at line {at} of {lines}")


def in_an_arm(trial: Trial) -> None:
    """An exception of an arm costs neither the result nor the exit code, and is counted."""
    after, error = trial.random.randrange(4), trial.random.choice(ERRORS)
    done = limited.run(
        str(Path(__file__).parents[1] / "raising_arm.py"), str(after), error, str(trial.number), cwd=trial.folder,
        command=[sys.executable],
    )  # fmt: skip
    last = (done.err.strip().splitlines() or [""])[-1]
    if trial.demand(done.code == 0 and not done.late, f"{error} in slice {after} ends the run: {last}"):
        said = done.json()
        trial.demand(
            said["objective"] == 446, f"{error} in slice {after}: {said['status']} at {said['objective']}"
        )
        counted = said["lost"] >= 1 or not said["raised"]  # the run may end before that slice
        trial.demand(counted, f"{error} in slice {after} is not counted as lost")


def in_a_loss(trial: Trial) -> None:
    """An exception of a loss in Python is one line that names the file, and exit code 2."""
    if importlib.util.find_spec("torch") is None:
        raise Skipped("torch is missing")
    code = trial.random.choice(RAISED)
    (trial.folder / "loss.py").write_text(f"def f(theta, x_lp, x_round):\n    {code}\n")
    from command import endless

    (trial.folder / "m.mps").write_text(endless())  # the pump iterates on it, so that the loss is called
    done = limited.run(
        "solve",
        "m.mps",
        "-q",
        "--loss",
        "python:0.1,file=loss.py,name=f",
        "--max-iter",
        "5",
        cwd=trial.folder,
    )
    limited.demand_orderly(trial, done, (2, 10))
    wrong = done.code == 2 and "loss.py" not in done.err
    trial.demand(not wrong, f"the file is not named: {done.err.strip()}")
    trial.demand(done.code == 2, f"exit code {done.code} with `{code}`")


@row("plugins", "exceptions in SCIP's plugin, an arm, a loss", trials=150, seconds=100, quick=(0, 1, 4))
def plugins(trial: Trial) -> None:
    """An exception at a random line of the heuristic inside SCIP is caught and counted, and SCIP ends with the same
    optimum; one in an arm of the engine is counted as lost and costs no result; one in a `python:` loss ends the
    command with code 2 and one line that names the file.
    """
    way = {"a loss": in_a_loss, "an arm": in_an_arm, "SCIP": in_scip}
    trial.case = ("SCIP", "an arm", "SCIP", "SCIP", "a loss", "SCIP")[trial.number % 6]
    way[trial.case](trial)
