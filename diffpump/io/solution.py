"""Reading, verifying and writing solution files. No file is written without an exact proof of its content.

Files are read in these styles, which are detected by content, compressed or not:
    MIPLIB   `=obj= v`, then `name value`; absent columns are 0
    HiGHS    the sections of its raw and sparse files; only the primal columns are used
    SCIP     `objective value: v`, then `name value (obj:c)`
    plain    `name value` with `#` comments (Gurobi's .sol and .mst)
    CPLEX    XML (.sol and .mst; see `solution_xml`)
    JSON     an object with `values`, as written here
Each value is the rational that its decimal text denotes.

Files are written as .sol (MIPLIB), .mst or .json, depending on the suffix. Numbers are the shortest decimals
that read back as the same floats.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError, OutputError, ProofError, UsageError
from diffpump.core.problem import Problem, Source
from diffpump.core.version import __version__
from diffpump.io.files import refuse_directory, replace_file, shortest_decimal
from diffpump.io.read import MAX_BYTES, load_bytes, read_exact
from diffpump.io.solution_xml import read_xml
from diffpump.verify.check import Proof, exact_model, prove
from diffpump.verify.exact import number

Values = Mapping[str, Fraction | int | str]
Entry = tuple[int, str, str]
"""Line (1-based), column name, decimal text."""

_SCIP_COST = re.compile(r"\s*\(obj:[^()]*\)\s*$")
_NO_SOLUTION = "the file says that there is no solution"


@dataclass(frozen=True)
class SolutionFile:
    """The content of a solution file.

    Attributes
    ----------
    values : mapping of str to Fraction, int or str
        Exact values by column name; verification takes an absent column for 0.
    objective : str or None
        The text of the objective that the file claims.
    style : str
        "miplib", "highs", "scip", "plain", "cplex" or "json".
    """

    values: Values
    objective: str | None
    style: str


# --- reading ----------------------------------------------------------------------------------


def read_solution(path: str | os.PathLike[str], max_bytes: int = MAX_BYTES) -> SolutionFile:
    """Read a solution file.

    Parameters
    ----------
    path : str or os.PathLike
        The file, in any of the module's styles.
    max_bytes : int
        The limit on its size when decompressed, in bytes.

    Raises
    ------
    InputError
        With path, line and reason, if the file is not a valid solution.
    """
    path = os.fspath(path)
    data = load_bytes(path, max_bytes)[0]
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")  # the encoding of the model readers, so that names agree
    try:
        return _read_json(text) if text.lstrip().startswith("{") else _read_lines(text.split("\n"))
    except InputError as refusal:
        raise refusal.at(path) from None


def _read_lines(lines: list[str]) -> SolutionFile:
    first_line = next((line.strip() for line in lines if line.strip() and not line.startswith("#")), "")
    if first_line.startswith("<"):
        return _solution_file("cplex", *read_xml("\n".join(lines)))
    if first_line.startswith("Model status") or any(
        line.startswith("# Primal solution") for line in lines[:9]
    ):
        return _solution_file("highs", *_read_highs(lines))
    if first_line.startswith(("solution status:", "objective value:", "no solution available")):
        return _solution_file("scip", *_read_scip(lines))
    style = "miplib" if first_line.startswith("=") else "plain"
    objective, entries = _read_plain(lines, style)
    if style == "plain" and not entries:
        raise InputError("the file holds no solution", line=1)
    return _solution_file(style, objective, entries)


def _solution_file(style: str, objective: str | None, entries: list[Entry]) -> SolutionFile:
    """Convert the values to exact numbers. Raises InputError for a repeated column or an invalid value."""
    values: dict[str, Fraction | int] = {}
    for line, name, text in entries:
        if name in values:
            raise InputError(f"column {name} has a second value", line=line)
        try:
            values[name] = number(text)
        except InputError as refusal:
            raise InputError(f"column {name}: {refusal.reason}", line=line) from None
    return SolutionFile(values, objective, style)


def _name_and_value(line: int, text: str) -> Entry:
    """Split a line into a column name, which may contain blanks, and a value."""
    fields = text.rsplit(None, 1)
    if len(fields) != 2:
        raise InputError("expected a column name and a value", line=line)
    return line, fields[0].strip(), fields[1]


def _read_plain(lines: list[str], style: str) -> tuple[str | None, list[Entry]]:
    objective, entries = None, []
    for line, text in enumerate(map(str.strip, lines), 1):
        if text.startswith("=infeas="):
            raise InputError(_NO_SOLUTION, line=line)
        if text.startswith("=obj="):
            objective = _name_and_value(line, text)[2]
        elif text.startswith("#") and (style == "plain" or text[1:2].strip() == ""):
            continue  # in MIPLIB's style, `#x 1` is a column, since such a name is allowed
        elif text:
            entries.append(_name_and_value(line, text))
    return objective, entries


def _read_scip(lines: list[str]) -> tuple[str | None, list[Entry]]:
    objective, entries = None, []
    for line, text in enumerate(map(str.strip, lines), 1):
        key, _, rest = text.partition(":")
        if text == "no solution available" or (key == "solution status" and rest.strip() == "infeasible"):
            raise InputError(_NO_SOLUTION, line=line)
        if key == "objective value":
            objective = rest.strip()
        elif text and key != "solution status":
            entries.append(_name_and_value(line, _SCIP_COST.sub("", text)))
    return objective, entries


def _read_highs(lines: list[str]) -> tuple[str | None, list[Entry]]:
    """Read `# Primal solution values`, a status, `Objective v`, `# Columns n` and n lines.

    A negative n denotes the sparse form. It lists only the nonzero columns, and each line ends with an index.
    """
    objective, in_primal_section = None, False
    for line, text in enumerate(map(str.strip, lines), 1):
        if text == "# Primal solution values":
            in_primal_section = True
        elif in_primal_section and text == "None":
            raise InputError(_NO_SOLUTION, line=line)
        elif in_primal_section and text.startswith("Objective "):
            objective = text.split()[1]
        elif in_primal_section and text.startswith("# Columns "):
            return objective, list(_read_highs_columns(lines, line, text.split()[2]))
    raise InputError("the file has no primal columns; it was cut off or holds no solution", line=len(lines))


def _read_highs_columns(lines: list[str], start: int, count: str) -> Iterator[Entry]:
    if not re.fullmatch(r"-?[0-9]{1,10}", count):
        raise InputError(f"{count[:40]!r} is not a number of columns", line=start)
    size, sparse = abs(int(count)), count.startswith("-")
    if size > len(lines) - start:
        raise InputError(f"the file declares {size} columns but ends before the last one", line=len(lines))
    for line in range(start + 1, start + size + 1):
        text = lines[line - 1].strip()
        yield _name_and_value(line, text.rsplit(None, 1)[0] if sparse and text else text)


def _read_json(text: str) -> SolutionFile:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise InputError("a name has a second value", line=1)
        return found

    try:  # numbers stay texts, since a float would lose digits
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise InputError(error.msg, line=error.lineno) from None
    except RecursionError:
        raise InputError("nested too deeply", line=1) from None
    values, objective = found.get("values"), found.get("objective")
    if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
        raise InputError('expected an object "values" of numbers by column name', line=1)
    claimed = objective if isinstance(objective, str) else None
    return _solution_file("json", claimed, [(1, name, value) for name, value in values.items()])


# --- verifying --------------------------------------------------------------------------------


def prove_solution(model: Problem | Source, values: Values) -> Proof:
    """Verify a point exactly and return the proof.

    The point is verified against the original file. A problem that was built in memory has no file, so its
    point is verified against the float64 numbers of the problem.

    Parameters
    ----------
    model : Problem or Source
        The problem or its file.
    values : mapping of str to Fraction, int or str
        Rationals or decimal texts by column name; an absent column is 0.

    Raises
    ------
    InputError
        If the file has changed since it was read, or if `values` has an unknown column.
    """
    source = model if isinstance(model, Source) else model.source
    if source is not None:
        return prove(read_exact(source), values, "original file")
    assert isinstance(model, Problem)
    return prove(exact_model(model), values, "model as given")


def verify_file(model: str, solution: str | os.PathLike[str]) -> tuple[SolutionFile, Proof]:
    """Read a solution file and verify it exactly against a model file. Return both results.

    Raises
    ------
    InputError
        For an invalid file, and for a solution with an unknown column.
    """
    point = read_solution(solution)
    return point, prove_solution(load_bytes(model)[1], point.values)


# --- writing ----------------------------------------------------------------------------------


def check_target(path: str | os.PathLike[str]) -> None:
    """Check in advance that `write_solution` can write to a path.

    Raises
    ------
    UsageError
        For an unknown suffix.
    OutputError
        If the path is a directory or if its parent directory is missing or read-only.
    """
    target = Path(path)
    if target.suffix.lower() not in _FORMATS:
        known = ", ".join(_FORMATS)
        raise UsageError(f"{path}: unknown solution file type {target.suffix!r}; known are {known}")
    refuse_directory(path)
    if not os.access(target.parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: the directory {target.parent} is read-only")


def write_solution(
    path: str | os.PathLike[str],
    problem: Problem,
    x: Vector,
    objective: float | None = None,
    verify: Callable[[Values], Proof] | None = None,
) -> Proof:
    """Write a point to a file and return the proof of the file's content.

    The file appears complete or not at all. A temporary file in the same directory is written, synced, read
    again and verified, and is renamed only if the proof accepts the point.

    Parameters
    ----------
    path : str or os.PathLike
        The file; its suffix (.sol, .mst, .json) determines the format.
    problem : Problem
        The problem.
    x : (n,) float64
        The point.
    objective : float, optional
        The value to print, in the model's own sense; computed by default.
    verify : callable, optional
        Verifies the values read again and returns the proof; `prove_solution` by default.

    Raises
    ------
    UsageError
        For an unknown suffix.
    ProofError
        If the point is not accepted.
    OutputError
        If the file cannot be written.
    """
    check_target(path)
    text = _FORMATS[Path(path).suffix.lower()](
        problem, x, problem.value(x) if objective is None else objective
    )
    prove_values = verify or (lambda values: prove_solution(problem, values))
    return replace_file(path, text.encode(), lambda written: _verified(written, prove_values))


def _verified(path: Path, verify: Callable[[Values], Proof]) -> Proof:
    """Return the proof of a file's content. Raises ProofError if the point is not accepted."""
    try:
        point = read_solution(path)
    except InputError as refusal:
        raise ProofError(
            f"the solution could not be read back: {refusal.reason}; it was not written"
        ) from None
    proof = verify(point.values)
    if not proof.accepted:
        worst = max((*proof.worst_rows, *proof.worst_columns), key=lambda w: w.amount)
        raise ProofError(f"the solution violates {worst.name} by {worst.amount:.3g}; it was not written")
    return proof


def _sol_text(problem: Problem, x: Vector, objective: float) -> str:
    pairs = zip(problem.col_names, x.tolist(), strict=True)
    return f"=obj= {shortest_decimal(objective)}\n" + "".join(
        f"{name} {shortest_decimal(v)}\n" for name, v in pairs if v
    )


def _mst_text(problem: Problem, x: Vector, objective: float) -> str:
    """Return an .mst file with all columns, since a column that a MIP start omits is free, not 0."""
    pairs = zip(problem.col_names, x.tolist(), strict=True)
    head = f"# MIP start for {problem.name}\n# Objective value = {shortest_decimal(objective)}\n"
    return head + "".join(f"{name} {shortest_decimal(v)}\n" for name, v in pairs)


def _json_text(problem: Problem, x: Vector, objective: float) -> str:
    found = {
        "diffpump": __version__,
        "name": problem.name,
        "sha256": problem.source and problem.source.sha256,
        "objective": objective,
        "values": dict(zip(problem.col_names, x.tolist(), strict=True)),
    }
    return json.dumps(found, indent=1) + "\n"


_FORMATS: dict[str, Callable[[Problem, Vector, float], str]] = {
    ".sol": _sol_text,
    ".mst": _mst_text,
    ".json": _json_text,
}
