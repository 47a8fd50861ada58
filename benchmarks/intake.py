"""How long the heavy parts of intake take at the server, warm: p50 and p95 beside the floor, an authenticated list.

Run with `bin/bench intake`. Fails when a target is missed.
"""

import datetime as dt
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")

from django.test import Client as Browser
from django.urls import reverse

from clinic import wsgi  # as gunicorn loads it, the collector's settings with it
from clinic.people.models import Client, Location, Practice, Role, StaffRole, User

from _intake_maps import ROUNDS, Timing, map_of_many, map_page, prompts, timed  # isort: skip  # beside this file
from _intake_saves import saving  # isort: skip


def cast() -> tuple[User, Location, Client]:
    """Who works, where, and who is treated."""
    Practice.objects.get_or_create(only=True, defaults={"name": "Benchmark", "email": "b@example.org", "is_demo": True})
    about = {"address": "1 Harbour Street", "timezone": "Europe/Berlin", "emergency_number": "112"}
    hours = {"opens_at": dt.time(8), "closes_at": dt.time(18)}
    place, _is_new = Location.objects.get_or_create(name="Benchmark", defaults=about | hours)
    user, _is_new = User.objects.get_or_create(email=f"{place.pk}@example.org", defaults={"name": "Bea Bench"})
    StaffRole.objects.get_or_create(user=user, role=Role.OWNER)
    user.locations.add(place)
    client = Client.objects.create(given_name="Ben", family_name="Bench", born_on=dt.date(1970, 2, 3))
    client.locations.add(place)
    return user, place, client


def floor(user: User) -> Timing:
    browser = Browser(HTTP_HOST="127.0.0.1")
    browser.force_login(user)
    return timed("the floor: the red-flag list", lambda: browser.get(reverse("intake:flag-list")), target=float("inf"))


def main() -> int:
    print(f"served by {wsgi.__name__}, {ROUNDS} rounds each")
    user, place, client = cast()
    ground = floor(user)
    rows = [ground, map_page(client), saving(client), prompts(), map_of_many(client, user, place)]
    print(f"{'work':40}{'p50 ms':>9}{'p95 ms':>9}{'cpu ms':>9}{'× floor':>9}{'target ms':>11}")
    for row in rows:
        target = "" if row.target == float("inf") else f"{row.judged} {row.target:g}"
        print(f"{row.work:40}{row.p50:>9.1f}{row.p95:>9.1f}{row.cpu:>9.1f}{row.p50 / ground.p50:>9.1f}{target:>11}")
    missed = [row.work for row in rows if not row.is_met]
    print(f"missed: {', '.join(missed)}" if missed else "every target is met")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
