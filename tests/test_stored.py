"""What users have stored still loads, and means the same: TOML files, records, digests, results folders."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from diffpump.api import configuration_from
from diffpump.bench.store import Store, read_objects
from diffpump.cli import run
from diffpump.config.engine import Settings
from diffpump.config.presets import PRESETS
from diffpump.config.toml import load_configuration

RESULTS = Path(__file__).parent.parent / "results"
DIGESTS = {
    "FP": "55dd12af6b90", "DP1": "a517f9646305", "DP2": "456cbe2acf98", "DP3": "93a1987eca88",
    "DP4": "b2b5bae06856", "DP1r": "f97e8a0b21fb", "DP2r": "aa4ed8271565", "DP3r": "8ba3122c7cea",
    "DP4r": "4356374d8ba6", "DP5": "b48ba1d82d97", "bertacco-2007": "64cbfc127161",
    "achterberg-2007": "b3e224e7f423", "fischetti-2009": "5b4c6c378314", "baena-2011": "99b91d3cd54b",
    "boland-2014": "4bc46f0ec2e4", "mexi-2023": "d126b0862b5b", "best": "c62634740428",
    "desantis-2013-exponential": "cef1bce9300f",
    "desantis-2013-logistic": "303733dd7b6e", "desantis-2013-hyperbolic": "ac899f2905cd",
    "desantis-2013-logarithmic": "6ef6bcd91ac1", "geissler-2017": "3bc69439216e",
    "dey-2018": "38f67d534f09", "frangioni-2021": "eaf91a118380",
}  # fmt: skip
FOLDERS = sorted(path.parent for path in RESULTS.rglob("jobs.jsonl.gz"))
ENGINE = """
name = "mine"
preset = "auto"
without = ["rins"]
until = "gap-to-lp"
gap = 0.05
time_limit = 20
threads = 2
first = [["raw", 0.12], ["presolve", 15.0], ["root", 1.2], ["mip", 3.0]]
better = [["polish", 1.0], ["mip", 1.0]]
"""


def test_digests_of_presets_have_not_changed() -> None:
    assert {name: config.digest for name, config in PRESETS.items()} == DIGESTS
    assert Settings().digest == "b4c4575e1cea"


def test_a_toml_file_of_the_engine_loads(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(ENGINE)
    settings = load_configuration(path)
    assert isinstance(settings, Settings)
    assert (settings.preset, settings.until, settings.gap, settings.first[0]) == (
        "mine",
        "gap-to-lp",
        0.05,
        ("raw", 0.12),
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(RESULTS)))
def test_a_results_folder_reads_as_before(folder: Path) -> None:
    """Every job of ours still has the digest under which it was stored, so that none would run again."""
    planned, records = Store(folder).planned(), Store(folder).records()
    assert records and set(records) <= set(planned)
    seen: dict[str, Any] = {job.setting.digest: job.setting for job in planned.values()}
    for digest, setting in seen.items():
        if setting.solver == "diffpump":
            assert configuration_from(setting.config).digest == digest


def test_a_folder_with_an_archive_takes_new_records(tmp_path: Path) -> None:
    source = RESULTS / "engine" / "small"
    old = gzip.decompress((source / "records.jsonl.gz").read_bytes()).splitlines(keepends=True)
    for name in ("bench.json", "jobs.jsonl.gz"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    (tmp_path / "records.jsonl.gz").write_bytes(gzip.compress(b"".join(old[:3])))
    store = Store(tmp_path)
    store.add([json.loads(line) for line in old[:5]])
    assert (tmp_path / "records.jsonl").read_bytes().count(b"\n") == 2
    assert list(Store(tmp_path).records()) == [json.loads(line)["key"] for line in old[:5]]
    assert len(read_objects(tmp_path / "records.jsonl")) == 5
    assert run(["bench", "status", str(tmp_path)]) == 0


@pytest.mark.parametrize("damage", ["cut off", "no gzip"])
def test_a_damaged_archive_is_refused_in_one_line(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source = RESULTS / "engine" / "small"
    for name in ("bench.json", "jobs.jsonl.gz"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    whole = (source / "records.jsonl.gz").read_bytes()
    (tmp_path / "records.jsonl.gz").write_bytes(
        whole[: len(whole) // 2] if damage == "cut off" else b"text\n"
    )
    assert run(["bench", "status", str(tmp_path)]) == 3
    message = capsys.readouterr().err
    assert message.count("\n") == 1 and "records.jsonl.gz: cannot be read" in message


def test_records_may_be_compressed_while_a_process_adds_some(tmp_path: Path) -> None:
    source = RESULTS / "engine" / "small"
    old = gzip.decompress((source / "records.jsonl.gz").read_bytes()).splitlines(keepends=True)
    (tmp_path / "bench.json").write_bytes((source / "bench.json").read_bytes())
    store, plain = Store(tmp_path), tmp_path / "records.jsonl"
    store.add([json.loads(line) for line in old[:3]])
    plain.with_name("records.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    store.add([json.loads(line) for line in old[:5]])
    assert plain.read_bytes() == b"".join(old[3:5])
    assert len(read_objects(plain)) == 5


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("records.jsonl.gz", b"", "it is empty"),
        ("records.jsonl.gz", b"no archive", "cannot be read"),
        ("records.jsonl", b"[]\n", "not a line that diffpump wrote"),
        ("jobs.jsonl", b'{"key": "k"}\n', "the job 'k' is incomplete"),
    ],
)
def test_a_damaged_folder_is_one_line(
    name: str, content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bench.json").write_bytes((RESULTS / "engine" / "small" / "bench.json").read_bytes())
    (tmp_path / name).write_bytes(content)
    assert run(["bench", "status", str(tmp_path)]) == 3
    assert says in capsys.readouterr().err
