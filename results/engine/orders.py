"""Other orders of the arms before a first solution: the table of README.md.

    python orders.py        from the records in orders/ and first/

Seconds to the exact proof, 60 without a solution, in the shifted geometric mean (1 s).
"""

from __future__ import annotations

from first import Record, proof, records, sgm

LIMIT, SLOWER = 60.0, 0.5


def seconds(record: Record) -> float:
    """To the proof."""
    return proof(record) if record["found"] else LIMIT


def main() -> None:
    """Print it."""
    known, tried = records("first"), records("orders")
    present, highs = known["auto (first)"], known["highs (first)"][0]
    one = next(iter(tried.values()))
    print("| | seed | found | sgm, s | slower than HiGHS |\n" + "|---" * 5 + "|")
    for label, seeds in {"present order": present, **tried}.items():
        for seed in sorted(one):
            own = {name: seeds[seed][name] for name in one[seed]}
            slow = [
                name for name, record in own.items()
                if highs[name]["found"] and seconds(record) - proof(highs[name]) > SLOWER
            ]  # fmt: skip
            found = sum(record["found"] for record in own.values())
            print(f"| {label} | {seed} | {found} | {sgm([*map(seconds, own.values())]):.1f} | {len(slow)} |")


if __name__ == "__main__":
    main()
