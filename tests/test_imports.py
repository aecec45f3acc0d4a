"""The import rule, read from the source: downwards only, no circles, libraries behind their doors.

A module may import modules of its own floor or of a lower one, and no chain of imports leads back to where it
began, not even between two files of one folder. Imports inside functions and for type checkers count like all
others, and there are no exceptions.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parent.parent / "diffpump"

# The rooms of each floor, the ground first.
FLOORS = [
    {"core"},
    {"kernels", "verify"},
    {"backends", "io", "families"},
    {"operators", "knapsack"},
    {"config", "outcome"},
    {"pump"},
    {"search"},
    {"", "__main__", *"api scipy_api compact_api apart progress torch pulp pyomo".split()}
    | set("cli bench explain scip learn elastic".split()),
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
# The rooms that may import a library that is heavy or optional.
LIBRARIES: dict[str, set[str]] = {
    "highspy": {"backends", "io", "bench"},
    "pyscipopt": {"backends", "io", "scip", "bench"},
    "torch": {"torch", "operators", "learn"},
    "click": {"cli"},
    "rich": {"cli", "explain", "progress"},
    "pulp": {"pulp"},
    "pyomo": {"io", "pyomo"},
    "linopy": set(),
    "cvxpy": {"io"},
    "ortools": {"io"},
    "matplotlib": {"explain", "bench"},
    "jinja2": {"bench"},
    "numba": {"kernels"},
}


class Import(NamedTuple):
    """`source` imports `target` (dotted names) at `place`."""

    source: str
    target: str
    place: str


@cache
def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name."""
    names = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        names[".".join(parts).removesuffix(".__init__")] = path
    return names


@cache
def imports() -> list[Import]:
    """Return every import in the package; `from x import y` means x.y where that is a module, else x."""
    return [found for name in modules() for found in _imports_of(name)]


def _imports_of(name: str) -> Iterator[Import]:
    path = modules()[name]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        targets = []
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{path}: a relative import"
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            targets = [one if one in modules() else node.module for one in inner]
        for target in targets:
            yield Import(name, target, f"{path.relative_to(PACKAGE)}:{node.lineno}")


def room(module: str) -> str:
    """Return the first name below `diffpump`."""
    return module.partition(".")[2].partition(".")[0]


def test_every_room_has_a_floor() -> None:
    rooms = {room(name) for name in modules()}
    assert rooms <= set(FLOOR), f"give these a floor: {sorted(rooms - set(FLOOR))}"


def test_every_file_of_the_root_is_a_door() -> None:
    doors = {
        "__init__.py", "__main__.py", "api.py", "scipy_api.py", "compact_api.py", "apart.py", "progress.py",
        "pulp.py", "pyomo.py", "py.typed",
    }  # fmt: skip
    assert {path.name for path in PACKAGE.iterdir() if path.is_file()} == doors


def test_imports_go_downwards() -> None:
    wrong = [
        f"{found.place}: {found.source} imports {found.target}, a floor above"
        for found in imports()
        if found.target.partition(".")[0] == "diffpump"
        and FLOOR[room(found.target)] > FLOOR[room(found.source)]
    ]
    assert not wrong, "\n".join(wrong)


def test_an_operator_never_imports_a_backend() -> None:
    wrong = [
        found.place
        for found in imports()
        if room(found.source) in ("operators", "knapsack") and room(found.target) == "backends"
    ]
    assert not wrong, "\n".join(wrong)


def test_no_imports_go_in_a_circle() -> None:
    """Depth-first search over single modules; a package's own file counts as one of them."""
    graph: dict[str, set[str]] = {name: set() for name in modules()}
    for found in imports():
        if found.target in graph and found.target != found.source:
            graph[found.source].add(found.target)
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> None:
        if name in path:
            circle = " -> ".join([*path[path.index(name) :], name])
            raise AssertionError(f"these modules import each other in a circle: {circle}")
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, [*path, name])
            done.add(name)

    for name in graph:
        visit(name, [])


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_stay_behind_their_doors(library: str) -> None:
    wrong = [
        f"{found.place}: {found.source} imports {found.target}"
        for found in imports()
        if found.target.partition(".")[0] == library and room(found.source) not in LIBRARIES[library]
    ]
    assert not wrong, "\n".join(wrong)
