"""A batch of short jobs under 100 kills with SIGKILL, and what was left of its records.

    python results/bench/kills.py [SEED]        (some minutes)

Writes kills.md beside this file; exit code 1 if anything was lost, doubled or torn.
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

from command import endless  # noqa: E402
from killing import SURVIVAL_SECONDS, Batch, Tally, at_end, at_random, at_start, in_append, planned, settle  # noqa: E402

START, APPEND, MIDDLE, END = 20, 20, 50, 10


def main() -> int:
    """Kill, judge, write the table."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else Random().randrange(10**6)
    print(f"seed {seed}", flush=True)
    random, tally = Random(seed), Tally()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "endless.mps").write_text(endless())
        files = [str(ROOT / "instances"), str(root / "endless.mps")]
        at_start(root, [*files, "--preset", "FP,DP2,DP3,DP4", "--seeds", "0-49"], tally, random, START)
        print(tally, flush=True)
        in_append(root, tally, random, APPEND)
        print(tally, flush=True)
        plan = [*files, "--preset", "FP,DP3,DP4", "--seeds", "0-4", "--max-iter", "300"]
        keys = planned(root / "batch", plan, tally)
        batch = Batch(root / "batch", plan, tally)
        at_random(batch, random, MIDDLE)
        print(tally, flush=True)
        at_end(batch, len(keys), random, END)
        tally.demand("other", batch.finish() == 0, "the last run failed")
        records = settle(batch, keys)
        crashed = {record["key"] for record in records if record["status"] == "crashed"}
        tally.demand("other", batch.finish("--retry", "crashed") == 0, "the run with --retry failed")
        again = settle(batch, keys)
        retried = {record["key"] for record in again if record["attempt"] == 2}
        tally.demand("other", retried == crashed, "--retry did not run what had crashed")
        last = {record["key"]: record["status"] for record in again}  # the last attempt counts
        tally.demand("other", "crashed" not in last.values(), "a second attempt crashed")
    text = table(seed, tally, len(keys), len(crashed), Counter(last.values()))
    (HERE / "kills.md").write_text(text)
    print(text)
    return 1 if tally.broken else 0


def table(seed: int, tally: Tally, jobs: int, crashed: int, ends: Counter[str]) -> str:
    """The page."""
    times = {
        "start": "before, while and after `bench.json` and `jobs.jsonl` (3400 jobs) are written",
        "append": "two writers at once, records of up to 4 MB, without a pause",
        "middle": f"{jobs} jobs, `--jobs 2`: any time, half of them as a record is stored",
        "end": "the last two records and the end of the process",
    }
    out = [
        "# A batch that is killed", "",
        f"{sum(tally.kills.values())} kills with SIGKILL; the same command is started again after each (`kills.py {seed}`).",
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
        f"| records or planned jobs stored twice | {broken['twice']} |",
        f"| torn lines at the end ({tally.torn} kills left half a line, the next writer cut it off) | {broken['torn']} |",
        f"| folders that missed a planned job or a record at the end, or had one not planned | {broken['keys']} |",
        f"| longest time a child outlived its parent, {SURVIVAL_SECONDS:g} s allowed | {tally.outlived:.2f} s |",
        f"| killed children that became a record with status crashed; run again by `--retry crashed` | {crashed} |",
        f"| how the jobs ended at last | {', '.join(f'{count} {name}' for name, count in ends.most_common())} |",
        f"| what did not hold | {'; '.join(what for _, what in tally.broken) or 'nothing'} |",
    ]  # fmt: skip
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    sys.exit(main())
