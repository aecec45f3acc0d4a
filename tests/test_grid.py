"""Grids: the meaning of a file, the choice of the best point, and the separate test set."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import GAP, process

from diffpump.bench.grid import Grid, best
from diffpump.bench.plan import Limits, jobs
from diffpump.core.errors import UsageError

OTHER = str(Path(GAP).parent / "setcover-20x15-s0.mps")
HEAD = f'base = "FP"\ntune = ["{GAP}"]\ntest = ["{OTHER}"]\nmax_iter = 60\n'
TWO = '[grid]\n"optimizer.eta" = [0.5, 1]\n"losses.regularisation" = [0.1, 1, 0.5]\n'


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "g.toml"
    path.write_text(text)
    return str(path)


def test_every_combination_and_the_base(tmp_path: Path) -> None:
    grid = Grid.load(written(tmp_path, HEAD + TWO))
    settings = grid.settings()
    assert len(grid.points) == 6 and len(settings) == 7 and () in settings
    assert len({setting.digest for setting in settings.values()}) == 6  # eta=1, regularisation=1 is FP itself
    assert all(setting.config["max_iter"] == 60 for setting in settings.values())


def test_one_at_a_time(tmp_path: Path) -> None:
    lines = '[lines]\n"optimizer.eta" = [0.5, 2]\n"losses.integrality.order" = [2, 3]\n'
    labels = [setting.label for setting in Grid.load(written(tmp_path, HEAD + lines)).settings().values()]
    assert labels == ["FP", "FP eta=0.5", "FP eta=2", "FP order=2", "FP order=3"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "tune is missing"),
        (HEAD, r"\[grid\] or \[lines\]"),
        (HEAD + '[grid]\n"optimizer.eta" = []\n', r"\[grid\] or \[lines\]"),
        (HEAD + '[grid]\n"optimizer.zeta" = [1]\n', "zeta"),
        (HEAD + "color = 1\n" + TWO, "unknown key 'color'"),
        (HEAD.replace("60", '"many"') + TWO, "max_iter has a value of the wrong type"),
        (HEAD.replace('"FP"', '"DP9"') + TWO, "unknown preset"),
        ("base = \n", "not TOML"),
    ],
)
def test_mistakes_name_the_file(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as error:
        Grid.load(written(tmp_path, text)).settings()
    assert "g.toml" in str(error.value)


def test_the_best_has_fewest_fails_then_fewest_iterations(tmp_path: Path) -> None:
    grid = Grid.load(written(tmp_path, HEAD + TWO))
    tune = jobs([GAP], grid.settings().values(), [0, 1], Limits())
    records = {
        job.key: {"found": True, "status": "feasible", "iterations": 9, "config": job.setting.config}
        for job in tune
    }
    digest = grid.settings()[grid.points[3]].digest
    for job in tune:
        if job.setting.digest == digest:
            records[job.key]["iterations"] = 3
    assert best(grid, tune, records) == grid.points[3]
    failed = next(job for job in tune if job.setting.digest == digest)
    records[failed.key] |= {"found": False, "status": "iteration_limit"}
    assert best(grid, tune, records) == ()  # the base is the first of equals


def test_the_command_tunes_on_one_set_and_reports_on_the_other(tmp_path: Path) -> None:
    file, out = written(tmp_path, HEAD + TWO), tmp_path / "r"
    first = process("bench", "grid", file, "--out", str(out), "-q")
    assert first.returncode == 0 and "| test set |" in first.stdout
    assert (out / "grid.md").read_text() == first.stdout.removesuffix("\n")
    before = (out / "records.jsonl").read_bytes()
    assert process("bench", "grid", file, "--out", str(out), "-q").stdout == first.stdout
    assert (out / "records.jsonl").read_bytes() == before


def test_one_instance_in_both_sets_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / "copy.mps"
    copy.write_bytes(Path(GAP).read_bytes())
    file = written(tmp_path, HEAD.replace(OTHER, str(copy)) + TWO)
    ended = process("bench", "grid", file, "--out", str(tmp_path / "r"))
    assert ended.returncode == 2 and "in tune and in test: gap-3x8-s0" not in ended.stdout
    assert "in tune and in test: copy" in ended.stderr and ended.stderr.count("\n") == 1
