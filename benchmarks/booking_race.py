"""Fifty at once on one time, round after round, through the running server: who gets it, and does anybody else?

Run with `bin/bench booking_race`, or with `--rounds 20`. Each round has a time of its own; fifty connections ask for it
in the same moment: one therapist; one room with two therapists; one client with two therapists (over the API); and a
slot of the waitlist offered to all fifty, who all confirm by their links. Printed: rounds, how many got a time, double
bookings, answers, p50 and p99 of a request, deadlocks of the database.

Then the negative control, `--unprotected-rounds` of each: a copy of the database without the exclusion and unique
constraints, a server with the locks taken out (_race_unprotected.py). It must double-book, or the race proves nothing.
"""

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from clinic.messaging import links  # noqa: E402
from scheduling.models import Appointment, SlotHold, WaitlistEntry, WaitlistOffer  # noqa: E402
from scheduling.services.freed import Freed, slot_came_free  # noqa: E402

from _race_world import World, build, cookies, slot  # isort: skip  # noqa: E402  # beside this file

RACERS = 50
CONSTRAINTS = {
    "scheduling_appointment": [f"{who}_is_in_one_place_at_a_time" for who in ("therapist", "room", "client")],
    "scheduling_slothold": ["therapist_is_held_once", "room_is_held_once"],
}
INDEXES = ["offered_slot_is_taken_once"]

Request = tuple[str, dict[str, str], bytes]  # path, headers, body
Round = Callable[[World, int], list[Request]]


@dataclass(slots=True)
class Result:
    rounds: int = 0
    won: int = 0
    seconds: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)


def booking(world: World, number: int, racer: int, *, therapist: int, room: int, client: int) -> Request:
    body = {
        "client": str(world.clients[client].pk),
        "service": str(world.service.pk),
        "therapist": str(world.therapists[therapist].pk),
        "room": str(world.rooms[room].pk),
        "starts_at": slot(number).isoformat(),
    }
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    return "/api/v1/appointments/", headers | cookies(world.sessions[racer]), json.dumps(body).encode()


def one_therapist(world: World, number: int) -> list[Request]:
    return [booking(world, number, each, therapist=0, room=each % 2, client=each) for each in range(RACERS)]


def one_room(world: World, number: int) -> list[Request]:
    return [booking(world, number, each, therapist=each % 2, room=0, client=each) for each in range(RACERS)]


def one_client(world: World, number: int) -> list[Request]:
    return [booking(world, number, each, therapist=each % 2, room=each % 2, client=0) for each in range(RACERS)]


def one_offer(world: World, number: int) -> list[Request]:
    """A slot comes free and is offered to everybody; all of them confirm."""
    WaitlistEntry.objects.update(state=WaitlistEntry.State.WAITING, appointment=None, ended_at=None)
    place, start = world.rooms[0].location, slot(number)
    with transaction.atomic():
        offers = slot_came_free(Freed(world.therapists[0], world.rooms[0], place, start, start))
    paths = [links.path_of(offer.link) for offer in offers if offer.link]
    if len(paths) != RACERS:
        raise RuntimeError(f"offered to {len(paths)} instead of {RACERS}")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return [(f"{path}take/", form | cookies("none"), b"") for path in paths]


RACES: tuple[tuple[str, Round], ...] = (
    ("one therapist", one_therapist),
    ("one room, two therapists", one_room),
    ("one client, two therapists", one_client),
    ("waitlist slot offered to 50", one_offer),
)


def race(world: World, port: int, rounds: int, first: int, prepare: Round) -> Result:
    """All rounds on fifty connections that stay open; they start together each time."""
    result, waiting = Result(rounds=rounds), threading.Barrier(RACERS + 1)
    asked: list[list[Request]] = [[]]
    took: list[list[tuple[float, str]]] = [[] for _ in range(RACERS)]
    runners = [threading.Thread(target=run, args=(each, port, rounds, waiting, asked, took)) for each in range(RACERS)]
    for runner in runners:
        runner.start()
    try:
        for number in range(first, first + rounds):
            asked[0] = prepare(world, number)
            waiting.wait()  # go
            waiting.wait()  # all answered
    finally:
        if sys.exc_info()[0]:
            waiting.abort()  # or the others would wait for ever
        for runner in runners:
            runner.join()
    for seconds, answer in (each for mine in took for each in mine):
        result.seconds.append(seconds)
        result.answers[answer] += 1
        result.won += answer in {"201", "302"}
    return result


def run(
    racer: int, port: int, rounds: int, waiting: threading.Barrier, asked: list[list[Request]], took: list[Any]
) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    for _ in range(rounds):
        waiting.wait()
        path, headers, body = asked[0][racer]
        began = time.perf_counter()
        answer = send(line, path, headers, body)
        took[racer].append((time.perf_counter() - began, answer))
        waiting.wait()
    line.close()


def send(line: http.client.HTTPConnection, path: str, headers: dict[str, str], body: bytes) -> str:
    """The status, with the code of a refusal; a connection the server has closed meanwhile is opened again."""
    try:
        try:
            line.request("POST", path, body, headers)
            response = line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            line.close()
            line.request("POST", path, body, headers)
            response = line.getresponse()
        said = response.read()
    except OSError as error:
        line.close()
        return type(error).__name__
    is_json = response.getheader("Content-Type", "").startswith("application/json")
    code = json.loads(said).get("code", "") if is_json and response.status >= 400 else ""
    return f"{response.status} {code}".strip()


def doubles() -> int:
    """Pairs of active visits that have a therapist, a room or a client at the same time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM scheduling_appointment a JOIN scheduling_appointment b ON a.id < b.id "
            "AND a.during && b.during AND (a.therapist_id = b.therapist_id OR a.room_id = b.room_id "
            "OR a.client_id = b.client_id) WHERE a.status = 'booked' AND b.status = 'booked'"
        )
        return int(cursor.fetchone()[0])


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@contextmanager
def serving(module: str, database: str) -> Iterator[int]:
    """gunicorn as `bin/serve` starts it: two workers of four threads. Gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    env = {
        **os.environ,
        "DATABASE_URL": database,
        "PYTHONPATH": os.pathsep.join([str(settings.BASE_DIR), "benchmarks"]),
    }
    command = ["-m", "gunicorn", f"{module}:application", "--bind", f"127.0.0.1:{port}", "--backlog", "256"]
    command += ["--workers", "2", "--threads", "4", "--keep-alive", "75", "--log-level", "warning"]
    # Each refusal is a line of its log; what matters is counted here.
    server = subprocess.Popen([sys.executable, *command], cwd=settings.BASE_DIR, env=env, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def unprotected_copy(address: str) -> Iterator[str]:
    """A copy of the database in which nothing excludes anything; gives its address, and drops it afterwards."""
    name = f"race_{uuid.uuid4().hex[:12]}"
    own = connection.settings_dict["NAME"]
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{own}"')
    parts = urlsplit(address)
    try:
        connection.close()
        connection.settings_dict["NAME"] = name
        with connection.cursor() as cursor:
            for table, constraints in CONSTRAINTS.items():
                for each in constraints:
                    cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{each}"')
            for each in INDEXES:
                cursor.execute(f'DROP INDEX "{each}"')
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = own
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def table(world: World, port: int, rounds: int, *, first: int = 0) -> list[tuple[str, Result, int, int]]:
    """Each race in turn, in an empty diary."""
    rows = []
    print(
        f"{'race':30}{'rounds':>7}{'got it':>8}{'double':>8}{'deadlocks':>10}{'p50 ms':>8}{'p99 ms':>8}  answers",
        flush=True,
    )
    for index, (name, prepare) in enumerate(RACES):
        before = deadlocks()
        result = race(world, port, rounds, first + index * rounds, prepare)
        time.sleep(1)  # the server's counters come a moment later
        twice, stuck = doubles(), deadlocks() - before
        cuts = [each * 1000 for each in quantiles(result.seconds, n=100)]
        told = ", ".join(f"{answer}: {count}" for answer, count in sorted(result.answers.items()))
        figures = f"{result.rounds:>7}{result.won:>8}{twice:>8}{stuck:>10}{cuts[49]:>8.0f}{cuts[98]:>8.0f}"
        print(f"{name:30}{figures}  {told}", flush=True)
        rows.append((name, result, twice, stuck))
        empty()
    return rows


def empty() -> None:
    """Clears the diary, so that the next race counts its own."""
    WaitlistOffer.objects.all().delete()
    SlotHold.objects.all().delete()
    WaitlistEntry.objects.update(appointment=None)
    Appointment.objects.update(status=Appointment.Status.CANCELLED, cancelled_at=timezone.now())


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--unprotected-rounds", type=int, default=20)
    chosen = parser.parse_args(arguments)
    if Appointment.objects.exists():
        print("The database is not empty: this benchmark writes invented people.", file=sys.stderr)
        return 2
    world, address = build(RACERS), os.environ["DATABASE_URL"]
    print(f"{RACERS} clients a round, gunicorn with 2 workers of 4 threads")
    print("protected")
    with serving("clinic.wsgi", address) as port:
        guarded = table(world, port, chosen.rounds)
    print("the protection switched off")
    with unprotected_copy(address) as copy, serving("_race_unprotected", copy) as port:
        bare = table(world, port, chosen.unprotected_rounds, first=len(RACES) * chosen.rounds)
    is_safe = all(
        twice == 0 and stuck == 0 and result.won == result.rounds and not wrong(result)
        for _name, result, twice, stuck in guarded
    )
    is_control = all(twice > 0 for _name, _result, twice, _stuck in bare)
    print(f"one winner a round, no double booking, no deadlock, no 5xx: {'yes' if is_safe else 'NO'}")
    print(f"without the protection every race double-books: {'yes' if is_control else 'NO'}")
    return 0 if is_safe and is_control else 1


def wrong(result: Result) -> list[str]:
    """Answers that no race may have: a server error, or no answer at all."""
    return [answer for answer in result.answers if not answer[0].isdigit() or answer.startswith("5")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
