"""Any sequence of writes to the schedule, from several threads at once, against what must always hold.

Run with `bin/bench booking_sequences`, or with `--seconds 30 --threads 8 --seed 7`. Each thread has a connection of its
own and chooses by chance: book, find and book, move, stretch, cancel, undo, hold, let run out, book and change series,
time off, wait, take an offer. All the while plain SQL asks whether somebody is in two places. Prints what was done and
what was refused, and fails on a broken invariant, an error that is no refusal, or a time that was offered and then
refused in the same transaction.
"""

import argparse
import os
import sys
import threading
import time
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")
django.setup()

from _invariants import INVARIANTS, broken, deadlocks  # noqa: E402
from _sequences import Clinic, Walker, run  # noqa: E402


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--threads", type=int, default=6)
    options.add_argument("--seed", type=int, default=int(time.time()))
    chosen = options.parse_args()
    print(f"seed {chosen.seed}, {chosen.threads} threads, {chosen.seconds:.0f} s", flush=True)
    clinic, before = Clinic(), deadlocks()
    walkers = [Walker(clinic, chosen.seed + number) for number in range(chosen.threads)]
    threads = run(walkers, chosen.seconds)
    looked, wrong = watch(threads)
    print_counts(walkers)
    print(f"{len(INVARIANTS)} invariants looked at {looked} times, broken: {sorted(wrong) or 'none'}")
    surprises = [each for walker in walkers for each in walker.surprises]
    print(f"errors that are no refusals, offered and then refused: {len(surprises)}")
    print(f"deadlocks that the database resolved and a retry hid: {deadlocks() - before}")
    for each in surprises[:3]:
        print(each)
    return 1 if wrong or surprises else 0


def watch(threads: list[threading.Thread]) -> tuple[int, set[str]]:
    """Look until the threads are through, and once more."""
    looked, wrong = 0, set[str]()
    while any(each.is_alive() for each in threads):
        wrong.update(broken())
        looked += 1
        time.sleep(0.2)
    return looked + 1, wrong | set(broken())


def print_counts(walkers: list[Walker]) -> None:
    counts: Counter[tuple[str, str]] = sum((walker.counts for walker in walkers), Counter())
    for name in sorted({name for name, _code in counts}):
        outcomes = {code: count for (each, code), count in counts.most_common() if each == name}
        refused = ", ".join(f"{code} {count}" for code, count in outcomes.items() if code != "done")
        print(f"{name:14} done {outcomes.get('done', 0):6}   {refused}")
    done = sum(count for (_name, code), count in counts.items() if code == "done")
    print(f"{'in all':14} done {done:6}   refused {sum(counts.values()) - done}")


if __name__ == "__main__":
    sys.exit(main())
