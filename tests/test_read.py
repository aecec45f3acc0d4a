"""Reading a model file: compression, size limit, formats, standard input, and reading the file again."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import pickle
import sys
import threading
import time
import tracemalloc
from fractions import Fraction
from math import inf
from pathlib import Path

import numpy as np
import pytest
from models import same_parsed

from diffpump.core.errors import InputError, UnsupportedError
from diffpump.io.read import load_bytes, read, read_exact

try:
    from compression import zstd as zstandard
except ImportError:
    try:
        from backports import zstd as zstandard
    except ImportError:
        zstandard = None

MPS = b"""NAME m
OBJSENSE MAX
ROWS
 N c
 L r
 G s
COLUMNS
 x c 0.1 r 2
 y s 0 c -3
 y r 1
RHS
 RHS c -4 r 5
ENDATA
"""
LP = b"max\n 0.1 x - 3 y + 4\nst\n r: 2 x + y <= 5\n s: 0 y >= 0\nend\n"
PACK = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
if zstandard is not None:
    PACK[".zst"] = lambda data: zstandard.compress(
        data, options={zstandard.CompressionParameter.checksum_flag: 1}
    )


@pytest.mark.parametrize("packed", PACK)
@pytest.mark.parametrize(("suffix", "data"), [(".mps", MPS), (".lp", LP)])
def test_formats_and_compressions(tmp_path: Path, suffix: str, data: bytes, packed: str):
    path = tmp_path / f"m{suffix}{packed}"
    path.write_bytes(PACK[packed](data))
    problem = read(path)
    assert problem.maximise and problem.c.tolist() == [-0.1, 3] and problem.offset == -4
    assert problem.value(np.array([10.0, 1.0])) == 1 - 3 + 4
    assert problem.A.toarray().tolist() == [[2, 1], [0, 0]] and problem.nnz == 2
    assert problem.A.indices.dtype == np.int32 and problem.A.has_sorted_indices
    assert problem.row_lo.tolist() == [-inf, 0] and problem.row_hi.tolist() == [5, inf]
    assert problem.source is not None and problem.source.data is None
    assert problem.source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    exact = read_exact(problem.source)
    assert exact.c.tolist() == [Fraction(1, 10), -3] and exact.offset == 4 and exact.maximise


def test_the_first_bytes_tell_the_compression_not_the_name(tmp_path: Path):
    for name, data in (("a.mps", gzip.compress(MPS)), ("b.mps.gz", MPS), ("c.lp.xz", bz2.compress(LP))):
        (tmp_path / name).write_bytes(data)
        assert read(tmp_path / name).n == 2


@pytest.mark.parametrize(
    "data",
    [
        MPS,
        LP,
        b"\\ c\n\n" + LP,
        b"* c\n\n" + MPS,
        LP.replace(b"max\n", b"Maximize\r\n"),
        b"\xef\xbb\xbf" + LP,
        b"subject to\n r: x + y >= 1\nend\n",
    ],
)
def test_the_format_is_sniffed_without_a_suffix(tmp_path: Path, data: bytes):
    path = tmp_path / "model.v2"
    path.write_bytes(data)
    assert read(path).n == 2


@pytest.mark.parametrize("packed", PACK)
@pytest.mark.parametrize(("suffix", "data"), [(".mps", MPS), (".lp", LP)])
@pytest.mark.parametrize("end", ["", "\x1a", "\x1a\n", "\r\n\x1a\x1a\r\n", "\n" + "\x1a" * 200])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_marks_of_editors_are_no_data(
    tmp_path: Path, suffix: str, data: bytes, end: str, mark: bytes, packed: str
):
    plain, marked = tmp_path / f"plain{suffix}", tmp_path / f"marked{suffix}{packed}"
    plain.write_bytes(data)
    marked.write_bytes(PACK[packed](mark + data[:-1] + end.encode()))
    problem, source = read(marked), read(marked).source
    assert source is not None and same_parsed(
        read_exact(source), read_exact(pickle.loads(pickle.dumps(read(plain).source)))
    )
    assert same_parsed(read_exact(pickle.loads(pickle.dumps(source))), read_exact(source)) and problem.n == 2


@pytest.mark.parametrize(
    "data", [MPS.replace(b"RHS\n", b"RHS\n\x1a"), b"\x1a", b"\xef\xbb\xbf", b"\n\xef\xbb\xbf" + MPS]
)
def test_marks_in_the_wrong_place_are_refused(tmp_path: Path, data: bytes):
    path = tmp_path / "m.mps"
    path.write_bytes(data)
    with pytest.raises(InputError):
        read(path)


def test_blank_lines_do_not_slow_the_detection_of_the_format_down(tmp_path: Path):
    path = tmp_path / "model"
    path.write_bytes(b"\n" * 500_000 + LP)
    begin = time.process_time()
    assert read(path).n == 2
    assert time.process_time() - begin < 30  # seconds; a search that is quadratic in the lines takes hours


def test_gzip_members_add_up(tmp_path: Path):
    path = tmp_path / "m.mps.gz"
    path.write_bytes(gzip.compress(MPS[:50]) + gzip.compress(MPS[50:]))
    assert read(path).n == 2


@pytest.mark.parametrize("data", [MPS, gzip.compress(LP)], ids=["plain", "gzip"])
def test_standard_input_is_kept_for_other_processes(monkeypatch: pytest.MonkeyPatch, data: bytes):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    problem = read("-")
    assert problem.n == 2 and problem.source is not None and problem.source.data == data
    elsewhere = pickle.loads(pickle.dumps(problem.source))
    assert elsewhere.model is None and read_exact(elsewhere).c[0] == Fraction(1, 10)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_kept_for_other_processes(tmp_path: Path):
    path = tmp_path / "pipe.mps"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(MPS,))
    writer.start()
    source = read(path).source
    writer.join()
    assert source is not None and read_exact(pickle.loads(pickle.dumps(source))).offset == 4


def test_a_file_that_changed_is_noticed(tmp_path: Path):
    path = tmp_path / "m.mps"
    path.write_bytes(MPS)
    source = read(path).source
    assert source is not None
    path.write_bytes(MPS.replace(b"0.1", b"0.2"))
    with pytest.raises(InputError, match=r"m\.mps: the file changed while"):
        read_exact(source)


@pytest.mark.parametrize("packed", list(PACK)[1:])
def test_compressed_data_that_is_cut_off_or_broken(tmp_path: Path, packed: str):
    whole = PACK[packed](MPS * 50)
    path = tmp_path / f"m.mps{packed}"
    for cut in (8, len(whole) // 2, len(whole) - 3, len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(InputError, match="compressed data cannot be read"):
            read(path)
    for at in range(12, len(whole), 7):
        broken = bytearray(whole)
        broken[at] ^= 0x55
        path.write_bytes(broken)
        with pytest.raises(InputError):
            read(path)


@pytest.mark.skipif(zstandard is None, reason="neither compression.zstd nor backports.zstd is installed")
def test_all_frames_of_a_zstandard_file_are_read(tmp_path: Path):
    half = len(MPS) // 2
    (tmp_path / "m.mps").write_bytes(PACK[".zst"](MPS[:half]) + PACK[".zst"](MPS[half:]))
    assert read(tmp_path / "m.mps").n == 2


def test_a_zstandard_file_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)  # an import of it fails
    path = tmp_path / "m.mps.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd\x04\x00\x01\x00")
    with pytest.raises(UnsupportedError, match=r"m\.mps\.zst: .* `zstd -d`, .* `pip install backports.zstd`"):
        read(path)


@pytest.mark.parametrize("packed", PACK)
def test_a_bomb_is_refused_before_it_is_resident(tmp_path: Path, packed: str):
    path = tmp_path / f"m.mps{packed}"
    path.write_bytes(PACK[packed](b"* comment\n" * 6_000_000))
    tracemalloc.start()
    with pytest.raises(InputError, match="larger than the limit of 4000000 bytes"):
        load_bytes(str(path), max_bytes=4_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16_000_000


@pytest.mark.parametrize("name", ["missing.mps", "", "bad\0name.mps"])
def test_what_cannot_be_opened(tmp_path: Path, name: str):
    with pytest.raises(InputError, match="cannot be read"):
        read(f"{tmp_path}/{name}")


@pytest.mark.parametrize(
    ("name", "data", "where", "reason"),
    [
        ("m.mps", MPS.replace(b"0.1", b"nan"), ":8: ", "'nan' is not"),
        ("m.mps", b"", ":1: ", "empty"),
        ("m.lp", LP.replace(b"5", b"5 5"), ":4: ", "a new line"),
        ("m.mps", b"\x7fELF\x02\x00", ":1: ", "0x7f"),
        ("m.mps", LP, ":1: ", "unknown section 'max'"),
        ("m.lp", MPS, ":1: ", "before the objective"),
    ],
)
def test_refusals_name_the_file(tmp_path: Path, name: str, data: bytes, where: str, reason: str):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as refusal:
        read(path)
    assert str(refusal.value).startswith(f"{path}{where}") and reason in str(refusal.value)


def test_an_unsupported_feature_stays_one_with_the_file_name(tmp_path: Path):
    path = tmp_path / "m.mps"
    path.write_bytes(MPS.replace(b"ENDATA", b"SOS\nENDATA"))
    with pytest.raises(UnsupportedError, match=r"m\.mps:13: ") as refusal:
        read(path)
    assert refusal.value.exit_code == 4


def test_large_sides_are_rounded_inwards(tmp_path: Path) -> None:
    """2^53 + 1 is no float64: rounded to the nearest, the search's model would allow 2^53."""
    path = tmp_path / "large.lp"
    path.write_text(
        "min\n x + y\nst\n c: x >= 9007199254740993\n d: y <= 9007199254740995\n e: y = 9007199254740993\n"
        " f: y <= 1.1\nbounds\n x <= 9007199254740995\nend\n"
    )
    problem = read(path)
    assert problem.row_lo[0] == 9007199254740994 and problem.row_hi[1] == 9007199254740994
    assert problem.row_lo[2] == problem.row_hi[2] == 9007199254740992  # nothing lies between
    assert problem.row_hi[3] == 1.1 and problem.ub[0] == 9007199254740994
