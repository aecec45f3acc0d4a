"""The options of `diffpump solve` as a value, and the configuration that they define."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffpump.config.engine import Settings
    from diffpump.config.pump import Config

PUMP_OPTIONS = {
    "--loss": "losses", "--rounding": "rounding", "--jacobian": "jacobian", "--optimizer": "optimizer",
    "--restart": "restarts", "--multipliers": "multipliers", "--max-iter": "max_iter",
    "--backend": "backend", "--set": "assignments", "--paper": "paper", "--trace": "trace", "--plot": "plot",
}  # fmt: skip
"""The options that only the pump has, with their fields of `Options`."""
ENGINE_OPTIONS = {
    "--start": "start", "--history": "history", "--model": "family", "--threads": "threads",
    "--deterministic": "deterministic", "--work-limit": "work_limit", "--until": "until",
    "--solutions": "solutions", "--min-difference": "min_difference", "--within": "within",
}  # fmt: skip
"""The options that only the engine has; the pump accepts `--until first`, too."""


@dataclass(frozen=True)
class Options:
    """The options of a call of `diffpump solve`; None, False or () if an option was not given.

    until  the fields of `Settings` that --until sets
    """

    model: str
    preset: str | None
    config_file: str | None
    seed: int
    backend: str | None
    time_limit: float | None
    until: Mapping[str, Any] | None
    solutions: int | None
    min_difference: float | None
    within: float | None
    start: str | None
    history: str | None
    family: str | None
    threads: int | None
    deterministic: bool
    work_limit: int | None
    max_iter: int | None
    losses: tuple[str, ...]
    rounding: str | None
    jacobian: str | None
    optimizer: str | None
    restarts: tuple[str, ...]
    multipliers: str | None
    assignments: tuple[str, ...]
    paper: bool
    solution_file: str | None
    log_file: str | None
    trace: str | None
    plot: str | None
    as_json: bool
    quiet: bool
    verbose: bool

    @property
    def implies_pump(self) -> str | None:
        """The first given option that only the pump has; None if a preset or a file was given."""
        named = self.preset is not None or self.config_file is not None
        return None if named else next(iter(self._given(PUMP_OPTIONS)), None)

    def config(self) -> Config | Settings:
        """Return the configuration of the file or preset, with the options, each --set and --paper applied.

        The default preset is auto, the engine, or DP4 if an option was given that only the pump has.
        """
        from diffpump.config.engine import Settings

        base = self._base()
        return self._settings(base) if isinstance(base, Settings) else self._config(base)

    def _base(self) -> Config | Settings:
        """Return the configuration of --config or --preset, or the default one."""
        from diffpump.api import configure
        from diffpump.config.engine import AUTO
        from diffpump.config.presets import DEFAULT_PRESET
        from diffpump.core.errors import UsageError

        if self.config_file is None:
            return configure(self.preset or (DEFAULT_PRESET if self.implies_pump else AUTO), {})
        from diffpump.config.toml import load_configuration

        if self.preset is not None:
            raise UsageError("--config and --preset exclude each other; the file may name a preset itself")
        return load_configuration(self.config_file)

    def _config(self, base: Config) -> Config:
        """Return the pump's configuration. Raises UsageError for an option that only the engine has."""
        from diffpump.core.errors import UsageError

        given = [
            name
            for name in self._given(ENGINE_OPTIONS)
            if name != "--until" or self.until != {"until": "first"}
        ]
        if given:
            name = "--until other than 'first'" if given[0] == "--until" else given[0]
            advice = "use --preset auto"
            if self.implies_pump:
                advice = f"{self.implies_pump} implies preset {base.preset}"
            raise UsageError(f"{name} is an option of auto, not of the pump's presets; {advice}")
        changes: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("backend", "max_iter", "rounding", "jacobian", "optimizer", "multipliers")
            if getattr(self, name) is not None
        }
        if self.losses:
            changes["losses"] = self.losses
        if self.restarts:
            changes["restarts"] = () if self.restarts == ("none",) else self.restarts
        config = base.with_(**changes, **self._limit())
        for assignment in self.assignments:
            config = config.set(assignment)
        return config.paper() if self.paper else config

    def _settings(self, base: Settings) -> Settings:
        """Return the engine's settings. Raises UsageError for an option that only the pump has."""
        from diffpump.core.errors import UsageError

        if given := self._given(PUMP_OPTIONS):
            raise UsageError(
                f"{given[0]} is an option of the pump's presets, not of auto; use one, such as --preset DP4"
            )
        changes: dict[str, Any] = {**(self.until or {}), **self._limit()}
        for name in ("threads", "work_limit", "solutions", "min_difference", "within"):
            if getattr(self, name) is not None:
                changes[name] = getattr(self, name)
        if self.deterministic:
            changes["deterministic"] = True
        return base.with_(**changes)

    def _limit(self) -> dict[str, float | None]:
        if self.time_limit is None:
            return {}
        return {"time_limit": None if math.isinf(self.time_limit) else self.time_limit}

    def _given(self, names: Mapping[str, str]) -> list[str]:
        """Return those of the named options that were given, in the order of `names`."""
        values = {option: getattr(self, name) for option, name in names.items()}
        return [option for option, v in values.items() if not (v is None or v is False or v == ())]

    def best_file(self, config: Config | Settings) -> str | None:
        """Return the path of the best solution's file: the first file of a folder if several are wanted."""
        if self.solution_file is None or getattr(config, "solutions", 1) == 1:
            return self.solution_file
        return str(Path(self.solution_file) / "1.sol")

    def check_files(self, config: Config | Settings) -> None:
        """Raise before the run if a file could not be read or written later, and make the solutions' folder.

        Reading a large model or running for an hour first would waste that time.
        """
        from diffpump.core.errors import InputError, UsageError
        from diffpump.io.solution import check_target

        if self.quiet and self.verbose:
            raise UsageError("-q and -v exclude each other")
        if self.start is not None:
            try:
                Path(self.start).open("rb").close()
            except OSError as error:
                raise InputError(f"cannot be read: {error.strerror}", self.start) from None
        if self.family is not None:
            from diffpump.learn.family import load

            load(self.family)
        if (best := self.best_file(config)) is not None:
            if best != self.solution_file:
                make_folder(self.solution_file)
            check_target(best)
        for path, suffixes in ((self.log_file, ()), (self.trace, (".jsonl",)), (self.plot, (".png", ".svg"))):
            if path is not None:
                check_output(path, suffixes)
        if self.plot is not None and find_spec("matplotlib") is None:
            raise UsageError("--plot needs matplotlib: pip install 'diffpump[plot]'")
        taken = {os.path.realpath(self.model): "the model"}
        if self.config_file is not None:
            taken[os.path.realpath(self.config_file)] = "the configuration"
        # The start and the solution file may be the same: the start is read before the first write.
        if self.start is not None and self.start != self.solution_file:
            taken[os.path.realpath(self.start)] = "the start"
        refuse_overlap(taken, (self.solution_file, self.log_file, self.trace, self.plot))


def refuse_overlap(taken: dict[str, str], paths: Iterable[str | None]) -> None:
    """Raise UsageError for the first path that is another one's file; `taken` has what each file is."""
    from diffpump.core.errors import UsageError

    for path in paths:
        if path is not None:
            other = taken.setdefault(os.path.realpath(path), path)
            if other is not path:
                raise UsageError(f"{path}: would overwrite {other}; choose another file")


def make_folder(path: str | None) -> None:
    """Make a folder for solutions.

    Raises
    ------
    UsageError
        If the name is that of a single solution file.
    OutputError
        If there is a file of that name, or the folder cannot be made.
    """
    from diffpump.core.errors import OutputError, UsageError

    assert path is not None
    if Path(path).suffix.lower() in (".sol", ".mst", ".json"):
        raise UsageError(f"{path}: several solutions need a folder; write --solution-file {Path(path).stem}/")
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: the folder cannot be made: {error.strerror}") from None


def check_picture(path: str, model: str, option: str) -> None:
    """Raise UsageError or OutputError before the run if the picture could not be written after it."""
    from diffpump.core.errors import UsageError

    check_output(path, (".png", ".svg"))
    if os.path.realpath(path) == os.path.realpath(model):
        raise UsageError(f"{path}: would overwrite the model; choose another file")
    if find_spec("matplotlib") is None:
        raise UsageError(f"{option} needs matplotlib: pip install 'diffpump[plot]'")


def check_output(path: str, suffixes: tuple[str, ...]) -> None:
    """Raise UsageError for a suffix that is not allowed, and OutputError if the file cannot be written."""
    from diffpump.core.errors import OutputError, UsageError
    from diffpump.io.files import refuse_directory

    target = Path(path)
    # A device such as /dev/full needs no suffix.
    if suffixes and target.suffix.lower() not in suffixes and not target.is_char_device():
        raise UsageError(f"{path}: the name must end in {' or '.join(suffixes)}")
    refuse_directory(path)
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: permission denied")
