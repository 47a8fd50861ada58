"""Finding a client while typing, in an empty database filled with 200,000 invented people.

Run with `bin/bench client_search`, or with `--clients 5000`; prints the median, times the floor, queries and how many
were found. The floor is one indexed query that reads ten clients by primary key, in the same run. Times are those of
`ClientQuerySet.suggest` for the owner, who sees everybody, and for a therapist of one location in ten.
"""

import argparse
import datetime as dt
import os
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from clinic.people.models import Client, Location, NameWord, Practice, StaffRole, User  # noqa: E402

ROUNDS = 15
LOCATIONS = 10
COLUMNS = (
    "id, created_at, updated_at, given_name, family_name, preferred_name, pronouns, born_on, email, phone, address, "
    "emergency_contact_name, emergency_contact_phone, referrer, language"
)
KNOWN_FAMILIES = ["Smith", "Johnson", "Williams", "Brown", "Garcia", "Herrera", "Anderson", "Moore", "Bell", "Harris"]
KNOWN_GIVEN = ["Tomás", "Marcus", "Amina", "Nora", "Agnes", "Maria", "Martin", "Anna", "John", "Mary"]
TYPED = (
    ("three letters", ["mar", "her", "tho", "bel", "son"]),
    ("a whole name", ["herrera", "tomas herrera", "marcus bell"]),
    ("phone", ["0137", "555", "2025550"]),
    ("birth date", ["1967-08-04", "04.08.1967", "4/8/1967"]),
    ("typo", ["herera", "jonhson", "smiht", "tomas herera"]),
    ("nobody", ["zzzqx", "999999999"]),
)


def syllables(chance: random.Random, count: int) -> str:
    onsets, nuclei, codas = (
        ("b", "br", "ch", "d", "gr", "h", "k", "l", "m", "n", "p", "s", "st", "tr", "v"),
        "aeiouá",
        "nrlst",
    )
    parts = (chance.choice(onsets) + chance.choice(nuclei) + chance.choice(codas) for _ in range(count))
    return "".join(parts).capitalize()


def people(count: int) -> Iterator[tuple[Any, ...]]:
    """Invented people; a few names are frequent, most are rare, as names are."""
    chance, now = random.Random(20_260_305), dt.datetime.now(dt.UTC)  # noqa: S311 invented names need no secrecy
    families = KNOWN_FAMILIES + [syllables(chance, chance.choice((2, 2, 3))) for _ in range(20_000)]
    given = KNOWN_GIVEN + [syllables(chance, 2) for _ in range(2_000)]
    family_weights = [1 / (place + 5) for place in range(len(families))]
    given_weights = [1 / (place + 5) for place in range(len(given))]
    pairs = zip(
        chance.choices(given, given_weights, k=count), chance.choices(families, family_weights, k=count), strict=True
    )
    for number, (first, last) in enumerate(pairs):
        key = uuid.UUID(int=chance.getrandbits(128), version=4)
        born = dt.date(1935, 1, 1) + dt.timedelta(days=chance.randrange(27_000))
        phone = f"+1{chance.randrange(201, 989)}555{chance.randrange(10_000):04d}"
        yield key, now, now, first, last, "", "", born, f"p{number}@example.org", phone, "", "", "", "", "en"


@transaction.atomic
def fill(count: int) -> tuple[User, User]:
    """The people, ten locations among them, an owner and a therapist of the first."""
    Practice.objects.get_or_create(name="Benchmark")
    places = [
        Location.objects.create(name=f"Place {number}", timezone="UTC", opens_at=dt.time(8), closes_at=dt.time(18))
        for number in range(LOCATIONS)
    ]
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY people_client ({COLUMNS}) FROM STDIN") as copy:
            for row in people(count):
                copy.write_row(row)
        cursor.execute(
            "INSERT INTO people_client_locations (client_id, location_id) "
            "SELECT id, (%s::uuid[])[1 + number %% %s] FROM people_client",
            [[place.pk for place in places], LOCATIONS],
        )
    owner = User.objects.create_user("bench-owner@example.org", name="Owner")
    therapist = User.objects.create_user("bench-therapist@example.org", name="Therapist")
    StaffRole.objects.create(user=owner, role="owner")
    StaffRole.objects.create(user=therapist, role="therapist")
    therapist.locations.add(places[0])
    return owner, therapist


def median_ms(work: Callable[[], Any]) -> float:
    work()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def report(user: User, floor: float) -> None:
    clients = Client.objects.visible_to(user)
    for kind, texts in TYPED:
        for text in texts:
            with CaptureQueriesContext(connection) as queries:
                found = len(clients.suggest(text))
            took = median_ms(partial(clients.suggest, text))
            figures = f"{took:7.1f} ms {took / floor:6.1f} × {len(queries)} queries, {found}"
            print(f"{user.name:10} {kind:14} {text:14} {figures}", flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200_000)
    count = parser.parse_args(arguments).clients
    if Client.objects.exists():
        print("The database is not empty: this benchmark writes invented people.", file=sys.stderr)
        return 2
    began = time.perf_counter()
    owner, therapist = fill(count)
    with connection.cursor() as cursor:
        for table in ("people_client", "people_client_locations", "people_nameword"):
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("SELECT version()")
        print(cursor.fetchone()[0])
    words = NameWord.objects.count()
    print(f"{count} clients, {words} words in their names, filled in {time.perf_counter() - began:.0f} s")
    some = list(Client.objects.values_list("pk", flat=True)[:10])
    floor = median_ms(lambda: list(Client.objects.filter(pk__in=some)))
    print(f"floor {floor:.1f} ms; median of {ROUNDS}")
    for user in (owner, therapist):
        report(user, floor)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
