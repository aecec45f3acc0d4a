"""Compiled kernels: what is kept, when it is used again, and that it runs without numba."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import time
import weakref
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from command import GAP, process

from diffpump.kernels.compile import cache, jit, native
from diffpump.kernels.compile.jit import Kernel
from diffpump.kernels.compile.warm import is_warm, notice, warm
from diffpump.kernels.rng import below, rng, uniform

ALONE = "\nimport sys\nassert 'numba' not in sys.modules\n"
DRAWS = """
import numpy as np
from diffpump.kernels.rng import below, rng, uniform
state = rng(3)
print([uniform(state) for _ in range(4)], [below(state, 10**6) for _ in range(4)], below(state, np.int32(7)))
"""
THREADS = """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool:
    assert len(set(pool.map(lambda _: below(rng(3), 10**6), range(64)))) == 1
"""


def start(code: str, folder: Path) -> subprocess.Popen[str]:
    env = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=env, text=True)


def printed(process: subprocess.Popen[str]) -> str:
    out = process.communicate(timeout=120)[0]
    assert process.returncode == 0
    return out


def test_cold_starts_at_once_then_without_numba(tmp_path: Path) -> None:
    """Three processes compile the same kernels at the same time; the next one needs no numba."""
    state = rng(3)
    expected = [uniform(state) for _ in range(4)], [below(state, 10**6) for _ in range(4)], below(state, 7)
    outs = {printed(process) for process in [start(DRAWS, tmp_path) for _ in range(3)]}
    assert outs == {" ".join(map(str, expected)) + "\n"}
    files = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2 and all(name.endswith(".o") for name in files)  # one for all widths of integers
    first_calls_at_once = DRAWS.replace("print", THREADS + "print")
    assert {printed(start(first_calls_at_once + ALONE, tmp_path))} == outs


def test_torn_files_are_made_anew() -> None:
    jit._keep("x.o", b"code", "q")
    assert jit._kept("x.o") == (b"code", "q") and jit._kept("y.o") is None
    file = cache.folder() / "x.o"
    whole = file.read_bytes()
    for at in range(len(whole)):
        for torn in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], whole + b"x"):
            file.write_bytes(torn)
            assert jit._kept("x.o") is None
    content = whole[cache.DIGEST_BYTES :]
    file.write_bytes(hashlib.sha256(b"others/x.o\0" + content).digest() + content)
    assert jit._kept("x.o") is None  # the header of other compilers
    file.write_bytes(whole)
    assert jit._kept("x.o") == (b"code", "q")


@pytest.mark.parametrize("damage", ["swapped", "cut"])
def test_a_file_that_is_not_the_kernels_is_compiled_anew(tmp_path: Path, damage: str) -> None:
    """A kernel file under another's name, and a damaged one, give the right values, and are replaced."""
    expected = printed(start(DRAWS, tmp_path))
    one, two = sorted(tmp_path.rglob("rng*.o"))
    before = one.read_bytes(), two.read_bytes()
    assert before[0] != before[1]
    if damage == "swapped":
        one.write_bytes(before[1])
        two.write_bytes(before[0])
    else:
        one.write_bytes(before[0][: len(before[0]) // 2])
    assert printed(start(DRAWS, tmp_path)) == expected
    assert printed(start(DRAWS + ALONE, tmp_path)) == expected  # what was replaced is used


UNSAFE = {
    "others may write to the folder": lambda folder: folder.chmod(0o777),
    "its group may write to the folder": lambda folder: folder.chmod(0o770),
    "others may write to a folder above": lambda folder: folder.parent.chmod(0o702),
    "the folder is another user's": lambda folder: os.chown(folder, 12345, -1),
    "a folder above is another user's": lambda folder: os.chown(folder.parent, 12345, -1),
}


@pytest.mark.parametrize("what", UNSAFE)
def test_an_unsafe_folder_is_not_used(what: str) -> None:
    if "another user" in what and os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    cache.write("x", b"content")
    cache.complete()
    assert cache.refusal() is None and notice() is None
    UNSAFE[what](cache.folder())
    assert cache.read("x") is None and not is_warm()
    reason = cache.refusal()
    assert reason is not None and reason in (notice() or "")
    for change in (lambda: cache.write("y", b"content"), cache.prune):
        with pytest.raises(RuntimeError, match=re.escape(reason)):
            change()


def test_planted_code_is_not_executed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Kernels are compiled in memory where others may write; one line says so."""
    expected = printed(start(DRAWS, tmp_path))
    planted = dict.fromkeys(tmp_path.rglob("*.o"), b"planted")
    for path, content in planted.items():
        path.write_bytes(content)
    cache.folder().chmod(0o777)
    assert printed(start(DRAWS, tmp_path)) == expected
    assert all(path.read_bytes() == content for path, content in planted.items())
    assert capfd.readouterr().err.count("kernels are compiled in memory") == 1
    done = process("solve", GAP, "--time-limit", "30", "--stop", "first")
    assert done.returncode == 0
    assert done.stderr.count("kernels are compiled in memory") == 1


def test_an_unsafe_file_is_not_used(tmp_path: Path) -> None:
    cache.write("x", b"content")
    file = cache.folder() / "x"
    for mode, found in ((0o622, None), (0o660, None), (0o644, b"content")):
        file.chmod(mode)
        assert cache.read("x") == found
    if os.geteuid() == 0:
        os.chown(file, 12345, -1)
        assert cache.read("x") is None
        os.chown(file, 0, -1)
    elsewhere = file.rename(tmp_path / "elsewhere")
    file.symlink_to(elsewhere)
    assert cache.read("x") is None
    file.unlink()
    os.mkfifo(file)
    assert cache.read("x") is None  # and does not wait for a writer


def test_owners_by_their_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or folder belongs to this user or root; for all others it is refused."""
    cache.write("x", b"content")
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    if owner == 0:
        assert cache.read("x") == b"content"  # root's
    else:
        assert cache.read("x") is None and "belongs to another user" in (cache.refusal() or "")


def test_a_link_of_another_user_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link of ours may be on the way to the cache; one of another user may not, wherever it leads."""
    shared = tmp_path / "shared"
    (tmp_path / "own").mkdir(mode=0o700)
    shared.mkdir()
    shared.chmod(0o1777)
    link = shared / "link"
    link.symlink_to("../own")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(link))
    cache.write("x", b"content")
    assert (
        cache.read("x") == b"content"
        and (tmp_path / "own" / "diffpump-kernels").stat().st_mode & 0o777 == 0o700
    )
    if os.geteuid() == 0:
        os.chown(link, 12345, -1, follow_symlinks=False)
        assert cache.read("x") is None and cache.refusal() == f"{link} belongs to another user"
    link.unlink()
    link.symlink_to(link)
    assert cache.read("x") is None and "symbolic links" in (cache.refusal() or "")


def test_a_new_folder_is_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)  # as /tmp
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "shared" / "mine" / "below"))
    before = os.umask(0)
    try:
        cache.write("x", b"content")
    finally:
        os.umask(before)
    here = cache.folder()
    while here != tmp_path / "shared":
        assert here.stat().st_mode & 0o777 == 0o700
        here = here.parent
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "shared"))
    cache.write("x", b"content")  # in a new folder of its own
    cache.root().chmod(0o1777)
    assert cache.read("x") == b"content"  # nobody else can rename the folder below
    cache.folder().chmod(0o1777)
    assert cache.read("x") is None


def test_the_digest_covers_the_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    def now() -> str:
        cache.tools.cache_clear()
        return cache.tools()

    seen = {now()}
    real = Path.read_bytes
    for place in ("numba/_version.py", "llvmlite/_version.py", "numpy/version.py"):
        with monkeypatch.context() as patch:
            patch.setattr(
                Path, "read_bytes", lambda path, at=place: real(path) + b"#" * str(path).endswith(at)
            )
            seen.add(now())
    with monkeypatch.context() as patch:
        patch.setattr(sys, "version", "3.99")
        seen.add(now())
    with monkeypatch.context() as patch:
        patch.setattr(cache, "_processor", lambda: ["another"])
        seen.add(now())
    assert len(seen) == 6 and now() in seen
    cache.tools.cache_clear()


@pytest.fixture(autouse=True)
def kept_here(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of the test's own, unless it says otherwise."""
    if "users_cache" not in request.fixturenames:
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))


@pytest.fixture
def users_cache() -> None:
    """The kernels that all tests share."""


def test_nothing_can_be_kept(tmp_path: Path) -> None:
    """A kernel that cannot be kept works, and nobody says that it is there."""
    file = tmp_path / "file"
    file.write_text("")
    code = DRAWS + "from diffpump.kernels.compile.warm import is_warm\nprint(is_warm())"
    assert printed(start(code, file / "below")).splitlines()[1] == "False"


def test_code_depends_on_all_that_it_contains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of a kernel that another one calls, however far away, gives the caller another name."""
    texts = {
        "kernels/caller": "from diffpump.kernels import middle, jit as j\n",
        "kernels/middle": "from diffpump.kernels.inner.callee import (\n    f,  # g, h\n)\n",
        "kernels/inner/callee": "from diffpump.kernels.middle import g  # in a circle\n",
        "kernels/jit": "import numba\nfrom diffpump.core.tolerances import TOL\n",
        "kernels/g": "\n",
        "core/tolerances": "TOL = 1e-6\n",
        "core/problem": "\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr(cache, "PACKAGE", tmp_path)
    cached = cache.sources, cache._source

    def now() -> str:
        for function in cached:
            function.cache_clear()
        return cache.sources("diffpump.kernels.caller")

    try:
        before = now()
        for name in ("kernels/g", "core/problem"):
            (tmp_path / f"{name}.py").write_text("x = 1\n")
            assert now() == before
        for name in ("kernels/inner/callee", "kernels/middle", "kernels/jit", "core/tolerances"):
            (tmp_path / f"{name}.py").write_text(texts[name] + "# changed\n")
            assert now() != before
            (tmp_path / f"{name}.py").write_text(texts[name])
            assert now() == before
    finally:
        monkeypatch.undo()
        for function in cached:
            function.cache_clear()


def test_imports_among_kernels_are_all_seen() -> None:
    """The text search of `cache.sources` finds what a parser finds."""
    modules = cache.every_module()
    for module in modules:
        parsed = set()
        for node in ast.parse(cache._source(module)).body:
            base = node.module if isinstance(node, ast.ImportFrom) and node.module else ""
            if base.startswith("diffpump.kernels") or base in (
                "diffpump.core.luby",
                "diffpump.core.tolerances",
            ):
                names = {f"{base}.{alias.name}" for alias in node.names}  # type: ignore[attr-defined]
                parsed |= names & modules or {base}
        assert set(cache.imported(module)) == parsed, module


def test_what_a_kernel_takes() -> None:
    for wrong in ("text", None, [1], (1, 2)):
        with pytest.raises(TypeError, match="a kernel takes"):
            native.flat([wrong])
    kinds = {native.flat([value])[0] for value in (1, np.int8(1), np.uint64(1))}
    assert kinds == {"q"} and native.flat([1.0, np.float32(1), True, np.bool_(1)])[0] == "dd??"
    x = np.zeros((4, 3))
    frozen = x.copy()
    frozen.flags.writeable = False
    assert len({native.flat([a])[0] for a in (x, x.T, x[::2], frozen, x.astype(int), x[0])}) == 6
    assert native.flat([x])[0] == native.flat([x[:1]])[0] == native.flat([x[:0]])[0]  # by rows, whatever else


def test_a_kernel_may_not_allocate() -> None:
    def allocates(n: int) -> float:
        return float(np.zeros(n).sum())

    allocates.__module__ = "diffpump.kernels.rng"
    with pytest.raises(Exception, match=r"NRT|Only accept returning of array"):
        Kernel(allocates)(3)


def test_prune(tmp_path: Path) -> None:
    """Other versions go when they are old; this one's, and what is being written, stay."""
    cache.complete()
    mine = f"rng.uniform-{cache.sources('diffpump.kernels.rng')}-0123456789abcdef.o"
    for name in (mine, "rng.uniform-older-0123456789abcdef.o", "gone.f-x-y.o", "complete-older"):
        cache.write(name, b"")
    (cache.root() / "another").mkdir()
    (cache.root() / "another" / "rng.o").write_bytes(b"")
    assert cache.prune() == 0
    before = time.time() - 2 * cache.PRUNE_SECONDS
    for path in [*cache.root().iterdir(), *cache.folder().iterdir()]:
        os.utime(path, (before, before))
    cache.write("unfinished-new", b"")
    assert cache.prune() == 4
    left = {path.name for path in cache.folder().iterdir()}
    assert mine in left and "unfinished-new" in left and len(left) == 3 and is_warm()


def test_where(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache.root() == Path(os.environ["NUMBA_CACHE_DIR"]) / "diffpump-kernels"
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache.root() == Path("/somewhere/diffpump/kernels")
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert cache.root().is_relative_to(Path.home())


def test_cold_is_said_without_numba(tmp_path: Path) -> None:
    assert not is_warm() and "diffpump doctor --warm" in (notice() or "")
    code = "from diffpump.kernels.compile.warm import is_warm\nprint(is_warm())" + ALONE
    assert printed(start(code, tmp_path)) == "False\n"
    cache.complete()
    assert notice() is None and printed(start(code, tmp_path)) == "True\n"


def test_warm_leaves_nothing_to_compile(users_cache: None) -> None:
    """After it, the engine runs without numba, whatever its arms call."""
    names = [name for name, _ in warm()]
    assert len(set(names)) == len(names) >= 6 and is_warm()
    solve = ["solve", GAP, "--time-limit", "2", "-q"]
    code = f"from diffpump.cli import run\nassert run({solve!r}) in (0, 10)" + ALONE
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_numbas_own_njit_gives_the_same_run() -> None:
    """DIFFPUMP_JIT=numba: no machine code of ours, the same points and the same work."""
    runs = []
    for way in ("native", "numba"):
        limits = ["--work-limit", "2000000", "--time-limit", "none"]  # numba may compile for a minute
        command = [sys.executable, "-m", "diffpump", "solve", GAP, "--deterministic", *limits]
        done = subprocess.run(
            [*command, "-q", "--json"], capture_output=True, text=True, timeout=240,
            env={**os.environ, "DIFFPUMP_JIT": way},
        )  # fmt: skip
        assert done.returncode in (0, 10), done.stderr
        record = json.loads(done.stdout)
        points = [(found["objective"], found["arm"]) for found in record["incumbents"]]
        runs.append((points, {name: arm["work"] for name, arm in record["arms"].items()}))
    assert runs[0] == runs[1] and runs[0][1]


CHANGES = {
    "an option is gone": """
real = numba.njit
def njit(*functions, **options):
    if "_nrt" in options:
        raise TypeError("njit() got an unexpected option '_nrt'")
    return real(*functions, **options)
numba.njit = njit
""",
    "an attribute is gone": """
def export(*arguments):
    raise AttributeError("'CPUCodeLibrary' object has no attribute '_final_module'")
jit._export = export
""",
    "LLVM takes another text": """
def export(*arguments):
    raise RuntimeError("LLVM IR parsing error")
jit._export = export
""",
    "a name of the linker is gone": """
def load(*arguments):
    raise AttributeError("no attribute 'create_mcjit_compiler'")
jit.native.load = load
""",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_interface_of_numba_is_noticed(tmp_path: Path, change: str) -> None:
    """A kernel is then compiled by njit, with a warning and the same values, and `mode` says why."""
    code = f"""
import warnings, numba
from diffpump.kernels.compile import jit
from diffpump.kernels.rng import rng, uniform
{CHANGES[change]}
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    values = [uniform(rng(0)), uniform(rng(0))]
print(values[0].hex(), jit.mode()[0], "private interface has changed" in jit.mode()[1], len(seen))
"""
    assert printed(start(code, tmp_path)) == f"{uniform(rng(0)).hex()} numba True 1\n"


def test_an_unknown_way_to_compile_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "diffpump", "solve", GAP], capture_output=True, text=True, timeout=60,
        env={**os.environ, "DIFFPUMP_JIT": "magic"},
    )  # fmt: skip
    assert done.returncode == 2 and "DIFFPUMP_JIT is 'magic'; known: native, numba" in done.stderr


def test_nothing_is_said_to_be_kept_where_numba_compiles(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "diffpump", "doctor", "--warm"], capture_output=True, text=True, timeout=240,
        env={**os.environ, "DIFFPUMP_JIT": "numba"},
    )  # fmt: skip
    assert done.returncode == 0
    assert "the compiled kernels cannot be kept: DIFFPUMP_JIT=numba\n" in done.stderr
    assert not list(tmp_path.rglob("complete*"))


def test_the_arrays_of_past_calls_are_freed() -> None:
    """The words of a tuple are kept for the next call only as long as its caller keeps the tuple."""

    class Pair(NamedTuple):
        first: np.ndarray[Any, Any]

    kept, past = Pair(np.zeros(3)), []
    for _ in range(5):
        dropped = Pair(np.zeros(3))
        past.append(weakref.ref(dropped.first))
        native.flat([kept, dropped])
    words = native.flat([kept])[1][0]
    assert native.flat([kept])[1][0] is words
    assert [one() is None for one in past] == [True] * 4 + [False]
