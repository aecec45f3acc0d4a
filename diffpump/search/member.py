"""A process of a team (`diffpump.search.parallel`): the engine on the model that it is given.

Points are told to the process that started this one, which proves them; here they count as solutions until
that one says otherwise. When standard input ends, so does the process, whatever it is doing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from threading import Thread
from typing import Any

from diffpump.core.arrays import Vector
from diffpump.core.limits import Clock
from diffpump.core.status import Violation
from diffpump.outcome.result import Incumbent
from diffpump.outcome.verifier import Verifier
from diffpump.search.auto import Search
from diffpump.search.parallel import Best, Done, Found, Job
from diffpump.search.portfolio import Event
from diffpump.search.process import messages, send
from diffpump.verify.check import Proof


def main() -> None:
    """Take the job from standard input, search, leave."""
    out = os.dup(1)
    os.dup2(2, 1)  # what native code prints there is no message
    mail: Iterator[Any] = messages(sys.stdin.buffer)
    job = next(mail, None)
    if isinstance(job, Job):
        _Member(job, mail, out).run()
    os._exit(0)  # an LP that did not end when told to may still be running in its thread


class _Member:
    def __init__(self, job: Job, mail: Iterator[Any], out: int) -> None:
        self._number, self._mail, self._out = job.number, mail, out
        self._best: Best | None = None
        self._refused = 0
        Thread(target=self._listen, daemon=True).start()
        self._search = Search(
            job.problem, job.settings, job.seed, Clock(job.deadline, self._poll), Unproven(job.problem),
            job.began, self._found, self._told,
        )  # fmt: skip

    def run(self) -> None:
        """Search until there is nothing left to do for as long as nothing new comes."""
        pool = self._search.pool
        self._search.run()
        send(self._out, Done(pool.closed, pool.value, pool.lost))

    def _listen(self) -> None:
        for best in self._mail:
            self._best = best
        os._exit(0)

    def _poll(self) -> bool:
        """Take over what is better; never a reason to stop."""
        best, self._best = self._best, None
        if best is not None:
            if best.refused != self._refused:
                self._refused = best.refused
                self._search.pool.forget()
            if best.solution is not None:
                self._search.pool.adopt(best.solution)
        return False

    def _found(self, incumbent: Incumbent, x: Vector) -> None:
        send(self._out, Found(x, incumbent.arm))

    def _told(self, event: Event) -> None:
        send(self._out, replace(event, process=self._number))


class Unproven(Verifier):
    """Takes every point that the judge has taken, and refutes nothing."""

    def __call__(self, x: Vector) -> bool:
        """Always; the proof is none."""
        value = Fraction(self.problem.value(x))
        self.proof = Proof(True, False, Violation(0.0, 0.0, 0.0), value, (), (), "nothing yet")
        return True

    def refute(self, ray: Vector) -> bool:
        """Never."""
        return False
