"""The recipes of docs/adding-parts.md, word for word: in a package of their own, and in their rooms."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GAP = str(ROOT / "instances" / "gap-5x25-s0.mps")
CFLP = str(ROOT / "instances" / "cflp-6x8-s0.mps")
# Title in docs/adding-parts.md: the module, the group of entry points, and the package of the room.
RECIPES = {
    "A loss": ("entropy", "losses", "diffpump.operators.losses"),
    "A rounding": ("threshold", "roundings", "diffpump.operators.roundings"),
    "An LP backend": ("linprog", "backends", "diffpump.backends"),
    "An arm": ("bound", "arms", "diffpump.search.arms"),
    "A peer": ("scipy_milp", "peers", "diffpump.bench.peers"),
    "A family": ("knapsack", "families", "diffpump.families"),
    "An adapter": ("packing", "adapters", "diffpump.io.foreign"),
}


def recipe(title: str) -> str:
    """Return the Python file under a heading of docs/adding-parts.md."""
    text = (ROOT / "docs" / "adding-parts.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section is not None
    code = re.search(r"^```python\n(.*?)^```$", section.group(1), re.MULTILINE | re.DOTALL)
    assert code is not None
    return code.group(1)


def outside(folder: Path, *titles: str) -> dict[str, str]:
    """Install a package with these recipes, and return the environment in which it is found."""
    package, info = folder / "outside_recipes", folder / "outside_recipes-1.0.dist-info"
    package.mkdir()
    info.mkdir()
    (package / "__init__.py").write_text("")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: outside-recipes\nVersion: 1.0\n")
    points = []
    for title in titles:
        module, group, _ = RECIPES[title]
        (package / f"{module}.py").write_text(recipe(title))
        points.append(f"[diffpump.{group}]\n{module} = outside_recipes.{module}\n")
    (info / "entry_points.txt").write_text("".join(points))
    return {**os.environ, "PYTHONPATH": str(folder)}


def inside(folder: Path, title: str) -> list[str]:
    """Return the command line of a diffpump whose room has the recipe's file as well."""
    module, _, package = RECIPES[title]
    (folder / f"{module}.py").write_text(recipe(title))
    code = f"import sys, {package} as room; room.__path__.append({str(folder)!r})\n"
    return [sys.executable, "-c", f"{code}from diffpump.cli import run; sys.exit(run(sys.argv[1:]))"]


def printed(command: list[str], environment: dict[str, str] | None = None) -> str:
    """Return what a command prints; it must end with exit code 0."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(params=["outside", "inside"])
def way(request: pytest.FixtureRequest, tmp_path: Path):
    """Return what makes a function (arguments) -> standard output of a diffpump that knows a recipe."""

    def with_recipe(title: str):
        if request.param == "outside":
            environment = outside(tmp_path, title)
            return lambda *args: printed([sys.executable, "-m", "diffpump", *args], environment)
        command = inside(tmp_path, title)
        return lambda *args: printed([*command, *args])

    return with_recipe


def test_a_loss(way) -> None:
    diffpump = way("A loss")
    assert "scale=1" in diffpump("presets")
    record = json.loads(
        diffpump("solve", CFLP, "--preset", "DP4", "--loss", "entropy:2,scale=0.5", "-q", "--json")
    )
    assert record["found"] and record["config"]["losses"] == ["entropy:2,scale=0.5"]


def test_a_rounding(way) -> None:
    record = json.loads(
        way("A rounding")("solve", CFLP, "--preset", "DP4", "--rounding", "threshold,at=0.4", "-q", "--json")
    )
    assert record["found"] and record["config"]["rounding"] == "threshold,at=0.4"


def test_a_backend(way) -> None:
    diffpump = way("An LP backend")
    assert "scipy's linprog" in diffpump("presets", "--engine")
    record = json.loads(diffpump("solve", CFLP, "--preset", "DP4", "--backend", "linprog", "-q", "--json"))
    assert record["found"] and record["versions"]["scipy"] and record["lp_iterations"] > 0


def test_an_arm(way) -> None:
    diffpump = way("An arm")
    assert "integer columns at random bounds" in diffpump("presets", "--engine")
    assert diffpump("solve", "--dump-config").index('"bound"') > 0
    record = json.loads(diffpump("solve", GAP, "--time-limit", "3", "-q", "--json"))
    assert record["arms"]["bound"]["slices"] >= 1
    assert record["config"]["first"][0][0] == record["config"]["better"][-1][0] == "bound"


def test_an_arm_works_in_other_processes(tmp_path: Path) -> None:
    """`--threads` 2: both processes know the arm of the outside package."""
    code = f"""
import time
from diffpump.api import run
from diffpump.config.engine import Settings
from diffpump.core.limits import RunLimits
from diffpump.io.read import read
from diffpump.outcome.run import RunSetup
reports, turns = [], (("bound", 0.05),)
setup = RunSetup(read({GAP!r}), run_limits=RunLimits(time.monotonic() + 4), on_slice=reports.append)
result = run(setup, Settings(first=turns, cold=turns, better=turns, threads=2, time_limit=4.0))
print(sorted({{report.process for report in reports}}), result.engine.counters["lost"])
"""
    assert printed([sys.executable, "-c", code], outside(tmp_path, "An arm")) == "[0, 1] 0\n"


def test_a_peer(way, tmp_path: Path) -> None:
    out = str(tmp_path / "bench")
    diffpump = way("A peer")
    assert "scipy-milp" in diffpump("bench", "run", "--help")
    if "outside_recipes" in {
        path.name for path in tmp_path.iterdir()
    }:  # the job's own process must find it too
        diffpump("bench", "run", CFLP, "--solver", "scipy-milp", "--time-limit", "10", "--out", out)
        line = (tmp_path / "bench" / "records.jsonl").read_text()
        record = json.loads(line)
        assert record["found"] and record["solver"] == "scipy-milp" and record["proof"] == "original file"


def test_a_family(way) -> None:
    diffpump = way("A family")
    assert "capacity in percent" in diffpump("generate")
    text = diffpump("generate", "knapsack", "--seed", "7", "--set", "items=5")
    assert text.startswith("NAME") and text.count("x_4") >= 1


def test_an_adapter(tmp_path: Path) -> None:
    """The library is a module in a folder of its own, which nothing imports before the user does."""
    (tmp_path / "bins.py").write_text(
        "class Packing:\n    def __init__(self, sizes, capacity):\n"
        "        self.sizes, self.capacity, self.chosen = sizes, capacity, None\n"
    )
    code = """
import diffpump
from bins import Packing
packing = Packing([7.0, 5.0, 4.0], 9.0)
result = diffpump.solve(packing, time_limit=5)
result.apply(packing)
print(result.objective, packing.chosen)
"""
    environment = outside(tmp_path, "An adapter")
    assert printed([sys.executable, "-c", code], environment) == "9.0 [1, 2]\n"
    inner = f"import diffpump.io.foreign as room; room.__path__.append({str(tmp_path)!r})"
    (tmp_path / "packing.py").write_text(recipe("An adapter"))
    alone = {**os.environ, "PYTHONPATH": str(tmp_path)}
    for folder in tmp_path.glob("*.dist-info"):
        folder.rename(tmp_path / "not-installed")
    assert printed([sys.executable, "-c", inner + code], alone) == "9.0 [1, 2]\n"


def test_everything_from_one_package(tmp_path: Path) -> None:
    """One distribution may add all of them, and `bench` runs them."""
    environment = outside(tmp_path, *RECIPES)
    out = tmp_path / "bench"
    (tmp_path / "mine.toml").write_text('preset = "DP4"\nbackend = "linprog"\nlosses = ["entropy:1"]\n')
    command = [
        sys.executable,
        "-m",
        "diffpump",
        "bench",
        "run",
        CFLP,
        "--config",
        str(tmp_path / "mine.toml"),
    ]
    command += [
        "--preset",
        "auto",
        "--until",
        "first",
        "--solver",
        "scipy-milp",
        "--time-limit",
        "10",
        "--out",
        str(out),
    ]
    printed(command, environment)
    records = [json.loads(line) for line in (out / "records.jsonl").read_text().splitlines()]
    assert {record["label"] for record in records} == {"mine", "auto (first)", "scipy-milp (first)"}
    assert all(record["found"] for record in records)


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    environment = outside(tmp_path, "A loss")
    module = tmp_path / "outside_recipes" / "entropy.py"
    module.write_text(module.read_text().replace('register("entropy"', 'register("feasibility"'))
    command = [sys.executable, "-m", "diffpump", "solve", GAP, "--preset", "FP"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert (
        "loss 'feasibility' is registered twice" in done.stderr and "outside_recipes.entropy" in done.stderr
    )


def test_a_package_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    environment = outside(tmp_path, "A loss")
    (tmp_path / "outside_recipes" / "entropy.py").write_text("import no_such_module\n")
    command = [sys.executable, "-m", "diffpump", "solve", GAP, "--preset", "FP"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "repair or uninstall outside-recipes" in done.stderr
    shown = subprocess.run(
        [*command[:3], "solve", "--help"], capture_output=True, timeout=60, env=environment
    )
    assert shown.returncode == 0


def test_the_recipes_pass_the_projects_own_checks(tmp_path: Path) -> None:
    """Each file fits the style of the project, so that it can be put into its room as it is."""
    for title, (module, _, _) in RECIPES.items():
        (tmp_path / f"{module}.py").write_text(recipe(title))
    for command in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--config", str(ROOT / "pyproject.toml")]
        done = subprocess.run([*ruff, str(tmp_path)], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout
