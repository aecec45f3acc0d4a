"""Checks before a batch: its solvers are installed, and no job executes code that is not allowed."""

from __future__ import annotations

from collections.abc import Iterable

from diffpump.api import configuration_from
from diffpump.bench.peers import missing
from diffpump.bench.plan import OUR_SOLVER, Job
from diffpump.config.pump import Config
from diffpump.core.errors import UsageError
from diffpump.operators.losses.user import PYTHON_LOSS


def check_installed(jobs: Iterable[Job]) -> None:
    """Raise UsageError for jobs whose peer cannot run here; the line says what to install for each peer."""
    solvers = dict.fromkeys(job.setting.solver for job in jobs)
    absent = [reason for name in solvers if name != OUR_SOLVER and (reason := missing(name))]
    if absent:
        raise UsageError("; ".join(absent))


def check_trusted(jobs: Iterable[Job]) -> None:
    """Raise UsageError for jobs whose configuration executes a Python file (a `python` loss).

    A configuration or a results folder may come from another person, and every job would execute its file.
    """
    for job in jobs:
        if job.setting.solver != OUR_SOLVER:
            continue
        config = configuration_from(job.setting.config)
        for loss in config.losses if isinstance(config, Config) else ():
            if loss.name == PYTHON_LOSS:
                raise UsageError(
                    f"the configuration '{job.setting.label}' executes the Python file "
                    f"{loss.params.get('file')}: add --allow-python if you trust it"
                )
