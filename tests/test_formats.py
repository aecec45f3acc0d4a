"""Files of other formats and encodings: named, with advice, and never in place of a valid model."""

from __future__ import annotations

import gzip
import io
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from diffpump.core.errors import InputError, UnsupportedError
from diffpump.io.read import read

MPS = b"NAME m\nROWS\n N c\n L r\nCOLUMNS\n x c 1 r 2\nRHS\n R r 5\nENDATA\n"
LP_SOLVE = b"/* objective */\nmax: 3x + 2y;\n\nc1: x + y <= 4;\nint x;\n"


def zipped() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("m.mps", MPS)
    return archive.getvalue()


def tarred() -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as file:
        info = tarfile.TarInfo("m.mps")
        info.size = len(MPS)
        file.addfile(info, io.BytesIO(MPS))
    return archive.getvalue()


OTHERS = {  # name of the file -> its bytes, what it is, what to do
    "m.mps.lz4": (b"\x04\x22\x4d\x18\x64\x40", "an LZ4 file", "lz4 -d"),
    "m.mps.lz": (b"LZIP\x01\x0c", "a lzip file", "lzip -d"),
    "m.zip": (zipped(), "a ZIP archive", "unzip"),
    "m.mps.Z": (b"\x1f\x9d\x90\x4e\x82", "a file of `compress`", "uncompress"),
    "m.7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive", "7z x"),
    "m.rar": (b"Rar!\x1a\x07\x01\x00", "a RAR archive", "unrar x"),
    "m.tar": (tarred(), "a tar archive", "tar -xf"),
    "m.tar.gz": (gzip.compress(tarred()), "a tar archive", "tar -xf"),
    "m.nl": (b"g3 1 1 0\t# problem m\n 2 1 1 0 0\n", "an AMPL .nl file", "`write mNAME;`"),
    "binary.nl": (b"b3 1 1 0\t# problem m\n\x00\x01", "an AMPL .nl file", "`write mNAME;`"),
    "m.nl.gz": (gzip.compress(b"g3 1 1 0\t# problem m\n 2 1\n"), "an AMPL .nl file", "`write mNAME;`"),
    "m.cip": (b"STATISTICS\n  Problem name     : m\n  Variables        : 1\n", "a CIP file", "write problem"),
    "m.opb": (b"* #variable= 1 #constraint= 1\nmin: +1 x1 ;\n+1 x1 >= 1 ;\n", "OPB", "write problem"),
    "m.wbo": (b"soft: 6 ;\n[2] +1 x1 >= 1 ;\n", "WBO", "write problem"),
    "m.zpl": (b"var x >= 0;\nminimize cost: x;\nsubto c: x >= 1;\n", "a ZIMPL model", "zimpl -t mps"),
    "m.gms": (b"Variables x, z;\nEquations c;\nc.. x =g= 1;\n", "a GAMS model", "CONVERT"),
    "m.mod": (b"var x >= 0;\nminimize z: x;\ns.t. c: x >= 1;\nend;\n", "GNU MathProg", "glpsol --check -m"),
    "m.dat": (b"param n := 3;\n", "a data file of AMPL", "MPS or LP"),
    "m.mzn": (b"var 0..3: x;\nsolve maximize x;\n", "a MiniZinc model", "MPS or LP"),
    "m.py": (b"import pulp\n", "a Python program", "diffpump.solve"),
    "m.jl": (b"using JuMP\n", "a Julia program", "write_to_file"),
    "m.sol": (b"# Objective value = 3\nx 1\n", "a solution file", "--start FILE"),
    "m.json": (b'{"variables": [{"name": "x"}]}\n', "a JSON file", "MPS or LP"),
    "data": (b'\n {\n  "variables": []\n}\n', "a JSON file", "MPS or LP"),
    "m.osil": (b'<?xml version="1.0"?>\n<osil/>\n', "an XML file", "MPS or LP"),
    "solver.lp": (LP_SOLVE, "lp_solve's own LP format", "lp_solve -S3 -parse"),
    "short.lp": (b"max: 3x+2y;\nc1: x+y<=4;\n", "lp_solve's own LP format", "lp_solve -S3 -parse"),
    "comments.lp": (b"// a\n/* b */ /* c */\nMinimise: ;\n", "lp_solve's own LP format", "lp_solve -S3"),
    "bare.lp": (b"3x + 2y >= 2;\nx <= 4; // none\n", "lp_solve's own LP format", "lp_solve -S3"),
    "sniffed": (LP_SOLVE, "lp_solve's own LP format", "lp_solve -S3"),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_other_formats_are_named_with_advice(tmp_path: Path, name: str):
    data, what, advice = OTHERS[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnsupportedError) as refusal:
        read(path)
    assert refusal.value.exit_code == 4
    message = str(refusal.value)
    assert message.startswith(f"{path}: a") and what in message and advice in message and "\n" not in message


@pytest.mark.parametrize("name", ["m.nl", "m.json", "m.mod", "m.tar", "m.zst", "m"])
def test_a_valid_model_is_read_whatever_its_name(tmp_path: Path, name: str):
    path = tmp_path / name
    path.write_bytes(MPS)
    assert read(path).n > 0


@pytest.mark.parametrize(
    ("name", "data", "where"),
    [
        ("m.mps", MPS.replace(b"ROWS", b"ROVS"), ":2: "),
        ("m.lp", b"min\n obj: 3 x;\nsubject to\n c: x >= 1;\nend\n", ":4: "),
        ("m", b"hello world\n", ":1: "),
    ],
)
def test_a_faulty_model_keeps_the_refusal_of_its_reader(tmp_path: Path, name: str, data: bytes, where: str):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as refusal:
        read(path)
    assert refusal.value.exit_code == 3 and str(refusal.value).startswith(f"{path}{where}")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_refused_with_advice(tmp_path: Path, encoding: str):
    mark = "" if encoding in ("utf-16", "utf-32") else "\ufeff"
    path = tmp_path / "m.mps"
    path.write_bytes((mark + MPS.decode()).encode(encoding))
    with pytest.raises(
        InputError, match=r"m\.mps: the text is UTF-16 or UTF-32; convert it to UTF-8"
    ) as refusal:
        read(path)
    assert refusal.value.exit_code == 3


def test_many_comments_do_not_slow_the_recognition_down(tmp_path: Path):
    path = tmp_path / "m.lp"
    path.write_bytes(b"/* c */ // d\n" * 4000 + b"nothing\n")
    begin = time.process_time()
    with pytest.raises(InputError):
        read(path)
    assert time.process_time() - begin < 5  # seconds; with backtracking it would not end
