"""`bench run --scheduler` with a real Dask scheduler and real workers over TCP, some of which are killed."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from command import COMMAND, GAP, endless, process

from diffpump.bench.store import Record, Store

pytest.importorskip("distributed", reason="needs Dask: pip install 'diffpump[dask]'")
pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 120.0  # a test fails if it waits longer
MARK = "DIFFPUMP_CLUSTER_UNDER_TEST"  # an environment variable of all processes that a cluster starts


class Cluster:
    """A scheduler, workers with one thread each, and the processes that they start."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.mark = folder, secrets.token_hex(8)
        self.started: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)
        )
        assert wait_until(lambda: file.exists() and file.read_text().endswith("}"))
        self.address: str = json.loads(file.read_text())["address"]

    def worker(self, *more: str) -> subprocess.Popen[bytes]:
        """Start another worker."""
        return self._start(
            "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self.folder / "scratch"), *more,
        )  # fmt: skip

    def _start(self, *args: str) -> subprocess.Popen[bytes]:
        with (self.folder / "dask.log").open("ab") as log:
            command = [sys.executable, "-m", "dask", *args]
            environment = {**os.environ, MARK: self.mark}
            self.started.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment))
        return self.started[-1]

    def children(self, of: subprocess.Popen[bytes]) -> list[psutil.Process]:
        """Return the job processes of a worker, without the helpers that run while a worker starts."""
        return [child for child in psutil.Process(of.pid).children() if self._job(child)]

    def close(self) -> None:
        """Kill all processes and wait for their end."""
        for one in self.started:
            one.kill()
            one.wait()
        assert wait_until(lambda: not self.left(), 10)

    def left(self) -> list[psutil.Process]:
        """Return the live processes that the cluster started, jobs included."""
        return [process for process in psutil.process_iter() if self._ours(process)]

    @staticmethod
    def _job(process: psutil.Process) -> bool:
        try:
            return "diffpump.bench.child" in process.cmdline()
        except psutil.Error:
            return False

    def _ours(self, process: psutil.Process) -> bool:
        try:
            return process.status() != "zombie" and process.environ().get(MARK) == self.mark
        except psutil.Error:
            return False


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A model on which the pump runs until its iteration limit."""
    path = tmp_path / "endless.mps"
    path.write_text(endless())
    return str(path)


def start(folder: Path, plan: list[str], address: str) -> subprocess.Popen[str]:
    """Start a quiet `bench run` on a cluster, which writes only errors to standard error."""
    return subprocess.Popen(
        [*COMMAND, "bench", "run", *plan, "--out", str(folder), "--scheduler", address, "-q"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(run: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a run and return its exit code and standard error."""
    err = run.communicate(timeout=PATIENCE_SECONDS)[1]
    return run.returncode, err


def records(folder: Path) -> list[Record]:
    """Return the records; assert that each planned key is there exactly once."""
    lines = [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]
    keys = [line["key"] for line in lines]
    assert len(keys) == len(set(keys))
    assert set(keys) == Store(folder).planned().keys()
    return lines


def wait_until(holds: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> bool:
    """Wait until `holds()` is true; return False if that takes longer than `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


def stored(folder: Path) -> int:
    """Return the number of records so far."""
    path = folder / "records.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def alive(process: psutil.Process) -> bool:
    """Return whether a process runs."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_workers_die_and_another_joins(cluster: Cluster, tmp_path: Path, model: str) -> None:
    out, plan = tmp_path / "out", [GAP, model, "--preset", "FP", "--seeds", "0-2", "--max-iter", "400"]
    workers = [cluster.worker(), cluster.worker()]
    run = start(out, plan, cluster.address)
    assert wait_until(lambda: stored(out) and any(cluster.children(worker) for worker in workers))
    for worker in workers:
        held = cluster.children(worker)
        worker.kill()
        assert wait_until(lambda held=held: not any(alive(child) for child in held), 5)
    joined = cluster.worker()
    assert wait_until(lambda: cluster.children(joined))
    assert ended(run) == (0, "")
    found = records(out)
    assert process("bench", "run", *plan, "--out", str(tmp_path / "local"), "--jobs", "2").returncode == 0
    local = {record["key"]: record for record in records(tmp_path / "local")}
    for record in found:
        other = local[record["key"]]
        assert record.keys() == other.keys()
        for name in ("status", "found", "objective", "iterations", "restarts", "lp_solves", "counters"):
            assert record[name] == other[name]


def test_the_scheduler_dies_and_the_rest_is_done_here(cluster: Cluster, tmp_path: Path, model: str) -> None:
    out, plan = tmp_path / "out", [GAP, model, "--preset", "FP", "--seeds", "0-1", "--max-iter", "600"]
    cluster.worker()
    run = start(out, plan, cluster.address)
    assert wait_until(lambda: stored(out))
    cluster.scheduler.kill()
    assert ended(run) == (
        2,
        "diffpump: error: the connection to the Dask cluster is lost; "
        "run the same command again to continue\n",
    )  # fmt: skip
    assert 1 <= stored(out) < 4
    assert process("bench", "run", "--out", str(out), "--jobs", "2").returncode == 0
    assert {record["status"] for record in records(out)} == {"feasible", "iteration_limit"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["INT", "KILL"])
def test_workers_stop_when_nobody_waits(
    number: signal.Signals, cluster: Cluster, tmp_path: Path, model: str
) -> None:
    plan = [model, "--preset", "FP", "--seeds", "0-5", "--max-iter", "1000000"]
    worker = cluster.worker()
    run = start(tmp_path / "out", plan, cluster.address)
    assert wait_until(lambda: cluster.children(worker))
    run.send_signal(number)
    code, err = ended(run)
    if number == signal.SIGINT:
        assert code == 130
        assert err == f"interrupted; run the same command again to continue {tmp_path / 'out'}\n"
    assert wait_until(lambda: not cluster.children(worker), 20)
    assert worker.poll() is None
    assert stored(tmp_path / "out") == 0


def test_a_job_that_takes_its_worker_along_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    preload = tmp_path / "preload.py"
    preload.write_text(
        "import os\nimport diffpump.bench.cluster as cluster\n"
        "cluster.execute = lambda *job: os.kill(os.getpid(), 9)\n"
    )
    cluster = Cluster(tmp_path)
    try:
        cluster.worker("--preload", str(preload))
        run = start(tmp_path / "out", [GAP, "--preset", "FP"], cluster.address)
        assert ended(run) == (0, "")
    finally:
        cluster.close()
    (record,) = records(tmp_path / "out")
    assert (record["status"], record["found"]) == ("crashed", False)
    assert record["message"].startswith("KilledWorker: ")


def test_nobody_at_the_address_is_one_line(tmp_path: Path) -> None:
    addresses = ("tcp://127.0.0.1:9", "nonsense")
    runs = [
        start(tmp_path / str(number), [GAP, "--preset", "FP"], address)
        for number, address in enumerate(addresses)
    ]
    for run, address in zip(runs, addresses, strict=True):
        code, err = ended(run)
        assert code == 2
        (line,) = err.splitlines()
        assert line.startswith(f"diffpump: error: no Dask scheduler answers at {address}: ")
