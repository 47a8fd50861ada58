"""How evenly the calendar draws while a card is dragged across a day of 500 cards; what open calendars cost the server.

Run with `bin/bench calendar_drag [--cards 500] [--seconds 5]`. Frame times come from the browser itself
(requestAnimationFrame, headless Chromium); the cost of asking for changes is that of `/calendar/changes/` through
gunicorn, one client, against the whole page.
"""

import argparse
import datetime as dt
import itertools
import statistics
import sys
import time
from typing import Any

from _browser import chromium, clinic, front_desk
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from playwright.sync_api import Page

from clinic.core import clock
from clinic.people.models import Client, Location, Room, User
from scheduling.models import Appointment, Service, WorkingHours

FRAME_MS = 1000 / 60
LENGTH = 20
RECORD = """() => {
  window.frames60 = [];
  let last = performance.now();
  const tick = (now) => { window.frames60.push(now - last); last = now; window.ticking = requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""


def fill(cards: int) -> tuple[Location, dt.date]:
    """A day with that many cards: therapists of its own, each with a visit every 20 minutes from eight to six."""
    Appointment.objects.filter(overlap_reason="Bench").delete()
    location = Location.objects.order_by("name")[0]
    day = clock.today(location.zone) + dt.timedelta(days=400)
    start = dt.datetime.combine(day, dt.time(8), tzinfo=location.zone)
    service = Service.objects.filter(is_active=True).first()
    clients = itertools.cycle(Client.objects.current()[:400])
    a_day = 10 * 60 // LENGTH
    rows = []
    for number in range(-(-cards // a_day)):
        name = f"Drag {number:02}"
        therapist, _made = User.objects.get_or_create(email=f"drag{number}@example.org", defaults={"name": name})
        room, _made = Room.objects.get_or_create(location=location, name=name)
        WorkingHours.objects.get_or_create(
            therapist=therapist, location=location, weekday=day.weekday(), starts_at=dt.time(8), ends_at=dt.time(18),
            valid_from=day,
        )  # fmt: skip
        for index in range(min(a_day, cards - len(rows))):
            begin = start + dt.timedelta(minutes=LENGTH * index)
            span = DateTimeTZRange(begin, begin + dt.timedelta(minutes=LENGTH))
            rows.append(
                Appointment(
                    client=next(clients), service=service, therapist=therapist, room=room, location=location,
                    during=span, occupies=span, is_overlap_allowed=True, overlap_reason="Bench",
                )
            )  # fmt: skip
    Appointment.objects.bulk_create(rows, batch_size=500)
    return location, day


def drag(page: Page, seconds: float) -> list[float]:
    """Pick a card up, wave it about, and put it back. Gives the time of each frame in milliseconds."""
    card = page.locator(".appt[data-can*=move]").nth(3)
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    if box is None:
        raise RuntimeError("The card is not to be seen.")
    x, y = box["x"] + 30, box["y"] + 6
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y + 20)
    page.wait_for_selector(".ghost", state="attached")
    page.evaluate(RECORD)
    until, step = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        step += 1
        page.mouse.move(x + 300 + 280 * ((step % 60) / 30 - 1), y + 200 + 190 * ((step % 84) / 42 - 1))
    frames: list[float] = page.evaluate("() => { cancelAnimationFrame(window.ticking); return window.frames60; }")
    page.keyboard.press("Escape")
    page.mouse.up()
    return frames[2:]


def cost(page: Page, url: str, rounds: int = 40, **headers: str) -> float:
    """Median of an address, in milliseconds, as the browser's own session."""
    times = []
    for _round in range(rounds):
        began = time.perf_counter()
        page.request.get(url, headers=headers)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def tell_frames(frames: list[float], cards: int) -> bool:
    frames.sort()
    late = sum(frame > 1.5 * FRAME_MS for frame in frames)
    rate = 1000 * len(frames) / sum(frames)
    p95 = frames[int(len(frames) * 0.95)]
    print(f"{cards} cards, dragged: {len(frames)} frames, {rate:.0f} a second, late {late} ({late / len(frames):.1%})")
    print(f"a frame: median {statistics.median(frames):.1f} ms, p95 {p95:.1f} ms, longest {frames[-1]:.1f} ms")
    return late / len(frames) < 0.05


def tell_cost(page: Page, address: str, stamp: str) -> None:
    changes = address.replace("/calendar/?", "/calendar/changes/?") + f"&stamp={stamp}"
    asked = cost(page, changes, **{"X-Background": "1"})
    whole = cost(page, address, rounds=10, **{"HX-Request": "true", "X-Background": "1"})
    print(f"asking for changes {asked:.1f} ms, the grid anew {whole:.1f} ms, one client")
    print(f"an open calendar asks every 2 s: {asked / 20:.2f}% of one thread; a stream would hold one thread whole")


def main() -> int:
    options: Any = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cards", type=int, default=500)
    options.add_argument("--seconds", type=float, default=5)
    given = options.parse_args()
    with clinic() as url, chromium() as browser:
        location, day = fill(given.cards)
        page = front_desk(browser.new_context(viewport={"width": 1440, "height": 900}), url)
        address = f"{url}/calendar/?date={day}&location={location.pk}"
        page.goto(address)
        page.wait_for_selector("html[data-ready]", state="attached")
        page.wait_for_timeout(1000)
        is_even = tell_frames(drag(page, given.seconds), page.locator(".appt[data-visit]").count())
        tell_cost(page, address, str(page.locator(".day-grid").get_attribute("data-stamp")))
    return 0 if is_even else 1


if __name__ == "__main__":
    sys.exit(main())
