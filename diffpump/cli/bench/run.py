"""`diffpump bench run` and `list-jobs`: run the jobs without a record, or list the commands that run them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.bench.planned import Words, need, plan_options, planned_jobs, settings_of
from diffpump.cli.solve import FILE
from diffpump.cli.streams import emit, log

if TYPE_CHECKING:
    from diffpump.bench.plan import Job, Setting
    from diffpump.bench.store import Store
    from diffpump.cli.interrupt import Interrupt

JOBS = click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Number of runs side by side."
)
SCHEDULER = click.option(
    "--scheduler", metavar="ADDRESS", help="Run on the Dask cluster at this address, such as tcp://host:8786."
)
DUMP = click.option(
    "--dump-config",
    type=FILE,
    metavar="DIR",
    help="Write every configuration to this folder as .toml and run nothing.",
)
QUIET = click.option("-q", "--quiet", is_flag=True, help="Show no progress.")


@click.command()
@plan_options
@JOBS
@SCHEDULER
@click.option("--job", "ids", type=Words(), default=(), help="Run only these planned jobs (see list-jobs).")
@click.option(
    "--retry",
    type=Words(),
    default=(),
    metavar="STATUS,...",
    help="Run jobs again that ended with these statuses, such as crashed,timeout.",
)
@DUMP
@QUIET
@click.pass_context
def run(
    context: click.Context,
    /,
    jobs: int,
    scheduler: str | None,
    ids: tuple[str, ...],
    retry: tuple[str, ...],
    dump_config: str | None,
    quiet: bool,
    **options: Any,
) -> int:
    """Run all jobs that have no record yet.

    A job is an instance, a configuration or solver, and a seed; each runs in its own process. FILES are
    models, folders of models, or lists (.txt, one path per line). Running the same command again runs only
    the jobs that are missing. With --out alone, the jobs that were planned in the folder before are run.
    """
    from diffpump.bench.plan import check_statuses

    check_statuses(retry)
    if dump_config is not None:
        write_configs(settings_of(options), dump_config)
        return 0
    from diffpump.bench.ready import check_installed, check_trusted
    from diffpump.bench.runner import missing

    store, planned, errors = planned_jobs(options)
    wanted = [job for job in planned if job.id in ids] if ids else planned
    if unknown := sorted(set(ids) - {job.id for job in wanted}):
        raise click.UsageError(f"no such job in {store.folder}: {', '.join(unknown)} (see list-jobs)")
    todo = missing(store, wanted, retry)
    if not options["allow_python"]:
        check_trusted(todo)
    if scheduler is None:
        check_installed(todo)
    else:  # the workers need the solvers, this process only the client
        need("distributed", extra="dask")
    store.create(options["any_version"])
    if not ids:  # commands for single jobs may run side by side, on any machine that sees the folder
        store.claim()
    store.plan(planned)
    carry_out(store, wanted, jobs, scheduler, quiet, context.obj, retry)
    if context.obj():
        return int(context.obj.exit_code)
    return errors[0].exit_code if errors else 0


def carry_out(
    store: Store,
    planned: list[Job],
    jobs: int,
    scheduler: str | None,
    quiet: bool,
    interrupt: Interrupt,
    retry: tuple[str, ...] = (),
) -> None:
    """Run the planned jobs without a record, here or on a cluster, until they are done or interrupted."""
    from diffpump.bench.runner import Batch, local, missing
    from diffpump.cli.bench.progress import shown

    todo = missing(store, planned, retry)
    interrupt.deferred = True
    with shown(len(planned), todo, quiet) as watcher:
        batch = Batch(store, watcher, interrupt)
        if scheduler is None:
            with local(jobs, interrupt) as (executor, work):
                batch.run(todo, executor, work, lambda: jobs)
        else:
            from diffpump.bench.cluster import cluster

            with cluster(scheduler) as (executor, work, slots):
                batch.run(todo, executor, work, slots)
    if interrupt():
        log(f"interrupted; run the same command again to continue {store.folder}")


def write_configs(settings: list[Setting], folder: str) -> None:
    """Write each configuration of diffpump to a .toml file named after its label, and print the paths."""
    from diffpump.api import configuration_from
    from diffpump.config.toml import dump_config
    from diffpump.core.errors import OutputError
    from diffpump.io.files import replace_file

    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: the folder cannot be made: {error.strerror}") from None
    for setting in settings:
        if "solver" not in setting.config:  # peers have no configuration
            name = "".join(c if c.isalnum() or c in "-_=." else "_" for c in setting.label)
            target = Path(folder) / f"{name}.toml"
            replace_file(target, dump_config(configuration_from(setting.config)).encode(), lambda _: None)
            emit(str(target))


@click.command("list-jobs")
@plan_options
def list_jobs(**options: Any) -> int:
    """List the commands that run the missing jobs.

    The command prints a shell line for each job without a record, for Slurm arrays and GNU parallel.
    """
    import shlex

    from diffpump.bench.ready import check_trusted
    from diffpump.bench.runner import missing

    store, planned, errors = planned_jobs(options)
    if not options["allow_python"]:
        check_trusted(missing(store, planned))
    store.create(options["any_version"])
    store.plan(planned)
    allowed = " --allow-python" if options["allow_python"] else ""
    folder = shlex.quote(str(store.folder.resolve()))
    for job in missing(store, planned):
        emit(f"diffpump bench run --quiet{allowed} --out {folder} --job {job.id}")
    return errors[0].exit_code if errors else 0
