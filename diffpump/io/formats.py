"""Files that are no model of ours, named once they have been refused, with advice.

The table is consulted only for a file that neither reader accepts, so it can never turn a valid model away.
The first bytes decide where they are unmistakable, then the text, then the suffix of the name.
"""

from __future__ import annotations

import re
from pathlib import Path

from diffpump.core.errors import InputError, UnsupportedError

COMPRESSION_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
_HEAD_BYTES = 1 << 16  # bytes in which the text of a format is searched for

_MAGICS = {  # first bytes -> what the file is, and what to do
    b"\x04\x22\x4d\x18": ("an LZ4 file", "decompress it with `lz4 -d`"),
    b"\x1f\x9d": ("a file of `compress`", "decompress it with `uncompress`"),
    b"LZIP": ("a lzip file", "decompress it with `lzip -d`"),
    b"PK\x03\x04": ("a ZIP archive", "extract the model with `unzip`"),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", "extract the model with `7z x`"),
    b"Rar!\x1a\x07": ("a RAR archive", "extract the model with `unrar x`"),
}
_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")  # byte order marks of UTF-16 and UTF-32
_TAR = slice(257, 262)  # where a tar archive has the word `ustar`

_WRITE = "write the model as MPS or LP"
_BY_AMPL = "write MPS instead, in AMPL with `write mNAME;`, in Pyomo with `model.write('NAME.mps')`"
_BY_SCIP = "convert it with SCIP: `read FILE`, then `write problem model.mps`"
_BY_LP_SOLVE = "convert it with `lp_solve -S3 -parse FILE -wfmps model.mps`"
_BY_GLPSOL = (
    "in AMPL, write MPS with `write mNAME;`; convert GNU MathProg with "
    "`glpsol --check -m FILE --wfreemps model.mps`"
)
_LP_SOLVE = ("a file in lp_solve's own LP format", _BY_LP_SOLVE)
_NL = ("an AMPL .nl file", _BY_AMPL)
_CIP = ("a CIP file", _BY_SCIP)
_OPB = ("a pseudo-Boolean OPB file", _BY_SCIP)
_JSON = ("a JSON file", _WRITE)
_XML = ("an XML file", _WRITE)

_COMMENT = rb"(?>\s|//[^\n]*\n|/\*.*?\*/)*+"  # never given back, else many comments take exponential time
_TEXTS = (  # the beginning of the text -> what the file is, and what to do
    (re.compile(rb"[gb]\d+(?: \d+)+\s"), _NL),
    (re.compile(rb"STATISTICS\s+Problem name\s*:"), _CIP),
    (re.compile(rb"\*[ \t]*#variable[ \t]*="), _OPB),
    (re.compile(rb"\s*\{\s*[\"}]"), _JSON),
    (re.compile(rb"\s*<\?xml\s"), _XML),
    (re.compile(_COMMENT + rb"(?:max|min)(?:imi[sz]e)?\s*:[^;]*;", re.DOTALL | re.IGNORECASE), _LP_SOLVE),
)
_ROWS_KEYWORD = re.compile(
    rb"^[ \t]*(?:subject[ \t]+to|such[ \t]+that|s\.?t\.?)\s", re.MULTILINE | re.IGNORECASE
)
_STATEMENT_END = re.compile(rb";[ \t\r]*(?://[^\n]*|/\*[^\n]*)?$", re.MULTILINE)

_SUFFIXES = {
    ".nl": _NL,
    ".cip": _CIP,
    ".opb": _OPB,
    ".wbo": ("a weighted pseudo-Boolean WBO file", _BY_SCIP),
    ".pip": ("a PIP file of polynomial terms", _WRITE),
    ".zpl": ("a ZIMPL model", "convert it with `zimpl -t mps FILE`"),
    ".gms": ("a GAMS model", "convert it with the GAMS solver CONVERT"),
    ".mod": ("an AMPL or GNU MathProg model", _BY_GLPSOL),
    ".dat": ("a data file of AMPL or GNU MathProg", "write the model with its data as MPS or LP"),
    ".mzn": ("a MiniZinc model", _WRITE),
    ".fzn": ("a FlatZinc model", _WRITE),
    ".py": ("a Python program", "let it write its model as MPS or LP, or call diffpump.solve in it"),
    ".jl": ("a Julia program", "let it write its model, in JuMP with `write_to_file(model, \"model.mps\")`"),
    ".sol": ("a solution file", "name the model, with `--start FILE` to begin from a solution"),
    ".mst": ("a start file", "name the model, with `--start FILE` to begin from a solution"),
    ".json": _JSON,
    ".osil": _XML,
    ".xml": _XML,
}  # fmt: skip


def other_format(path: str, data: bytes) -> InputError | None:
    """Return the refusal that names the format of a file, or None if the format is unknown.

    path    the name of the file, with or without the suffix of a compression
    data    its decompressed bytes
    """
    if data.startswith(_ENCODINGS):
        return InputError("the text is UTF-16 or UTF-32; convert it to UTF-8, for example with `iconv`")
    known = next((known for magic, known in _MAGICS.items() if data.startswith(magic)), None)
    if known is None and data[_TAR] == b"ustar":
        known = ("a tar archive", "extract the model with `tar -xf`")
    head = data[:_HEAD_BYTES]
    known = known or next((known for text, known in _TEXTS if text.match(head)), None)
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    known = known or next((_SUFFIXES[suffix] for suffix in reversed(suffixes) if suffix in _SUFFIXES), None)
    if known is None and ".lp" in suffixes and _STATEMENT_END.search(head) and not _ROWS_KEYWORD.search(head):
        known = _LP_SOLVE
    if known is None:
        return None
    what, advice = known
    return UnsupportedError(f"{what} is not supported: {advice}")
