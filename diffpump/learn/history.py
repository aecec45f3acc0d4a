"""A folder of earlier models and solutions, and what it recalls for another model of the family.

    DIR/history.jsonl        a line for each model: its id, name, objective, day and files
    DIR/models/ID.mps.gz     the model
    DIR/solutions/ID-X.sol   its best known solution, X a digest of it
    DIR/data/ID-X.npz        the numbers and names of both, as NumPy arrays, so that nothing is parsed again

The id is a digest of the model: its names, numbers, matrix and sense. A line also has a digest of the names
alone: where it is today's, names need not be read. Files are written whole or not at all, and a line of the
index is appended at once, so that several runs may share a folder; what is damaged is left out and named in
`notes`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.io.files import temporary_beside
from diffpump.io.solution import write_solution
from diffpump.io.write import write_mps
from diffpump.outcome.result import SolveResult
from diffpump.search.earlier import Earlier

INDEX, FORMAT = "history.jsonl", 2
NEAREST = 5  # earlier models whose solutions are recalled
MOST_MODELS = 100  # the largest number of a folder's latest models that are compared with today's
MOST_NUMBERS = 10_000_000  # numbers that the compared models may have together; larger models are fewer
FEWEST_MODELS = 10  # the number of latest models that are compared however many numbers they have
FARTHEST = 3.0  # spreads that a number may differ by and still count
Names = NDArray[np.str_]
COLUMN_NUMBERS = ("c", "lb", "ub")
NUMBERS = (*COLUMN_NUMBERS, "row_lo", "row_hi", "row_sum", "row_squares")


@dataclass(frozen=True, eq=False)
class Recalled:
    """What a folder recalls for a model.

    Attributes
    ----------
    points : list of (n,) float64
        Solutions of the nearest models on today's columns, the nearest first; NaN where a column is new.
    names : list of str
        The names of these models.
    distances : list of float
        Their distances.
    notes : list of str
        What was left out, a line each.
    gains : dict of str to int
        The incumbents that each arm found on these models.
    """

    points: list[Vector] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    distances: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gains: dict[str, int] = field(default_factory=dict)

    @property
    def earlier(self) -> Earlier:
        """What the engine takes of it."""
        return Earlier(tuple(self.points), gains=self.gains)


class History:
    """A folder of earlier models and solutions.

    Parameters
    ----------
    folder : str or os.PathLike
        The folder, which need not exist.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self.notes: list[str] = []

    def entries(self) -> list[dict[str, Any]]:
        """Return the index's lines, the latest of each model, in order. Damaged lines are noted."""
        found: dict[str, dict[str, Any]] = {}
        try:
            lines = (self.folder / INDEX).read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            self.notes.append(f"{self.folder / INDEX}: cannot be read: {error}")
            return []
        older = 0
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                if isinstance(entry["format"], int) and entry["format"] < FORMAT:
                    older += 1
                    continue
                texts, value = ("id", "name", "data", "added"), entry["objective"]
                if entry["format"] != FORMAT or not all(isinstance(entry[key], str) for key in texts):
                    raise ValueError("not an entry of this format")
                if isinstance(value, bool) or not isinstance(value, int | float):
                    raise ValueError("the objective must be a number")
                gains = entry.setdefault("incumbents", {})  # an entry that a user added has none
                if not isinstance(gains, dict) or any(type(found) is not int for found in gains.values()):
                    raise ValueError("incumbents must be whole numbers by arm")
            except (ValueError, KeyError, TypeError) as error:
                self.notes.append(f"{self.folder / INDEX}:{number}: left out: {error}")
                continue
            found.pop(entry["id"], None)
            found[entry["id"]] = entry
        if older:
            which = f"{older} entries of an older version are left out"
            self.notes.append(f"{self.folder / INDEX}: {which}; add their models again")
        return list(found.values())

    def add(
        self, problem: Problem, x: Vector, objective: float, facts: Mapping[str, Any] | None = None
    ) -> bool:
        """Add a model with a solution, or a better one of a known model; return whether it was added.

        Parameters
        ----------
        problem : Problem
            The model.
        x : (n,) float64
            A verified solution.
        objective : float
            Its objective in the model's sense.
        facts : mapping, optional
            What else the index keeps, such as the arms' gains.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        data = data_of(problem)
        names = _names_digest(data)
        key = _digest(problem, data, names)
        known = next((entry for entry in self.entries() if entry["id"] == key), None)
        sign = -1.0 if problem.maximise else 1.0
        if known is not None and sign * known["objective"] <= sign * objective:
            return False
        # Files of another solution have other names, so that a line never refers to those of another run.
        own = f"{key}-{hashlib.sha256(np.ascontiguousarray(x).tobytes()).hexdigest()[:8]}"
        files = {
            "model": f"models/{key}.mps.gz",
            "solution": f"solutions/{own}.sol",
            "data": f"data/{own}.npz",
        }
        for path in files.values():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        if not (self.folder / files["model"]).exists():
            write_mps(problem, self.folder / files["model"])
        write_solution(self.folder / files["solution"], problem, x, objective)
        target = self.folder / files["data"]
        with temporary_beside(target) as draft:
            with draft.open("wb") as stream:
                numbers = np.concatenate([data[key] for key in NUMBERS])  # one array is read much faster
                np.savez_compressed(stream, x=x, numbers=numbers, columns=data["columns"], rows=data["rows"])
            draft.replace(target)
        line = {
            "format": FORMAT, "id": key, "name": problem.name, "objective": objective,
            "added": datetime.now(UTC).isoformat(timespec="seconds"), "names": names, **files,
            **(facts or {}),
        }  # fmt: skip
        _append(self.folder / INDEX, json.dumps(line))
        for name in ("solution", "data"):  # those of the worse solution
            before = Path(str((known or {}).get(name, files[name])))
            if before.parent.name == Path(files[name]).parent.name and before.name != Path(files[name]).name:
                with suppress(OSError):  # a file of the worse solution that stays does no harm
                    (self.folder / before.parent.name / before.name).unlink()
        return True

    def recall(self, problem: Problem, nearest: int = NEAREST) -> Recalled:
        """Return the solutions of the nearest models on today's columns.

        The distance is the mean difference of the numbers that vary over the family, in units of their
        spread: costs, bounds and sides, and each row's sums of coefficients and of their squares, by name.
        """
        today = data_of(problem)
        size = max(1, sum(today[key].size for key in NUMBERS))
        latest = min(MOST_MODELS, max(FEWEST_MODELS, MOST_NUMBERS // size))
        loaded, places = [], []
        for entry, data in self.loaded(latest, today):
            place = place_of(data["columns"], today["columns"])
            if (place >= 0).any():
                loaded.append((entry, data))
                places.append(place)
        if not loaded:
            return Recalled(notes=self.notes)
        aligned = [
            np.concatenate(
                [values_at(data[key], place if key in COLUMN_NUMBERS else rows) for key in NUMBERS]
            )
            for (_, data), place in zip(loaded, places, strict=True)
            for rows in [place_of(data["rows"], today["rows"])]
        ]
        distances = _distances(np.array(aligned), np.concatenate([today[key] for key in NUMBERS]))
        order = np.argsort(distances, kind="stable")[:nearest]
        gains: Counter[str] = Counter()
        for k in order:
            gains.update(loaded[k][0]["incumbents"])
        return Recalled(
            [values_at(loaded[k][1]["x"], places[k]) for k in order], [loaded[k][0]["name"] for k in order],
            [float(distances[k]) for k in order], self.notes, dict(gains),
        )  # fmt: skip

    def loaded(
        self, latest: int = 0, today: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Yield the latest entries, all for 0, with their arrays; those that cannot be read are noted.

        Parameters
        ----------
        latest : int
            The number of entries.
        today : mapping, optional
            The data of today's model. Entries with the same names get its arrays of names.
        """
        digest = None if today is None else _names_digest(today)
        for entry in self.entries()[-latest:]:
            path = self.folder / entry["data"]
            try:
                with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                    names = today if today is not None and entry.get("names") == digest else stored
                    data = {"columns": names["columns"], "rows": names["rows"], "x": stored["x"]}
                    data |= _split(stored["numbers"], data["columns"].size, data["rows"].size)
                if data["x"].shape != data["columns"].shape or not np.isfinite(data["x"]).all():
                    raise ValueError("its arrays do not fit together")
            except Exception as error:  # NumPy raises many kinds for damaged files
                self.notes.append(f"{path}: left out: {type(error).__name__}: {error}")
                continue
            yield entry, data


def recalled(folder: str | os.PathLike[str], problem: Problem) -> Recalled:
    """Return what a folder recalls for a model; its trouble is a note, since a run must not end by it."""
    try:
        return History(folder).recall(problem)
    except Exception as error:
        return Recalled(notes=[f"{folder}: nothing is recalled: {type(error).__name__}: {error}"])


def remember(folder: str | os.PathLike[str], result: SolveResult) -> list[str]:
    """Add a run's model and solution to a folder, and return what went wrong, a line each."""
    if result.x is None or result.objective is None:
        return []
    gains = {} if result.engine is None else {
        name: int(arm["incumbents"]) for name, arm in result.engine.arms.items() if arm["incumbents"]
    }  # fmt: skip
    try:
        History(folder).add(result.problem, result.x, result.objective, {"incumbents": gains})
    except Exception as error:
        return [f"{folder}: the solution is not added: {type(error).__name__}: {error}"]
    return []


def data_of(problem: Problem) -> dict[str, Any]:
    """Return the numbers and names of a model."""
    return {
        "columns": np.array(problem.col_names, np.str_), "rows": np.array(problem.row_names, np.str_),
        "c": problem.c, "lb": problem.lb, "ub": problem.ub, "row_lo": problem.row_lo,
        "row_hi": problem.row_hi,
        "row_sum": problem.A @ np.ones(problem.n), "row_squares": problem.A.power(2) @ np.ones(problem.n),
    }  # fmt: skip


def _append(path: Path, line: str) -> None:
    """Append a line at once; a last line without an end, which was torn or written by hand, gets one."""
    with path.open("a+b") as stream:
        stream.seek(max(0, stream.seek(0, os.SEEK_END) - 1))
        torn = stream.read(1) not in (b"", b"\n")
        stream.write(b"\n" * torn + f"{line}\n".encode())


def _digest(problem: Problem, data: Mapping[str, Any], names: str) -> str:
    A = problem.A
    digest = hashlib.sha256(f"{names} {problem.offset!r} {problem.maximise}".encode())
    for part in (*(data[key] for key in NUMBERS), A.indptr, A.indices, A.data, problem.integer):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()[:16]


def _names_digest(data: Mapping[str, Any]) -> str:
    digest = hashlib.sha256()
    for key in ("columns", "rows"):
        digest.update(f"{data[key].size} {data[key].dtype.str}\n".encode())
        digest.update(np.ascontiguousarray(data[key]).tobytes())
    return digest.hexdigest()[:16]


def _split(numbers: Vector, n: int, m: int) -> dict[str, Vector]:
    """Return the arrays that were joined to one, by their keys in `NUMBERS`."""
    sizes = [n if key in COLUMN_NUMBERS else m for key in NUMBERS]
    if numbers.shape != (sum(sizes),):
        raise ValueError(f"it has {numbers.size} numbers, expected {sum(sizes)}")
    return dict(zip(NUMBERS, np.split(numbers, np.cumsum(sizes)[:-1]), strict=True))


def place_of(own: Names, today: Names) -> NDArray[np.intp]:
    """Return the place of each of today's names among earlier ones, -1 where it is new."""
    if own is today:
        return np.arange(today.size)
    if own.shape == today.shape and (own == today).all():
        return np.arange(today.size)
    if not own.size:
        return np.full(today.size, -1)
    order = np.argsort(own, kind="stable")
    at = np.minimum(np.searchsorted(own[order], today), own.size - 1)
    found: NDArray[np.intp] = order[at]
    return np.where(own[found] == today, found, -1)


def values_at(values: Vector, place: NDArray[np.intp]) -> Vector:
    """Return values at places, NaN at -1."""
    if not values.size:
        return np.full(place.size, np.nan)
    return np.where(place >= 0, values[np.maximum(place, 0)], np.nan)


def _distances(earlier: NDArray[np.float64], today: Vector) -> Vector:
    """Return the distances (k,) of earlier numbers (k, f) from today's (f,)."""
    every = np.vstack((earlier, today[None]))
    with np.errstate(invalid="ignore"):
        varies = ~((every == every[-1]) | np.isnan(every)).all(axis=0) | np.isnan(every).any(axis=0)
    every, now = every[:, varies], today[varies]
    if not now.size:
        return np.zeros(len(earlier))
    finite = np.where(np.isfinite(every), every, np.nan)
    known = np.isfinite(finite).any(axis=0)  # the others are infinite or absent in every model
    spread = np.zeros(now.size)
    center = np.nanmedian(finite[:, known], axis=0)
    spread[known] = np.nanmean(np.abs(finite[:, known] - center), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        steps = np.abs(every[:-1] - now) / np.where(spread > 0, spread, 1.0)
    steps = np.where(
        every[:-1] == now, 0.0, np.where(np.isfinite(steps), np.minimum(steps, FARTHEST), FARTHEST)
    )
    return np.asarray(steps.mean(axis=1))
