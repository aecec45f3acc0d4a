"""Records as a flat table: Parquet (with pyarrow) or CSV.

A column is a path through the record, its keys joined with a dot: `instance.name`, `seconds.total`. Lists,
such as `config.losses` and `incumbents`, become JSON texts. Columns follow `COLUMN_ORDER`; other fields come
after it. A column has one type: boolean, 64-bit integer, float, or text. Measured quantities are floats even
if all values are integral. A field that a record does not have is null, in CSV an empty cell.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from diffpump.core.errors import UsageError
from diffpump.io.files import refuse_directory, replace_file
from diffpump.outcome.record import plain

TABLE_SUFFIXES = (".parquet", ".csv")
COLUMN_ORDER = (
    "key label seed instance status found objective sense solver config_digest config message claimed "
    "violation exactly_feasible proof incumbents bound iterations restarts restart_ratio lp_solves "
    "lp_iterations lp_algorithm counters nodes seconds wall_seconds cpu_seconds rss_mb limits host started "
    "attempt exit_code stderr versions format"
).split()
# These columns and their sub-columns are floats in every table, so that tables of different batches combine.
FLOAT_COLUMNS = (
    "objective bound violation restart_ratio seconds wall_seconds cpu_seconds rss_mb claimed.objective "
    "claimed.violation config.time_limit limits.time limits.memory limits.grace"
).split()
Row = dict[str, Any]
Column = tuple[type, list[Any]]  # the type (bool, int, float or str), and one value or None per record


def export(records: Iterable[Mapping[str, Any]], path: str | os.PathLike[str]) -> None:
    """Write the records as a table in the format of the suffix, .parquet or .csv.

    Raises UsageError for another suffix or if pyarrow is missing, and OutputError if the file cannot be
    written.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise UsageError(f"{path}: the name must end in {' or '.join(TABLE_SUFFIXES)}")
    refuse_directory(path)
    encode = _csv if suffix == ".csv" else _parquet_encoder()
    replace_file(path, encode(columns(records)), lambda _: None)


def columns(records: Iterable[Mapping[str, Any]]) -> dict[str, Column]:
    """Return the columns of the flat table by name."""
    rows: list[Row] = [dict(_flat(plain(record))) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row))
    # A field may be null in one record and an object in another, such as `violation` without a solution.
    # It then has only the columns of its keys.
    groups = {name[:dot] for name in names for dot, letter in enumerate(name) if letter == "."}
    found = {name: [row.get(name) for row in rows] for name in _sorted(names)}
    return {
        name: _typed(name, values)
        for name, values in found.items()
        if name not in groups or any(value is not None for value in values)
    }


def _flat(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, _json(value) if isinstance(value, list) else value


def _sorted(names: Sequence[str]) -> list[str]:
    """Return the names in `COLUMN_ORDER` of their first keys, other keys last in order of appearance."""
    roots = [name.partition(".")[0] for name in names]
    rank = {root: position for position, root in enumerate(dict.fromkeys([*COLUMN_ORDER, *roots]))}
    return [name for _, name in sorted(zip(roots, names, strict=True), key=lambda pair: rank[pair[0]])]


def _typed(name: str, values: list[Any]) -> Column:
    """Return a column's type and its values converted to it: text if no narrower type fits all of them."""
    kinds = {type(value) for value in values} - {type(None)}
    kind: type = str
    if any(name == quantity or name.startswith(f"{quantity}.") for quantity in FLOAT_COLUMNS):
        kinds.add(float)
    if kinds == {bool}:
        kind = bool
    elif kinds and kinds <= {int, float} and all(-(2**63) <= v < 2**63 for v in values if type(v) is int):
        kind = float if float in kinds else int
    convert = _text if kind is str else kind
    return kind, [None if value is None else convert(value) for value in values]


def _text(value: Any) -> str:
    """Return a string in valid UTF-8 (a path may contain other bytes), or another value as JSON."""
    text = value if isinstance(value, str) else _json(value)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _csv(table: Mapping[str, Column]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    cells = [
        [_json(value) for value in values] if kind is bool else values for kind, values in table.values()
    ]
    writer.writerows(zip(*cells, strict=True))
    return text.getvalue().encode()


def _parquet_encoder() -> Any:
    """Return a function that encodes a table as Parquet; raise UsageError if pyarrow is missing."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError("Parquet needs pyarrow: pip install 'diffpump[bench]', or write a .csv") from None
    types = {bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64(), str: pyarrow.string()}

    def encode(table: Mapping[str, Column]) -> bytes:
        arrays = {name: pyarrow.array(values, types[kind]) for name, (kind, values) in table.items()}
        sink = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(pyarrow.table(arrays), sink)
        return bytes(sink.getvalue().to_pybytes())

    return encode
