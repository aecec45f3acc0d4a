"""The differentiable feasibility pump: Algorithm 2 of arXiv 2411.03535, and the switches around it.

`algorithm` is the loop, in one sitting; `judging` decides what is a solution, `state` is what an iteration
shows; `segment`, `objective` and `cutoff` are switches (`Config` tells of all of them).
"""

from diffpump.pump.algorithm import Pump
from diffpump.pump.state import PumpState

__all__ = ["Pump", "PumpState"]
