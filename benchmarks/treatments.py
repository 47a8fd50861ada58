"""How fast notes are opened, saved, signed and read in a small practice and in a large one, side by side in one run.

Run with `bin/bench treatments`. Small: 10 therapists, 5,000 clients, 25,000 notes; large: 200 therapists at 10
locations, 200,000 clients, 1,000,000 notes of the last 21 months; with `--quick` the large one has 50,000 clients and
some 150,000 notes. Each is a database of its own; `--keep` leaves them for `--reuse`. Growth compares p50 in multiples
of each one's floor. Fails when a target is missed.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")

from clinic import wsgi  # as gunicorn loads it, the collector's settings with it

from _notes_at_scale import LARGE, QUICK, SMALL, fill  # isort: skip  # beside this file
from _side_by_side import Plan, run  # isort: skip
from _treatment_work import FLOOR, TARGETS, Work  # isort: skip

PLAN = Plan(__file__, wsgi.__name__, TARGETS, FLOOR, SMALL, LARGE, QUICK, fill, Work)

if __name__ == "__main__":
    sys.exit(run(PLAN, sys.argv[1:], about=__doc__))
