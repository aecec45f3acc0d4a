"""Records as a flat table: Parquet (with pyarrow) or CSV.

A column is a path through the record, its keys joined with a dot: `instance.name`, `seconds.total`. Lists,
such as `config.losses` and `incumbents`, are texts in JSON. Columns come in the order of `ORDER`, what else a
record has after them. A column has one type: truth value, whole number (64 bits), number, or text; measured
quantities are numbers even where all of them are whole. What a record does not have is null, in CSV an empty
cell.
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

SUFFIXES = (".parquet", ".csv")
ORDER = (
    "key label seed instance status found objective sense solver config_digest config message claimed "
    "violation exactly_feasible proof incumbents bound iterations restarts restart_ratio lp_solves "
    "lp_iterations lp_algorithm counters nodes seconds wall_seconds cpu_seconds rss_mb limits host started "
    "attempt exit_code stderr versions format"
).split()
# Numbers in every table, so that tables of different batches fit together: these columns and what is below.
QUANTITIES = (
    "objective bound violation restart_ratio seconds wall_seconds cpu_seconds rss_mb claimed.objective "
    "claimed.violation config.time_limit limits.time limits.memory limits.grace"
).split()
Row = dict[str, Any]
Column = tuple[type, list[Any]]  # bool, int, float or str, and a value or None for each record


def export(records: Iterable[Mapping[str, Any]], path: str | os.PathLike[str]) -> None:
    """Write the records as a table; the suffix says which kind.

    UsageError for another suffix, or where pyarrow is missing; OutputError when it cannot be written.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"{path}: the name must end in {' or '.join(SUFFIXES)}")
    refuse_directory(path)
    encode = _csv if suffix == ".csv" else _parquet_encoder()
    replace_file(path, encode(columns(records)), lambda _: None)


def columns(records: Iterable[Mapping[str, Any]]) -> dict[str, Column]:
    """The flat table, by column."""
    rows: list[Row] = [dict(_flat(plain(record))) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row))
    # A group that is null in one record (no violation) and there in another is not a column of its own.
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
    """By the described order of their first keys, then as they were met; a group stays together."""
    roots = [name.partition(".")[0] for name in names]
    rank = {root: place for place, root in enumerate(dict.fromkeys([*ORDER, *roots]))}
    return [name for _, name in sorted(zip(roots, names, strict=True), key=lambda pair: rank[pair[0]])]


def _typed(name: str, values: list[Any]) -> Column:
    """One type for a column, and its values in it; texts where nothing narrower fits all of them."""
    kinds = {type(value) for value in values} - {type(None)}
    kind: type = str
    if any(name == quantity or name.startswith(f"{quantity}.") for quantity in QUANTITIES):
        kinds.add(float)
    if kinds == {bool}:
        kind = bool
    elif kinds and kinds <= {int, float} and all(-(2**63) <= v < 2**63 for v in values if type(v) is int):
        kind = float if float in kinds else int
    convert = _text if kind is str else kind
    return kind, [None if value is None else convert(value) for value in values]


def _text(value: Any) -> str:
    """A text as UTF-8 can have it (a path may hold bytes that are none), anything else in JSON."""
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
    """The function that makes a Parquet file of a table; UsageError without pyarrow."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError("Parquet needs pyarrow: pip install 'diffpump[bench]'; CSV does without") from None
    types = {bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64(), str: pyarrow.string()}

    def encode(table: Mapping[str, Column]) -> bytes:
        arrays = {name: pyarrow.array(values, types[kind]) for name, (kind, values) in table.items()}
        sink = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(pyarrow.table(arrays), sink)
        return bytes(sink.getvalue().to_pybytes())

    return encode
