"""The kind of member that hands models of one library over, its registry, and `to_problem` and `apply`.

An adapter is recognised by the module and the name of the model's class, so that no library is imported
before it has made a model. A new adapter is one decorated class in a module of this package, or in another
package that declares an entry point of the group `diffpump.adapters`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.registry import Registry
from diffpump.core.status import Status
from diffpump.io.foreign.arrays import unique_names


@dataclass(frozen=True, eq=False)
class Answer:
    """What a run reports about a problem, for the objects of another library.

    Attributes
    ----------
    problem : Problem
        The problem that was searched.
    status : Status
        How the run ended.
    x : (n,) float64 or None
        The best verified solution, in the problem's column order.
    objective : float or None
        Its value in the model's own sense.
    optimal : bool
        Whether the run claims that x is optimal (`SolveResult.complete` says by which proof or report).
    """

    problem: Problem
    status: Status
    x: Vector | None
    objective: float | None
    optimal: bool

    def solution(self) -> Vector:
        """Return the solution. Raises UsageError if there is none."""
        if self.x is None:
            raise UsageError(f"there is no solution: {self.status.value}")
        return self.x


class Adapter(Protocol):
    """The hand-over between diffpump and the models of one library."""

    def problem(self, model: Any) -> Problem:
        """Return the model as a problem.

        Raises
        ------
        UnsupportedError
            For a part that a MILP does not have; the message names the object.
        InputError
            For numbers that form no valid model.
        """
        ...

    def apply(self, answer: Answer, model: Any) -> Any:
        """Write an answer into the model, or return the object in which its library keeps solutions.

        Raises
        ------
        UsageError
            If the answer does not fit the model, or if it has no solution and the library cannot hold this.
        """
        ...


class Handles(NamedTuple):
    """The class whose instances an adapter takes.

    Attributes
    ----------
    module : str
        The module of the class, or a package that has this module.
    name : str
        The name of the class.
    """

    module: str
    name: str

    def fits(self, model: Any) -> bool:
        """Return whether the model is an instance of this class or of one derived from it."""
        return any(
            base.__name__ == self.name and f"{base.__module__}.".startswith(f"{self.module}.")
            for base in type(model).__mro__
        )


ADAPTERS: Registry[Adapter] = Registry(
    "adapter", package="diffpump.io.foreign", group="diffpump.adapters"
)  # the facts of a member are its `Handles`


def adapter_of(model: Any) -> Adapter | None:
    """Return the adapter that takes the model, or None."""
    for entry in ADAPTERS.entries.values():
        if entry.facts.fits(model):
            adapter: Adapter = entry.factory()
            return adapter
    return None


def to_problem(model: Any) -> Problem:
    """Return a `Problem`, or the model of a library that has an adapter, as a `Problem`.

    Raises
    ------
    UsageError
        For any other object.
    UnsupportedError, InputError
        As `Adapter.problem` does.
    """
    if isinstance(model, Problem):
        return model
    adapter = adapter_of(model)
    if adapter is None:
        raise UsageError(f"cannot solve a {type(model).__name__}; pass a path, a Problem, or {_known()}")
    return adapter.problem(model)


def apply(answer: Answer, model: Any) -> Any:
    """Write an answer into the model of a library that has an adapter; return what `Adapter.apply` does.

    Raises
    ------
    UsageError
        For any other object, and as `Adapter.apply` does.
    """
    adapter = adapter_of(model)
    if adapter is None:
        raise UsageError(f"cannot give a solution to a {type(model).__name__}; pass {_known()}")
    return adapter.apply(answer, model)


def _known() -> str:
    """Return the classes of the registered adapters as a phrase."""
    helps = [entry.help for entry in ADAPTERS.entries.values()]
    return f"one of: {', '.join(helps)}"


def column_positions(problem: Problem, names: Sequence[str]) -> NDArray[np.intp]:
    """Return the position in a model of each column of a problem, (n,).

    Columns are matched by name if the model has every column name of the problem; the model may have further
    columns. Otherwise they are matched by position if the model has as many columns as the problem.

    Parameters
    ----------
    problem : Problem
        The problem.
    names : sequence of str
        The names of the model's columns, in its order.

    Raises
    ------
    UsageError
        If neither match is possible.
    """
    if list(names) == problem.col_names:
        return np.arange(problem.n)
    position = {name: j for j, name in enumerate(unique_names(names, "x"))}
    if all(name in position for name in problem.col_names):
        return np.array([position[name] for name in problem.col_names], dtype=np.intp)
    if len(names) == problem.n:
        return np.arange(problem.n)
    missing = next(name for name in problem.col_names if name not in position)
    raise UsageError(
        f"the solution does not fit the model: it has {len(names)} columns, not {problem.n}, "
        f"and none called {missing}"
    )


def values_at(answer: Answer, names: Sequence[str]) -> list[tuple[int, float]]:
    """Return the solution as pairs of a position in a model with these column names and a value.

    Raises UsageError without a solution, and as `column_positions` does.
    """
    x = answer.solution()
    return list(zip(column_positions(answer.problem, names).tolist(), x.tolist(), strict=True))
