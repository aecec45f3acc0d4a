"""Hyper-parameter grids: tuned on one set of instances, reported on another.

    base = "FP"                     # a preset, or a configuration's .toml beside this file
    paper = true                    # the authors' exact setting; false where it is left out
    tune = ["small.txt"]            # files, folders, lists; relative to this file
    test = ["others.txt"]           # has no instance in common with tune
    seeds = "0-2"
    time_limit = 10
    max_iter = 1000

    [grid]                          # every combination
    "optimizer.eta" = [0.3, 0.6, 1]
    "losses.regularisation" = [0.1, 0.5]

    [lines]                         # or one at a time around the base
    "losses.integrality.order" = [1, 2, 3]

Keys are those of `solve --set`. The best combination (fewest fails, then fewest iterations, a fail counting
as max_iter) is run on the test set beside the base: the tuned figure is never the one to believe.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from diffpump.bench.plan import Job, Limits, Setting, jobs, parse_seeds
from diffpump.config.pump import Config, config
from diffpump.config.toml import load_config
from diffpump.core.errors import UsageError
from diffpump.core.spec import Value, format_value

Record = Mapping[str, Any]
Point = tuple[tuple[str, Value], ...]  # key and value of every axis that differs from the base

_KEYS: Mapping[str, Any] = {
    "base": str, "paper": bool, "tune": list, "test": list, "seeds": str, "time_limit": (int, float),
    "max_iter": int, "grid": dict, "lines": dict,
}  # fmt: skip
_NEEDED = ("tune", "test")


@dataclass(frozen=True)
class Grid:
    """A grid file: the base, the two sets of files, and the points."""

    base: Config
    tune: tuple[str, ...]
    test: tuple[str, ...]
    seeds: tuple[int, ...]
    axes: Mapping[str, tuple[Value, ...]]
    points: tuple[Point, ...]

    @classmethod
    def load(cls, path: str) -> Grid:
        """Read a grid file; UsageError, with its name, for what does not fit."""
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
            if key not in _KEYS:
                raise UsageError(f"unknown key '{key}'; known: {', '.join(_KEYS)}")
            if not isinstance(value, _KEYS[key]):
                raise UsageError(f"{key} has the wrong kind of value: {value!r}")
        for key in _NEEDED:
            if not values.get(key):
                raise UsageError(f"{key} is missing: tuning on one set is reported on another")
        axes = {
            key: tuple(listed) for part in ("grid", "lines") for key, listed in values.get(part, {}).items()
        }
        if not axes or not all(axes.values()):
            raise UsageError("no [grid] and no [lines] with values in them")
        base = _base(values, folder)
        grid = [tuple(zip(values.get("grid", {}), point, strict=True)) for point in product(*(
            axes[key] for key in values.get("grid", {})
        ))]  # fmt: skip
        lines = [((key, value),) for key in values.get("lines", {}) for value in axes[key]]
        points = tuple(point for point in [*grid, *lines] if point)
        for point in points:
            _at(base, point)  # refuse now what would fail later
        return cls(
            base, _files(values["tune"], folder), _files(values["test"], folder),
            parse_seeds(values.get("seeds", "0")), axes, points,
        )  # fmt: skip

    def settings(self) -> dict[Point, Setting]:
        """The configuration of every point, the base under ()."""
        return {point: Setting.ours(_at(self.base, point)) for point in [(), *self.points]}

    def refuse_overlap(self, tune: Iterable[Job], test_files: Iterable[str]) -> None:
        """UsageError when an instance of the one set is in the other, under whatever name."""
        hashes = {job.sha256 for job in tune}
        both = [
            job.name
            for job in jobs(test_files, [Setting.ours(self.base)], [0], Limits())
            if job.sha256 in hashes
        ]
        if both:
            raise UsageError(f"in tune and in test: {', '.join(both)}; a tuned figure proves nothing")


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
    """The base with a point's values, named by them."""
    settled = base
    for key, value in point:
        settled = settled.set(f"{key}={format_value(value)}")
    words = [f"{key.rpartition('.')[2]}={format_value(value)}" for key, value in point]
    return replace(settled, preset=" ".join([base.preset, *words]))


def best(grid: Grid, tune: Iterable[Job], records: Mapping[str, Record]) -> Point:
    """The point with the fewest fails, then the fewest iterations, the first of equals; the base is one."""
    scores = _scores(tune, records)
    return min(grid.settings().items(), key=lambda item: scores[item[1].digest][:2])[0]


def table(
    grid: Grid, chosen: Point, tune: Iterable[Job], test: Iterable[Job], records: Mapping[str, Record]
) -> str:
    """The grid in Markdown: every point on the tuning set, then base and best on both sets."""
    settings = grid.settings()
    tuned, tested = _scores(tune, records), _scores(test, records)
    lines = [
        f"# Grid around {grid.base.preset}",
        "",
        f"Fails / iterations (a fail counts as {grid.base.max_iter}), "
        f"seeds {', '.join(map(str, grid.seeds))}, {grid.base.time_limit} s a run; "
        "in brackets the fails that the clock cut.",
        "",
        f"On the tuning set ({tuned[settings[()].digest][2]} runs each):",
        "",
        *_points(grid, {point: _cell(tuned[setting.digest]) for point, setting in settings.items()}),
        "",
        "| | tuning set | test set |",
        "|---|---|---|",
    ]
    for point, what in (((), "base"), (chosen, "best on the tuning set")):
        setting = settings[point]
        cells = (_cell(scores[setting.digest]) for scores in (tuned, tested))
        lines.append(f"| {what}: {setting.label} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _points(grid: Grid, cells: Mapping[Point, str]) -> list[str]:
    """A table with two axes as rows and columns, or a list of points."""
    if len(grid.axes) == 2 and all(len(point) == 2 for point in grid.points):
        (down, rows), (across, columns) = grid.axes.items()
        lines = [
            f"| {down} \\ {across} | " + " | ".join(map(format_value, columns)) + " |",
            "|---" * (len(columns) + 1) + "|",
        ]
        for value in rows:
            found = (cells[((down, value), (across, other))] for other in columns)
            lines.append(f"| {format_value(value)} | {' | '.join(found)} |")
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
    """By configuration: fails, iterations (a fail counts as max_iter), runs, fails that the clock cut."""
    scores: dict[str, tuple[int, int, int, int]] = {}
    for job in planned:
        record = records[job.key]
        found, limit = record["found"], job.setting.config["max_iter"]
        cut = record["status"] in ("time_limit", "timeout")
        fails, iterations, runs, by_clock = scores.get(job.setting.digest, (0, 0, 0, 0))
        scores[job.setting.digest] = (
            fails + (not found), iterations + (record["iterations"] if found else limit),
            runs + 1, by_clock + cut,
        )  # fmt: skip
    return scores


def _cell(score: tuple[int, int, int, int]) -> str:
    fails, iterations, _, cut = score
    return f"{fails} / {iterations}" + (f" ({cut})" if cut else "")
