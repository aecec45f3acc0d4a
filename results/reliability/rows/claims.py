"""What a run says about a solution, a bound and the model, against optima that are proven in rationals."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import limited
import peer_solvers
from exact_mip import TOLERANCE, Answer, Mip, TooHard, outside, solve, solve_lp
from small_mips import KINDS, draw
from trial import Trial, row

SECONDS = 2.0  # the time limit of a run
RELATIVE = Fraction(
    1, 10**6
)  # by which the objective of a complete search may be worse, with continuous columns
REPEATED = Fraction(1, 10**9)  # relative: a smaller difference of objectives is rounding
EXIT_INFEASIBLE, EXIT_UNBOUNDED, EXIT_NONE = 11, 12, 10


@dataclass(frozen=True)
class Truth:
    """What is proven about a model, as a minimisation without the offset.

    exact      the optimum
    relaxed    the optimum if rows and bounds may be violated by 1e-6; None if it could not be proven
    lp         the LP relaxation's end
    """

    mip: Mip
    exact: Answer
    relaxed: Answer | None
    lp: Answer

    def cost(self, objective: float | Fraction) -> Fraction:
        """Return the cost in the minimisation of an objective in the model's own sense."""
        return (Fraction(objective) - Fraction(self.mip.offset)) * (-1 if self.mip.maximise else 1)

    def objective(self, cost: Fraction) -> Fraction:
        """Return the objective in the model's own sense of a cost in the minimisation."""
        return (-cost if self.mip.maximise else cost) + Fraction(self.mip.offset)

    @property
    def scale(self) -> Fraction:
        """The size of differences that matter: of the optimum, or of the smallest cost if that is 0."""
        costs = [abs(Fraction(c.cost)) for c in self.mip.columns if Fraction(c.cost)]
        return max(abs(self.exact.value or Fraction(0)), min(costs, default=Fraction(0)))

    @property
    def rounding(self) -> Fraction:
        """By how much two objectives may differ that are the same but for rounding in float64."""
        sizes = abs(self.exact.value or Fraction(0)), abs(Fraction(self.mip.offset))
        return REPEATED * self.scale + max(sizes) / 2**50

    @property
    def allowance(self) -> Fraction:
        """By how much a complete search may miss the optimum: not at all if all columns are integer."""
        return Fraction(0) if all(c.integer for c in self.mip.columns) else RELATIVE * self.scale


def truth_of(mip: Mip, exact: Answer) -> Truth:
    """Return what is proven about a model whose optimum is known."""
    try:
        relaxed = solve(mip.numbers(TOLERANCE))
    except TooHard:
        relaxed = None
    return Truth(mip, exact, relaxed, solve_lp(mip.numbers()))


@dataclass(frozen=True)
class Said:
    """What a run said: values in the model's own sense, None where it said nothing.

    complete    whether it said that nothing is better, or that there is no solution
    x           the solution by column name, as decimal texts
    earlier     the objectives of the incumbents before the last one
    """

    code: int
    objective: float | None
    bound: float | None
    complete: bool
    x: dict[str, str] | None
    earlier: tuple[float, ...] = ()


def judge(trial: Trial, truth: Truth, said: Said) -> None:
    """Demand that everything that was said is true."""
    found = said.x is not None
    if found:
        _judge_solution(trial, truth, said)
    _judge_bound(trial, truth, said.bound, said.objective)
    _judge_status(trial, truth, said, found)


def _judge_solution(trial: Trial, truth: Truth, said: Said) -> None:
    assert said.x is not None and said.objective is not None
    x = [Fraction(said.x.get(column.name, "0")) for column in truth.mip.columns]
    rows, bounds = truth.mip.numbers().excess(x)
    trial.demand(
        max(rows, bounds) <= TOLERANCE,
        f"the solution violates a row by {float(rows):.3g}, a bound by {float(bounds):.3g}",
    )
    whole = all(v.denominator == 1 for v, c in zip(x, truth.mip.columns, strict=True) if c.integer)
    trial.demand(whole, "an integer column of the solution is fractional")
    value = truth.mip.value(x)
    trial.demand(
        said.objective == _float(value),
        f"it says objective {said.objective!r}, its solution has {_float(value)!r}",
    )
    cost, best, relaxed = truth.cost(value), truth.exact.value, truth.relaxed
    if relaxed is not None:
        possible = relaxed.status == "unbounded" or (relaxed.value is not None and cost >= relaxed.value)
        trial.demand(possible, f"objective {said.objective!r} is better than any point within the tolerance")
    if best is not None and max(rows, bounds):
        had = any(abs(truth.cost(one) - best) <= truth.rounding for one in said.earlier)
        trial.demand(
            not (had and best - cost > truth.rounding and _only_by_tolerance(truth.mip, x)),
            f"the exact optimum {_told(truth, best)} was given up for {said.objective!r}, a gain within the tolerance",
        )
    if said.complete:
        trial.demand(
            truth.exact.status != "unbounded" and (best is None or cost - best <= truth.allowance),
            f"complete at {said.objective!r}, but the optimum is {_told(truth, best)}",
        )


def _only_by_tolerance(mip: Mip, x: list[Fraction]) -> bool:
    """Return whether some continuous columns make the point's integers exactly feasible.

    If so, whatever the point gains over the exact optimum, it gains by violating rows. Otherwise its integers are
    others, which the tolerance admits.
    """
    numbers = mip.numbers()
    columns = list(zip(numbers.bounds, numbers.integer, x, strict=True))
    if any(whole and outside(value, *side) for side, whole, value in columns):
        return False
    bounds = [(value, value) if whole else side for side, whole, value in columns]
    return solve_lp(replace(numbers, bounds=bounds)).status != "infeasible"


def _judge_bound(trial: Trial, truth: Truth, bound: float | None, objective: float | None) -> None:
    if bound is None or not math.isfinite(bound):
        return
    cost, best = truth.cost(bound), truth.exact.value
    trial.demand(truth.exact.status != "unbounded", f"bound {bound!r} of an unbounded model")
    if best is not None:
        nearest = bound == _float(truth.objective(best))
        trial.demand(cost <= best or nearest, f"bound {bound!r} cuts off the optimum {_told(truth, best)}")
    if objective is not None:
        beyond = cost - truth.cost(objective)
        trial.demand(
            beyond <= truth.rounding, f"bound {bound!r} on the wrong side of the verified {objective!r}"
        )


def _judge_status(trial: Trial, truth: Truth, said: Said, found: bool) -> None:
    exact, lp, relaxed = truth.exact.status, truth.lp.status, truth.relaxed
    expected = {0, EXIT_UNBOUNDED} if found else {EXIT_NONE, EXIT_INFEASIBLE, EXIT_UNBOUNDED}
    if not trial.demand(
        said.code in expected, f"exit code {said.code} {'with' if found else 'without'} a solution"
    ):
        return
    if said.code == EXIT_INFEASIBLE:
        trial.demand(exact == "infeasible", f"infeasible, but the model is {exact}")
    if said.code == EXIT_UNBOUNDED:
        trial.demand(lp == "unbounded", f"the LP relaxation is {lp}, not unbounded")
    if found:
        return
    if said.complete:
        trial.demand(
            exact == "infeasible" and (relaxed is None or relaxed.status == "infeasible"),
            "complete without a solution, but the check accepts one"
            if exact == "infeasible" else f"complete without a solution, but the model is {exact}",
        )  # fmt: skip
    if trial.leeway > 1:  # on a busy machine, two seconds may not suffice for what follows
        return
    if lp == "infeasible" and relaxed is not None and relaxed.status == "infeasible":
        lp_relaxed = solve_lp(truth.mip.numbers(TOLERANCE)).status
        trial.demand(
            said.code == EXIT_INFEASIBLE or lp_relaxed != "infeasible",
            f"exit code {said.code}, but the LP relaxation is infeasible",
        )
    if exact == "optimal":
        trial.demand(
            said.code != EXIT_NONE,
            f"no solution of a model with the optimum {_told(truth, truth.exact.value)}",
        )


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _told(truth: Truth, cost: Fraction | None) -> str:
    return "none" if cost is None else repr(_float(truth.objective(cost)))


# --- the ways to run ----------------------------------------------------------------------------


def by_api(trial: Trial, model: Path, truth: Truth, **settings: Any) -> None:
    """Run `diffpump.solve`."""
    import diffpump

    result = diffpump.solve(model, seed=trial.number, time_limit=SECONDS, **settings)
    x = {name: repr(value) for name, value in result.values.items()} if result.found else None
    earlier = tuple(found.objective for found in result.incumbents[:-1])
    code = result.status.exit_code
    judge(trial, truth, Said(code, result.objective, result.bound, result.complete, x, earlier))


def by_command(trial: Trial, model: Path, truth: Truth) -> None:
    """Run `diffpump solve --json` and read its solution file."""
    from diffpump.io.solution import read_solution

    solution = trial.folder / "m.json"
    done = limited.run(
        "solve", model.name, "--json", "-q", "--time-limit", f"{SECONDS:g}", "--seed", str(trial.number),
        "--solution-file", solution.name, cwd=trial.folder,
    )  # fmt: skip
    if not limited.demand_orderly(trial, done) or done.code in (2, 3, 4, 5, 6):
        trial.demand(False, f"exit code {done.code}: {done.err.strip()}")
        return
    said = done.json()
    x = None
    if solution.exists():
        x = {name: str(value) for name, value in read_solution(solution).values.items()}
    trial.demand(
        (x is not None) == said["found"], f"found is {said['found']}, with a solution file: {x is not None}"
    )
    earlier = tuple(one["objective"] for one in said["incumbents"][:-1])
    judge(trial, truth, Said(done.code, said["objective"], said["lp_bound"], said["complete"], x, earlier))


def by_milp(trial: Trial, model: Path, truth: Truth) -> None:
    """Run `diffpump.milp` on the arrays of the model, which float64 must hold exactly."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint

    import diffpump
    from diffpump.io.read import read

    problem = read(model)  # a minimisation, as milp's
    rows = LinearConstraint(problem.A, problem.row_lo, problem.row_hi) if problem.m else None
    found = diffpump.milp(
        problem.c, integrality=problem.integer.astype(int), bounds=Bounds(problem.lb, problem.ub), constraints=rows,
        options={"time_limit": SECONDS, "seed": trial.number},
    )  # fmt: skip
    x = dict(zip(problem.col_names, map(repr, found.x.tolist()), strict=True)) if found.success else None
    code = 0 if found.success else {2: EXIT_INFEASIBLE, 3: EXIT_UNBOUNDED}.get(found.status, EXIT_NONE)
    trial.demand(found.success or found.status != 0, "status 0 without success")
    bare = Mip(_floats(truth.mip), truth.mip.rows)  # no sense and no offset: milp has neither
    exact = Truth(bare, truth.exact, truth.relaxed, truth.lp)
    complete = found.status == 0
    bound = found.mip_dual_bound
    if complete and bound is not None and np.isfinite(bound):
        # The dual bound of a complete search is its objective, so it may be as far from the optimum.
        best = exact.exact.value
        trial.demand(
            best is None or Fraction(bound) - best <= exact.allowance + exact.rounding,
            f"dual bound {bound!r} cuts off the optimum {_told(exact, best)}",
        )
        bound = None
    judge(trial, exact, Said(code, found.fun, bound, complete, x))


def _floats(mip: Mip) -> list[Any]:
    """Return the columns with the costs of the minimisation."""

    def negated(text: str) -> str:
        return text[1:] if text.startswith("-") else f"-{text}"

    return [replace(c, cost=negated(c.cost) if mip.maximise else c.cost) for c in mip.columns]


def float_model(mip: Mip) -> bool:
    """Return whether float64 holds every number of a model exactly."""
    texts = [t for r in mip.rows for t in (*r.terms.values(), r.lo, r.hi)]
    texts += [t for c in mip.columns for t in (c.cost, c.lo, c.hi)]
    return all(Fraction(float(t)) == Fraction(t) for t in texts if t is not None)


@row(
    "claims",
    "claims against optima proven in rationals, 23 kinds of models",
    trials=300,
    seconds=300,
    patience=120,
    quick=(0, 12, 16, 17, 21),
)
def claims(trial: Trial) -> None:
    """The solution holds within 1e-6 in rationals and is not better than any such point; its printed objective is its
    value; `complete` is said only at the optimum (exactly for integer models, else within 1e-6 relative); the bound
    is on the right side of the optimum and of the objective; exit codes and `milp`'s statuses agree with the truth; an
    exact optimum is not given up for a gain within the tolerance. Peers: the same for their solution, status and bound.
    """
    names = list(KINDS)
    trial.case = names[trial.number % len(names)]
    mip, exact = draw(trial.case, trial.random)
    truth = truth_of(mip, exact)
    model, other = trial.folder / "m.lp", trial.folder / "m.mps"
    model.write_text(mip.lp_text())
    other.write_text(mip.mps_text())
    if trial.random.random() < 0.5:
        model = other
    way = trial.number // len(names) % 6
    if way == 1:
        by_command(trial, model, truth)
    elif way == 2 and float_model(mip):
        by_milp(trial, model, truth)
    elif way == 3 and trial.number % 3 == 0:
        by_api(trial, model, truth, threads=2)
    elif way == 4 and trial.number % 3 == 0:
        by_api(trial, model, truth, preset="DP4")
    else:
        by_api(trial, model, truth)
    for name in peer_solvers.present():
        trial.peers[name] = peer(name, other, truth)  # they disagree on LP files, less on MPS files


def peer(name: str, model: Path, truth: Truth) -> str | None:
    """Return what a peer says that is not true, or None."""
    said = peer_solvers.ask(name, {"do": "solve", "path": str(model), "seconds": SECONDS}, SECONDS + 10)
    if "died" in said:
        return str(said["died"])
    if not said["read"]:
        return "refused to read the model"
    status, exact, best = said["status"], truth.exact.status, truth.exact.value
    if (
        status in ("infeasible", "unbounded")
        and status != exact
        and not (status == "unbounded" == truth.lp.status)
    ):
        return f"{status}, but the model is {exact}"
    if said["x"] is not None:
        x = [Fraction(said["x"].get(column.name, 0.0)) for column in truth.mip.columns]
        x = [Fraction(round(v)) if c.integer else v for v, c in zip(x, truth.mip.columns, strict=True)]
        worst = max(truth.mip.numbers().excess(x))
        if worst > TOLERANCE:
            return f"its solution violates the model by {float(worst):.3g} once its integers are rounded"
        cost = truth.cost(truth.mip.value(x))
        if status == "optimal" and (
            exact == "unbounded" or (best is not None and cost - best > max(truth.allowance, truth.rounding))
        ):
            return f"optimal at {said['value']!r}, but the optimum is {_told(truth, best)}"
    if (
        status == "optimal"
        and exact == "infeasible"
        and (truth.relaxed is None or truth.relaxed.status == "infeasible")
    ):
        return "optimal, but the model is infeasible"
    if said["bound"] is not None and best is not None and truth.cost(said["bound"]) - best > truth.rounding:
        return f"bound {said['bound']!r} cuts off the optimum {_told(truth, best)}"
    return None
