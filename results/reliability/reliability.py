"""Try to break diffpump, count how often that works, and write the table.

    python results/reliability/reliability.py                       all rows, 25 minutes at most on two cores
    python results/reliability/reliability.py --rows "claims names" some rows
    python results/reliability/reliability.py --scale 0.1           a tenth of the trials
    python results/reliability/reliability.py --row claims --trial 17 --seed 1    one trial again, in this process

Finished trials are kept in `trials.jsonl`, so that an interrupted run continues. They count only for the sources,
libraries and seed that they were made with. Each trial runs in a child process under caps on time and memory: one
that hangs, crashes or needs too much memory is a failure. The exit code is 1 if a trial failed.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import importlib.metadata
import json
import os
import platform
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
for folder in (ROOT / "tests", HERE, ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
os.environ["PYTHONPATH"] = os.pathsep.join(
    dict.fromkeys([str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))])
)

from child import Child, Ended, answer  # noqa: E402
from trial import CORPUS_VARIABLE, Row, carry_out, load_rows  # noqa: E402

from diffpump.bench.store import Lines  # noqa: E402
from diffpump.core.version import __version__  # noqa: E402

STORE = HERE / "trials.jsonl"
PAGE = HERE / "README.md"
SEED = 1
LEAST_SECONDS = 20.0  # that a row gets, however small the scale
STORE_SECONDS = 2.0  # seconds after which finished trials are stored
SHOWN = 5  # failures of a row that the page lists
LIBRARIES = ("highspy", "pyscipopt", "numpy", "scipy", "numba")
Record = dict[str, Any]


# --- what was run -------------------------------------------------------------------------------


def state() -> str:
    """Return a digest of everything that a trial depends on except its row, number and seed."""
    digest = hashlib.sha256(versions().encode())
    for folder in (ROOT / "diffpump", HERE):
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def versions() -> str:
    """Return the versions of diffpump, Python and the libraries, for the page."""
    found = [f"diffpump {__version__}", f"Python {platform.python_version()}"]
    for name in LIBRARIES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"no {name}")
    with suppress(ImportError):
        import pyscipopt

        found.append(f"SCIP {pyscipopt.Model().version()}")
    return ", ".join(found)


# --- running ------------------------------------------------------------------------------------


class Run:
    """A run of some rows: it skips the trials that are stored, and stores what it does."""

    def __init__(self, store: Path, seed: int, state: str, jobs: int) -> None:
        self.seed, self.state, self.jobs = seed, state, jobs
        self._lines = Lines(store, _identity)
        self.records: dict[tuple[str, int], Record] = {}
        for record in self._lines.new():
            if record["state"] == state and record["seed"] == seed:
                self.records[record["row"], record["trial"]] = record
        if not self.records and store.exists():  # nothing in it counts any more
            store.unlink()
            self._lines = Lines(store, _identity)
        self._new: list[Record] = []
        self._stored_at = time.monotonic()
        self._turn, self._stopped = threading.Lock(), threading.Event()

    def run(self, row: Row, trials: int, seconds: float) -> None:
        """Carry out the missing ones of the first `trials` trials within some seconds, and store them."""
        missing = iter([n for n in range(trials) if (row.name, n) not in self.records])
        deadline = time.monotonic() + seconds
        threads = [
            threading.Thread(target=self._work, args=(row, missing, deadline))
            for _ in range(min(self.jobs, row.jobs))
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except KeyboardInterrupt:
            self._stopped.set()  # the trials that are running end first
            for thread in threads:
                thread.join()
            raise
        finally:
            self._store(now=True)

    def _work(self, row: Row, missing: Iterable[int], deadline: float) -> None:
        command = [
            sys.executable,
            str(Path(__file__).resolve()),
            "--work",
            row.name,
            "--seed",
            str(self.seed),
        ]
        child = Child(command, row.memory)
        try:
            while time.monotonic() < deadline and not self._stopped.is_set():
                with self._turn:
                    number = next(missing, None)
                if number is None:
                    return
                began = time.monotonic()
                try:
                    found = child.ask({"trial": number}, row.patience)
                except Ended as why:
                    found = {
                        "case": "",
                        "failures": [f"the trial's process: {why}"],
                        "peers": {},
                        "skipped": None,
                    }
                self._add(row, number, {**found, "seconds": round(time.monotonic() - began, 3)})
        finally:
            child.close()

    def _add(self, row: Row, number: int, found: Record) -> None:
        record = {"row": row.name, "trial": number, "seed": self.seed, "state": self.state, **found}
        with self._turn:
            self.records[row.name, number] = record
            self._new.append(record)
        for failure in found["failures"]:
            print(f"  {row.name} {number} ({found['case']}): {failure}", flush=True)
        self._store()

    def _store(self, now: bool = False) -> None:
        with self._turn:
            if self._new and (now or time.monotonic() - self._stored_at > STORE_SECONDS):
                self._lines.append(self._new)
                self._new, self._stored_at = [], time.monotonic()

    def of(self, row: Row, trials: int) -> list[Record]:
        """Return the records of the first `trials` trials of a row, in order."""
        return [self.records[row.name, n] for n in range(trials) if (row.name, n) in self.records]


def _identity(record: Mapping[str, Any]) -> object:
    return record["row"], record["trial"], record["seed"], record["state"]


# --- the page -----------------------------------------------------------------------------------


def page(rows: Iterable[Row], run: Run, planned: Mapping[str, int]) -> str:
    """Return the page: the table, how it was made, and the failures."""
    rows = list(rows)
    lines = [
        "# Reliability, as figures",
        "",
        "Each row tries to break one promise. A trial fails if anything that the row demands does not hold. The",
        "peers get the same input where that is cheap; they fail by the demand in the last section.",
        "",
        "| row | what is tried | tried | failed | HiGHS failed | SCIP failed | minutes |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        records = run.of(row, planned[row.name])
        tried = [record for record in records if record["skipped"] is None]
        failed = sum(bool(record["failures"]) for record in tried)
        count = f"{len(tried)}" + (f" of {planned[row.name]}" if len(tried) < planned[row.name] else "")
        cells = [row.name, row.title, count, f"**{failed}**" if failed else "0"]
        cells += [_peer(tried, name) for name in ("HiGHS", "SCIP")]
        lines.append("| " + " | ".join([*cells, f"{sum(r['seconds'] for r in records) / 60:.1f}"]) + " |")
    lines += [
        "",
        f"{datetime.date.today()}, {versions()}; seed {run.seed}, sources {run.state}, {os.cpu_count()} cores.",
        "Minutes are summed over trials, of which two run at the same time where no times are measured. MIPLIB files",
        "are used if `DIFFPUMP_MIPLIB` names their folder. `make reliability` makes this page; an interrupted run",
        "continues, as does one in which a row ran out of its time (`N of M`). `ROWS`, `SCALE` and `SEED` choose what",
        "runs. A row is a module of `rows/`.",
    ]
    lines += ["", "## What failed", ""]
    lines += _failures(rows, run, planned) or ["Nothing."]
    lines += ["", "## What each row demands", ""]
    lines += [f"* **{row.name}**: {row.demand}" for row in rows]
    return "\n".join(lines) + "\n"


def _peer(records: list[Record], name: str) -> str:
    given = [record["peers"][name] for record in records if name in record["peers"]]
    return f"{sum(one is not None for one in given)} of {len(given)}" if given else ""


def _failures(rows: list[Row], run: Run, planned: Mapping[str, int]) -> list[str]:
    lines = []
    for row in rows:
        records = run.of(row, planned[row.name])
        failed = [record for record in records if record["failures"]]
        if failed:
            cases = Counter(record["case"] for record in failed)
            counts = ", ".join(f"{case or 'no case'} {count}" for case, count in cases.most_common())
            lines.append(f"* **{row.name}**, {len(failed)} of {len(records)} ({counts}), the first of them:")
            lines += [
                f"    * trial {record['trial']} ({record['case']}): {_code(record['failures'][0])}"
                for record in failed[:SHOWN]
            ]
        reasons = Counter(record["skipped"] for record in records if record["skipped"] is not None)
        lines += [f"* {row.name}: {count} skipped, {reason}" for reason, count in reasons.items()]
        for name in ("HiGHS", "SCIP"):
            told = [(r["trial"], r["peers"][name]) for r in records if r["peers"].get(name)]
            lines += [f"* {row.name}, {name}, for example trial {n}: {_code(text)}" for n, text in told[:1]]
    if lines:
        lines.append(
            f"\n`python results/reliability/reliability.py --row NAME --trial N --seed {run.seed}` repeats one."
        )
    return lines


def _code(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


# --- the command --------------------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--rows", default="", help="names of rows, separated by blanks or commas; all by default"
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, help="share of the trials, and of the time, of a full run"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--jobs", type=int, default=2, help="trials at the same time, where no times are measured"
    )
    parser.add_argument("--store", type=Path, default=STORE, help="the file of finished trials")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write")
    parser.add_argument("--row", help="carry out one trial of this row in this process, and print its record")
    parser.add_argument("--trial", type=int, default=0, help="the number of that trial")
    parser.add_argument(
        "--work", help=argparse.SUPPRESS
    )  # a child process: the row whose trials it carries out
    options = parser.parse_args(arguments)
    rows = load_rows()
    if options.work:
        answer(lambda asked: carry_out(rows[options.work], asked["trial"], options.seed))
        return 0
    if options.row:
        record = carry_out(_row(rows, options.row, parser.error), options.trial, options.seed)
        print(json.dumps(record, indent=1))
        return 1 if record["failures"] else 0
    names = options.rows.replace(",", " ").split() or list(rows)
    chosen = [_row(rows, name, parser.error) for name in names]
    planned = {row.name: max(1, round(row.trials * options.scale)) for row in rows.values()}
    if options.page == PAGE:  # a run for the record also adds what fails to the corpus
        os.environ.setdefault(CORPUS_VARIABLE, str(ROOT / "tests" / "corpus"))
    run = Run(options.store, options.seed, state(), options.jobs)
    for row in chosen:
        print(f"{row.name}: {planned[row.name]} trials, {row.title}", flush=True)
        run.run(row, planned[row.name], max(LEAST_SECONDS, row.seconds * min(1.0, options.scale)))
    shown = [row for row in rows.values() if row in chosen or run.of(row, planned[row.name])]
    options.page.write_text(page(shown, run, planned), encoding="utf-8")
    failed = sum(bool(record["failures"]) for row in chosen for record in run.of(row, planned[row.name]))
    print(f"{options.page}: {failed} trials failed")
    return 1 if failed else 0


def _row(rows: Mapping[str, Row], name: str, refuse: Callable[[str], Any]) -> Row:
    if name not in rows:
        refuse(f"there is no row '{name}'; known are {', '.join(rows)}")
    return rows[name]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted; the same command continues")
