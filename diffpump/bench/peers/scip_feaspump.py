"""SCIP's feasibility pump alone, at full effort: the published pump inside a branch-and-cut code.

After presolving, the root LP and then `heur_feaspump`, nothing else: all other heuristics and all cuts are
off and the tree ends at the root. The pump is that of Fischetti, Glover and Lodi (2005), with SCIP's own
flips and perturbations, and goes on until it finds a point or the time is up:

    heuristics/feaspump/objfactor       0       no share of the objective (Achterberg and Berthold 2007: 0.1)
    heuristics/feaspump/maxloops        -1      no limit on rounds,
    heuristics/feaspump/maxstallloops   -1      nor on those without progress,
    heuristics/feaspump/maxlpiterofs    1e9     nor on LP iterations
    heuristics/feaspump/maxsols         -1      it runs whatever was found before
    heuristics/feaspump/freq            0       at the root only
    heuristics/feaspump/stage3          False   stage 3 is a sub-MIP, branch and bound by another name
    limits/nodes 1, separating/maxroundsroot 0

A solution of presolving or an integral root LP counts as well: the published pump begins with that LP, and
SCIP names no origin that tells them apart reliably. A run with `stop` "time" ends with its pump.
"""

from __future__ import annotations

from typing import Any

from diffpump.bench.peers.scip import Scip

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


class ScipFeaspump(Scip):
    """A `Peer`: SCIP with other settings."""

    name = "scip-feaspump"
    about = "SCIP's feasibility pump alone at the root, without its effort limits"

    def settings(self, model: Any) -> None:
        """Heuristics and cuts off, then the pump on."""
        from pyscipopt import SCIP_PARAMSETTING

        model.setHeuristics(SCIP_PARAMSETTING.OFF)
        model.setParams({f"heuristics/feaspump/{key}": value for key, value in _PUMP.items()})
        model.setParams({"limits/nodes": 1, "separating/maxroundsroot": 0})
