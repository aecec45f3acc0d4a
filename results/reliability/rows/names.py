"""Hostile names of columns, through every solution format."""

from __future__ import annotations

import contextlib
import io
import json
from random import Random

import limited
from trial import Trial, row

NAMES = (
    "x", "#u", "# u", "=obj=", "=infeas=", "=x", "x=1", "x y", " x", "x ", "a  b", "\u00a0x", "x\u00a0", "a\u2003b",
    "\u3000", "\u2028", "a\u2029b", "\x85x", "x\u200b", "\ufeffx", "\u202ex", "\u00adx", "Ünï", "名前", "😀", "e\u0301",
    "\u00e9", "1", "1.5", "-1", "inf", "nan", "1e9", "0x1", "Infinity", "<x>", "</variable>", "&amp;", "&x", '"x"', "'x'",
    "{", "}", "[0]", "x[1,2]", "x(1)", "(obj:1)", "x (obj:1)", "values", "objective", "Optimal", "Objective", "Model status",
    "no", "solution", "objective value:", "solution status:", "Columns", "# Columns", "*", "**", "*x", "$", "$x", "x$", "\\",
    "\\x", "a/b", "a:b", "a;b", "a,b", "%s", "%", "{}", "../x", "/etc/passwd", "~", "-", "--json", "NAME", "ENDATA", "RHS",
    "MARKER", "x\x1b[31m", "x\x07", "x\x00", "x\x7f", "x\ty", "\x0bx", "x\x0c", "\x1cx", "x\x1d", "\x1fx", "x" * 255,
    "x" * 5000, "é" * 100, "null", "true", "None", "__proto__", "C1", "R1", "obj", "free", "st", "end", "bounds",
)  # fmt: skip
FORMATS = (".sol", ".mst", ".json")


def model_of(names: list[str], fixed: bool) -> bytes:
    """Return an MPS model whose columns have these names: the least of sum (j + 2) x_j with sum x_j >= 4.

    fixed   whether in fixed format, where names of up to eight characters may have blanks
    """
    lines = ["NAME hostile", "ROWS", " N cost", " G need", "COLUMNS"]
    mark = "    {:<8}  {:<8}  {:<12}   {:<8}" if fixed else " {} {} {} {}"
    lines.append(mark.format("M1", "'MARKER'", "", "'INTORG'") if fixed else " M1 'MARKER' 'INTORG'")
    for j, name in enumerate(names):
        for target, value in (("cost", j + 2), ("need", 1)):
            lines.append(f"    {name:<8}  {target:<8}  {value:>12}" if fixed else f" {name} {target} {value}")
    lines.append(mark.format("M2", "'MARKER'", "", "'INTEND'") if fixed else " M2 'MARKER' 'INTEND'")
    lines += ["RHS", f"    {'R':<8}  {'need':<8}  {4:>12}" if fixed else " R need 4", "BOUNDS"]
    lines += [f" UP {'B':<8}  {name:<8}  {3:>12}" if fixed else f" UP B {name} 3" for name in names]
    return "\n".join([*lines, "ENDATA", ""]).encode()


def command(*args: str) -> tuple[int, str, str]:
    """Run the command line in this process and return its exit code and what it printed."""
    from diffpump.cli import run

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(list(args))
    return code, out.getvalue(), err.getvalue()


@row(
    "names",
    "hostile names, through .sol, .mst and .json",
    trials=600,
    seconds=60,
    quick=tuple(range(0, 60, 4)),
)
def names(trial: Trial) -> None:
    """A model with hostile names is refused when it is read, or when the command starts (a format that cannot hold a
    name), in one line without control characters; otherwise the solution is written, reads back, is proven, and names
    every column. It is never lost after the search.
    """
    random = trial.random
    chosen = [NAMES[trial.number % len(NAMES)], *random.sample(NAMES, 2)]
    chosen = list(dict.fromkeys(chosen))
    suffix = FORMATS[trial.number // len(NAMES) % len(FORMATS)]
    fixed = all(len(name.encode()) <= 8 for name in chosen) and random.random() < 0.5
    trial.case = f"{suffix} {ascii(chosen[0])[:20]}"
    path, solution = trial.folder / "m.mps", trial.folder / f"a{suffix}"
    path.write_bytes(model_of(chosen, fixed))
    _judge(trial, random, str(path), str(solution))
    if solution.exists():
        limited.demand_proven(trial, path, solution)
        _judge_values(trial, str(path), str(solution))
    limited.demand_clean(trial, {"m.mps", solution.name})


def _judge(trial: Trial, random: Random, model: str, solution: str) -> None:
    how = ["--preset", "FP"] if random.random() < 0.7 else ["--until", "first"]
    code, out, err = command("solve", model, "-q", "--json", *how, "--solution-file", solution)
    trial.demand(
        not any(c in err for c in "\x00\x07\x1a\x1b\x7f"), f"control characters on standard error: {err!r}"
    )
    if code == 0:
        return
    if not trial.demand(code in (2, 3, 4), f"exit code {code}: {err.strip()}"):
        return
    trial.demand(err.count("\n") == 1, f"not one line: {err!r}")
    # After a search there is a whole result in the JSON object, and before it only the error.
    said = json.loads(out)
    trial.demand(said["status"] == "error", f"the solution is lost after the search: {err.strip()}")


def _judge_values(trial: Trial, model: str, solution: str) -> None:
    """Demand that the file has the names of the model, and as a start gives every column."""
    from diffpump.io.read import read
    from diffpump.io.solution import read_solution
    from diffpump.io.start import start_of

    problem = read(model)
    values = read_solution(solution).values
    unknown = set(values) - set(problem.col_names)
    trial.demand(not unknown, f"the file names columns that the model lacks: {unknown}")
    given = start_of(problem, solution).x
    total = float(given[given == given].sum())
    trial.demand(total == 4, f"as a start, the file's columns add up to {total}, not 4")
