"""Models of other libraries as problems, and solutions in their objects: one file for each library.

highs, scip   the solvers' own models; a solution becomes a MIP start
pulp, pyomo, linopy, cvxpy, mathopt   modelling languages; a solution is written into the user's objects
arrays        NumPy arrays

No module of this package imports a library before it is given one of the library's models.

* The original model is read. Its numbers are the float64 values that the library holds; where a library adds
  up terms or constants of an expression, those are its sums.
* Columns keep the model's order. An empty or repeated name is replaced by its position (`x3`, `row7`).
* Bounds of absolute value 1e20 or more are infinite.
* Implied integers count as integers.
* Any part that a MILP does not have raises `UnsupportedError`, which names it.
"""

from diffpump.io.foreign.arrays import from_arrays
from diffpump.io.foreign.base import ADAPTERS, Adapter, Answer, Handles, apply, to_problem

__all__ = ["ADAPTERS", "Adapter", "Answer", "Handles", "apply", "from_arrays", "to_problem"]
