"""One process of a parallel search (`diffpump.search.parallel`), which runs the engine on a `MemberTask`.

This process sends its points to the parent process, which proves them. They count as solutions here until the
parent refuses one. When standard input ends, the process exits at once, also during its work.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from threading import Thread
from typing import Any

from diffpump.core.arrays import Vector
from diffpump.core.limits import RunLimits
from diffpump.core.machine import usable_cores
from diffpump.core.status import Violation
from diffpump.outcome.incumbent import Incumbent
from diffpump.outcome.run import RunSetup, SliceReport
from diffpump.outcome.verifier import Verifier
from diffpump.search.engine import Engine
from diffpump.search.parallel import (
    CandidateMessage,
    FinishedMessage,
    IncumbentMessage,
    MemberTask,
    SearchingMessage,
)
from diffpump.search.process import connect
from diffpump.search.space import Findings
from diffpump.verify.check import Proof

LOWEST_PRIORITY = 19  # of the system's scheduler: what is left of the cores


def main() -> None:
    """Take the task from standard input, search, and exit."""
    reply, inbox = connect()
    task = next(inbox, None)
    if isinstance(task, MemberTask):
        if task.number >= usable_cores() and hasattr(os, "nice"):
            os.nice(LOWEST_PRIORITY)  # the first processes keep a core each
        _Member(task, inbox, reply).run()
    os._exit(0)  # an LP that did not end when cancelled may still be running in its thread


class _Member:
    def __init__(self, task: MemberTask, inbox: Iterator[Any], reply: Callable[[object], None]) -> None:
        self._number, self._inbox, self._reply = task.number, inbox, reply
        self._latest: IncumbentMessage | None = None
        self._refused = 0
        setup = RunSetup(
            task.problem, task.seed, RunLimits(task.deadline, self._poll), task.began,
            verifier=DeferredVerifier(task.problem), on_incumbent=self._send_candidate,
            on_slice=self._send_slice,
        )  # fmt: skip
        self._engine = Engine(setup, task.settings, number=task.number, share=reply)
        Thread(target=self._listen, daemon=True).start()

    def run(self) -> None:
        """Search until the engine ends, and report that to the parent process."""
        pool = self._engine.pool
        self._reply(SearchingMessage())
        self._engine.run()
        self._reply(FinishedMessage(pool.complete, pool.value, pool.lost_processes))

    def _listen(self) -> None:
        for message in self._inbox:
            if isinstance(message, Findings):
                self._engine.spaces.received[message.process] = message
            else:
                self._latest = message
        os._exit(0)

    def _poll(self) -> bool:
        """Take a better solution from the latest message. Return False, since no message stops the run."""
        latest, self._latest = self._latest, None
        if latest is not None:
            if latest.refused != self._refused:
                self._refused = latest.refused
                self._engine.pool.clear()
            if latest.solution is not None:
                self._engine.pool.take_proven(latest.solution)
        return False

    def _send_candidate(self, incumbent: Incumbent, x: Vector) -> None:
        self._reply(CandidateMessage(x, incumbent.arm))

    def _send_slice(self, report: SliceReport) -> None:
        self._reply(replace(report, process=self._number))


class DeferredVerifier(Verifier):
    """Accepts every point that the judge has accepted: the parent process does the exact check."""

    proves = False

    def __call__(self, x: Vector) -> bool:
        """Return True, and keep a placeholder as the proof."""
        value = Fraction(self.problem.value(x))
        self.proof = Proof(True, False, Violation(0.0, 0.0, 0.0), value, (), (), "not verified yet")
        return True

    @property
    def grid(self) -> None:
        """Return None: members do not read the exact model, and the parent proves facts about the LP."""
