"""`.solu` files: valid files are read, and invalid ones are refused with line and reason."""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffpump.bench.solu import Known, known_objectives, parse_solu, read_solu
from diffpump.core.errors import InputError

TEXT = """\
# a comment
=opt=  p0033   3089
=best= hard    -1.5e3

=inf=  none
=unkn= dark
=feas= some
=feas= more 7
=unbd= free
"""


def test_read(tmp_path: Path) -> None:
    expected = {
        "p0033": Known("opt", 3089.0),
        "hard": Known("best", -1500.0),
        "none": Known("inf"),
        "dark": Known("unkn"),
        "some": Known("feas"),
        "more": Known("feas", 7.0),
        "free": Known("unbd"),
    }
    (plain := tmp_path / "x.solu").write_text(TEXT)
    (packed := tmp_path / "x.solu.gz").write_bytes(gzip.compress(TEXT.replace("\n", "\r\n").encode()))
    assert read_solu(plain) == read_solu(packed) == expected
    assert known_objectives(plain) == {"p0033": 3089.0, "hard": -1500.0, "more": 7.0}
    assert [name for name, known in expected.items() if not known.feasible] == ["none", "dark"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("=optimal= a 1", "unknown tag '=optimal='"),
        ("opt a 1", "unknown tag 'opt'"),
        ("==opt== a 1", "unknown tag '==opt=='"),
        ("=opt=", "=opt= without an instance name"),
        ("=opt= a", "=opt= a: expected 1 value, got 0"),
        ("=opt= a 1 2", "=opt= a: expected 1 value, got 2"),
        ("=inf= a 1", "=inf= a: expected 0 value, got 1"),
        ("=opt= a one", "instance a: 'one' is not a finite number"),
        ("=best= a inf", "instance a: 'inf' is not a finite number"),
        ("=best= a nan", "instance a: 'nan' is not a finite number"),
        ("=best= a 1_000", "instance a: '1_000' is not a finite number"),
        ("=unkn= first", "instance first has a second line"),
    ],
)
def test_refused_with_file_line_and_reason(line: str, reason: str, tmp_path: Path) -> None:
    (path := tmp_path / "x.solu").write_text(f"=opt= first 1\n\n{line}\n")
    with pytest.raises(InputError) as refusal:
        read_solu(path)
    assert str(refusal.value).startswith(f"{path}:3: {reason}")


def test_a_file_that_is_no_text_or_not_there(tmp_path: Path) -> None:
    (path := tmp_path / "x.solu").write_bytes(b"=opt= \xff 1\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_solu(path)
    with pytest.raises(InputError):
        read_solu(tmp_path / "none.solu")


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9._-]{0,9}", fullmatch=True), st.floats(allow_nan=False)))
def test_what_is_written_is_read(values: dict[str, float]) -> None:
    finite = {name: value for name, value in values.items() if math.isfinite(value)}
    text = "\n".join(f"=opt= {name} {value!r}" for name, value in finite.items())
    assert parse_solu(text) == {name: Known("opt", value) for name, value in finite.items()}
