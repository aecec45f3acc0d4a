"""Kill a batch of short jobs 100 times with SIGKILL, and check what is left of its records.

    python results/bench/kills.py [SEED]        (some minutes)

The program writes kills.md beside this file. Its exit code is 1 if a record was lost, stored twice or torn.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import killing  # noqa: E402
from command import endless  # noqa: E402

START, APPEND, MIDDLE, END = 20, 20, 50, 10  # kills at each moment; `table` says what runs then


def main() -> int:
    """Kill the batch, check its records, write the page, and return the exit code."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else Random().randrange(10**6)
    print(f"seed {seed}", flush=True)
    random, tally = Random(seed), killing.Tally()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "endless.mps").write_text(endless())
        files = [str(ROOT / "instances"), str(root / "endless.mps")]
        killing.at_start(
            root, [*files, "--preset", "FP,DP2,DP3,DP4", "--seeds", "0-49"], tally, random, START
        )
        print(tally, flush=True)
        killing.in_append(root, tally, random, APPEND)
        print(tally, flush=True)
        plan = [*files, "--preset", "FP,DP3,DP4", "--seeds", "0-4", "--max-iter", "300"]
        keys = killing.planned(root / "batch", plan, tally)
        batch = killing.Batch(root / "batch", plan, tally)
        killing.at_random(batch, random, MIDDLE)
        print(tally, flush=True)
        killing.at_end(batch, len(keys), random, END)
        tally.demand("other", batch.finish() == 0, "the last run failed")
        records = killing.check_folder(batch, keys)
        crashed = {record["key"] for record in records if record["status"] == "crashed"}
        tally.demand("other", batch.finish("--retry", "crashed") == 0, "the run with --retry failed")
        again = killing.check_folder(batch, keys)
        retried = {record["key"] for record in again if record["attempt"] == 2}
        tally.demand("other", retried == crashed, "--retry did not run what had crashed")
        last = {record["key"]: record["status"] for record in again}  # the last attempt counts
        tally.demand("other", "crashed" not in last.values(), "a second attempt crashed")
    text = table(seed, tally, len(keys), len(crashed), Counter(last.values()))
    (HERE / "kills.md").write_text(text)
    print(text)
    return 1 if tally.broken else 0


def table(seed: int, tally: killing.Tally, jobs: int, crashed: int, ends: Counter[str]) -> str:
    """Return the page kills.md."""
    times = {
        "start": "before, while and after `bench.json` and `jobs.jsonl` (3400 jobs) are written",
        "append": "two writers at once, records of up to 4 MB, without a pause",
        "middle": f"{jobs} jobs, `--jobs 2`: any time, half of them as a record is stored",
        "end": "the last two records and the end of the process",
    }
    out = [
        "# A batch that is killed", "",
        f"{sum(tally.kills.values())} kills with SIGKILL; after each, the same command is started again (`kills.py {seed}`).",
        "", "| when | what goes on | parent | child | both | a writer |", "|---|---|---:|---:|---:|---:|",
    ]  # fmt: skip
    for when, what in times.items():
        counts = (tally.kills[when, whom] for whom in ("parent", "child", "both", "writer"))
        out.append(f"| {when} | {what} | {' | '.join(str(count) for count in counts)} |")
    broken = Counter(kind for kind, _ in tally.broken)
    out += [
        "", "| what is asked | found |", "|---|---|",
        f"| records seen at a kill that were lost or changed, of {tally.witnessed} | {broken['lost']} |",
        f"| records reported as stored and not there, of {tally.told} | {broken['told']} |",
        f"| records or killing.planned jobs stored twice | {broken['twice']} |",
        f"| torn lines at the end ({tally.torn} kills left half a line, the next writer cut it off) | {broken['torn']} |",
        f"| folders that missed a killing.planned job or a record at the end, or had one not killing.planned | {broken['keys']} |",
        f"| longest time a child outlived its parent, {killing.SURVIVAL_SECONDS:g} s allowed | {tally.outlived:.2f} s |",
        f"| killed children that became a record with status crashed; run again by `--retry crashed` | {crashed} |",
        f"| how the jobs ended at last | {', '.join(f'{count} {name}' for name, count in ends.most_common())} |",
        f"| what did not hold | {'; '.join(what for _, what in tally.broken) or 'nothing'} |",
    ]  # fmt: skip
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    sys.exit(main())
