"""Solve a small instance with an arm that raises, and print how that ended; the row `plugins` runs this.

python raising_arm.py AFTER ERROR SEED      raises a builtin exception ERROR in slice AFTER, 0 for at once
"""

from __future__ import annotations

import builtins
import json
import sys
from pathlib import Path
from typing import Any

import diffpump
from diffpump.config.schedule import arm

INSTANCE = Path(__file__).resolve().parents[2] / "instances" / "gap-3x8-s0.mps"


class Raising:
    """An arm that raises in a slice."""

    exhausted = False
    raised = 0

    def __init__(self, after: int, error: type[Exception]) -> None:
        self._after, self._error, self._slices = after, error, 0
        if after == 0:
            Raising.raised += 1
            raise error("when it is made")

    def run(self, budget: Any) -> None:
        """Raise in the chosen slice; do nothing in those before."""
        self._slices += 1
        budget.spend(1000)
        if self._slices >= self._after:
            Raising.raised += 1
            raise self._error(f"in slice {self._slices}")


def main(after: str, error: str, seed: str) -> None:
    """Register the arm, solve, and print a JSON object."""
    made = arm("raising", "an arm that raises", before={5: 0.05}, after=(5, 0.05))
    made(lambda context: Raising(int(after), getattr(builtins, error)))
    result = diffpump.solve(INSTANCE, "auto", time_limit=3, seed=int(seed))
    assert result.engine is not None
    lost = result.engine.counters.get("lost", 0)
    told = {
        "status": result.status.name,
        "objective": result.objective,
        "lost": lost,
        "raised": Raising.raised,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
