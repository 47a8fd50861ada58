"""What sealing costs: writing events with and without a sealer at work, sealing and verifying, and 1,000 tamperings.

Run with `bin/bench audit_seal`, or with `--events 20000 --tamperings 100`. Prints events a second, and how many of the
tamperings, each by a superuser with the triggers off, were named by their row.
"""

import argparse
import multiprocessing
import os
import random
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")
django.setup()

from django.db import connection, connections, transaction  # noqa: E402

from clinic.audit import seals, services  # noqa: E402
from clinic.audit.models import Event, Seal  # noqa: E402
from clinic.audit.verify import verify  # noqa: E402

TAMPERINGS = (
    "UPDATE audit_event SET actor_display = actor_display || '.' WHERE id = %s",
    "UPDATE audit_event SET at = at - interval '1 second' WHERE id = %s",
    "UPDATE audit_event SET changes = '{\"n\": -1}' WHERE id = %s",
    "DELETE FROM audit_event WHERE id = %s",
)


def write(count: int) -> None:
    """One transaction for each event, as a request does."""
    for number in range(count):
        with transaction.atomic():
            services.record(None, "bench.written", changes={"n": number})


def a_second(count: int, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


def while_sealing(work: Callable[[], object]) -> None:
    """Run `work` beside another process that seals every second, sixty times as often as in a clinic."""
    connections.close_all()
    sealer = multiprocessing.get_context("fork").Process(target=seal_every_second, daemon=True)
    sealer.start()
    work()
    sealer.kill()
    sealer.join()


def seal_every_second() -> None:
    while True:
        seals.seal_pending()
        time.sleep(1)


def tamper(count: int, chance: random.Random) -> int:
    """How many of `count` single changes were found and named. Each is rolled back."""
    sealed = list(
        Event.objects.filter(id__lte=Seal.objects.latest("number").last_event_id).values_list("id", flat=True)
    )
    found = 0
    for _ in range(count):
        event = chance.choice(sealed)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(chance.choice(TAMPERINGS), [event])
            found += verify().problem.startswith(f"event {event} was")
            transaction.set_rollback(True)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=3_000)
    options.add_argument("--tamperings", type=int, default=1_000)
    chosen = options.parse_args()
    alone = a_second(chosen.events, lambda: write(chosen.events))
    backlog = Event.objects.filter(id__gt=0).count()
    sealing = a_second(backlog, seals.seal_pending)
    beside = a_second(chosen.events, lambda: while_sealing(lambda: write(chosen.events)))
    seals.seal_pending(patience_seconds=30)
    verdict = verify()
    checking = a_second(verdict.sealed_events, verify)
    print(f"writing, no sealer       {alone:8.0f} events a second")
    print(f"writing, sealer at work  {beside:8.0f} events a second ({beside / alone:.0%})")
    print(f"sealing                  {sealing:8.0f} events a second")
    print(f"verifying                {checking:8.0f} events a second, {verdict.seals} seals, passed: {verdict.passed}")
    found = tamper(chosen.tamperings, random.Random(1))  # noqa: S311
    print(f"tamperings found         {found:8d} of {chosen.tamperings}")


if __name__ == "__main__":
    main()
