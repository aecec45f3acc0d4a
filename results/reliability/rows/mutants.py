"""Mutated model and solution files, and every file that ever failed (`tests/corpus`)."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import random as random_module
import resource
import unicodedata
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import limited
import peer_solvers
from trial import ROOT, Trial, row

CORPUS = ROOT / "tests" / "corpus"
LARGEST_SEED = 20_000  # bytes of a file that is mutated, so that a trial takes milliseconds
MOST_MEMORY = 300  # MB by which reading one of these small files may raise the peak
PEER_EVERY, COMMAND_EVERY = 5, 100  # trials in which the peers read, and in which the real command runs
PEER_SECONDS = 5.0

MPS = """\
* a comment
NAME          small   FREE
OBJSENSE
    MAX
ROWS
 N  obj
 N  other
 L  c1
 G  c2
 E  c3
COLUMNS
    M1        'MARKER'                 'INTORG'
    x         obj       1   c1        1
    x         c2        1   other     4
    y#1       c3        -2.5e+1
    M2        'MARKER'                 'INTEND'
    z         obj       0.3   c1        0.1
    w         c1        1
RHS
    RHS       c1        7.3   c2        1
    RHS       obj       -3   c3        -25
RANGES
    RNG       c1        4   c3        -2
BOUNDS
 UP BND       x         4
 BV BND       y#1
 MI BND       z
 FX BND       w         1.5
ENDATA
"""
FIXED = """\
NAME          with blanks
ROWS
 N  cost
 G  row one
 L  row two
COLUMNS
    col a     cost               1.0   row one            2.0
    col a     row two           -1.0
    col b     cost              -3.5   row two            1.0
RHS
    RHS       row one            4.0   row two            9.0
BOUNDS
 UP BND       col a             10.0
 LO BND       col b             -2.0
ENDATA
"""
LP = r"""\ a comment
Maximize
 profit: 3 x + 2y - .5 z + 1e1 + x   \ x twice
Subject To
 cap: 0 w + x + y + z + 1 <= 10
 3 x - 2 y >= -4
 band: -5 <= x - z <= 5
 low: 2 <= y
Bounds
 x <= 4
 -3 <= y <= 3.5
 z free
General
 x
Binary
 w
End
"""
SOLUTIONS = {
    "miplib.sol": "=obj= -3.5\nx 1\ny#1 0\nz 2.5e-1\nw 1.5\n",
    "plain.sol": "# Solution for model small\n# Objective value = 4\nx 4\nz 0.25\nw 1.5\n",
    "start.mst": "# MIP start\nx 1\ny#1 1\n",
    "scip.sol": "solution status: optimal solution found\nobjective value:     4\nx      4 \t(obj:1)\nw    1.5 \t(obj:0)\n",
    "highs.sol": "Model status\nOptimal\n\n# Primal solution values\nFeasible\nObjective 4\n# Columns 4\nx 4\ny#1 0\nz 0\nw 1.5\n# Rows 1\nc1 5\n",
    "cplex.sol": '<?xml version = "1.0"?>\n<CPLEXSolution version="1.2">\n <header objectiveValue="4"/>\n <variables>\n  <variable name="x" index="0" value="4"/>\n  <variable name="w" index="3" value="1.5"/>\n </variables>\n</CPLEXSolution>\n',
    "cbc.sol": "Optimal - objective value 4.00000000\n      0 x                      4                       1\n**    3 w                    1.5                       0\n",
    "ours.json": '{"diffpump": "0.1.0", "objective": 4.0, "values": {"x": 4.0, "w": 1.5}}\n',
}  # fmt: skip
TOKENS = """
    0 1 -1 1e400 -1e400 1e-400 nan NaN inf -inf +-inf +inf -Infinity infinity 1e20 1e30 1.0abc 0x10 1_000 1d5 1,5
    9007199254740993 00 .5 5. . - + e 'MARKER' 'INTORG' 'INTEND' MARKER NAME ROWS COLUMNS RHS RANGES BOUNDS ENDATA
    OBJSENSE MAX N L G E UP LO FX FR MI PL BV LI UI SC SOS QUADOBJ INDICATORS x y#1 z w obj c1 c2 RHS BND free
    minimize max st subject end bounds general generals binary binaries semi sos = <= >= < > : := -> [ ] ^2 / * ( )
    \\ # $ ; , " ' =obj= =infeas= # Columns Optimal - <variable </CPLEXSolution> &lt; &#0; <!DOCTYPE { } [] null true
    \x00 \x1a \ufeff \u00a0 \u2028 \x1b[31m \u202e é
""".split(" ")
TOKENS = [token.strip("\n") for token in TOKENS if token.strip("\n")] + ["", " ", "\t", "x" * 300, "9" * 500]


@cache
def seeds() -> tuple[tuple[str, bytes], ...]:
    """Return (name, bytes) of the files that are mutated: our own texts, and small files of MIPLIB or ours."""
    named = [("small.mps", MPS.encode()), ("fixed.mps", FIXED.encode()), ("small.lp", LP.encode())]
    folder = os.environ.get("DIFFPUMP_MIPLIB")
    files = sorted(Path(folder).rglob("*.mps.gz")) if folder else sorted((ROOT / "instances").glob("*.mps"))
    for path in files:
        if path.stat().st_size <= LARGEST_SEED:
            data = path.read_bytes()
            data = gzip.decompress(data) if path.suffix == ".gz" else data
            if len(data) <= LARGEST_SEED:
                named.append((path.name.removesuffix(".gz"), data))
    return tuple(named)


Change = Callable[[bytes, random_module.Random], bytes]


def token(data: bytes, random: random_module.Random) -> bytes:
    """Replace, insert or delete a word."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    words = lines[at].split(b" ")
    k = random.randrange(len(words))
    new = random.choice(TOKENS).encode()
    words[k : k + random.randint(0, 1)] = random.choice([[new], [new, new], []])
    lines[at] = b" ".join(words)
    return b"\n".join(lines)


def line(data: bytes, random: random_module.Random) -> bytes:
    """Delete, repeat or move a line."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    moved = lines.pop(at)
    if random.random() < 0.7:
        for _ in range(random.randint(1, 2)):
            lines.insert(random.randrange(len(lines) + 1), moved)
    return b"\n".join(lines)


def cut(data: bytes, random: random_module.Random) -> bytes:
    """Cut the file off."""
    return data[: random.randrange(len(data) + 1)]


def byte(data: bytes, random: random_module.Random) -> bytes:
    """Change some bytes."""
    flat = bytearray(data)
    for _ in range(random.randint(1, 4)):
        where = random.randrange(max(1, len(flat)))
        flat[where : where + 1] = bytes([random.choice(b" \t\n\r*'1e.-x$#\x00\x1a\xff\xef")])
    return bytes(flat)


def splice(data: bytes, random: random_module.Random) -> bytes:
    """Replace a part by a part of another file."""
    other = random.choice(seeds())[1]
    i, j = sorted(random.randrange(len(data) + 1) for _ in range(2))
    a, b = sorted(random.randrange(len(other) + 1) for _ in range(2))
    return data[:i] + other[a : min(b, a + 2000)] + data[j:]


def coding(data: bytes, random: random_module.Random) -> bytes:
    """Change line ends or the encoding, or put a mark in front."""
    return random.choice([
        data.replace(b"\n", b"\r\n"), data.replace(b"\n", b"\r"), b"\xef\xbb\xbf" + data, data + b"\x1a",
        data.decode("latin-1").encode("utf-16"), data.replace(b" ", b"\t"), data.replace(b"\n", b"\n\n"), data.lower(),
    ])  # fmt: skip


def packed(data: bytes, random: random_module.Random) -> bytes:
    """Compress, and damage the result in some of the cases."""
    made = random.choice([gzip.compress, bz2.compress, lzma.compress])(data)
    damage = random.randrange(4)
    if damage == 0:
        return made[: random.randrange(len(made))]
    if damage == 1:
        return byte(made, random)
    return made + (random.randbytes(random.randrange(1, 20)) if damage == 2 else b"")


CHANGES: tuple[Change, ...] = (token, token, token, line, cut, byte, splice, coding)


def mutate(data: bytes, random: random_module.Random) -> bytes:
    """Return a copy with one to three changes, compressed in some of the cases."""
    for _ in range(random.randint(1, 3)):
        data = random.choice(CHANGES)(data or b"\n", random)
    return packed(data, random) if random.random() < 0.06 else data


# --- what must hold -----------------------------------------------------------------------------


def judge(trial: Trial, path: Path, model: Path | None) -> bool:
    """Demand that a file is read, or refused in one line that names it; return whether it was read.

    model   the model of a solution file; None for a model file
    """
    from diffpump.core.errors import InputError, InputWarning
    from diffpump.io.read import load_bytes, read
    from diffpump.io.solution import prove_solution, read_solution

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        if model is None:
            import numpy as np

            with warnings.catch_warnings():
                warnings.simplefilter("ignore", InputWarning)  # a remark on a valid file
                problem = read(path)
            finite = np.isfinite(problem.c).all() and np.isfinite(problem.A.data).all()
            trial.demand(
                bool(finite and (problem.lb <= problem.ub).all()), "it was read as a model that is none"
            )
        else:
            values = read_solution(path).values
            prove_solution(load_bytes(str(model))[1], values)
        return True
    except InputError as refusal:
        text = " ".join(str(refusal).split())  # as the command prints it
        control = any(unicodedata.category(c) == "Cc" for c in text)
        trial.demand(not control, f"the refusal has control characters, which reach the terminal: {text!r}")
        trial.demand(len(text) < 1000, f"the refusal has {len(text)} characters")
        unknown = model is not None and text.startswith(
            "the model has no column"
        )  # `check` adds the file's name
        trial.demand(unknown or text.startswith(f"{path}:"), f"the refusal does not name the file: {text}")
        trial.demand(bool(refusal.reason), "the refusal has no reason")
        return False
    finally:
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        trial.demand(grown < MOST_MEMORY, f"reading took {grown:.0f} MB")


def judge_command(trial: Trial, path: Path, model: Path | None) -> None:
    """Demand the same of the real command, and that its exit code agrees."""
    arguments = ("info", path.name) if model is None else ("check", model.name, path.name)
    done = limited.run(*arguments, cwd=trial.folder, patience=30)
    limited.demand_orderly(trial, done, (0, 3, 4, 5))
    if done.code in (3, 4):
        trial.demand(
            path.name in done.err and done.err.count("\n") == 1, f"not one line with the file: {done.err}"
        )


@row(
    "mutants",
    "mutated model and solution files",
    trials=10_000,
    seconds=150,
    patience=20,
    quick=tuple(range(40)),
)
def mutants(trial: Trial) -> None:
    """A file with random damage, and every file of `tests/corpus`, is read, or refused in one line without control
    characters that names the file: no traceback, no crash, no end later than 20 s, and less than 300 MB. Every hundredth goes through
    the command itself, with the right exit code. Peers: every fifth model; a crash or more than 5 s is a failure.
    """
    model = trial.folder / "model.mps"
    model.write_text(MPS)
    if trial.number == 0:
        trial.case = "corpus"
        for path in sorted(path for path in CORPUS.iterdir() if path.name != "README.md"):
            copy = trial.folder / path.name
            copy.write_bytes(path.read_bytes())
            before = len(trial.failures)
            try:
                judge(trial, copy, None if is_model(path) else model)
            except Exception as error:
                trial.failures.append(f"{type(error).__name__}: {error}")
            trial.failures[before:] = [f"{path.name}: {text}" for text in trial.failures[before:]]
        return
    trial.case = "model" if trial.random.random() < 0.6 else "solution"
    if trial.case == "model":
        # Half of them are of our own texts, which have every section.
        pool = seeds() if trial.random.random() < 0.5 else seeds()[:3]
        name, data = trial.random.choice(pool)
    else:
        name, text = trial.random.choice(list(SOLUTIONS.items()))
        data = text.encode()
    path = trial.folder / f"m-{name}"
    data = mutate(data, trial.random)
    path.write_bytes(data)
    of = None if trial.case == "model" else model
    try:
        judge(trial, path, of)
        if trial.number % COMMAND_EVERY == 1:
            judge_command(trial, path, of)
    except Exception:
        trial.keep(path)
        raise
    if trial.failures:
        trial.keep(path)
    if (
        of is None
        and trial.number % PEER_EVERY == 0
        and not data.startswith((b"\x1f\x8b", b"BZh", b"\xfd7z"))
    ):
        for name in peer_solvers.present():
            said = peer_solvers.ask(name, {"do": "read", "path": str(path)}, PEER_SECONDS)
            trial.peers[name] = said.get("died")


def is_model(path: Path) -> bool:
    """Return whether a file of the corpus is a model, by the first of its suffixes that says so."""
    return any(suffix in (".mps", ".lp") for suffix in path.suffixes)
