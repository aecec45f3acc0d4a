"""`diffpump bench`: many runs, a record each; what is done, and what it means."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.solve import FILE, Seconds
from diffpump.cli.streams import emit, failed, log

if TYPE_CHECKING:
    from diffpump.bench.plan import Job, Setting
    from diffpump.bench.store import Store
    from diffpump.cli.interrupt import Interrupt
    from diffpump.result import DiffpumpError


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


@click.group()
def bench() -> None:
    """Run many instances and compare what comes of it."""


def plan_options(command: Any) -> Any:
    """The options that say what to run."""
    for option in reversed((
        click.argument("files", nargs=-1, type=FILE, metavar="FILES|DIRS|LISTS..."),
        click.option("--preset", "presets", type=Names(), default=(), help="Presets, such as FP,DP4."),
        click.option("--config", "configs", type=Names(), default=(), help="Configurations, .toml files."),
        click.option("--solver", "solvers", type=Names(), default=(),
                     help="Peers: highs, scip, scip-feaspump, cbc, localmip."),
        click.option("--paper", is_flag=True, help="The presets in the authors' exact setting."),
        click.option("--seeds", default="0", show_default=True, help="Such as 0-4 or 0,2,7."),
        click.option("--time-limit", type=Seconds(), default=60.0, show_default=True,
                     help="Wall seconds a run, or none."),
        click.option("--max-iter", type=int, help="Pump iterations a run.  [default: 1000]"),
        click.option("--stop", type=click.Choice(["first", "time"]), default="time", show_default=True,
                     help="Peers: to the first solution, or for the whole time limit."),
        click.option("--memory-limit", type=float, metavar="MB", help="Resident memory a run."),
        click.option("--grace", type=float, default=30.0, show_default=True, metavar="SECONDS",
                     help="Beyond its time limit before a run is killed."),
        OUT,
        click.option("--any-version", is_flag=True, help="Add to a folder that another version made."),
    )):  # fmt: skip
        command = option(command)
    return command


@bench.command()
@plan_options
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Runs side by side.")
@click.option("--scheduler", metavar="ADDRESS", help="Run on this Dask cluster, such as tcp://host:8786.")
@click.option("--job", "ids", type=Names(), default=(), help="Only these planned jobs (see list-jobs).")
@click.option("--retry", type=Names(), default=(), metavar="STATUS,...",
              help="Run again what ended as, for example, crashed,timeout.")  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@click.pass_context
def run(
    context: click.Context, /, jobs: int, scheduler: str | None, ids: tuple[str, ...], retry: tuple[str, ...],
    quiet: bool, **options: Any,
) -> int:  # fmt: skip
    """Run every (instance, configuration, seed) that has no record yet, each in its own process.

    FILES are models, folders of models, or lists (.txt: one path a line). Running the same command again
    does only what is missing; without FILES everything that was planned in the folder is run.
    """
    from diffpump.bench.runner import Batch, local, missing
    from diffpump.cli.batch import shown

    interrupt: Interrupt = context.obj
    store, planned, errors = planned_jobs(options)
    wanted = [job for job in planned if job.id in ids] if ids else planned
    if unknown := sorted(set(ids) - {job.id for job in wanted}):
        raise click.UsageError(f"no such job in {store.folder}: {', '.join(unknown)}")
    if not ids:  # single jobs may run beside each other, on any machine that sees the folder
        store.claim()
    todo = missing(store, wanted, retry)
    interrupt.deferred = True
    with shown(len(wanted), todo, quiet, interrupt) as watcher:
        batch = Batch(store, watcher, interrupt)
        if scheduler is not None:
            from diffpump.bench.cluster import cluster

            with cluster(scheduler, interrupt) as (executor, work, slots):
                batch.run(todo, executor, work, slots)
        else:
            with local(jobs, interrupt) as (executor, work):
                batch.run(todo, executor, work, jobs)
    if interrupt():
        log(f"interrupted; the same command goes on where this ended: {store.folder}")
        return interrupt.exit_code
    return errors[0].exit_code if errors else 0


@bench.command("list-jobs")
@plan_options
def list_jobs(**options: Any) -> int:
    """One shell line for each job that has no record yet, for Slurm arrays and GNU parallel."""
    import shlex

    from diffpump.bench.runner import missing

    store, planned, errors = planned_jobs(options)
    folder = shlex.quote(str(store.folder.resolve()))
    for job in missing(store, planned):
        emit(f"diffpump bench run --quiet --out {folder} --job {job.id}")
    return errors[0].exit_code if errors else 0


def planned_jobs(options: dict[str, Any]) -> tuple[Store, list[Job], list[DiffpumpError]]:
    """The folder, the jobs that the options mean (written down there), and which files are not there."""
    from diffpump.bench.plan import Limits, instance_files, jobs, parse_seeds
    from diffpump.bench.store import Store
    from diffpump.result import InputError

    store = Store(options["out"])
    if not options["files"]:
        if store.version and not (options["presets"] or options["configs"] or options["solvers"]):
            store.create(options["any_version"])
            return store, list(store.planned().values()), []
        raise click.UsageError("name the models to run: files, folders or lists")
    settings = list(settings_of(options))
    if not settings:
        raise click.UsageError("nothing to run: give --preset, --config or --solver")
    seeds = parse_seeds(options["seeds"])
    files: list[str] = []
    errors: list[DiffpumpError] = []
    for found in instance_files(options["files"]):
        if isinstance(found, InputError):
            failed(str(found))
            errors.append(found)
        else:
            files.append(found)
    if not files:
        raise errors[0]
    limits = Limits(options["memory_limit"], options["grace"])
    planned = jobs(files, settings, seeds, limits)
    store.create(options["any_version"])
    store.plan(planned)
    return store, planned, errors


def settings_of(options: dict[str, Any]) -> list[Setting]:
    """The configurations and peers that the options name; a peer not installed here is said and left out."""
    from diffpump.bench.plan import Setting
    from diffpump.config import config
    from diffpump.config_file import load_config

    limit = options["time_limit"]
    limits: dict[str, Any] = {"time_limit": None if math.isinf(limit) else limit}
    settings = []
    if options["max_iter"] is not None:
        limits["max_iter"] = options["max_iter"]
    for name in options["presets"]:
        settled = config(name, **limits)
        if options["paper"]:
            settings.append(Setting.ours(settled.paper(), f"{settled.preset} (paper)"))
        else:
            settings.append(Setting.ours(settled))
    settings += [Setting.ours(load_config(path).with_(**limits)) for path in options["configs"]]
    for name in options["solvers"]:
        from diffpump.bench import peers

        why = peers.missing(name)
        if why is None:
            settings.append(Setting.peer(name, time_limit=limits["time_limit"], stop=options["stop"]))
        else:
            log(f"skipped: {why}")
    return settings
