"""Make the instances of this folder and prove their optima.

    python instances/make.py            write every .mps file here, and the proven optima to instances.solu
    python instances/make.py --models   write the .mps files only

Each family has instances of its default size, on which the classic pump fails or needs at least ten
iterations for at least half of the seeds (results/families/), and one small instance, on which it needs few.
Optima are proven by HiGHS with gap 0 and by SCIP, and the two must agree.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import highspy

from diffpump.core.problem import Problem
from diffpump.families import generate
from diffpump.io.write import write_mps

HERE = Path(__file__).parent
SOLU = HERE / "instances.solu"
# The small instances by family: (seed, sizes).
EASY = {
    "gap": (0, {"agents": 3, "jobs": 8, "tightness": 100}),
    "setcover": (0, {"elements": 20, "sets": 15, "frequency": 4}),
    "cflp": (0, {"sites": 6, "customers": 8, "limit": 3, "reach": 4, "slack": 50}),
    "lotsizing": (3, {"items": 1, "periods": 3, "slack": 100}),
    "mckp": (0, {"classes": 5, "options": 3, "knapsacks": 2, "tightness": 60}),
    "mkp": (0, {"items": 15, "knapsacks": 2, "demands": 2, "tightness": 200}),
    "mkpc": (0, {"items": 8, "distance": 2}),
    "noroad": (0, {"items": 8, "distance": 2}),
    "pisinger": (0, {"items": 12, "kind": 1}),
    "exactk": (0, {"items": 15, "k": 5, "windows": 2, "tightness": 200}),
}
SEEDS = (0, 1, 2)  # of the instances of default size
TOLERANCE = 1e-9  # absolute, of feasibility and integrality in the proofs
# Data are whole numbers and costs whole hundredths, so optimal values are multiples of 1/STEPS_PER_UNIT.
STEPS_PER_UNIT = 100


def models() -> dict[str, Problem]:
    """Return every instance of this folder by name."""
    made = [generate(family, seed, **sizes) for family, (seed, sizes) in EASY.items()]
    made += [generate(family, seed) for family in EASY for seed in SEEDS]
    return {problem.name: problem for problem in made}


def optimum_by_highs(path: Path) -> float:
    """Return the optimal value, proven by HiGHS with gap 0. Raises RuntimeError if it is not proven."""
    highspy.Highs.resetGlobalScheduler(True)  # HiGHS 1.16 refuses `threads` after a run with another number
    highs = highspy.Highs()
    for option, value in (
        ("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.0),
        ("mip_feasibility_tolerance", TOLERANCE), ("primal_feasibility_tolerance", TOLERANCE),
    ):  # fmt: skip
        highs.setOptionValue(option, value)
    highs.readModel(str(path))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"{path.name}: HiGHS ended as {highs.modelStatusToString(highs.getModelStatus())}")
    return exact(highs.getInfo().objective_function_value)


def optimum_by_scip(path: Path) -> float:
    """Return the optimal value, proven by SCIP with gap 0. Raises RuntimeError if it is not proven."""
    from pyscipopt import Model

    scip = Model()
    scip.hideOutput()
    scip.setParam("numerics/feastol", TOLERANCE)
    scip.readProblem(str(path))
    scip.optimize()
    if scip.getStatus() != "optimal":
        raise RuntimeError(f"{path.name}: SCIP ended as {scip.getStatus()}")
    return exact(scip.getObjVal())


def exact(value: float) -> float:
    """Return the multiple of 1/STEPS_PER_UNIT next to a solver's value.

    Raises RuntimeError if the two differ by more than 1e-5.
    """
    rounded = round(value * STEPS_PER_UNIT) / STEPS_PER_UNIT
    if abs(value - rounded) > 1e-5:
        raise RuntimeError(f"{value} is no multiple of 1/{STEPS_PER_UNIT}")
    return rounded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", action="store_true", help="write the .mps files only")
    proofs = not parser.parse_args().models
    lines = []
    for name, problem in models().items():
        path = HERE / f"{name}.mps"
        write_mps(problem, path)
        if proofs:
            value, other = optimum_by_highs(path), optimum_by_scip(path)
            if value != other:
                raise RuntimeError(f"{name}: HiGHS proves {value}, SCIP proves {other}")
            lines.append(f"=opt= {name} {value:.12g}\n")
    if proofs:
        SOLU.write_text("".join(lines))


if __name__ == "__main__":
    main()
