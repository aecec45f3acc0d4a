"""The options that select what to run, and the jobs that they define."""

from __future__ import annotations

import math
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.known import Known, words
from diffpump.cli.scip import NATIVE_READER
from diffpump.cli.solve import FILE, Seconds
from diffpump.cli.streams import failed

if TYPE_CHECKING:
    from diffpump.bench.plan import Job, Setting
    from diffpump.bench.store import Store
    from diffpump.core.errors import DiffpumpError

PEER_TIME_LIMIT = 60.0  # default, in seconds


class Words(click.ParamType[tuple[str, ...]]):
    """Words separated by commas."""

    name = "NAME[,NAME...]"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the words without the blanks around them."""
        return value if isinstance(value, tuple) else words(value)


OUT = click.option("--out", type=FILE, required=True, metavar="DIR", help="Folder for the results.")
ANY_VERSION = click.option(
    "--any-version", is_flag=True, help="Add runs to a folder that another version of diffpump made."
)
ALLOW_PYTHON = click.option(
    "--allow-python", is_flag=True, help="Allow configurations with a python loss, which executes a file."
)
PLAN = (
    click.argument("files", nargs=-1, type=FILE, metavar="FILES|DIRS|LISTS..."),
    click.option("--preset", "presets", type=Words(), default=(), help="Presets to run, such as FP,DP4."),
    click.option(
        "--config", "configs", type=Words(), default=(), help="Configurations to run (.toml files)."
    ),
    click.option(
        "--solver",
        "solvers",
        type=Known("diffpump.bench.peers:PEERS", many=True),
        default=(),
        help="Other solvers (peers) to run under the same limits.",
    ),
    NATIVE_READER,
    click.option(
        "--paper", is_flag=True, help="Run the pump's presets and configurations in the paper's setting."
    ),
    click.option("--seeds", default="0", show_default=True, help="Seeds to run, such as 0-4 or 0,2,7."),
    click.option(
        "--time-limit",
        type=Seconds(),
        help="The time limit of a run in wall seconds, or none.  [default: the configuration's, or 60]",
    ),
    click.option(
        "--max-iter",
        type=int,
        metavar="N",
        help="Stop the pump after N iterations.  [default: the configuration's, or 1000]",
    ),
    click.option(
        "--until",
        "--stop",
        "until",
        type=click.Choice(["first", "time"]),
        help="Stop peers and auto at the first solution or at the time limit.  "
        "[default: the configuration's, or time]",
    ),
    click.option(
        "--memory-limit", type=float, metavar="MB", help="Kill a run whose resident memory exceeds this."
    ),
    click.option(
        "--grace",
        type=float,
        default=30.0,
        show_default=True,
        metavar="SECONDS",
        help="Kill a run that exceeds its time limit by this number of seconds.",
    ),
    ALLOW_PYTHON,
    OUT,
    ANY_VERSION,
)


def plan_options(command: Any) -> Any:
    """Add to a command the arguments and options that `planned_jobs` reads."""
    for option in reversed(PLAN):
        command = option(command)
    return command


def planned_jobs(options: dict[str, Any]) -> tuple[Store, list[Job], list[DiffpumpError]]:
    """Return the results folder, the jobs that the options define, and the errors of missing files.

    A new folder is not yet made, and the jobs are not yet stored as planned in it. Without files, presets,
    configurations and solvers, they are all jobs that were planned in the folder before. Raises UsageError
    for an incomplete selection.
    """
    from diffpump.bench.plan import Limits, jobs, parse_seeds
    from diffpump.bench.store import Store

    need("psutil", "filelock")
    if options["native_reader"] and not options["solvers"]:
        raise click.UsageError("--native-reader is about other solvers: add --solver")
    store = Store(options["out"])
    named = [options[key] for key in ("presets", "configs", "solvers")]
    if not options["files"]:
        if any(named):
            raise click.UsageError("no models given: name the models to run as files, folders or lists")
        store.open(options["any_version"])
        return store, list(store.planned().values()), []
    if not any(named):
        raise click.UsageError("nothing to run: add --preset, --config or --solver")
    settings, seeds = settings_of(options), parse_seeds(options["seeds"])
    files, errors = model_files(options["files"])
    planned = jobs(files, settings, seeds, Limits(options["memory_limit"], options["grace"]))
    return store, planned, errors


def need(*modules: str, extra: str = "bench") -> None:
    """Raise UsageError if one of these modules, which the extra installs, is missing."""
    from diffpump.core.errors import UsageError

    if missing := [name for name in modules if find_spec(name) is None]:
        raise UsageError(f"this command needs {', '.join(missing)}: pip install 'diffpump[{extra}]'")


def model_files(paths: tuple[str, ...]) -> tuple[list[str], list[DiffpumpError]]:
    """Return the model files of the paths, and the errors of missing ones, which are reported here.

    Raises the first error if there is no file at all.
    """
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
    """Return the configurations and peers that the options name. Raises UsageError for an unknown one."""
    from diffpump.api import configure
    from diffpump.bench.plan import NATIVE_READER as NATIVE
    from diffpump.bench.plan import OUR_READER as OURS
    from diffpump.bench.plan import Setting
    from diffpump.config.engine import Settings
    from diffpump.config.toml import load_configuration

    limits: dict[str, Any] = {}
    if options["time_limit"] is not None:
        limits["time_limit"] = None if math.isinf(options["time_limit"]) else options["time_limit"]
    settings = []
    for chosen in (*options["presets"], *map(load_configuration, options["configs"])):
        config = configure(chosen, limits)
        if isinstance(config, Settings):
            config = config.with_(until=options["until"] or config.until)
            label = f"{config.preset} (first)" if config.until == "first" else config.preset
            settings.append(Setting.ours(config, label))
            continue
        if options["max_iter"] is not None:
            config = config.with_(max_iter=options["max_iter"])
        if options["paper"]:
            settings.append(Setting.ours(config.paper(), f"{config.preset} (paper)"))
        else:
            settings.append(Setting.ours(config))
    for name in options["solvers"]:
        from diffpump.bench.peers import PEERS

        limit = limits.get("time_limit", PEER_TIME_LIMIT)
        settings.append(
            Setting.peer(
                PEERS.entry(name).name, time_limit=limit, stop=options["until"] or "time",
                reader=NATIVE if options["native_reader"] else OURS,
            )
        )  # fmt: skip
    return settings
