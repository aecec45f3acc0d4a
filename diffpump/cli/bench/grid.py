"""`diffpump bench grid`: tune a configuration on one set of instances and test it on another."""

from __future__ import annotations

from pathlib import Path

import click

from diffpump.cli.bench.planned import ALLOW_PYTHON, ANY_VERSION, OUT, model_files, need
from diffpump.cli.bench.run import DUMP, JOBS, QUIET, SCHEDULER, carry_out, write_configs
from diffpump.cli.solve import FILE
from diffpump.cli.streams import emit


@click.command()
@click.argument("file", type=FILE)
@OUT
@JOBS
@SCHEDULER
@ALLOW_PYTHON
@ANY_VERSION
@DUMP
@QUIET
@click.pass_context
def grid(
    context: click.Context,
    /,
    file: str,
    out: str,
    jobs: int,
    scheduler: str | None,
    allow_python: bool,
    any_version: bool,
    dump_config: str | None,
    quiet: bool,
) -> int:
    """Tune over a grid of configurations and write grid.md.

    FILE is a .toml file with a base configuration, the values to try, the instances to tune on and others to
    test the best configuration on. Running the same command again continues, as `bench run` does.
    """
    from diffpump.bench.grid import Grid, best, table
    from diffpump.bench.plan import Limits
    from diffpump.bench.plan import jobs as plan_jobs
    from diffpump.bench.ready import check_trusted
    from diffpump.bench.store import Store
    from diffpump.core.text import escaped
    from diffpump.io.files import replace_file

    need("psutil", "filelock")
    if scheduler is not None:
        need("distributed", extra="dask")
    spec = Grid.load(file)
    settings = spec.settings()
    if dump_config is not None:
        write_configs(list(settings.values()), dump_config)
        return 0
    tune = plan_jobs(model_files(spec.tune)[0], settings.values(), spec.seeds, Limits())
    if not allow_python:
        check_trusted(tune)
    spec.refuse_overlap(tune, test_files := model_files(spec.test)[0])
    store = Store(out)
    store.create(any_version)
    store.claim()
    store.plan(tune)
    carry_out(store, tune, jobs, scheduler, quiet, context.obj)
    if context.obj():
        return int(context.obj.exit_code)
    chosen = best(spec, tune, store.records())
    test = plan_jobs(test_files, [settings[()], settings[chosen]], spec.seeds, Limits())
    store.plan(test)
    carry_out(store, test, jobs, scheduler, quiet, context.obj)
    if context.obj():
        return int(context.obj.exit_code)
    text = table(spec, chosen, tune, test, store.records())
    replace_file(Path(out) / "grid.md", text.encode(), lambda _: None)
    emit("\n".join(map(escaped, text.split("\n"))))
    return 0
