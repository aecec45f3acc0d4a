"""The options that say what to run, and the jobs that they mean."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.solve import FILE, Seconds
from diffpump.cli.streams import failed, log

if TYPE_CHECKING:
    from diffpump.bench.plan import Job, Setting
    from diffpump.bench.store import Store
    from diffpump.core.errors import DiffpumpError

TIME_LIMIT = 60.0  # of peers, where nothing is said


class Names(click.ParamType[tuple[str, ...]]):
    """Comma-separated words."""

    name = "NAME[,NAME...]"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The words, blanks around them left out."""
        if isinstance(value, tuple):
            return value
        return tuple(word.strip() for word in value.split(",") if word.strip())


OUT = click.option("--out", type=FILE, required=True, metavar="DIR", help="The results folder.")
ANY_VERSION = click.option(
    "--any-version", is_flag=True, help="Add to a folder that another version of diffpump made."
)
PLAN = (
    click.argument("files", nargs=-1, type=FILE, metavar="FILES|DIRS|LISTS..."),
    click.option("--preset", "presets", type=Names(), default=(), help="Presets, such as FP,DP4."),
    click.option("--config", "configs", type=Names(), default=(), help="Configurations, .toml files."),
    click.option(
        "--solver",
        "solvers",
        type=Names(),
        default=(),
        help="Peers: highs, scip, scip-feaspump, cbc, localmip.",
    ),
    click.option("--paper", is_flag=True, help="Presets and configurations in the authors' exact setting."),
    click.option("--seeds", default="0", show_default=True, help="Such as 0-4 or 0,2,7."),
    click.option(
        "--time-limit",
        type=Seconds(),
        help="Wall seconds a run, or none.  [default: 60, or what the configuration says]",
    ),
    click.option(
        "--max-iter", type=int, help="Pump iterations a run.  [default: 1000, or the configuration's]"
    ),
    click.option(
        "--stop",
        type=click.Choice(["first", "time"]),
        help="Peers and auto: to the first solution, or for the whole time limit.  "
        "[default: time, or what the configuration says]",
    ),
    click.option("--memory-limit", type=float, metavar="MB", help="Resident memory a run may take."),
    click.option(
        "--grace",
        type=float,
        default=30.0,
        show_default=True,
        metavar="SECONDS",
        help="Beyond its time limit before a run is killed.",
    ),
    OUT,
    ANY_VERSION,
)


def plan_options(command: Any) -> Any:
    """All options that `planned_jobs` reads."""
    for option in reversed(PLAN):
        command = option(command)
    return command


def planned_jobs(options: dict[str, Any]) -> tuple[Store, list[Job], list[DiffpumpError]]:
    """The folder, the jobs that the options mean (not yet written down there), and the files not there.

    Without files, presets, configurations and solvers: everything that was planned in the folder before.
    """
    from diffpump.bench.plan import Limits, jobs, parse_seeds
    from diffpump.bench.store import Store

    store = Store(options["out"])
    named = [options[key] for key in ("presets", "configs", "solvers")]
    if not options["files"]:
        if any(named):
            raise click.UsageError("name the models to run: files, folders or lists")
        store.open(options["any_version"])
        return store, list(store.planned().values()), []
    if not any(named):
        raise click.UsageError("nothing to run: give --preset, --config or --solver")
    settings, seeds = settings_of(options), parse_seeds(options["seeds"])
    files, errors = model_files(options["files"])
    planned = jobs(files, settings, seeds, Limits(options["memory_limit"], options["grace"]))
    store.create(options["any_version"])
    return store, planned, errors


def model_files(paths: tuple[str, ...]) -> tuple[list[str], list[DiffpumpError]]:
    """The model files that paths name, and a said error for each that is not there; raised if nothing is."""
    from diffpump.bench.plan import instance_files
    from diffpump.core.errors import DiffpumpError

    found = list(instance_files(paths))
    files = [path for path in found if isinstance(path, str)]
    errors: list[DiffpumpError] = [error for error in found if isinstance(error, DiffpumpError)]
    if not files:
        raise errors[0]
    for error in errors:
        failed(str(error))
    return files, errors


def settings_of(options: dict[str, Any]) -> list[Setting]:
    """The configurations and peers that the options name; a peer not installed here is said and left out."""
    from diffpump.api import settled_as
    from diffpump.bench.plan import Setting
    from diffpump.config.engine import Settings
    from diffpump.config.toml import load_settled

    limits: dict[str, Any] = {}
    if options["time_limit"] is not None:
        limits["time_limit"] = None if math.isinf(options["time_limit"]) else options["time_limit"]
    settings = []
    for chosen in (*options["presets"], *map(load_settled, options["configs"])):
        settled = settled_as(chosen, limits)
        if isinstance(settled, Settings):
            settled = settled.with_(until=options["stop"] or settled.until)
            name = f"{settled.preset} (first)" if settled.until == "first" else settled.preset
            settings.append(Setting.ours(settled, name))
            continue
        if options["max_iter"] is not None:
            settled = settled.with_(max_iter=options["max_iter"])
        if options["paper"]:
            settings.append(Setting.ours(settled.paper(), f"{settled.preset} (paper)"))
        else:
            settings.append(Setting.ours(settled))
    for name in options["solvers"]:
        from diffpump.bench import peers

        why = peers.missing(name)
        if why is None:
            limit = limits.get("time_limit", TIME_LIMIT)
            settings.append(Setting.peer(name, time_limit=limit, stop=options["stop"] or "time"))
        else:
            log(f"skipped: {why}")
    if not settings:
        raise click.UsageError("nothing to run: no peer that was named is installed")
    return settings
