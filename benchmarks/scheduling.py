"""How fast the schedule answers in a small practice and in a large one, side by side in one run.

Run with `bin/bench scheduling`. Small: 10 therapists, 5,000 clients, 20,000 visits on days as full as the large one's;
large: 200 therapists at 10 locations, 200,000 clients, 2,000,000 visits over three years and 60 days ahead; with
`--quick` the large one has 50,000 clients and 200,000 visits. Each is a database of its own, filled by COPY; `--keep`
leaves them for `--reuse`. Growth compares p50 in multiples of each one's floor. Fails when a target is missed.
"""

import os
import subprocess
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")

from clinic import wsgi  # as gunicorn loads it, the collector's settings with it

from _clinic_at_scale import LARGE, QUICK, SMALL, fill  # isort: skip  # beside this file
from _scheduling_crowd import crowd  # isort: skip
from _scheduling_work import FLOOR, TARGETS, Work  # isort: skip
from _side_by_side import Plan, database_of, run  # isort: skip

PLAN = Plan(__file__, wsgi.__name__, TARGETS, FLOOR, SMALL, LARGE, QUICK, fill, Work)


def many_at_once() -> None:
    env = os.environ | {"DATABASE_URL": database_of(LARGE)}
    subprocess.run([sys.executable, __file__, "--crowd"], env=env, check=True)


if __name__ == "__main__":
    if "--crowd" in sys.argv:
        print("\n".join(crowd(os.environ["DATABASE_URL"])))
        sys.exit(0)
    sys.exit(run(PLAN, sys.argv[1:], about=__doc__, after=many_at_once))
