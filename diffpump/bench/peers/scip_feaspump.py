"""SCIP's feasibility pump alone, at full effort: the published pump inside a branch-and-cut code.

After presolving SCIP solves the root LP and runs `heur_feaspump`, nothing else: all other heuristics and all
cuts are off, and the tree ends at the root. The pump is that of Fischetti, Glover and Lodi (2005), with
SCIP's own flips and perturbations. It runs until it finds a point or the time is up:

    heuristics/feaspump/objfactor       0       no share of the objective (Achterberg and Berthold 2007: 0.1)
    heuristics/feaspump/maxloops        -1      no limit on rounds
    heuristics/feaspump/maxstallloops   -1      no limit on rounds without progress
    heuristics/feaspump/maxlpiterofs    1e9     no limit on LP iterations in effect
    heuristics/feaspump/maxsols         -1      it runs however many solutions were found before
    heuristics/feaspump/freq            0       at the root only
    heuristics/feaspump/stage3          False   stage 3 is a sub-MIP, that is, branch and bound
    limits/nodes                        1       the root only
    separating/maxroundsroot            0       no cuts

A solution found by presolving or an integral root LP counts as well: the published pump begins with that LP,
and SCIP reports no origin that tells them apart reliably. A run with stop "time" ends when the pump ends.
"""

from __future__ import annotations

from typing import Any

from diffpump.bench.peers.scip import Scip
from diffpump.bench.peers.task import PEERS

_PUMP = {
    "freq": 0,
    "freqofs": 0,
    "objfactor": 0.0,
    "maxloops": -1,
    "maxstallloops": -1,
    "maxlpiterofs": 10**9,
    "maxsols": -1,
    "stage3": False,
}


@PEERS.register(
    "scip-feaspump",
    help="SCIP's feasibility pump alone at the root, without its effort limits",
    extra="scip",
    modules=("pyscipopt",),
)
class ScipFeaspump(Scip):
    """SCIP's feasibility pump as a `Peer`: `Scip` with other settings."""

    def settings(self, model: Any) -> None:
        """Switch all heuristics and cuts off, then the pump on."""
        from pyscipopt import SCIP_PARAMSETTING

        model.setHeuristics(SCIP_PARAMSETTING.OFF)
        model.setParams({f"heuristics/feaspump/{key}": value for key, value in _PUMP.items()})
        model.setParams({"limits/nodes": 1, "separating/maxroundsroot": 0})
