"""How long each page of the daily path takes at the server, warm, on the demo practice: median of 30, and its queries.

Run with `bin/bench pages`. Compared with the floor: an authenticated page of one list.
"""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")

from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from clinic import wsgi  # as gunicorn loads it, the collector's settings with it
from clinic.core import clock
from clinic.messaging import links
from clinic.messaging.models import ClientLink
from clinic.people.models import Practice, User
from intake.models import Response
from scheduling.models import Appointment
from treatments.models import Episode, SessionNote

ROUNDS = 30
TARGET_MS = 100


@dataclass(frozen=True, slots=True)
class Row:
    page: str
    median_ms: float
    worst_ms: float
    queries: int


def signed_in(email: str) -> Browser:
    browser = Browser(HTTP_HOST="127.0.0.1")
    browser.force_login(User.objects.get(email=email))
    return browser


def measure(page: str, browser: Browser, path: str) -> Row:
    """Median and worst of ROUNDS, after two to warm up. Raises RuntimeError unless the page answers 200."""
    for _ in range(2):
        answer = browser.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{page}: {answer.status_code} at {path}")
    queries = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        browser.get(path)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        browser.get(path)
        times.append((time.perf_counter() - began) * 1000)
    return Row(page, statistics.median(times), max(times), queries)


def pages() -> list[tuple[str, Browser, str]]:
    """Each page of the path, as the one who uses it sees it."""
    owner, therapist, desk = (signed_in(f"{who}@example.org") for who in ("owner", "therapist", "frontdesk"))
    me = User.objects.get(email="therapist@example.org")
    note = SessionNote.objects.filter(therapist=me, status="draft").latest("created_at")
    episode = Episode.objects.filter(therapist=me, closed_at=None).latest("opened_at")
    appointment = Appointment.objects.filter(client=episode.client, therapist=me).latest("during")
    live = ClientLink.objects.filter(revoked_at=None, expires_at__gt=clock.now(), client__born_on__isnull=False)
    link = live.filter(purpose="intake", invitation__state="started").latest("expires_at")
    visit_link = live.filter(purpose="appointment").latest("expires_at")
    answers = Response.objects.filter(client=episode.client, status="completed").latest("completed_at")
    anonymous = Browser(HTTP_HOST="127.0.0.1")
    anonymous.post(links.path_of(link), {"born_on": str(link.client.born_on)})
    at: Callable[..., str] = reverse
    return [
        ("day calendar", desk, at("scheduling:day")),
        ("client search", desk, f"{at('people:client-search')}?q=osk"),
        ("client search, a typo", desk, f"{at('people:client-search')}?q=ostrwski"),
        ("new appointment", desk, at("scheduling:appointment-create")),
        ("clients", desk, at("people:client-list")),
        ("client", desk, at("people:client-detail", args=[episode.client_id])),
        ("messages", desk, at("messaging:message-list")),
        ("client's page of the visit", anonymous, links.path_of(visit_link)),
        ("client's form, the map", anonymous, f"{links.path_of(link)}step/3/"),
        ("client's form, safety", anonymous, f"{links.path_of(link)}step/6/"),
        ("answers", therapist, at("intake:response-detail", args=[answers.pk])),
        ("before the session", therapist, at("treatments:before", args=[appointment.pk])),
        ("session note", therapist, at("treatments:note-edit", args=[note.pk])),
        ("notes", therapist, at("treatments:note-list")),
        ("episode", therapist, at("treatments:episode-detail", args=[episode.pk])),
        ("outcomes", owner, at("outcomes:index")),
        ("outcomes of a condition", owner, at("outcomes:condition", args=[episode.condition.code])),
    ]


def main() -> int:
    print(f"served by {wsgi.__name__}, {ROUNDS} rounds a page")
    if not Practice.objects.exists():
        call_command("seed_demo")
    floor = measure("the floor: the red-flag list", signed_in("frontdesk@example.org"), reverse("intake:flag-list"))
    rows = [floor, *(measure(*page) for page in pages())]
    print(f"{'page':32}{'median ms':>10}{'worst ms':>10}{'queries':>9}{'× floor':>9}")
    for row in rows:
        ratio = row.median_ms / floor.median_ms
        print(f"{row.page:32}{row.median_ms:>10.1f}{row.worst_ms:>10.1f}{row.queries:>9}{ratio:>9.1f}")
    slow = [row.page for row in rows if row.median_ms > TARGET_MS]
    print(f"target: median under {TARGET_MS} ms; {'over it: ' + ', '.join(slow) if slow else 'all under it'}")
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
