"""Statements of a run about the model: claims of optimality or infeasibility, and verified certificates.

A `Claim` states that the incumbent is optimal or, without an incumbent, that the model is infeasible, and
names its source. A `Certificate` is an exactly verified reason why a model is infeasible or unbounded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from diffpump.core.text import escaped

LP_BOUND = "LP bound"
BRANCH_AND_CUT = "branch and cut"
SHOWN_NAMES = 5  # names of rows or columns that a sentence lists


@dataclass(frozen=True)
class Claim:
    """A claim that the incumbent is optimal or, without an incumbent, that the model is infeasible.

    Attributes
    ----------
    by : str
        The source of the claim: "LP bound", or "branch and cut" with the solver's name.
    proven : bool
        Whether diffpump has proven it in exact arithmetic on the original file. If False, the solver reports
        it and diffpump has not verified it.
    within : float
        The tolerance of the claim in the objective's unit: a solution may still be better by this distance.
    """

    by: str
    proven: bool = False
    within: float = 0.0

    def sentence(self, found: bool) -> str:
        """Return the claim as a sentence; `found` says whether there is a solution."""
        if self.proven:
            return "proven optimal: the objective meets the LP bound, which was verified exactly"
        what = "no better solution exists" if found else "no solution exists"
        within = f" within {self.within:.3g}" if found and self.within else ""
        return f"{self.by} reports that {what}{within} (not verified independently)"


@dataclass(frozen=True)
class Certificate:
    """An exactly verified reason why a model is infeasible, or why its LP relaxation is unbounded.

    Attributes
    ----------
    kind : {"dual ray", "primal ray", "integer column"}
        A dual ray of the infeasible LP relaxation, a ray along which feasible points stay feasible and the
        objective improves without end, or an integer column without an integer between its bounds.
    entries : mapping of str to float
        The nonzero entries of the ray by row or column name; for a column, its name and 1.
    """

    kind: str
    entries: Mapping[str, float]

    def sentence(self) -> str:
        """Return the reason as a sentence that names the rows or columns."""
        names = [escaped(name) for name in self.entries]
        more = len(names) - SHOWN_NAMES
        listed = ", ".join(names[:SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")
        if self.kind == "dual ray":
            if not names:
                return "the bounds of the columns contradict each other"
            return f"{'row' if len(names) == 1 else 'rows'} {listed} cannot hold within the bounds (dual ray)"
        if self.kind == "primal ray":
            return f"the objective improves without end along {listed} (ray)"
        return f"no integer lies between the bounds of column {listed}"


def outward(bound: Fraction, maximise: bool) -> float | None:
    """Return a bound as a float on its safe side: down for a minimisation, up for a maximisation.

    Parameters
    ----------
    bound : Fraction
        The exact bound on the objective in the model's own sense.
    maximise : bool
        Whether it is an upper bound.

    Returns
    -------
    float or None
        None if no finite float lies on that side.
    """
    try:
        value = float(bound)
    except OverflowError:
        return None
    if Fraction(value) != bound and (Fraction(value) < bound) == maximise:
        value = math.nextafter(value, math.inf if maximise else -math.inf)
    return value if math.isfinite(value) else None
