"""Records as tables: every value is preserved, a column has one type, and missing values are null."""

from __future__ import annotations

import csv
import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.bench.export import columns, export
from diffpump.config.presets import config
from diffpump.core.errors import OutputError, UsageError

RECORD: dict[str, Any] = {
    "extra": "a field without a place in the order",
    "status": "feasible",
    "message": 'a "quoted", long\nsentence; ünïcode 数',
    "seconds": {"total": 2, "lp": 0.25},
    "config": config("DP4").as_dict(),
    "instance": {"name": "gäp, 数", "rows": 11, "columns": 24},
    "restarts": {"flip": 3, "perturbation": 0},
    "violation": {"rows": 0.0, "bounds": 0, "integrality": 1e-9},
    "found": True,
    "objective": 7,
    "incumbents": [{"seconds": 0.5, "objective": 7.0, "verified": True, "violation": None}],
    "seed": 1,
    "label": "DP4",
    "key": "k",
}
REFUSED: dict[str, Any] = {
    "key": "l", "label": "", "seed": 2, "status": "refused", "found": False, "objective": None,
    "violation": None, "incumbents": [], "instance": {"name": "broken", "rows": None, "sha256": "00"},
}  # fmt: skip


def parquet(path: Path) -> Any:
    return pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed").read_table(path)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    export(iter([RECORD, REFUSED]), path)
    table = parquet(path)
    types = {field.name: str(field.type) for field in table.schema}
    assert types["seed"] == types["instance.rows"] == types["restarts.flip"] == "int64"
    assert types["objective"] == types["seconds.total"] == types["violation.bounds"] == "double"
    assert types["config.time_limit"] == "double"
    assert types["found"] == "bool"
    assert types["incumbents"] == types["config.losses"] == types["instance.name"] == "string"
    first, second = table.to_pylist()
    assert (first["objective"], first["restarts.flip"], first["instance.name"]) == (7.0, 3, "gäp, 数")
    assert first["message"] == RECORD["message"]
    assert json.loads(first["incumbents"]) == RECORD["incumbents"]
    assert json.loads(first["config.losses"]) == RECORD["config"]["losses"]
    assert (second["label"], second["found"], second["incumbents"]) == ("", False, "[]")
    for name in ("instance.rows", "objective", "violation.rows", "restarts.flip", "config.preset", "extra"):
        assert second[name] is None
    assert first["instance.sha256"] is None


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "x.CSV"
    export([RECORD, REFUSED], path)
    first, second = rows(path)
    assert (first["seed"], first["objective"], first["found"]) == ("1", "7.0", "true")
    assert first["message"] == RECORD["message"]
    assert first["instance.name"] == "gäp, 数"
    assert json.loads(first["incumbents"]) == RECORD["incumbents"]
    assert float(first["violation.integrality"]) == 1e-9
    assert (second["found"], second["objective"], second["restarts.flip"]) == ("false", "", "")


def test_both_kinds_have_the_same_columns_in_the_described_order(tmp_path: Path) -> None:
    for suffix in ("parquet", "csv"):
        export([REFUSED, RECORD], tmp_path / f"x.{suffix}")
    names = list(rows(tmp_path / "x.csv")[0])
    assert names == parquet(tmp_path / "x.parquet").column_names
    assert names[:8] == [
        "key", "label", "seed", "instance.name", "instance.rows", "instance.sha256", "instance.columns",
        "status",
    ]  # fmt: skip
    assert names[-1] == "extra"
    assert "violation" not in names  # null in one record, three columns in the other


def test_types_do_not_depend_on_what_was_met() -> None:
    for objective in (7, 7.5, None):
        assert columns([{"objective": objective, "seconds": {"total": objective}}])["objective"][0] is float
    assert columns([{"violation": None}])["violation"] == (float, [None])
    assert columns([{"nodes": None}, {"nodes": 3}])["nodes"] == (int, [None, 3])
    assert columns([{"nodes": None}])["nodes"] == (str, [None])


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1, 2.5], float, [1.0, 2.5]),
        ([1, "one"], str, ["1", "one"]),
        ([True, 1], str, ["true", "1"]),
        ([2**63 - 1, -(2**63)], int, [2**63 - 1, -(2**63)]),
        ([2**63], str, [str(2**63)]),
        ([10**400, 0.5], str, [str(10**400), "0.5"]),
        ([math.nan, math.inf, 1.0], float, [None, None, 1.0]),
        (["\udcff.mps", "é"], str, ["\\udcff.mps", "é"]),
        ([[], ["é"], (1,)], str, ["[]", '["é"]', "[1]"]),
        ([{}, 1], int, [None, 1]),
    ],
)
def test_odd_values(values: list[Any], kind: type, expected: list[Any], tmp_path: Path) -> None:
    records = [{"value": value} for value in values]
    assert columns(records)["value"] == (kind, expected)
    export(records, tmp_path / "x.parquet")
    assert parquet(tmp_path / "x.parquet")["value"].to_pylist() == expected
    export(records, tmp_path / "x.csv")
    assert len(rows(tmp_path / "x.csv")) <= len(values)  # a single null is an empty line, which csv skips


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
trees = st.dictionaries(
    st.text(min_size=1, max_size=3).filter(lambda key: "." not in key),
    st.recursive(leaves | st.lists(leaves, max_size=2), lambda inner: st.dictionaries(st.text(), inner)),
    max_size=4,
)


@given(records=st.lists(trees, max_size=4))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_any_records_make_a_table(records: list[dict[str, Any]], tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.getbasetemp()
    table = columns(records)
    assert all(len(values) == len(records) for _, values in table.values())
    export(records, folder / "any.csv")
    export(records, folder / "any.parquet")
    again = parquet(folder / "any.parquet")
    assert again.column_names == list(table)
    assert [column.to_pylist() for column in again.columns] == [values for _, values in table.values()]


def test_no_records(tmp_path: Path) -> None:
    for suffix in ("parquet", "csv"):
        export([], tmp_path / f"x.{suffix}")
    assert parquet(tmp_path / "x.parquet").num_rows == 0
    assert rows(tmp_path / "x.csv") == []


def test_many(tmp_path: Path) -> None:
    """Export 20 000 records within 30 seconds in both formats."""
    before = time.perf_counter()
    for suffix in ("parquet", "csv"):
        export(({**RECORD, "key": str(i), "seed": i} for i in range(20_000)), tmp_path / f"x.{suffix}")
    assert time.perf_counter() - before < 30
    assert parquet(tmp_path / "x.parquet").num_rows == len(rows(tmp_path / "x.csv")) == 20_000


# --- errors ---------------------------------------------------------------------------------------


def test_refused_names(tmp_path: Path) -> None:
    for name in ("x.xlsx", "x", ".csv"):
        with pytest.raises(UsageError, match=r"must end in \.parquet or \.csv"):
            export([RECORD], tmp_path / name)
    (tmp_path / "d.csv").mkdir()
    for target in (tmp_path / "d.csv", tmp_path / "none" / "x.csv", tmp_path / "none" / "x.parquet"):
        with pytest.raises(OutputError, match="cannot be written"):
            export([RECORD], target)
    assert [path.name for path in tmp_path.iterdir()] == ["d.csv"]


def test_a_failure_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "x.csv").write_text("before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        export([RECORD], tmp_path / "x.csv")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


def test_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'diffpump\[bench\]'"):
        export([RECORD], tmp_path / "x.parquet")
    export([RECORD], tmp_path / "x.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
