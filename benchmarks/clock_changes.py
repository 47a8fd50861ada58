"""Times around clock changes: 100,000 chance cases in five zones, each held against a plain walk minute by minute.

Run with `bin/bench clock_changes`, or with `--cases 5000`. A case is a day on which the clocks change, or next to one:
opening hours, visits in them, a length, a step. Every free time must exist, none may be missing or come twice, and what
page, mail, calendar file and API write of it must lead back to the same instant. A time typed in must be refused when
the clocks skip it and asked about when they show it twice.
"""

import argparse
import collections
import os
import random
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")
django.setup()

from tests.scheduling.clock_cases import ZONES, case_of, wrongs  # noqa: E402


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20_261_122)
    asked = parser.parse_args(arguments)
    chance = random.Random(asked.seed)  # noqa: S311 no secret
    began, slots = time.perf_counter(), 0
    told: collections.Counter[str] = collections.Counter()
    wrong = 0
    for _ in range(asked.cases):
        case = case_of(chance)
        verdict = wrongs(case, chance)
        slots += verdict.slots
        told.update(verdict.typed)
        if verdict.wrong:
            wrong += 1
            print(f"{case}: {'; '.join(verdict.wrong)}")
    print(f"{asked.cases} cases in {', '.join(ZONES)}, {slots} free times, {time.perf_counter() - began:.0f} s")
    print(", ".join(f"{count} typed times {what}" for what, count in sorted(told.items())))
    print(f"wrong: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
