"""`diffpump check`: verify a solution file of any solver exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.streams import emit

if TYPE_CHECKING:
    from diffpump.core.problem import Source
    from diffpump.io.solution_file import SolutionFile
    from diffpump.verify.check import Offender, Proof

REJECTED = 5


@click.command()
@click.argument("model")
@click.argument("solution")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(model: str, solution: str, as_json: bool) -> int:
    """Verify a solution file against a model, exactly.

    SOLUTION is a solution file of MIPLIB, HiGHS, SCIP, CBC, GLPK, Gurobi or CPLEX, a .mst or a .json file;
    columns that it does not name are 0. A name that the model does not have is ignored if its value is 0 and
    refused otherwise. The report lists violated rows and columns, the most violated first. The exit code is 0
    if the solution is accepted and 5 if it is rejected.
    """
    from diffpump.io.read import load_bytes
    from diffpump.io.solution import verify_source
    from diffpump.outcome.record import dumps

    source = load_bytes(model)[1]
    point, proof = verify_source(source, solution)
    emit(dumps(_record(source, solution, point, proof)) if as_json else _report(point, proof))
    return 0 if proof.accepted else REJECTED


def _record(model: Source, solution: str, point: SolutionFile, proof: Proof) -> dict[str, Any]:
    from diffpump.outcome.record import violation_record

    return {
        "status": "accepted" if proof.accepted else "rejected",
        "accepted": proof.accepted,
        "exactly_feasible": proof.exactly_feasible,
        "objective": float(proof.objective),
        "claimed_objective": point.objective,
        "claimed_status": point.status,
        "ignored_names": point.unknown,
        "violation": violation_record(proof.violation),
        "worst_rows": [worst._asdict() for worst in proof.worst_rows],
        "worst_columns": [worst._asdict() for worst in proof.worst_columns],
        "model": model.path,
        "sha256": model.sha256,
        "solution": solution,
        "style": point.style,
        "proof": proof.against,
    }


def _report(point: SolutionFile, proof: Proof) -> str:
    from diffpump.io.solution_file import shown

    v = proof.violation
    if proof.accepted:
        verdict = click.style("accepted", fg="green", bold=True)
        verdict += ": exactly feasible" if proof.exactly_feasible else ": feasible within 1e-6"
    else:
        verdict = click.style("rejected", fg="red", bold=True) + ": not feasible within 1e-6"
    claimed = "" if point.objective is None else f" (the file says {point.objective})"
    lines = [
        f"{verdict}, in exact arithmetic against the {proof.against}",
        f"  objective   {float(proof.objective):.15g}{claimed}",
        f"  violations  rows {v.rows:.3g}, bounds {v.bounds:.3g}, integrality {v.integrality:.3g}",
    ]
    if point.status is not None:
        lines.append(f"  status      the file says: {shown(point.status)}")
    if point.unknown:
        names = f"{point.unknown} of {point.unknown + len(point.values)} names are not columns of the model"
        lines.append(f"  ignored     {names} (first: {shown(str(point.first_unknown))}); their values are 0")
    lines += [_violated("row", worst, "activity") for worst in proof.worst_rows]
    lines += [_violated("column", worst, "value") for worst in proof.worst_columns]
    return "\n".join(lines)


def _violated(kind: str, worst: Offender, quantity: str) -> str:
    from diffpump.io.solution_file import shown

    return (
        f"  {kind} {shown(worst.name)}: violated by {worst.amount:.3g}, "
        f"{quantity} {worst.activity:.15g}, allowed [{worst.lo:.15g}, {worst.hi:.15g}]"
    )
