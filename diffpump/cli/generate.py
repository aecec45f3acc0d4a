"""`diffpump generate`: an instance of one of the bundled families."""

from __future__ import annotations

import io

import click

from diffpump.cli.streams import emit, log


def _families(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from diffpump.families import FAMILIES

    return [name for name in FAMILIES if name.startswith(incomplete)]


@click.command()
@click.argument("family", shell_complete=_families, required=False)
@click.option("--seed", default=0, show_default=True, help="Seed; the same one gives the same bytes.")
@click.option(
    "--set", "sizes", multiple=True, metavar="KEY=N", help="A size parameter of the family (repeatable)."
)
@click.option(
    "-o", "--output", metavar="FILE", help="Where to write: .mps or .mps.gz; standard output by default."
)
def generate(family: str | None, seed: int, sizes: tuple[str, ...], output: str | None) -> None:
    """Generate an instance of a family.

    Without FAMILY, list the families and their parameters. The same seed and sizes give the same bytes.
    """
    from diffpump.core.errors import UsageError
    from diffpump.families import generate as make
    from diffpump.io.write import write_mps

    if family is None:
        emit(_listing())
        return
    if output is not None and not output.lower().endswith((".mps", ".mps.gz")):
        raise UsageError(f"{output}: the name must end in .mps or .mps.gz")
    problem = make(family, seed, **dict(map(_size, sizes)))
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

        raise UsageError(f"--set '{assignment}': expected key=whole number") from None


def _listing() -> str:
    from diffpump.families import FAMILIES, parameters

    lines = []
    for name in FAMILIES:
        lines.append(click.style(name, bold=True))
        lines += [f"  {key}={p.default:<6} {p.help} (>= {p.least})" for key, p in parameters(name).items()]
    return "\n".join(lines)
