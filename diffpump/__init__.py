"""diffpump: the differentiable feasibility pump (arXiv 2411.03535) for mixed-integer linear programs."""

__version__ = "0.1.0"
