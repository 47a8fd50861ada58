"""A small practice and a large one, each a database of its own, that take turns on every row of a benchmark."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql

from _clinic_at_scale import Size  # isort: skip  # beside this file

PASSES, ROUNDS = 4, 15


@dataclass(frozen=True, slots=True)
class Target:
    """Milliseconds at large, times the floor, growth from small to large, queries; None: nothing is promised."""

    p50_ms: float | None = None
    floors: float | None = None
    growth: float | None = None
    queries: int | None = None
    p95_ms: float | None = None


class Work(Protocol):
    """One practice that can be asked row by row."""

    def do(self, row: str) -> Callable[[], Any]:
        """Gives what is to be timed. It raises RuntimeError for an answer that is none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a benchmark measures: `script` answers for one database when it is called with `--answer`."""

    script: str
    server: str
    targets: Mapping[str, Target]
    floor: str
    small: Size
    large: Size
    quick: Size
    fill: Callable[[Size], None]
    work: Callable[[], Work]

    def size(self, name: str, *, is_quick: bool) -> Size:
        if name == self.small.name:
            return self.small
        return self.quick if is_quick else self.large


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


def create(plan: Plan, size: Size) -> None:
    """An empty database with the tables of this version, then filled by a process of its own."""
    drop(size)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"palpate_bench_{size.name}")))
    env = os.environ | {"DATABASE_URL": database_of(size)}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=env, check=True)
    quick = ["--quick"] if size is plan.quick else []
    subprocess.run([sys.executable, plan.script, "--fill", size.name, *quick], env=env, check=True)


def drop(size: Size) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        name = sql.Identifier(f"palpate_bench_{size.name}")
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def start(plan: Plan, size: Size) -> Practice:
    env = os.environ | {"DATABASE_URL": database_of(size)}
    pipe = subprocess.PIPE
    command = [sys.executable, plan.script, "--answer", size.name]
    return Practice(size, subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, text=True))


def answer(work: Work) -> None:
    """Row by row as they are asked for on standard input; times and queries as JSON."""
    for line in sys.stdin:
        row, rounds = json.loads(line)
        for _ in range(2):
            work.do(row)()
        times = [_timed(work.do(row)) for _ in range(rounds)]
        print(json.dumps({"times": times, "queries": [_queries(work.do(row))]}), flush=True)


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _queries(work: Callable[[], Any]) -> int:
    """All of a request, those for session and rights among them; not the one that only the demo mode asks."""
    asked: list[str] = []

    def note(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(statement)
        return execute(statement, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return len([statement for statement in asked if 'NOT "people_practice"."is_demo"' not in statement])


def measured(plan: Plan, small: Practice, large: Practice, passes: int) -> int:
    """Small and large take turns on each row, so that a noisy moment hits both. Returns how many targets are missed."""
    found: dict[tuple[str, str], list[float]] = {}
    queries: dict[str, int] = {}
    for _ in range(passes):
        for row in plan.targets:
            for which, practice in (("small", small), ("large", large)):
                answered = practice.ask(row, ROUNDS)
                found.setdefault((which, row), []).extend(answered["times"])
                queries[row] = int(answered["queries"][0])
    floors = {which: statistics.median(found[which, plan.floor]) for which in ("small", "large")}
    print(f"{'work':46}{'small':>8}{'large':>8}{'p95':>8}{'× floor':>9}{'growth':>8}{'queries':>9}  missed")
    return sum(_print(row, plan.targets[row], found, floors, queries[row]) for row in plan.targets)


def _print(
    row: str, target: Target, found: dict[tuple[str, str], list[float]], floors: dict[str, float], queries: int
) -> bool:
    small, large = (statistics.median(found[which, row]) for which in ("small", "large"))
    p95 = statistics.quantiles(found["large", row], n=20)[18]
    times, growth = large / floors["large"], (large / floors["large"]) / (small / floors["small"])
    held = {
        "ms": (large, target.p50_ms),
        "p95 ms": (p95, target.p95_ms),
        "floor": (times, target.floors),
        "growth": (growth, target.growth),
        "queries": (queries, target.queries),
    }
    missed = [f"{name} > {most:g}" for name, (value, most) in held.items() if most is not None and value > most]
    line = f"{row:46}{small:>8.1f}{large:>8.1f}{p95:>8.1f}{times:>9.2f}{growth:>8.2f}{queries:>9}  {', '.join(missed)}"
    print(line, flush=True)
    return bool(missed)


def run(plan: Plan, arguments: list[str], *, about: str, after: Callable[[], None] = lambda: None) -> int:
    """The benchmark's `main`; `after` follows on the large practice while its database is still there."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--reuse", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a large practice of a short history")
    parser.add_argument("--fill")
    parser.add_argument("--answer")
    asked = parser.parse_args(arguments)
    if asked.fill:
        plan.fill(plan.size(asked.fill, is_quick=asked.quick))
        return 0
    if asked.answer:
        answer(plan.work())
        return 0
    sizes = (plan.small, plan.quick if asked.quick else plan.large)
    print(
        f"served by {plan.server}; milliseconds, p50 of {asked.passes * ROUNDS} requests each, p95 at large", flush=True
    )
    for size in () if asked.reuse else sizes:
        create(plan, size)
    practices = [start(plan, size) for size in sizes]
    missed = measured(plan, *practices, asked.passes)
    for practice in practices:
        practice.process.kill()
    after()
    for size in () if asked.keep or asked.reuse else sizes:
        drop(size)
    print(f"{missed} rows miss a target" if missed else "every target of one client is met")
    return 1 if missed else 0
