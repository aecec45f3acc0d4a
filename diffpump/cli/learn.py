"""`diffpump learn`: train a family of models from a history folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from diffpump.cli.known import Known
from diffpump.cli.streams import emit, log

if TYPE_CHECKING:
    from diffpump.learn.training import Epoch

Report = Callable[[str, float, float], None]  # a text, and how much of how much is done


def _sizes(context: click.Context, parameter: click.Parameter, value: str) -> tuple[int, ...]:
    try:
        sizes = tuple(int(word) for word in value.split(","))
    except ValueError:
        sizes = ()
    if not sizes or min(sizes) < 1:
        raise click.BadParameter(f"'{value}': write whole numbers such as 256,128")
    return sizes


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("-o", "target", required=True, metavar="FILE", help="The family file, family.npz.")
@click.option(
    "--model", default="ldf", show_default=True, type=Known("diffpump.learn.model:MODELS"),
    help="The model, perhaps with parameters, such as ldf,step=0.2.",
)  # fmt: skip
@click.option(
    "--label-seconds", type=click.FloatRange(min=0, min_open=True), metavar="S",
    help="First solve every model of DIR for S seconds more.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Models solved at a time."
)
@click.option("--epochs", type=click.IntRange(min=1), help="Most epochs of a stage.  [default: 300]")
@click.option(
    "--hidden", callback=_sizes, default="256,128", show_default=True, help="Sizes of hidden layers."
)
@click.option(
    "--mu", type=click.FloatRange(min=0), default=1.0, show_default=True,
    help="Weight of violations when the best epoch is selected.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all randomness."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def learn(
    folder: str, target: str, model: str, label_seconds: float | None, jobs: int, epochs: int | None,
    quiet: bool, hidden: tuple[int, ...], mu: float, seed: int, as_json: bool,
) -> int:  # fmt: skip
    """Train a network on the models and solutions in DIR, for `diffpump solve --model FILE`.

    DIR is a folder of `diffpump solve --history DIR`. Training needs torch, and the file that it writes does
    not. If it is killed, the same command goes on from the checkpoint beside FILE.
    """
    from diffpump.learn.labels import label
    from diffpump.learn.learn import check_target
    from diffpump.learn.learn import learn as train
    from diffpump.outcome.record import dumps

    check_target(target)
    from diffpump.learn.training import Plan  # says at once if torch is missing

    plan = Plan(hidden=hidden, epochs=epochs or Plan.epochs, mus=(mu,), seed=seed)
    with _progress(quiet) as report:
        if label_seconds is not None:
            label(
                folder, label_seconds, jobs, seed=seed, on_note=_warn,
                on_model=lambda done, count: report(f"labels {done} of {count}", done, max(1, count)),
            )  # fmt: skip

        def on_epoch(now: Epoch) -> None:
            text = f"stage {now.stage}, epoch {now.epoch}: loss {now.loss:.4g}, violation {now.violation:.4g}"
            report(text, now.epoch, plan.epochs)

        family = train(folder, target, model, plan, on_epoch=on_epoch, on_note=_warn)
    facts = family.facts
    if as_json:
        emit(dumps({"file": target, "model": str(family.spec), **facts}))
        return 0
    columns, features = family.columns, family.features
    emit(
        f"{target}: {family.spec.name} of {facts['models']} models, {features.kind.size} features, "
        f"{columns.learned.size} of {columns.name.size} integer columns with an output, "
        f"epoch {facts['epoch']} of {sum(facts['epochs'])}, mu-loss {facts['mu_loss']:.4g}"
    )
    return 0


def _warn(note: str) -> None:
    log(f"diffpump: warning: {note}")


@contextmanager
def _progress(quiet: bool) -> Iterator[Report]:
    """Show a bar on a terminal; yield the function that takes the progress."""
    if quiet or not sys.stderr.isatty():
        yield lambda text, done, count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns: tuple[Any, ...] = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda text, done, count: bar.update(task, description=text, completed=done, total=count)
