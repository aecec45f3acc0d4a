"""Small files that become large: compressed, nested, or made of one very long part."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import limited
import peer_solvers
from trial import Trial, row

MODEL = "NAME t\nROWS\n N obj\n G need\nCOLUMNS\n x obj 1 need 1\nRHS\n R need 1\nENDATA\n"
MEGABYTE = 1 << 20
BLOCK_BYTES = 10 * MEGABYTE
MODEL_PEAK_MB = 3000  # a model may have 1 GiB when decompressed, and its bytes are held in memory
SOLUTION_PEAK_MB = 1000
GUARD_MB = 6000  # address space, so that a bomb that works does not harm the machine
PATIENCE = 60.0


def pack(kind: str, piece: bytes, megabytes: int, head: bytes = b"", tail: bytes = b"") -> bytes:
    """Return head, some megabytes of the piece, and tail, compressed: as archives in a row, made in no time."""
    compress = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[kind]
    block = compress(piece * (BLOCK_BYTES // len(piece)))
    return (compress(head) if head else b"") + block * (megabytes * MEGABYTE // BLOCK_BYTES) + compress(tail)


def _mps(columns: str) -> str:
    return MODEL.replace(" x obj 1 need 1\n", columns)


# Each bomb: name, whether it is a model, and its bytes for a random source.
BOMBS: dict[str, tuple[str, Callable[[Any], bytes]]] = {
    "model of comments, gz": ("m.mps.gz", lambda r: pack("gz", b"* comment\n", 1100, MODEL.encode())),
    "model of comments, xz": ("m.mps.xz", lambda r: pack("xz", b"*\n", r.randint(100, 200), MODEL.encode())),
    "model of zeros, bz2": ("m.mps.bz2", lambda r: pack("bz2", b"\0", 1100)),
    "model of blanks, bz2": ("m.mps.bz2", lambda r: pack("bz2", b" ", r.randint(150, 300))),
    "model of one name, gz": ("m.mps.gz", lambda r: pack("gz", b"x", 200, b"NAME ")),
    "model of one number, gz": ("m.mps.gz", lambda r: pack("gz", b"9", 50, _mps("")[:40].encode() + b"\n x obj ")),
    "LP file of signs": ("m.lp", lambda r: b"min\n obj: " + b"- " * 2_000_000 + b"x\nst\n c: x >= 1\nend\n"),
    "LP file of brackets": ("m.lp", lambda r: b"min\n obj: " + b"[" * 1_000_000 + b"\nst\nend\n"),
    "number of many digits": ("m.mps", lambda r: _mps(f" x obj 1 need {'9' * 3_000_000}\n").encode()),
    "number with a huge exponent": ("m.mps", lambda r: _mps(" x obj 1e-999999999999 need 1e308\n").encode()),
    "archive in an archive": ("m.mps.gz", lambda r: gzip.compress(gzip.compress(b"* " * 10_000_000))),
    "many archives in a row": ("m.mps.gz", lambda r: gzip.compress(b"*\n" * 500) * 20_000 + gzip.compress(MODEL.encode())),
    "solution of comments, bz2": ("s.sol", lambda r: pack("bz2", b"# c\n", r.randint(100, 300))),
    "solution of lines, bz2": ("s.sol", lambda r: pack("bz2", b"x 1\n", r.randint(100, 200))),
    "solution of line ends, gz": ("s.sol", lambda r: pack("gz", b"\n", 200)),
    "solution of one line, xz": ("s.sol", lambda r: pack("xz", b"x ", 150)),
    "solution of zeros, bz2": ("s.mst", lambda r: pack("bz2", b"\0", 1100)),
    "JSON of lists": ("s.json", lambda r: b'{"values": ' + b"[" * 3_000_000),
    "JSON of objects, gz": ("s.json", lambda r: pack("gz", b'{"a":', 150)),
    "JSON of columns, gz": ("s.json", lambda r: pack("gz", b'"x": 1, ', 150, b'{"values": {', b'"y": 1}}')),
    "JSON of one number": ("s.json", lambda r: b'{"values": {"x": ' + b"9" * 5_000_000 + b"}}"),
    "XML, nested": ("s.sol", lambda r: b"<a>" * 2_000_000),
    "XML, nested, gz": ("s.sol", lambda r: pack("gz", b"<variable>", 100, b"<CPLEXSolution>")),
    "XML of attributes": ("s.sol", lambda r: b"<CPLEXSolution " + b"".join(b'a%d="" ' % k for k in range(500_000)) + b"/>"),
    "XML of entities": ("s.sol", lambda r: _laughs()),
    "solution of long names": ("s.sol", lambda r: b"x" * 30_000_000 + b" 1\n"),
    "solution of many digits": ("s.sol", lambda r: b"x 1." + b"3" * 5_000_000 + b"\n"),
    "solution with a huge exponent": ("s.sol", lambda r: b"x 1e999999999\n"),
    "solution with a tiny exponent": ("s.sol", lambda r: b"x 1e-999999999\n"),
}  # fmt: skip


def _laughs() -> bytes:
    """Return XML whose entities stand for 10^10 characters (Billion laughs, 2003)."""
    lines = ['<?xml version="1.0"?>', "<!DOCTYPE s [", '<!ENTITY e0 "1111111111">']
    lines += [f'<!ENTITY e{k} "{f"&e{k - 1};" * 10}">' for k in range(1, 10)]
    return "\n".join(
        [*lines, ']>\n<CPLEXSolution><variable name="x" value="&e9;"/></CPLEXSolution>']
    ).encode()


@row(
    "bombs",
    "bombs: compressed, nested, endless parts",
    trials=29,
    seconds=150,
    patience=200,
    jobs=1,
    quick=(9, 27, 28),
    memory=16_000,
)
def bombs(trial: Trial) -> None:
    """A small file that becomes large is read or refused with a known code in one line, within 60 s and with a peak of at
    most 3000 MB for a model (1 GiB is the limit on its bytes) and 1000 MB for a solution. Peers: an end within 60 s and
    at most 3000 MB when reading the same model.
    """
    name, (target, make) = list(BOMBS.items())[trial.number % len(BOMBS)]
    trial.case = name
    (trial.folder / "t.mps").write_text(MODEL)
    path = trial.folder / target
    path.write_bytes(make(trial.random))
    model = target.startswith("m.")
    arguments = ["info", target] if model else ["check", "t.mps", target]
    most = MODEL_PEAK_MB if model else SOLUTION_PEAK_MB
    done = limited.run(*arguments, cwd=trial.folder, patience=PATIENCE, memory=GUARD_MB)
    limited.demand_orderly(trial, done, (0, 3, 4, 5))
    trial.demand(done.code not in (3, 4) or done.err.count("\n") == 1, f"not one line: {done.err[:300]}")
    trial.demand(len(done.err) < 2000, f"the refusal has {len(done.err)} characters")
    trial.demand(done.peak <= most, f"a file of {path.stat().st_size / 1024:.0f} KB took {done.peak:.0f} MB")
    if model and path.suffix not in (".bz2", ".xz"):
        for peer in peer_solvers.present():
            trial.peers[peer] = _peer(peer, path)


def _peer(name: str, path: Path) -> str | None:
    import sys

    short = peer_solvers.PEERS[name]
    script = Path(peer_solvers.__file__)
    question = f'{{"do": "read", "path": "{path}"}}\n'.encode()
    done = limited.run(
        str(script),
        short,
        cwd=path.parent,
        patience=PATIENCE,
        memory=GUARD_MB,
        stdin=question,
        command=[sys.executable],
    )
    if done.late:
        return f"no end within {PATIENCE:g} s"
    if done.code != 0:
        return f"exit code {done.code}"
    return f"{done.peak:.0f} MB" if done.peak > MODEL_PEAK_MB else None
