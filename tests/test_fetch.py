"""MIPLIB files by name, from a server on the loopback address: refusals, retries and cached files."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from command import COMMAND

from diffpump.bench import fetch as files
from diffpump.bench.fetch import Pinned, Unreachable, address, cache_folder, fetch, find, known
from diffpump.cli import run
from diffpump.cli.fetch import SETS
from diffpump.core.errors import DiffpumpError, InputError, OutputError, UsageError

DATA = bytes(range(256)) * 4096  # 1 MiB: several chunks


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Server(ThreadingHTTPServer):
    """A server of the contents in `files`.

    trouble   the faults of the next requests, one word for each
    asked     the names that were requested
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {"a": DATA, "b": DATA[:99], "air05": b"not air05"}
        self.trouble: list[str] = []
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{{name}}.mps.gz"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        name = self.path.removeprefix("/").removesuffix(".mps.gz")
        self.server.asked.append(name)
        trouble = self.server.trouble.pop(0) if self.server.trouble else ""
        data = self.server.files.get(name)
        if trouble == "hang up":
            self.connection.close()
        elif trouble == "nonsense":
            self.wfile.write(b"what?\r\n\r\n")
        elif trouble.isdigit() or data is None:
            self.send_error(int(trouble or 404))
        else:
            self.send_response(200)
            if trouble != "no length":
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if trouble == "half" else data)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "DIFFPUMP_CACHE"):
        monkeypatch.delenv(name, raising=False)
    with Server() as one:
        monkeypatch.setenv("DIFFPUMP_MIPLIB_URL", one.url)
        monkeypatch.setattr(files, "RETRY_PAUSES", (0.0, 0.0))
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield one
        one.shutdown()
        thread.join()


A = Pinned("a", sha256(DATA), len(DATA))


def fetched(server: Server, folder: Path, pinned: Pinned = A) -> files.Fetched:
    return fetch(pinned, folder, server.url, pauses=(0.0, 0.0))


# --- the table ------------------------------------------------------------------------------------


def test_the_table() -> None:
    table = known()
    assert {pinned.set for pinned in table.values()} == set(SETS)
    assert all(len(pinned.sha256) == 64 and pinned.bytes for pinned in table.values())
    assert find("air05") == find("air05.mps.gz") == table["air05"]


def test_the_table_is_what_the_files_are(miplib: list[Path]) -> None:
    met = [path for path in miplib if path.name.removesuffix(".mps.gz") in known()]
    for path in met[:50]:
        data = path.read_bytes()
        pinned = find(path.name)
        assert (pinned.sha256, pinned.bytes) == (sha256(data), len(data))


@pytest.mark.parametrize(
    ("name", "hash", "says"),
    [
        ("air5", None, "unknown instance 'air5'; did you mean air05"),
        ("cms750_4", None, "did you mean CMS750_4"),
        ("?", None, "--list shows all known names"),
        ("new", "12", "expected 64 hexadecimal digits"),
        ("../new", "0" * 64, "is no valid instance name"),
        ("", "0" * 64, "is no valid instance name"),
    ],
)
def test_names_that_are_not_known(name: str, hash: str | None, says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("?", r"\?")):
        find(name, hash)


def test_a_hash_stands_for_a_name() -> None:
    assert find("new", "AB" * 32) == Pinned("new", "ab" * 32)


# --- one file -------------------------------------------------------------------------------------


def test_there_and_there_again(server: Server, tmp_path: Path) -> None:
    """The folder is made, a second fetch sends no request, and a damaged file is replaced."""
    folder, received = tmp_path / "x" / "y", list[int]()
    found = fetch(A, folder, server.url, progress=received.append)
    assert found == files.Fetched("a", str(folder / "a.mps.gz"), A.sha256, len(DATA), True)
    assert (folder / "a.mps.gz").read_bytes() == DATA
    assert received[-1] == len(DATA)
    assert len(received) > 1
    assert fetched(server, folder).downloaded is False
    assert server.asked == ["a"]
    (folder / "a.mps.gz").write_bytes(DATA[:-1])
    assert fetched(server, folder).downloaded is True
    assert [path.name for path in folder.iterdir()] == ["a.mps.gz"]


@pytest.mark.parametrize("data", [DATA[:-1], b"", DATA[:-1] + b"x", DATA + b"x"])
def test_another_hash_is_refused(data: bytes, server: Server, tmp_path: Path) -> None:
    server.files["a"] = data
    for pinned in (A, Pinned("a", A.sha256)):
        with pytest.raises(InputError, match="refused") as refusal:
            fetched(server, tmp_path, pinned)
        both = f"its sha256 is {sha256(data)}, expected {A.sha256}" in str(refusal.value)
        assert both or (len(data) > len(DATA) and "longer than" in str(refusal.value))
        assert not list(tmp_path.iterdir())
    assert len(server.asked) == 2  # no retries


def test_a_refused_file_leaves_the_one_that_was_there(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.mps.gz").write_bytes(b"mine")
    server.files["a"] = b"other"
    with pytest.raises(InputError):
        fetched(server, tmp_path)
    assert (tmp_path / "a.mps.gz").read_bytes() == b"mine"


@pytest.mark.parametrize("trouble", ["hang up", "half", "nonsense", "503", "429", "500"])
def test_the_network_gets_more_tries(trouble: str, server: Server, tmp_path: Path) -> None:
    server.trouble = [trouble] * 2
    assert fetched(server, tmp_path).downloaded
    assert len(server.asked) == 3
    (tmp_path / "a.mps.gz").unlink()
    server.trouble = [trouble] * 3
    with pytest.raises(Unreachable, match=r"a: http://127.*mps\.gz: .+"):
        fetched(server, tmp_path)
    assert len(server.asked) == 6
    assert not list(tmp_path.iterdir())


def test_no_length_is_fine(server: Server, tmp_path: Path) -> None:
    server.trouble = ["no length"]
    assert fetched(server, tmp_path).bytes == len(DATA)


def test_a_slow_server(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "TIMEOUT_SECONDS", 0.2)
    server.shutdown()  # its socket still accepts connections, but nothing answers
    with pytest.raises(Unreachable, match="no answer within"):
        fetch(A, tmp_path, server.url, pauses=())
    assert not list(tmp_path.iterdir())


def test_nobody_is_there(server: Server, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="Connection refused"):
        fetch(A, tmp_path, "http://127.0.0.1:1/{name}", pauses=())


def test_not_found_is_said_once(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="HTTP 404 Not Found") as refusal:
        fetched(server, tmp_path, Pinned("none", "0" * 64))
    assert not isinstance(refusal.value, Unreachable)
    assert server.asked == ["none"]


def test_many_at_once(server: Server, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: fetched(server, tmp_path), range(16)))
    assert {one.sha256 for one in found} == {A.sha256}
    assert [path.name for path in tmp_path.iterdir()] == ["a.mps.gz"]
    assert (tmp_path / "a.mps.gz").read_bytes() == DATA


# --- the folder and the address -------------------------------------------------------------------


def test_folders_that_cannot_be(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "full" / "a.mps.gz").mkdir(parents=True)
    for folder, says in {"file": "cannot be made", "file/x": "cannot be made", "full": "a directory"}.items():
        with pytest.raises(OutputError, match=says):
            fetched(server, tmp_path / folder)
    assert server.asked == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only(server: Server, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="denied"):
        fetched(server, tmp_path)


def _tiny_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (60, 60))


def test_full_disk(server: Server, tmp_path: Path) -> None:
    """The disk counts as full because files may not grow beyond 60 bytes."""
    done = subprocess.run(
        [*COMMAND, "fetch", "a", "--sha256", A.sha256, "--to", str(tmp_path)], preexec_fn=_tiny_files,
        capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 6
    assert done.stderr == f"diffpump: error: {tmp_path}/a.mps.gz: cannot be written: File too large\n"
    assert not list(tmp_path.iterdir())


def test_where_files_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIFFPUMP_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/h")
    assert cache_folder() == Path("/h/.cache/diffpump/miplib")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # the specification says to ignore relative paths
    assert cache_folder() == Path("/h/.cache/diffpump/miplib")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert cache_folder() == Path("/x/diffpump/miplib")
    monkeypatch.setenv("DIFFPUMP_CACHE", "/c")
    assert cache_folder() == Path("/c")
    assert cache_folder("t") == Path("t")


def test_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIFFPUMP_MIPLIB_URL", raising=False)
    assert address() == files.ADDRESS
    monkeypatch.setenv("DIFFPUMP_MIPLIB_URL", "http://x/{name}")
    assert address() == "http://x/{name}"
    for wrong in ("http://x/", "ftp://x/{name}", "{name}", "http://x:y/{name}", "http://[/{name}", "http:///{name}",
                  "http://x/{name} y", "https://é/{name}"):  # fmt: skip
        with pytest.raises(UsageError, match="expected http"):
            address(wrong)


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {
        "a": Pinned("a", sha256(DATA), len(DATA), "small"),
        "b": Pinned("b", sha256(DATA[:99]), 99, "small"),
        "air05": Pinned("air05", "0" * 64, 9, "paper"),
        "gone": Pinned("gone", "0" * 64, 9, "general"),
    }
    monkeypatch.setattr(files, "known", lambda: entries)


@pytest.mark.usefixtures("table")
def test_paths_are_printed(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for asked in (["a", "b"], []):  # the second run sends no request
        assert run(["fetch", "a", "--set", "small", "--to", str(tmp_path)]) == 0
        assert capsys.readouterr() == (f"{tmp_path}/a.mps.gz\n{tmp_path}/b.mps.gz\n", "")
        assert server.asked == asked
        server.asked.clear()


@pytest.mark.usefixtures("table")
def test_one_failure_does_not_stop_the_rest(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each failure gives one line, the first one gives the exit code, and the other files are fetched."""
    names = ["gone", "nonsense", "air05", "b"]
    assert run(["fetch", *names, "--to", str(tmp_path)]) == 3
    out, err = capsys.readouterr()
    assert out == f"{tmp_path}/b.mps.gz\n"
    gone, unknown, refused = err.splitlines()
    assert gone.startswith("diffpump: error: gone: http://127") and gone.endswith("HTTP 404 Not Found")
    assert unknown.startswith("diffpump: error: unknown instance 'nonsense'; ")
    assert refused.endswith(f"its sha256 is {sha256(b'not air05')}, expected {'0' * 64}")
    assert run(["fetch", "nonsense", "gone", "--to", str(tmp_path)]) == 2


@pytest.mark.usefixtures("table")
def test_json(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch", "b", "gone", "--json", "--to", str(tmp_path)]) == 3
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["files"] == [
        {
            "name": "b",
            "path": f"{tmp_path}/b.mps.gz",
            "sha256": sha256(DATA[:99]),
            "bytes": 99,
            "downloaded": True,
        }
    ]
    assert found["exit_code"] == 3
    assert found["errors"] == [err.removeprefix("diffpump: error: ").rstrip("\n")]


@pytest.mark.usefixtures("table")
def test_patience_once_is_enough(server: Server, tmp_path: Path) -> None:
    """After a file has failed three times, each further file gets a single attempt."""
    server.trouble = ["503"] * 4
    assert run(["fetch", "a", "b", "air05", "--to", str(tmp_path)]) == 3
    assert server.asked == ["a", "a", "a", "b", "air05"]


def test_a_hash_of_ones_own(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch", "a", "--sha256", A.sha256.upper(), "--to", str(tmp_path), "--url", server.url]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/a.mps.gz\n"


def test_listing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(known())
    assert run(["fetch", "--list", "--set", "general", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["files"]
    assert {one["set"] for one in listed} == {"general"}
    assert {one["name"]: one["sha256"] for one in listed}["gus-sch"] == known()["gus-sch"].sha256


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("", "name an instance"),
        ("a b --sha256 00", "exactly one"),
        ("a --url nowhere", "expected http"),
        ("--set huge", "paper"),
    ],
)
def test_usage(options: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch", *options.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1


def test_errors_are_the_users_mistakes() -> None:
    assert issubclass(Unreachable, DiffpumpError)
    assert Unreachable("x").exit_code == 3
