"""The import rule: downwards only, solver libraries behind their own doors. Read from the source, not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "diffpump"

# A module may import modules of its own level or below (a room of the same name counts as one module).
LEVELS = [
    {"core"},
    {"kernels", "verify"},
    {"backends", "io", "families", "models"},
    {"operators", "oracle", "repair"},
    {"config", "outcome"},
    {"pump"},
    {"search"},
    {"engine", "torch", "scipy_api", "trace", "plot", "explain", "bench", "scip", "learn"},
    {"cli"},
    {"__main__"},
]
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}
# Who may import a library that is heavy or optional.
LIBRARIES = {
    "highspy": {"backends", "models", "bench"},
    "pyscipopt": {"backends", "models", "scip", "bench"},
    "torch": {"torch", "operators"},
    "click": {"cli"},
    "rich": {"cli", "trace"},
    "matplotlib": {"plot", "explain", "bench"},
    "jinja2": {"bench"},
    "numba": {"kernels"},
}
# Imports inside a function that looks up: the torch edge of `losses.python_loss`, on a user's explicit wish.
UPWARDS: set[tuple[str, str]] = set()
OPERATORS = {"operators"}  # never a backend


def imports() -> Iterator[tuple[str, str, str]]:
    """(room, imported module, place) of every import in the package, those inside functions included."""
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE)
        room = relative.parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                names = [f"{base}.{alias.name}" for alias in node.names] if base == "diffpump" else [base]
            for name in names:
                yield room, name, f"{relative}:{node.lineno}"


def test_every_room_has_a_level() -> None:
    rooms = {p.relative_to(PACKAGE).parts[0].removesuffix(".py") for p in PACKAGE.rglob("*.py")} - {
        "__init__"
    }
    assert rooms <= set(LEVEL), f"give these a level: {sorted(rooms - set(LEVEL))}"


def test_imports_go_downwards() -> None:
    wrong = []
    for room, name, place in imports():
        parts = name.split(".")
        if parts[0] != "diffpump" or len(parts) < 2 or room == "__init__":
            continue
        target = parts[1]
        if target in LEVEL and LEVEL[target] > LEVEL[room]:
            if (room, target) in UPWARDS:
                continue
            wrong.append(f"{place}: {room} imports {target}")
        if room in OPERATORS and target == "backends":
            wrong.append(f"{place}: the operator {room} imports a backend")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_stay_behind_their_doors(library: str) -> None:
    wrong = [
        f"{place}: {room} imports {name}"
        for room, name, place in imports()
        if name.split(".")[0] == library and room not in LIBRARIES[library]
    ]
    assert not wrong, "\n".join(wrong)
