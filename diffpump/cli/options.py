"""The options of `diffpump solve` as a value, and the configuration they mean."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffpump.config import Config
    from diffpump.search.settings import Settings


@dataclass(frozen=True)
class Options:
    """What `solve` was asked; None and () where an option was not given."""

    model: str
    preset: str | None
    config_file: str | None
    seed: int
    backend: str | None
    time_limit: float | None
    max_iter: int | None
    losses: tuple[str, ...]
    rounding: str | None
    jacobian: str | None
    optimizer: str | None
    restarts: tuple[str, ...]
    assignments: tuple[str, ...]
    paper: bool
    stop: str | None
    solution_file: str | None
    log_file: str | None
    trace: str | None
    plot: str | None
    as_json: bool
    quiet: bool
    verbose: bool

    def config(self) -> Config | Settings:
        """The file or the preset, then the options, then every --set in its order, then --paper."""
        if self.preset is not None and self.preset.lower() == "auto":
            return self._settings()
        from diffpump.result import UsageError

        changes: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("backend", "max_iter", "rounding", "jacobian", "optimizer")
            if getattr(self, name) is not None
        }
        if self.time_limit is not None:
            changes["time_limit"] = None if math.isinf(self.time_limit) else self.time_limit
        if self.losses:
            changes["losses"] = self.losses
        if self.restarts:
            changes["restarts"] = () if self.restarts == ("none",) else self.restarts
        if self.stop == "time":
            raise UsageError("--stop time is auto's: the pump's presets end with their first solution")
        settled = self._base().with_(**changes)
        for assignment in self.assignments:
            settled = settled.set(assignment)
        return settled.paper() if self.paper else settled

    def _settings(self) -> Settings:
        """The engine's; UsageError for an option that is the pump's."""
        from diffpump.result import UsageError
        from diffpump.search.settings import Settings

        pump = {
            "--backend": self.backend, "--max-iter": self.max_iter, "--loss": self.losses,
            "--rounding": self.rounding, "--jacobian": self.jacobian, "--optimizer": self.optimizer,
            "--restart": self.restarts, "--set": self.assignments, "--paper": self.paper,
            "--trace": self.trace, "--plot": self.plot,
        }  # fmt: skip
        if given := [name for name, value in pump.items() if value]:
            raise UsageError(f"{given[0]} is an option of the pump's presets, not of auto")
        changes: dict[str, Any] = {} if self.stop is None else {"until": self.stop}
        if self.time_limit is not None:
            changes["time_limit"] = None if math.isinf(self.time_limit) else self.time_limit
        return Settings().with_(**changes)

    def _base(self) -> Config:
        """What --config or --preset names."""
        from diffpump.config import DEFAULT_PRESET, config
        from diffpump.config_file import load_config
        from diffpump.result import UsageError

        if self.config_file is None:
            return config(DEFAULT_PRESET if self.preset is None else self.preset)
        if self.preset is not None:
            raise UsageError("--config and --preset exclude each other; the file may name a preset itself")
        return load_config(self.config_file)

    def check_outputs(self) -> None:
        """Refuse now what could not be written after an hour."""
        from diffpump.io.solution import check_target
        from diffpump.result import UsageError

        if self.quiet and self.verbose:
            raise UsageError("-q and -v exclude each other")
        if self.solution_file is not None:
            check_target(self.solution_file)
        for path, suffixes in ((self.log_file, ()), (self.trace, (".jsonl",)), (self.plot, (".png", ".svg"))):
            if path is not None:
                _check_output(path, suffixes)
        if self.plot is not None and find_spec("matplotlib") is None:
            raise UsageError("--plot needs matplotlib: pip install 'diffpump[plot]'")
        taken = {os.path.realpath(self.model): "the model"}
        if self.config_file is not None:
            taken[os.path.realpath(self.config_file)] = "the configuration"
        for path in (self.solution_file, self.log_file, self.trace, self.plot):
            if path is not None:
                other = taken.setdefault(os.path.realpath(path), path)
                if other is not path:
                    raise UsageError(f"{path}: would overwrite {other}")


def _check_output(path: str, suffixes: tuple[str, ...]) -> None:
    """UsageError for an unknown suffix, OutputError for a place where no file can be made."""
    from diffpump.io.files import refuse_directory
    from diffpump.result import OutputError, UsageError

    target = Path(path)
    # A device has no suffix and needs none.
    if suffixes and target.suffix.lower() not in suffixes and not target.is_char_device():
        raise UsageError(f"{path}: the name must end in {' or '.join(suffixes)}")
    refuse_directory(path)
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: permission denied")
