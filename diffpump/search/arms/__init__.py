"""The arms, one file each (see `diffpump.search`), and who makes them: imported when they are first used."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING

from diffpump.core.arrays import Vector
from diffpump.core.limits import Clock
from diffpump.search.arm import Arm
from diffpump.search.pool import Pool
from diffpump.search.space import Space, Spaces

if TYPE_CHECKING:
    from diffpump.search.arms.lns import Views

RAW = ("raw", "raw-jump", "raw-fix", "raw-pump")  # on the model as it is, whatever presolve has done
LNS = ("rins", "mutation", "rows", "crossover", "visited", "branching")


class Arms:
    """The arm of a name, a new one with every call; it works on the model as it is by then, presolved or not.

    refute  proves a dual ray of the original LP; `start` as for `auto.run`; ending: of the run; gradient:
    whether the pump has one
    """

    def __init__(
        self, spaces: Spaces, pool: Pool, seed: int, clock: Clock, refute: Callable[[Vector], bool],
        start: Vector | None, ending: ExitStack, gradient: bool = True,
    ) -> None:  # fmt: skip
        self._spaces, self._pool, self._seed, self._clock = spaces, pool, seed, clock
        self._refute, self._given, self._ending, self._gradient = refute, start, ending, gradient

    def __call__(self, name: str) -> Arm:
        """It; KeyError for a name that there is not."""
        return self._lns(name) if name in LNS else self._makers[name](name)

    @cached_property
    def _makers(self) -> dict[str, Callable[[str], Arm]]:
        return {
            "raw": self._local, "raw-jump": self._local, "raw-fix": self._fix, "focused": self._local,
            "jump": self._local, "fix": self._fix, "fix-lp": self._fix,
            "conflict": self._conflict, "mip-zero": self._mip, "mip": self._mip, "presolve": self._presolve,
            "root": self._root, "rens": self._rens, "dive": self._dive, "pump": self._pump,
            "raw-pump": self._pump, "polish": self._polish, "cutoff": self._cutoff,
            "cutoff-jump": self._cutoff, "start": self._start,
        }  # fmt: skip

    def _local(self, name: str) -> Arm:
        from diffpump.search.arms.local import LocalSearch, focused, jump

        space, seed = self._where(name)
        return LocalSearch(space, self._pool, name, jump if "jump" in name else focused, seed)

    def _where(self, name: str) -> tuple[Space, int]:
        """The space to work in, and a seed: where presolve changes nothing the two differ by that alone."""
        return (self._spaces.raw, self._seed) if name in RAW else (self._spaces.work, self._seed + 1)

    def _cutoff(self, name: str) -> Arm:
        from diffpump.search.arms.cutoff import Cutoff
        from diffpump.search.arms.local import focused, jump

        make = jump if name == "cutoff-jump" else focused
        return Cutoff(self._spaces, self._pool, name, make, self._seed)

    def _fix(self, name: str) -> Arm:
        from diffpump.search.arms.fix import Fix

        space, seed = self._where(name)
        return Fix(space, self._pool, name, seed)

    def _mip(self, name: str) -> Arm:
        from diffpump.search.arms.submip import SubMip

        return SubMip(self._spaces.work, self._pool, name, self._seed, self._ending, zero=name == "mip-zero")

    def _presolve(self, name: str) -> Arm:
        from diffpump.search.arms.presolve import Presolve

        return Presolve(self._spaces, self._pool)

    def _rens(self, name: str) -> Arm:
        from diffpump.search.arms.rens import Rens

        return Rens(self._spaces.work, self._pool, self._seed, self._ending)

    def _root(self, name: str) -> Arm:
        from diffpump.search.arms.root import Root

        return Root(self._spaces, self._pool, self._refute, self._ending)

    def _conflict(self, name: str) -> Arm:
        from diffpump.search.arms.conflict import Conflict

        return Conflict(self._spaces.work, self._pool, self._seed)

    def _dive(self, name: str) -> Arm:
        from diffpump.search.arms.dive import Dive

        return Dive(self._spaces.work, self._pool, self._seed)

    def _pump(self, name: str) -> Arm:
        from diffpump.config.pump import ENGINE, PROJECTING
        from diffpump.search.arms.pump import PumpArm

        config = ENGINE if self._gradient else PROJECTING
        space, seed = self._where(name)
        own = space is not self._spaces.work  # whose root LP is the root arm's
        return PumpArm(space, self._pool, name, config, seed, self._clock, own)

    def _polish(self, name: str) -> Arm:
        from diffpump.search.arms.polish import Polish

        return Polish(self._spaces.raw, self._pool)

    def _start(self, name: str) -> Arm:
        from diffpump.search.arms.start import Start

        assert self._given is not None
        return Start(self._spaces.raw, self._pool, self._given, self._seed)

    def _lns(self, name: str) -> Arm:
        from diffpump.search.arms import neighbourhoods
        from diffpump.search.arms.lns import Lns

        return Lns(self._views, self._pool, name, getattr(neighbourhoods, name), self._seed)

    @cached_property
    def _views(self) -> Views:
        from diffpump.search.arms.lns import Views

        return Views(self._spaces, self._pool)
