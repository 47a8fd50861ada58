"""Signed notes rewritten by somebody with every right to the database, and found by `verify_notes`.

Run with `bin/bench note_tampering`, or with `--times 100`. Each tampering (any column of any table of a signed note,
rows removed, inserted and moved, notes swapped, removed and made up, seals computed anew) is made with the triggers
off, inside a savepoint, and has to be found and named. Prints what was tried and missed; exits with 1 if anything was.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")
django.setup()

from django.db import transaction  # noqa: E402

from benchmarks._tamperings import draw, missed  # noqa: E402
from tests.treatments.sealed import world  # noqa: E402
from treatments.verification import verify  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - the same tamperings every time
    started = time.monotonic()
    tried: Counter[str] = Counter()
    unfound: list[str] = []
    with transaction.atomic():
        notes = world()
        if verify().altered:
            sys.exit("What nobody has touched is found altered.")
        for name, act in draw(notes, options.times, chance):
            kind = name.rpartition(" ")[2] if "." in name else name
            if missed(act):
                unfound.append(name)
            tried[kind] += 1
        transaction.set_rollback(True)
    print(f"{len(notes)} notes, {sum(tried.values())} tamperings in {time.monotonic() - started:.0f} s")
    for kind, count in tried.most_common():
        print(f"  {count:5} {kind}")
    print(f"found and named: {sum(tried.values()) - len(unfound)}, missed: {len(unfound)}")
    for name in sorted(set(unfound)):
        print(f"  MISSED {name}")
    return 1 if unfound else 0


if __name__ == "__main__":
    sys.exit(main())
