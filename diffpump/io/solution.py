"""Reading, verifying and writing solution files. No file is written without an exact proof of its content.

Files are read in these styles, which are detected by content, compressed or not:
    MIPLIB   `=obj= v`, then `name value`; absent columns are 0
    HiGHS    its raw, sparse, pretty and two GLPK styles; only the primal columns are used
    SCIP     `objective value: v`, then `name value (obj:c)`
    CBC      `status - objective value v`, then `index name value reduced-cost` (and PuLP's .mst)
    GLPK     the printable report (`glpsol -o`) and the raw file (`glpsol -w`)
    plain    `name value` with `#` comments (Gurobi's .sol and .mst)
    CPLEX    XML (.sol and .mst; see `solution_xml`)
    JSON     an object with `values`, as written here
Each value is the rational that its decimal text denotes. `solution_styles` has the readers of lines.

Files are written as .sol (MIPLIB), .mst or .json, depending on the suffix. Numbers are the shortest decimals
that read back as the same floats. A name that does not read back from a format is refused by that format,
before a search (`check_names`).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError, OutputError, ProofError, UsageError
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem, Source
from diffpump.core.version import __version__
from diffpump.io.files import refuse_directory, replace_file, shortest_decimal
from diffpump.io.read import MAX_BYTES, load_bytes, load_text, read_exact
from diffpump.io.solution_file import Collector, Lines, SolutionFile, Values, shown
from diffpump.io.solution_styles import READERS, style_of
from diffpump.io.solution_xml import read_xml
from diffpump.verify.check import Proof, exact_model, prove

ORIGINAL = "original file"  # what a solution of a model file is verified against
MIN_SIZE_LIMIT = 4 << 20  # bytes that a solution file may always have
# More bytes than any style needs for a column or row: its numbers, and its name with every character escaped.
_BYTES_PER_NAME, _BYTES_PER_CHARACTER = 160, 6


# --- reading ----------------------------------------------------------------------------------


def read_solution(
    path: str | os.PathLike[str],
    model: Problem | ParsedModel | None = None,
    *,
    max_bytes: int | None = None,
    denied: bool = False,
) -> SolutionFile:
    """Read a solution file.

    Parameters
    ----------
    path : str or os.PathLike
        The file, in any of the module's styles.
    model : Problem or ParsedModel, optional
        The model. Its names decide where a line has more than one reading, and names that it does not have
        are counted and not stored. Without a model every name is stored.
    max_bytes : int, optional
        The limit on the file's size when decompressed, in bytes; `size_limit(model)` by default.
    denied : bool
        Whether to return a file that says that it holds no solution, with the values that it has, if any.

    Raises
    ------
    InputError
        With path, line and reason, if the file is not a valid solution or says that it holds none.
    """
    path = os.fspath(path)
    data = load_text(path, size_limit(model) if max_bytes is None else max_bytes)
    try:
        file = _parse(data, model)
        if file.denied_at is not None and not denied:
            raise file.denial
    except InputError as refusal:
        raise refusal.at(path) from None
    return file


def size_limit(model: Problem | ParsedModel | None) -> int:
    """Return the number of bytes that a solution file of a model may have, compressed or not.

    The limit is at least `MIN_SIZE_LIMIT` and grows with the model's names, so that reading a small file that
    expands to an enormous one takes little memory.
    """
    if model is None:
        return MAX_BYTES
    names = len(model.col_names) + len(model.row_names)
    characters = sum(map(len, model.col_names)) + sum(map(len, model.row_names))
    return min(MAX_BYTES, MIN_SIZE_LIMIT + _BYTES_PER_NAME * names + _BYTES_PER_CHARACTER * characters)


def _parse(data: bytes, model: Problem | ParsedModel | None) -> SolutionFile:
    """Return the content of a solution file's decompressed bytes. Raises InputError without a path."""
    found = Collector(None) if model is None else Collector(model.col_names, model.row_names)
    lines = Lines(data)
    style = style_of(lines, found)
    if style == "json":
        _read_json(lines.data.decode(lines.encoding), found)
    elif style == "cplex":
        read_xml(lines.data.lstrip(), found)
    else:
        READERS[style](lines, found)
    return found.file(style.partition("-")[0])


def _read_json(text: str, found: Collector) -> None:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        entries = dict(pairs)
        if len(entries) < len(pairs):
            raise InputError("a name has a second value", line=1)
        return entries

    try:  # numbers stay texts, since a float would lose digits
        content = json.loads(
            text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=unique
        )
    except json.JSONDecodeError as error:
        raise InputError(error.msg, line=error.lineno) from None
    except RecursionError:
        raise InputError("nested too deeply", line=1) from None
    values, objective = content.get("values"), content.get("objective")
    if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
        raise InputError('expected an object "values" of numbers by column name', line=1)
    found.objective = objective if isinstance(objective, str) else None
    for name, value in values.items():
        found.add(1, name, value)


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
        return prove(read_exact(source), values, ORIGINAL)
    assert isinstance(model, Problem)
    return prove(exact_model(model), values, "model as given")


def verify_file(model: str, solution: str | os.PathLike[str]) -> tuple[SolutionFile, Proof]:
    """Read a solution file and verify it exactly against a model file. Return both results.

    A name that the model does not have is ignored if its value is 0, because verification takes an absent
    column for 0: the point is the same. Any other value belongs to another model, and so the file is refused.

    Raises
    ------
    InputError
        For an invalid file, and for a solution in which an unknown column is not 0.
    """
    return verify_source(load_bytes(model)[1], solution)


def verify_source(source: Source, solution: str | os.PathLike[str]) -> tuple[SolutionFile, Proof]:
    """Read a solution file and verify it exactly against a model's source, as `verify_file` does."""
    exact = read_exact(source)
    point = read_solution(solution, exact)
    if point.nonzero_unknown is not None:
        raise InputError(f"the model has no column {shown(point.nonzero_unknown)}", os.fspath(solution))
    return point, prove(exact, point.values, ORIGINAL)


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
    if _suffix(path) not in _FORMATS:
        known = ", ".join(_FORMATS)
        raise UsageError(f"{path}: unknown solution file type {target.suffix!r}; known are {known}")
    refuse_directory(path)
    if not os.access(target.parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: the directory {target.parent} is read-only")


def check_names(path: str | os.PathLike[str], problem: Problem) -> None:
    """Check in advance that the format of a path can hold the column names of a problem.

    Names that are unusual are written in the format and read back, so a name is refused exactly if it does
    not read back as the same name.

    Raises
    ------
    UsageError
        For a name that the format cannot hold. The message names a format that can.
    """
    unusual = [name for name in problem.col_names if not _USUAL_NAME.fullmatch(name)]
    refused = _refused(_suffix(path), problem, unusual) if unusual else None
    if refused is None:
        return
    others = [suffix for suffix in _FORMATS if _refused(suffix, problem, unusual) is None]
    advice = f"write {' or '.join(others)}" if others else "no solution file can; rename the column"
    raise UsageError(f"{path}: such a file cannot hold the column name '{shown(refused)}': {advice}")


def _refused(suffix: str, problem: Problem, names: Sequence[str]) -> str | None:
    """Return a name that does not read back from a format, or None if all of them do."""
    if _reads_back(suffix, problem, names):
        return None
    return next((name for name in names if not _reads_back(suffix, problem, [name])), names[0])


def _reads_back(suffix: str, problem: Problem, names: Sequence[str]) -> bool:
    try:
        data = _FORMATS[suffix](problem, names, np.ones(len(names)), 1.0).encode()
        return _parse(data, problem).values == dict.fromkeys(names, 1)
    except (InputError, UnicodeEncodeError):  # half of a surrogate pair cannot be encoded
        return False


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
        For an unknown suffix, and for a column name that the format cannot hold.
    ProofError
        If the point is not accepted.
    OutputError
        If the file cannot be written.
    """
    check_target(path)
    check_names(path, problem)
    written = _FORMATS[_suffix(path)]
    text = written(problem, problem.col_names, x, problem.value(x) if objective is None else objective)
    prove_values = verify or (lambda values: prove_solution(problem, values))
    return replace_file(path, text.encode(), lambda file: _verified(file, problem, prove_values))


def _verified(path: Path, problem: Problem, verify: Callable[[Values], Proof]) -> Proof:
    """Return the proof of a file's content. Raises ProofError if the point is not accepted."""
    try:
        point = read_solution(path, problem)
    except InputError as refusal:
        raise ProofError(
            f"the solution could not be read back: {refusal.reason}; it was not written"
        ) from None
    proof = verify(point.values)
    if not proof.accepted:
        worst = max((*proof.worst_rows, *proof.worst_columns), key=lambda w: w.amount)
        raise ProofError(f"the solution violates {worst.name} by {worst.amount:.3g}; it was not written")
    return proof


def _suffix(path: str | os.PathLike[str]) -> str:
    return Path(path).suffix.lower()


def _sol_text(problem: Problem, names: Sequence[str], x: Vector, objective: float) -> str:
    pairs = zip(names, x.tolist(), strict=True)
    return f"=obj= {shortest_decimal(objective)}\n" + "".join(
        f"{name} {shortest_decimal(v)}\n" for name, v in pairs if v
    )


def _mst_text(problem: Problem, names: Sequence[str], x: Vector, objective: float) -> str:
    """Return an .mst file with all columns, since a column that a MIP start omits is free, not 0."""
    pairs = zip(names, x.tolist(), strict=True)
    head = f"# MIP start for {shown(problem.name)}\n# Objective value = {shortest_decimal(objective)}\n"
    return head + "".join(f"{name} {shortest_decimal(v)}\n" for name, v in pairs)


def _json_text(problem: Problem, names: Sequence[str], x: Vector, objective: float) -> str:
    found = {
        "diffpump": __version__,
        "name": problem.name,
        "sha256": problem.source and problem.source.sha256,
        "objective": objective,
        "values": dict(zip(names, x.tolist(), strict=True)),
    }
    return json.dumps(found, indent=1) + "\n"


_FORMATS: dict[str, Callable[[Problem, Sequence[str], Vector, float], str]] = {
    ".sol": _sol_text,
    ".mst": _mst_text,
    ".json": _json_text,
}
_USUAL_NAME = re.compile(r"[A-Za-z_][!-~]*")  # every format holds such a name
