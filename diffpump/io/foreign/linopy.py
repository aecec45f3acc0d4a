"""Models of linopy; the solution goes into the variables and the objective, as after `Model.solve`.

| the run                                           | `status` | `termination_condition` |
|---------------------------------------------------|----------|-------------------------|
| a solution, claimed to be optimal                 | ok       | optimal                 |
| a solution                                        | ok       | suboptimal              |
| no solution, proven or by branch and cut's report | warning  | infeasible              |
| the LP relaxation is unbounded, with a solution   | warning  | unbounded               |
| the LP relaxation is unbounded, without one       | warning  | infeasible_or_unbounded |
| nothing found within the limits                   | unknown  | unknown                 |

linopy shows values only while the status is ok. A column has the name of its variable and its coordinates,
such as `flow[north,3]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import inf, nan
from typing import Any

import numpy as np
import scipy.sparse as sp

from diffpump.core.arrays import Mask
from diffpump.core.errors import UnsupportedError
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.io.foreign.arrays import from_arrays
from diffpump.io.foreign.base import ADAPTERS, Answer, Handles, values_at

_WITHOUT_SOLUTION = {
    Status.INFEASIBLE: ("warning", "infeasible"),
    Status.REPORTED_INFEASIBLE: ("warning", "infeasible"),
    Status.UNBOUNDED: ("warning", "infeasible_or_unbounded"),
}


@ADAPTERS.register("linopy", help="linopy.Model", facts=Handles("linopy", "Model"))
class Linopy:
    """The `Adapter` of `linopy.Model`."""

    def problem(self, model: Any) -> Problem:
        """Return the model; quadratic, semicontinuous, SOS and indicator parts raise UnsupportedError."""
        _refuse_unsupported(model)
        matrices = model.matrices
        n = len(matrices.vlabels)
        A, b = matrices.A, np.asarray(matrices.b, dtype=np.float64)
        sense = np.array(
            [str(one)[:1] for one in matrices.sense], dtype="U1"
        )  # "<", ">", "=" in all versions
        return from_arrays(
            matrices.c,
            sp.csr_matrix((0, n)) if A is None else A,
            np.where(sense == "<", -inf, b),
            np.where(sense == ">", inf, b),
            matrices.lb,
            matrices.ub,
            [kind in "BI" for kind in matrices.vtypes],
            maximise=model.objective.sense == "max",
            name=str(getattr(model, "name", None) or ""),
            col_names=_column_names(model),
            row_names=_row_names(model, len(b)),
        )

    def apply(self, answer: Answer, model: Any) -> None:
        """Set the variables' solutions and the objective's value; the status also without a solution."""
        if answer.x is None:
            model.status, model.termination_condition = _WITHOUT_SOLUTION.get(
                answer.status, ("unknown", "unknown")
            )
            return
        names = _column_names(model)
        values = np.full(len(names), nan)
        for j, value in values_at(answer, names):
            values[j] = value
        begin = 0
        for variable in model.variables.data.values():
            labels, mask = variable.labels, _mask(variable)
            solution = np.full(mask.size, nan)
            solution[mask] = values[begin : begin + int(mask.sum())]
            begin += int(mask.sum())
            variable.solution = labels.copy(data=solution.reshape(labels.shape))
        model.objective.set_value(answer.objective)
        if answer.status is Status.UNBOUNDED:
            model.status, model.termination_condition = "warning", "unbounded"
        else:
            model.status = "ok"
            model.termination_condition = "optimal" if answer.optimal else "suboptimal"


def _refuse_unsupported(model: Any) -> None:
    if model.is_quadratic:
        raise UnsupportedError("the linopy model: quadratic objectives are not supported")
    for name, variable in model.variables.data.items():
        if variable.attrs.get("semi_continuous"):
            raise UnsupportedError(f"variable {name}: semicontinuous columns are not supported")
        if variable.attrs.get("sos_type"):
            raise UnsupportedError(f"variable {name}: special ordered sets are not supported")
    for name, constraint in model.constraints.data.items():
        if getattr(constraint, "is_indicator", False):
            raise UnsupportedError(f"constraint {name}: indicator constraints are not supported")
    scaled = [
        *model.variables.data.items(), *model.constraints.data.items(), ("the objective", model.objective),
    ]  # fmt: skip
    for name, part in scaled:  # linopy would hand over the scaled numbers
        if np.any(np.asarray(getattr(part, "scaling", 1)) != 1):
            raise UnsupportedError(f"{name}: scaling is not supported; diffpump scales by itself")


def _mask(part: Any) -> Mask:
    """Return which entries of a variable or constraint are columns or rows, in the order of its array."""
    return np.asarray(part.labels.values.ravel() != -1)


def _names(name: str, part: Any) -> Iterator[str]:
    """Yield the names of the entries that are columns or rows: that of the whole, with the coordinates."""
    labels = part.labels
    if not labels.dims:
        yield from [name] * int(_mask(part).sum())
        return
    coordinates = [
        [str(value) for value in labels.indexes[dim]] if dim in labels.indexes else map(str, range(size))
        for dim, size in zip(labels.dims, labels.shape, strict=True)
    ]
    for entry, is_there in zip(product(*coordinates), _mask(part).tolist(), strict=True):
        if is_there:
            yield f"{name}[{','.join(entry)}]"


def _column_names(model: Any) -> list[str]:
    return [one for name, part in model.variables.data.items() for one in _names(name, part)]


def _row_names(model: Any, m: int) -> list[str]:
    """Return the rows' names; where linopy has left out rows without a term, rows have none."""
    names = [one for name, part in model.constraints.data.items() for one in _names(name, part)]
    return names if len(names) == m else [""] * m
