"""A row of the table, a trial of it, and the registry of rows: a module of `rows/` adds one.

    @row("names", "hostile names, round trip", trials=200, seconds=60)
    def names(trial: Trial) -> None: ...

A row is a function that carries out one trial. Everything random comes from `trial.random`, whose seed is made
of the run's seed, the row's name and the trial's number, so that any single trial can be repeated. The function
says what must hold by `trial.demand`; an exception that it lets through is a failure too.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import pkgutil
import random
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CORPUS_VARIABLE = "RELIABILITY_CORPUS"  # an environment variable with the folder that failing files go to
LONGEST_SENTENCE = 400  # characters of a failure that are kept


class Skipped(Exception):
    """Raised by a trial that cannot be carried out here; the text says what is missing."""


@dataclass
class Trial:
    """One trial of a row.

    number     its number, from 0
    random     the source of everything random
    folder     an empty folder that is removed after the trial
    case       what was tried, in a word or two; the table counts failures by case
    failures   what did not hold
    peers      by peer: None if it did what is demanded, else what it did instead
    leeway     a factor on allowed seconds: 1 on an idle machine, more where other processes run, as in the tests
    miplib     the folder of MIPLIB files, or None
    """

    number: int
    random: random.Random
    folder: Path
    case: str = ""
    failures: list[str] = field(default_factory=list)
    peers: dict[str, str | None] = field(default_factory=dict)
    leeway: float = 1.0

    @property
    def miplib(self) -> Path | None:
        """The folder that DIFFPUMP_MIPLIB names, or None."""
        named = os.environ.get("DIFFPUMP_MIPLIB")
        return Path(named) if named and Path(named).is_dir() else None

    def keep(self, path: Path) -> None:
        """Copy a file that failed into the corpus, if this run fills it (`CORPUS_VARIABLE`)."""
        corpus = os.environ.get(CORPUS_VARIABLE)
        if corpus:
            data = path.read_bytes()
            name = f"{hashlib.sha256(data).hexdigest()[:8]}-{path.name}"
            (Path(corpus) / name).write_bytes(data)

    def demand(self, holds: bool, sentence: str) -> bool:
        """Add the sentence, which says what happened instead, to the failures unless the demand holds."""
        if not holds:
            self.failures.append(sentence)
        return holds


@dataclass(frozen=True)
class Row:
    """A row of the table.

    name      its name on the command line
    title     what is tried, for the table
    demand    what must hold, as a sentence for the page; the docstring of the function
    trials    how many trials a full run has
    seconds   the longest time that the row may take in a full run
    patience  seconds after which a trial counts as hanging
    jobs      how many trials may run at the same time; 1 where times are measured
    quick     the trials that the tests run
    memory    address space in MB that the process of a trial may use
    """

    name: str
    title: str
    demand: str
    run: Callable[[Trial], None]
    trials: int
    seconds: float
    patience: float = 60.0
    jobs: int = 2
    quick: tuple[int, ...] = (0, 1)
    memory: int = 8000


ROWS: dict[str, Row] = {}


def row(name: str, title: str, **fields: Any) -> Callable[[Callable[[Trial], None]], Callable[[Trial], None]]:
    """Return the decorator that registers a function as a row."""

    def register(run: Callable[[Trial], None]) -> Callable[[Trial], None]:
        if name in ROWS:
            raise ValueError(f"the row '{name}' is registered twice")
        ROWS[name] = Row(name, title, " ".join((run.__doc__ or "").split()), run, **fields)
        return run

    return register


def load_rows() -> dict[str, Row]:
    """Import every module of `rows/` and return the rows in the order of the table."""
    import rows

    for module in sorted(pkgutil.iter_modules(rows.__path__), key=lambda found: found.name):
        importlib.import_module(f"rows.{module.name}")
    return dict(sorted(ROWS.items(), key=lambda item: rows.ORDER.index(item[0])))


@contextmanager
def begun(chosen: Row, number: int, seed: int, leeway: float) -> Iterator[Trial]:
    """Yield a trial with its own folder and source of random numbers."""
    with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
        source = random.Random(f"{seed} {chosen.name} {number}")
        yield Trial(number, source, Path(folder), leeway=leeway)


def carry_out(chosen: Row, number: int, seed: int, leeway: float = 1.0) -> dict[str, Any]:
    """Carry out a trial and return its record."""
    with begun(chosen, number, seed, leeway) as trial:
        skipped = None
        try:
            chosen.run(trial)
        except Skipped as reason:
            skipped = str(reason)
        except Exception as error:  # a failure of diffpump or of this program: both must be seen
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(last.filename).name}:{last.lineno}"
            trial.failures.append(f"{type(error).__name__} at {where}: {error}")
        told = {name: text and tidy(text, trial.folder) for name, text in trial.peers.items()}
        return {
            "case": trial.case,
            "failures": [tidy(text, trial.folder) for text in trial.failures],
            "peers": told,
            "skipped": skipped,
        }


def tidy(text: str, folder: Path) -> str:
    """Return a sentence as one line without this machine's paths."""
    for path, name in ((folder, "."), (ROOT, "ROOT"), (os.environ.get("DIFFPUMP_MIPLIB"), "MIPLIB")):
        if path:
            text = text.replace(str(path), name)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= LONGEST_SENTENCE else text[:LONGEST_SENTENCE] + " ..."
