"""How fast the schedule answers in a small practice and in a large one, side by side in one run.

Run with `bin/bench scheduling`. Small: 10 therapists, 5,000 clients, 20,000 visits on days as full as the large one's;
large: 200 therapists at 10 locations, 200,000 clients, 2,000,000 visits over three years and 60 days ahead; with
`--quick` the large one has 50,000 clients and 200,000 visits. Each is a database of its own, filled by COPY; `--keep`
leaves them for `--reuse`. Growth compares p50 in multiples of each one's floor. Fails when a target is missed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")

import psycopg
from psycopg import sql

from clinic import wsgi  # as gunicorn loads it, the collector's settings with it

from _clinic_at_scale import LARGE, QUICK, SMALL, Size, fill  # isort: skip  # beside this file
from _scheduling_crowd import crowd  # isort: skip
from _scheduling_work import FLOOR, TARGETS, Work  # isort: skip

PASSES, ROUNDS = 4, 15
SIZES = {size.name: size for size in (SMALL, LARGE)}


@dataclass(slots=True)
class Practice:
    """A process that answers for one database."""

    size: Size
    process: subprocess.Popen[str]

    def ask(self, row: str, rounds: int) -> dict[str, list[float]]:
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("no pipe")
        print(json.dumps([row, rounds]), file=stdin, flush=True)
        answer = stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.size.name}: {row} failed")
        found: dict[str, list[float]] = json.loads(answer)
        return found


def database_of(size: Size) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/palpate_bench_{size.name}"))


def create(size: Size) -> None:
    """An empty database with the tables of this version, then filled by a process of its own."""
    name = sql.Identifier(f"palpate_bench_{size.name}")
    drop(size)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(name))
    env = os.environ | {"DATABASE_URL": database_of(size)}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=env, check=True)
    quick = ["--quick"] if size is QUICK else []
    subprocess.run([sys.executable, __file__, "--fill", size.name, *quick], env=env, check=True)


def drop(size: Size) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        name = sql.Identifier(f"palpate_bench_{size.name}")
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def start(size: Size) -> Practice:
    env = os.environ | {"DATABASE_URL": database_of(size)}
    command = [sys.executable, __file__, "--answer", size.name]
    pipe = subprocess.PIPE
    return Practice(size, subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, text=True))


def answer() -> int:
    """Row by row as they are asked for on standard input; times and queries as JSON."""
    work = Work()
    for line in sys.stdin:
        row, rounds = json.loads(line)
        times = work.times(row, rounds)
        print(json.dumps({"times": times, "queries": [work.queries(row)]}), flush=True)
    return 0


def measured(small: Practice, large: Practice, passes: int) -> int:
    """Small and large take turns on each row, so that a noisy moment hits both. Returns how many targets are missed."""
    found: dict[tuple[str, str], list[float]] = {}
    queries: dict[str, int] = {}
    for _ in range(passes):
        for row in TARGETS:
            for practice in (small, large):
                answered = practice.ask(row, ROUNDS)
                found.setdefault((practice.size.name, row), []).extend(answered["times"])
                queries[row] = int(answered["queries"][0])
    floors = {name: statistics.median(found[name, FLOOR]) for name in SIZES}
    print(f"{'work':46}{'small':>8}{'large':>8}{'p95':>8}{'× floor':>9}{'growth':>8}{'queries':>9}  missed")
    return sum(_print(row, found, floors, queries[row]) for row in TARGETS)


def _print(row: str, found: dict[tuple[str, str], list[float]], floors: dict[str, float], queries: int) -> bool:
    small, large = (statistics.median(found[name, row]) for name in ("small", "large"))
    p95 = statistics.quantiles(found["large", row], n=20)[18]
    times, growth = large / floors["large"], (large / floors["large"]) / (small / floors["small"])
    target = TARGETS[row]
    held = {
        "ms": (large, target.p50_ms),
        "floor": (times, target.floors),
        "growth": (growth, target.growth),
        "queries": (queries, target.queries),
    }
    missed = [f"{name} > {most:g}" for name, (value, most) in held.items() if most is not None and value > most]
    line = f"{row:46}{small:>8.1f}{large:>8.1f}{p95:>8.1f}{times:>9.2f}{growth:>8.2f}{queries:>9}  {', '.join(missed)}"
    print(line, flush=True)
    return bool(missed)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--reuse", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a large practice of a short history: 200,000 visits")
    parser.add_argument("--fill", choices=SIZES)
    parser.add_argument("--answer", choices=SIZES)
    parser.add_argument("--crowd", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.quick:
        SIZES[QUICK.name] = QUICK
    if asked.fill:
        fill(SIZES[asked.fill])
        return 0
    if asked.answer:
        return answer()
    if asked.crowd:
        print("\n".join(crowd(os.environ["DATABASE_URL"])))
        return 0
    print(
        f"served by {wsgi.__name__}; milliseconds, p50 of {asked.passes * ROUNDS} requests each, p95 at large",
        flush=True,
    )
    for size in () if asked.reuse else SIZES.values():
        create(size)
    practices = [start(size) for size in SIZES.values()]
    missed = measured(*practices, asked.passes)
    for practice in practices:
        practice.process.kill()
    env = os.environ | {"DATABASE_URL": database_of(LARGE)}
    subprocess.run([sys.executable, __file__, "--crowd"], env=env, check=True)
    for size in () if asked.keep or asked.reuse else SIZES.values():
        drop(size)
    print(f"{missed} rows miss a target" if missed else "every target of one client is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
