"""The differentiable feasibility pump: Algorithm 2 of arXiv 2411.03535, and its switches.

algorithm    the loop (`Pump`)                        state       one iterate (`PumpState`)
oracle       the LP argmin x*(theta)                  descent     total loss and gradient
candidates   decides whether a point is a solution    repair      continuous columns by LP
stalls       restarts, memory, row multipliers         relaxation  the LP that a configuration needs
segment, objective, cutoff   switches beyond the paper, which `Config` describes
"""

from diffpump.pump.algorithm import Pump
from diffpump.pump.relaxation import relaxation_for
from diffpump.pump.state import PumpState

__all__ = ["Pump", "PumpState", "relaxation_for"]
