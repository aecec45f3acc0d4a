"""`diffpump generate`: generate an instance of a registered family."""

from __future__ import annotations

import io

import click

from diffpump.cli.known import Known
from diffpump.cli.streams import emit, log


@click.command()
@click.argument("family", type=Known("diffpump.families:FAMILIES"), required=False, metavar="[FAMILY]")
@click.option("--seed", default=0, show_default=True, help="Seed of the generator.")
@click.option(
    "--set",
    "sizes",
    multiple=True,
    metavar="KEY=N",
    help="A size of the instance, such as jobs=20 (repeatable).",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write to this .mps or .mps.gz file, or .json of a compact knapsack.  [default: standard output]",
)
def generate(family: str | None, seed: int, sizes: tuple[str, ...], output: str | None) -> None:
    """Generate an instance of a family.

    Without FAMILY, the command lists the families and their sizes. The same seed and sizes give the same
    file, byte for byte. The families mkpc and noroad have a JSON form, which `diffpump compact` reads.
    """
    from pathlib import Path

    from diffpump.core.errors import UsageError
    from diffpump.families import generate as make
    from diffpump.families import generate_json
    from diffpump.io.files import replace_file
    from diffpump.io.write import write_mps

    if family is None:
        emit(_listing())
        return
    given = dict(map(_size, sizes))
    if output is not None and output.lower().endswith(".json"):
        replace_file(Path(output), f"{generate_json(family, seed, **given)}\n".encode(), lambda written: None)
        log(f"{output}: {family}, seed {seed}")
        return
    if output is not None and not output.lower().endswith((".mps", ".mps.gz")):
        raise UsageError(f"{output}: the name must end in .mps, .mps.gz or .json")
    problem = make(family, seed, **given)
    if output is None:
        text = io.StringIO()
        write_mps(problem, text)
        emit(text.getvalue().rstrip("\n"))
    else:
        write_mps(problem, output)
        log(f"{output}: {problem.name}, {problem.m} rows, {problem.n} columns, {problem.nnz} nonzeros")


def _size(assignment: str) -> tuple[str, int]:
    key, _, text = assignment.partition("=")
    try:
        return key, int(text)
    except ValueError:
        from diffpump.core.errors import UsageError

        raise UsageError(f"--set '{assignment}': expected KEY=N with a whole number N") from None


def _listing() -> str:
    from diffpump.families import FAMILIES, parameters

    lines = []
    for name, entry in FAMILIES.entries.items():
        lines.append(f"{click.style(name, bold=True)}  {entry.help}")
        for key, parameter in parameters(name).items():
            lines.append(f"  {f'{key}={parameter.default}':<14}  {parameter.help} (>= {parameter.minimum})")
    return "\n".join(lines)
