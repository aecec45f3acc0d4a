"""Compare orders of the arms before a first solution: the table of README.md.

    python orders.py        print the table from the records in orders/ and first/

The times are seconds to the exact proof, 60 s without a solution; their mean is the shifted geometric mean
(shift 1 s).
"""

from __future__ import annotations

from first import SLOWER_BY, Record, proof, records, sgm

TIME_LIMIT = 60.0  # s, of a run


def seconds(record: Record) -> float:
    """Return the seconds to the proof, or the time limit without a solution."""
    return proof(record) if record["found"] else TIME_LIMIT


def main() -> None:
    """Print the table."""
    known, tried = records("first"), records("orders")
    present, highs = known["auto (first)"], known["highs (first)"][0]
    one = next(iter(tried.values()))
    print("| | seed | found | sgm, s | slower than HiGHS |\n" + "|---" * 5 + "|")
    for label, seeds in {"present order": present, **tried}.items():
        for seed in sorted(one):
            own = {name: seeds[seed][name] for name in one[seed]}
            slow = [
                name for name, record in own.items()
                if highs[name]["found"] and seconds(record) - proof(highs[name]) > SLOWER_BY
            ]  # fmt: skip
            found = sum(record["found"] for record in own.values())
            print(f"| {label} | {seed} | {found} | {sgm([*map(seconds, own.values())]):.1f} | {len(slow)} |")


if __name__ == "__main__":
    main()
