"""The options of `diffpump solve` as a value, and the configuration they mean."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffpump.config.engine import Settings
    from diffpump.config.pump import Config

PUMPS = {
    "--loss": "losses", "--rounding": "rounding", "--jacobian": "jacobian", "--optimizer": "optimizer",
    "--restart": "restarts", "--max-iter": "max_iter", "--backend": "backend", "--set": "assignments",
    "--paper": "paper", "--trace": "trace", "--plot": "plot",
}  # fmt: skip
"""The options that the pump alone has."""
ENGINES = {
    "--start": "start", "--threads": "threads", "--deterministic": "deterministic",
    "--work-limit": "work_limit", "--stop": "stop",
}  # fmt: skip
"""The options that the engine alone has; --stop first goes for both."""


@dataclass(frozen=True)
class Options:
    """What `solve` was asked; None, False and () where an option was not given. `stop` has the fields of
    `Settings` that --stop means."""

    model: str
    preset: str | None
    config_file: str | None
    seed: int
    backend: str | None
    time_limit: float | None
    stop: Mapping[str, Any] | None
    start: str | None
    threads: int | None
    deterministic: bool
    work_limit: int | None
    max_iter: int | None
    losses: tuple[str, ...]
    rounding: str | None
    jacobian: str | None
    optimizer: str | None
    restarts: tuple[str, ...]
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
        """The first option given that the pump alone has, where neither a preset nor a file was named."""
        named = self.preset is not None or self.config_file is not None
        return None if named else next(iter(self._given(PUMPS)), None)

    def config(self) -> Config | Settings:
        """The file or the preset, then the options, then every --set in its order, then --paper.

        Without a preset that is the engine, or DP4 where an option is given that the pump alone has.
        """
        from diffpump.config.engine import Settings

        base = self._base()
        return self._settings(base) if isinstance(base, Settings) else self._config(base)

    def _base(self) -> Config | Settings:
        """What --config or --preset names, or the default."""
        from diffpump.api import settled_as
        from diffpump.config.engine import AUTO
        from diffpump.config.pump import DEFAULT_PRESET
        from diffpump.core.errors import UsageError

        if self.config_file is None:
            return settled_as(self.preset or (DEFAULT_PRESET if self.implies_pump else AUTO), {})
        from diffpump.config.toml import load_settled

        if self.preset is not None:
            raise UsageError("--config and --preset exclude each other; the file may name a preset itself")
        return load_settled(self.config_file)

    def _config(self, base: Config) -> Config:
        """The pump's; UsageError for an option that is the engine's."""
        from diffpump.core.errors import UsageError

        given = [name for name in self._given(ENGINES) if name != "--stop" or self.stop != {"until": "first"}]
        if given:
            name = "--stop, but for 'first'," if given[0] == "--stop" else given[0]
            why = f"; {self.implies_pump} alone means preset {base.preset}" if self.implies_pump else ""
            raise UsageError(f"{name} is an option of auto, not of the pump's presets{why}")
        changes: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("backend", "max_iter", "rounding", "jacobian", "optimizer")
            if getattr(self, name) is not None
        }
        if self.losses:
            changes["losses"] = self.losses
        if self.restarts:
            changes["restarts"] = () if self.restarts == ("none",) else self.restarts
        settled = base.with_(**changes, **self._limit())
        for assignment in self.assignments:
            settled = settled.set(assignment)
        return settled.paper() if self.paper else settled

    def _settings(self, base: Settings) -> Settings:
        """The engine's; UsageError for an option that is the pump's."""
        from diffpump.core.errors import UsageError

        if given := self._given(PUMPS):
            raise UsageError(f"{given[0]} is an option of the pump's presets, not of auto")
        changes: dict[str, Any] = {**(self.stop or {}), **self._limit()}
        if self.threads is not None:
            changes["threads"] = self.threads
        if self.work_limit is not None:
            changes["work_limit"] = self.work_limit
        if self.deterministic:
            changes["deterministic"] = True
        return base.with_(**changes)

    def _limit(self) -> dict[str, float | None]:
        if self.time_limit is None:
            return {}
        return {"time_limit": None if math.isinf(self.time_limit) else self.time_limit}

    def _given(self, names: Mapping[str, str]) -> list[str]:
        """The options of these that were given, in their order."""
        values = {option: getattr(self, name) for option, name in names.items()}
        return [option for option, v in values.items() if not (v is None or v is False or v == ())]

    def check_files(self) -> None:
        """Refuse now what could not be read after a large model, or written after an hour."""
        from diffpump.core.errors import InputError, UsageError
        from diffpump.io.solution import check_target

        if self.quiet and self.verbose:
            raise UsageError("-q and -v exclude each other")
        if self.start is not None:
            try:
                Path(self.start).open("rb").close()
            except OSError as error:
                raise InputError(f"cannot be read: {error.strerror}", self.start) from None
        if self.solution_file is not None:
            check_target(self.solution_file)
        for path, suffixes in ((self.log_file, ()), (self.trace, (".jsonl",)), (self.plot, (".png", ".svg"))):
            if path is not None:
                check_output(path, suffixes)
        if self.plot is not None and find_spec("matplotlib") is None:
            raise UsageError("--plot needs matplotlib: pip install 'diffpump[plot]'")
        taken = {os.path.realpath(self.model): "the model"}
        if self.config_file is not None:
            taken[os.path.realpath(self.config_file)] = "the configuration"
        # The start may be the solution file of an earlier run: it is read before that is written.
        if self.start is not None and self.start != self.solution_file:
            taken[os.path.realpath(self.start)] = "the start"
        for path in (self.solution_file, self.log_file, self.trace, self.plot):
            if path is not None:
                other = taken.setdefault(os.path.realpath(path), path)
                if other is not path:
                    raise UsageError(f"{path}: would overwrite {other}")


def check_output(path: str, suffixes: tuple[str, ...]) -> None:
    """UsageError for an unknown suffix, OutputError for a place where no file can be made."""
    from diffpump.core.errors import OutputError, UsageError
    from diffpump.io.files import refuse_directory

    target = Path(path)
    # A device has no suffix and needs none.
    if suffixes and target.suffix.lower() not in suffixes and not target.is_char_device():
        raise UsageError(f"{path}: the name must end in {' or '.join(suffixes)}")
    refuse_directory(path)
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: permission denied")
