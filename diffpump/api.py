"""`solve`: one run from a model to a verified result, with the engine or with the pump alone.

`diffpump.solve` and the command line use this module. A solution is returned only after `verify.check.prove`
has accepted it in exact arithmetic: against the original file if the model was read from one, else against
the model as given. Values are checked as the decimal texts that a solution file would hold.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from diffpump.config.engine import AUTO, Settings
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import RunLimits, reading_check
from diffpump.core.problem import Problem
from diffpump.core.spec import plain_number
from diffpump.io.foreign import to_problem
from diffpump.io.read import read
from diffpump.io.start import start_of
from diffpump.outcome.incumbent import Incumbent
from diffpump.outcome.result import SolveResult
from diffpump.outcome.run import RunSetup
from diffpump.progress import Display, bar
from diffpump.search import engine
from diffpump.search.earlier import Earlier
from diffpump.search.launch import member_ahead

if TYPE_CHECKING:
    from diffpump.config.pump import Config
    from diffpump.pump import PumpState

    Observer = Callable[[PumpState], None]


def solve(
    model: str | os.PathLike[str] | Problem | Any,
    preset: str | Config | Settings | None = None,
    *,
    start: Any = None,
    history: str | os.PathLike[str] | None = None,
    family: str | os.PathLike[str] | None = None,
    seed: int = 0,
    paper: bool = False,
    observers: Iterable[Observer] = (),
    incumbent: Callable[[Incumbent], None] | None = None,
    stop: Callable[[], bool] | None = None,
    progress: bool = False,
    **settings: Any,
) -> SolveResult:
    """Search for good verified solutions with the engine, or for one solution with the pump alone.

    Parameters
    ----------
    model : str, os.PathLike, Problem, or a model of another library
        The path of a file (.mps or .lp, compressed or not; "-" for standard input), or a model of HiGHS,
        PySCIPOpt, PuLP, Pyomo, linopy, CVXPY or MathOpt (`io.foreign`), which `result.apply(model)` gives
        the solution back to.
    preset : str, Settings or Config, optional
        "auto" or `Settings` for the engine; "FP", "DP1" .. "DP4" or a `Config` for the pump. Default: "auto",
        or "DP4" if paper, observers or a setting is given that only the pump has.
    start : str, os.PathLike, mapping or (n,) array, optional
        A starting point for the engine, which may be incomplete or infeasible: the path of a solution file, a
        mapping of column names to values, or an array (see `io.start.start_of`).
    history : str or os.PathLike, optional
        A folder of earlier models of the family (`learn.history`), for the engine: solutions of the nearest
        ones are repaired for this one, and its own solution is added. Trouble with the folder is a
        RuntimeWarning and never ends the run.
    family : str or os.PathLike, optional
        The file of a trained family (`diffpump learn`, the command line's `--model`), for the engine: its
        prediction is repaired before the recalled solutions, and its most certain columns are fixed first.
    seed : int
        The seed of all random numbers, at least 0.
    paper : bool
        Whether the pump has the paper's exact setting (`Config.paper`).
    observers : iterable of callables
        Called with the `PumpState` of every iteration of the pump.
    incumbent : callable, optional
        Called with every verified `Incumbent` when it is found.
    stop : callable, optional
        Polled during the run, which ends as interrupted once it returns True.
    progress : bool
        Whether a bar on standard error, or in a notebook's cell, shows the time and the best solution.
    **settings
        Fields of `Settings`, such as time_limit=10.0, until="first", threads=2; or of the pump's `Config`,
        such as max_iter=100, time_limit=10.0, losses=["integrality:1"].

    Returns
    -------
    SolveResult
        `result.found` says whether `result.x` is a verified solution.

    Raises
    ------
    InputError
        For a model that is refused, and for a family file that is none, is damaged or is of other models.
    TimeLimitError
        If the time limit is reached while the file is read.
    UsageError
        For an invalid argument or setting.
    """
    started, observers = time.monotonic(), _callables("observers", observers)
    for name, callback in (("incumbent", incumbent), ("stop", stop)):
        _callables(name, () if callback is None else (callback,))
    for name, switch in (("paper", paper), ("progress", progress)):
        if not isinstance(switch, bool):
            raise UsageError(f"{name} must be True or False, got {switch!r:.60}")
    whole_seed = plain_number(seed, whole=True)
    if whole_seed is None or whole_seed < 0:
        raise UsageError(f"seed must be a whole number >= 0, got {seed!r:.60}")
    if preset is None:
        preset = default_preset(settings, pump=paper or bool(observers))
    config = configure(preset, settings)
    if isinstance(config, Settings):
        if paper or observers:
            argument = "paper is an argument" if paper else "observers are an argument"
            raise UsageError(
                f"{argument} of the pump's presets, not of the engine (auto); use one, such as DP4"
            )
    elif given_for_engine := [
        name
        for name, value in (("start", start), ("history", history), ("family", family))
        if value is not None
    ]:
        name = given_for_engine[0]
        raise UsageError(
            f"{name} is an argument of the engine (auto), not of the pump's presets and settings"
        )
    elif paper:
        config = config.paper()
    with member_ahead(config.threads if isinstance(config, Settings) else None):
        if isinstance(model, (str, os.PathLike)):
            problem = read(model, reading_check(config.time_limit, started))
        else:
            problem = to_problem(model)
        read_seconds = time.monotonic() - started
        deadline = None if config.time_limit is None else started + config.time_limit
        given = None if start is None else start_of(problem, start)
        for note in () if given is None else given.notes:
            warnings.warn(note, RuntimeWarning, stacklevel=2)

        display = bar(lambda: time.monotonic() - started, config.time_limit) if progress else Display()

        def on_incumbent(found: Incumbent, x: Vector) -> None:
            display.incumbent(found)
            if incumbent is not None:
                incumbent(found)

        def on_iterate(state: PumpState) -> None:
            display.iterate(state)
            for observe in observers:
                observe(state)

        def is_stopped() -> bool:
            display.refresh()
            return stop is not None and stop()

        limits = RunLimits(deadline, is_stopped if progress else stop)
        setup = RunSetup(
            problem, int(whole_seed), limits, started, read_seconds,
            on_incumbent=on_incumbent, on_slice=display.slice, on_iterate=on_iterate,
        )  # fmt: skip
        point = None if given is None else given.point
        try:
            if history is None and family is None:
                return run(setup, config, point)
            return _run_in_family(setup, config, point, history, family)
        finally:
            display.close()


def _run_in_family(
    setup: RunSetup, config: Config | Settings, point: Vector | None,
    history: str | os.PathLike[str] | None, family: str | os.PathLike[str] | None,
) -> SolveResult:  # fmt: skip
    """Run with what earlier models suggest, and remember the solution; trouble is a RuntimeWarning."""
    from diffpump.learn.history import remember
    from diffpump.learn.suggest import suggested

    found, earlier = suggested(setup.problem, history, family)
    result = run(setup, config, point, earlier)
    for note in (*found.notes, *(() if history is None else remember(history, result))):
        warnings.warn(note, RuntimeWarning, stacklevel=3)
    return result


def _callables(name: str, given: Any) -> tuple[Any, ...]:
    """Return the given callables. Raises UsageError if they are no iterable of callables."""
    if not isinstance(given, Iterable) or not all(map(callable, found := tuple(given))):
        raise UsageError(f"{name} must be callable, got {given!r:.60}")
    return found


def default_preset(settings: Iterable[str], pump: bool = False) -> str:
    """Return the name of the preset that `solve` takes if none is given.

    Parameters
    ----------
    settings : iterable of str
        The names of the settings that are given.
    pump : bool
        Whether another argument of `solve` asks for the pump.

    Returns
    -------
    str
        "auto", or the pump's default preset if `pump` or a setting that only the pump has is given.
    """
    from diffpump.config.presets import DEFAULT_PRESET
    from diffpump.config.pump import Config

    pump_only = {field.name for field in fields(Config)} - {field.name for field in fields(Settings)}
    return DEFAULT_PRESET if pump or pump_only.intersection(settings) else AUTO


def configure(preset: str | Config | Settings, changes: Mapping[str, Any]) -> Config | Settings:
    """Return the pump's configuration or the engine's settings of a preset with some fields changed.

    Parameters
    ----------
    preset : str, Config or Settings
        "auto" or the name of one of the pump's presets, in upper or lower case, or the object to change.
    changes : mapping of str to value
        The new values by field name.

    Returns
    -------
    Config or Settings
        `Settings` for "auto" and `Settings`, else a `Config`.

    Raises
    ------
    UsageError
        For an unknown preset or field, and for a value that the field does not allow.
    """
    if isinstance(preset, Settings):
        return preset.with_(**changes)
    if isinstance(preset, str) and preset.lower() == AUTO:
        return Settings().with_(**changes)
    from diffpump.config.presets import config
    from diffpump.config.pump import Config

    if isinstance(preset, Config):
        return preset.with_(**changes)
    if not isinstance(preset, str):
        raise UsageError(f"preset must be a name, a Config or Settings, got {preset!r:.60}")
    return config(preset, **changes)


def configuration_from(values: Mapping[str, Any]) -> Config | Settings:
    """Return the pump's configuration or the engine's settings from the values of their `as_dict`."""
    if "losses" not in values:
        return Settings.from_dict(values)
    from diffpump.config.pump import Config

    return Config.from_dict(values)


def run(
    setup: RunSetup, config: Config | Settings, start: Vector | None = None,
    earlier: Earlier | None = None,
) -> SolveResult:  # fmt: skip
    """Run the engine or the pump, depending on the configuration, on a model that has been read.

    Parameters
    ----------
    setup : RunSetup
        The model, seed, limits and callbacks.
    config : Config or Settings
        `Settings` select the engine and a `Config` the pump.
    start : (n,) float64, optional
        A starting point for the engine, NaN for columns without a value.
    earlier : Earlier, optional
        What earlier models of the family suggest, for the engine.
    """
    if isinstance(config, Settings):
        return engine.run(setup, config, start, earlier)
    from diffpump.search import alone

    return alone.run(setup, config)
