"""Hyper-parameter grids: tuned on one set of instances and reported on another.

    base = "FP"                     # a preset, or a configuration's .toml file beside this file
    paper = true                    # the authors' exact setting; the default is false
    tune = ["small.txt"]            # files, folders, lists; relative to this file
    test = ["others.txt"]           # must have no instance in common with tune
    seeds = "0-2"
    time_limit = 10                 # seconds
    max_iter = 1000

    [grid]                          # every combination of values
    "optimizer.eta" = [0.3, 0.6, 1]
    "losses.regularisation" = [0.1, 0.5]

    [lines]                         # one change of the base at a time
    "losses.integrality.order" = [1, 2, 3]

Keys are those of `solve --set`. A point is one combination of values. The best point has the fewest failures,
then the fewest iterations, where a failure counts as max_iter. It is run on the test set together with the
base, because its result on the tuning set is biased by the choice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from diffpump.bench.plan import Job, Limits, Setting, jobs, parse_seeds
from diffpump.config.presets import config
from diffpump.config.pump import Config
from diffpump.config.toml import load_config
from diffpump.core.errors import UsageError
from diffpump.core.spec import Value, format_value

Record = Mapping[str, Any]
Point = tuple[tuple[str, Value], ...]  # key and value of every axis that the point sets; () is the base

_KEY_TYPES: Mapping[str, Any] = {
    "base": str, "paper": bool, "tune": list, "test": list, "seeds": str, "time_limit": (int, float),
    "max_iter": int, "grid": dict, "lines": dict,
}  # fmt: skip
_REQUIRED_KEYS = ("tune", "test")


@dataclass(frozen=True)
class Grid:
    """The content of a grid file.

    base         the configuration that every point changes
    tune, test   the files, folders and lists of the two sets
    axes         the values of each key, [grid] before [lines]
    points       all points except the base
    """

    base: Config
    tune: tuple[str, ...]
    test: tuple[str, ...]
    seeds: tuple[int, ...]
    axes: Mapping[str, tuple[Value, ...]]
    points: tuple[Point, ...]

    @classmethod
    def load(cls, path: str) -> Grid:
        """Read a grid file; raise UsageError, with the file's name, if it is refused."""
        try:
            values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
        except ValueError as error:
            raise UsageError(f"{path}: not TOML: {error}") from None
        try:
            return cls._of(values, Path(path).parent)
        except UsageError as error:
            raise UsageError(f"{path}: {error}") from None

    @classmethod
    def _of(cls, values: dict[str, Any], folder: Path) -> Grid:
        for key, value in values.items():
            if key not in _KEY_TYPES:
                raise UsageError(f"unknown key '{key}'; known: {', '.join(_KEY_TYPES)}")
            if not isinstance(value, _KEY_TYPES[key]):
                raise UsageError(f"{key} has a value of the wrong type: {value!r}")
        for key in _REQUIRED_KEYS:
            if not values.get(key):
                raise UsageError(f"{key} is missing: a grid is tuned on one set and reported on another")
        axes = {
            key: tuple(listed) for part in ("grid", "lines") for key, listed in values.get(part, {}).items()
        }
        if not axes or not all(axes.values()):
            raise UsageError("[grid] or [lines] must list values, and every list needs at least one")
        base = _base(values, folder)
        grid = [tuple(zip(values.get("grid", {}), point, strict=True)) for point in product(*(
            axes[key] for key in values.get("grid", {})
        ))]  # fmt: skip
        lines = [((key, value),) for key in values.get("lines", {}) for value in axes[key]]
        points = tuple(point for point in [*grid, *lines] if point)
        for point in points:
            _at(base, point)  # raises UsageError now instead of during the batch
        return cls(
            base, _files(values["tune"], folder), _files(values["test"], folder),
            parse_seeds(values.get("seeds", "0")), axes, points,
        )  # fmt: skip

    def settings(self) -> dict[Point, Setting]:
        """Return the setting of every point; the base has the key ()."""
        return {point: Setting.ours(_at(self.base, point)) for point in [(), *self.points]}

    def refuse_overlap(self, tune: Iterable[Job], test_files: Iterable[str]) -> None:
        """Raise UsageError if both sets contain the same instance; files are compared by sha256."""
        hashes = {job.sha256 for job in tune}
        shared = [
            job.name
            for job in jobs(test_files, [Setting.ours(self.base)], [0], Limits())
            if job.sha256 in hashes
        ]
        if shared:
            raise UsageError(
                f"in tune and in test: {', '.join(shared)}; "
                "remove them from one set, since results on tuned instances are biased"
            )


def _base(values: dict[str, Any], folder: Path) -> Config:
    name = values.get("base", "DP4")
    base = load_config(folder / name) if name.endswith(".toml") else config(name)
    if values.get("paper"):
        base = replace(base.paper(), preset=f"{base.preset} (paper)")
    limits = {"time_limit": float(values["time_limit"])} if "time_limit" in values else {}
    return base.with_(**limits, **({"max_iter": values["max_iter"]} if "max_iter" in values else {}))


def _files(paths: list[Any], folder: Path) -> tuple[str, ...]:
    texts = [str(path) for path in paths]
    return tuple(text if text.startswith(("$", "/")) else str(folder / text) for text in texts)


def _at(base: Config, point: Point) -> Config:
    """Return the base with a point's values, which also extend its name."""
    changed = base
    for key, value in point:
        changed = changed.set(f"{key}={format_value(value)}")
    words = [f"{key.rpartition('.')[2]}={format_value(value)}" for key, value in point]
    return replace(changed, preset=" ".join([base.preset, *words]))


def best(grid: Grid, tune: Iterable[Job], records: Mapping[str, Record]) -> Point:
    """Return the point, or the base (), with the fewest failures, then the fewest iterations.

    Of equal points the first one is returned; the base comes first.
    """
    scores = _scores(tune, records)
    return min(grid.settings().items(), key=lambda item: scores[item[1].digest][:2])[0]


def table(
    grid: Grid, chosen: Point, tune: Iterable[Job], test: Iterable[Job], records: Mapping[str, Record]
) -> str:
    """Return the results in Markdown: every point on the tuning set, then base and best on both sets."""
    settings = grid.settings()
    tuned, tested = _scores(tune, records), _scores(test, records)
    lines = [
        f"# Grid around {grid.base.preset}",
        "",
        f"Fails / iterations (a fail counts as {grid.base.max_iter}), "
        f"seeds {', '.join(map(str, grid.seeds))}, {grid.base.time_limit} s per run; "
        "in brackets: fails at the time limit.",
        "",
        f"On the tuning set ({tuned[settings[()].digest][2]} runs each):",
        "",
        *_points(grid, {point: _cell(tuned[setting.digest]) for point, setting in settings.items()}),
        "",
        "| | tuning set | test set |",
        "|---|---|---|",
    ]
    for point, role in (((), "base"), (chosen, "best on the tuning set")):
        setting = settings[point]
        cells = (_cell(scores[setting.digest]) for scores in (tuned, tested))
        lines.append(f"| {role}: {setting.label} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _points(grid: Grid, cells: Mapping[Point, str]) -> list[str]:
    """Return a table of rows and columns if the grid has two axes, else one row per point."""
    if len(grid.axes) == 2 and all(len(point) == 2 for point in grid.points):
        (row_key, rows), (column_key, columns) = grid.axes.items()
        lines = [
            f"| {row_key} \\ {column_key} | " + " | ".join(map(format_value, columns)) + " |",
            "|---" * (len(columns) + 1) + "|",
        ]
        for value in rows:
            row = (cells[((row_key, value), (column_key, other))] for other in columns)
            lines.append(f"| {format_value(value)} | {' | '.join(row)} |")
        return lines
    named = {
        ", ".join(f"{key} = {format_value(value)}" for key, value in point) or "base": point
        for point in cells
    }
    return [
        "| point | fails / iterations |",
        "|---|---|",
        *(f"| {name} | {cells[point]} |" for name, point in named.items()),
    ]


def _scores(planned: Iterable[Job], records: Mapping[str, Record]) -> dict[str, tuple[int, int, int, int]]:
    """Return (failures, iterations, runs, failures at the time limit) by digest of the configuration.

    A failure counts as max_iter iterations.
    """
    scores: dict[str, tuple[int, int, int, int]] = {}
    for job in planned:
        record = records[job.key]
        found, limit = record["found"], job.setting.config["max_iter"]
        timed_out = record["status"] in ("time_limit", "timeout")
        failures, iterations, runs, timeouts = scores.get(job.setting.digest, (0, 0, 0, 0))
        scores[job.setting.digest] = (
            failures + (not found), iterations + (record["iterations"] if found else limit),
            runs + 1, timeouts + timed_out,
        )  # fmt: skip
    return scores


def _cell(score: tuple[int, int, int, int]) -> str:
    failures, iterations, _, timeouts = score
    return f"{failures} / {iterations}" + (f" ({timeouts})" if timeouts else "")
