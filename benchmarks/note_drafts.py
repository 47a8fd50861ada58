"""Characters of notes lost while sessions end, networks are cut, tabs and servers are killed, and two devices write.

Run with `bin/bench note_drafts`, or with `--drafts 50 --at-once 4`. Each draft is typed into a real Chromium, word by
word, while one to three things happen to it; a third of them are written on two devices at once. Then the same browsers
come back. A word counts as found when it stands in the note, in a text kept beside it to be merged, or in the form of
the page that is open; as acknowledged when the server had answered for it. `--unprotected` switches off what a browser
keeps: then words must be lost, or this measures nothing.
"""

import argparse
import datetime as dt
import os
import queue
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from _browser import ROOT, chromium  # isort: skip  # sets Django up

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client as Browser
from django.urls import reverse

from clinic.people.models import Practice, User
from scheduling.models import Appointment
from treatments.models import SessionNote, SetAside
from treatments.services import open_note

from _note_writing import SECTIONS, STORE_OFF, Device, happenings, lost_words, write_through  # isort: skip

LONG_AGO = dt.datetime(2015, 1, 1, 8, tzinfo=dt.UTC)


class Gunicorn:
    """The application behind gunicorn, as `bin/serve` runs it; killed with all its processes, and started again."""

    def __init__(self, user: User) -> None:
        self.user, self.kills, self._turn = user, 0, threading.Lock()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "clinic.wsgi", "-b", f"127.0.0.1:{self.port}", "--threads", "8"]
        self.process = subprocess.Popen([*command, "--log-level", "critical"], cwd=ROOT, start_new_session=True)
        for _attempt in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL in the middle of whatever it is doing; a second later somebody starts it again."""
        with self._turn:
            self.stop()
            self.kills += 1
            time.sleep(1)
            self.start()

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end_session(self, key: str) -> None:
        Session.objects.filter(session_key=key).delete()

    def cookie(self) -> dict[str, Any]:
        browser = Browser()
        browser.force_login(self.user)
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": browser.cookies[name].value, "url": self.url}


@dataclass
class Tally:
    """What became of all drafts."""

    happened: Counter[str] = field(default_factory=Counter)
    drafts: int = 0
    two_devices: int = 0
    typed: int = 0
    acknowledged: int = 0
    lost_acknowledged: list[str] = field(default_factory=list)
    lost_typed: list[str] = field(default_factory=list)
    beside: int = 0
    broken: list[str] = field(default_factory=list)
    turn: Any = field(default_factory=threading.Lock)

    def add(self, devices: list[Device], note: SessionNote) -> None:
        texts = SessionNote.objects.values_list(*SECTIONS).get(pk=note.pk)
        beside = list(SetAside.objects.filter(note=note).values_list("content", flat=True))
        acknowledged, typed = lost_words(devices, [texts, beside])
        with self.turn:
            self.drafts += 1
            self.two_devices += len(devices) > 1
            self.beside += bool(beside)
            self.lost_acknowledged += acknowledged
            self.lost_typed += typed
            for device in devices:
                self.happened.update(device.has_met)
                self.typed += sum(map(len, device.typed))
                self.acknowledged += sum(len(word) for word in device.typed if word in device.acknowledged)
            if self.drafts % 25 == 0:
                print(
                    f"  {self.drafts} drafts, lost {len(self.lost_acknowledged)} + {len(self.lost_typed)}", flush=True
                )


def begun(number: int, therapist: User) -> SessionNote:
    """A draft of its own, of a visit long ago."""
    like = list(Appointment.objects.filter(therapist=therapist, status="completed").order_by("pk")[:40])
    visit = like[number % len(like)]
    starts_at = LONG_AGO + dt.timedelta(hours=number)
    during = DateTimeTZRange(starts_at, starts_at + dt.timedelta(minutes=45))
    mine = Appointment.objects.create(
        **{name: getattr(visit, name) for name in ("client", "service", "therapist", "room", "location", "status")},
        during=during,
        occupies=during,
    )
    return open_note(appointment=mine, by=therapist)


def drive(numbers: "queue.Queue[int]", server: Gunicorn, tally: Tally, chosen: argparse.Namespace) -> None:
    """One Chromium, one draft after the other."""
    with chromium() as browser:
        contexts = [browser.new_context(reduced_motion="reduce") for _ in range(2)]
        for context in contexts if chosen.unprotected else ():
            context.add_init_script(STORE_OFF)
        while time.monotonic() < chosen.until:
            try:
                number = numbers.get_nowait()
            except queue.Empty:
                break
            one_draft(number, contexts[: 2 if number % 3 == 0 else 1], server, tally, chosen)
    connection.close()


def one_draft(number: int, contexts: list[Any], server: Gunicorn, tally: Tally, chosen: argparse.Namespace) -> None:
    chance = random.Random(chosen.seed * 100_000 + number)  # noqa: S311
    note = begun(number + chosen.earlier, server.user)
    address = server.url + reverse("treatments:note-edit", args=[note.pk])
    devices = [Device(each, server, address, f"{number}y{i}", chance) for i, each in enumerate(contexts)]
    names = happenings(chance)
    try:
        write_through(devices, names)
        tally.add(devices, note)
    except Exception as error:  # one draft that could not be driven must not end the run unseen
        tally.broken.append(f"draft {number}, {names}: {error}"[:300])
    for device in devices:
        device.leave()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--drafts", type=int, default=500)
    options.add_argument("--at-once", type=int, default=6)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--minutes", type=float, default=600, help="begin no draft later than this")
    options.add_argument("--unprotected", action="store_true")
    chosen = options.parse_args()
    if not Practice.objects.exists():
        call_command("seed_demo", verbosity=0)
    server, tally, numbers = Gunicorn(User.objects.get(email="therapist@example.org")), Tally(), queue.Queue[int]()
    for number in range(chosen.drafts):
        numbers.put(number)
    chosen.earlier = Appointment.objects.filter(during__startswith__lt=LONG_AGO + dt.timedelta(days=365)).count()
    began = time.monotonic()
    chosen.until = began + chosen.minutes * 60
    people = [threading.Thread(target=drive, args=(numbers, server, tally, chosen)) for _ in range(chosen.at_once)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    server.stop()
    return tell(tally, server, chosen, time.monotonic() - began)


def tell(tally: Tally, server: Gunicorn, chosen: argparse.Namespace, seconds: float) -> int:
    lost = len("".join(tally.lost_acknowledged)), len("".join(tally.lost_typed))
    how = "what a browser keeps switched off" if chosen.unprotected else "as shipped"
    happened = ", ".join(f"{name} {count}" for name, count in tally.happened.most_common())
    print(f"{tally.drafts} drafts, {tally.two_devices} on two, {chosen.at_once} at once, seed {chosen.seed}, {how}")
    print(f"{happened}; the server was killed {server.kills} times under all of them")
    print(f"characters typed {tally.typed}, acknowledged {tally.acknowledged}; kept beside in {tally.beside} drafts")
    print(f"acknowledged characters lost {lost[0]}, typed but not acknowledged lost {lost[1]}; {seconds:.0f} s")
    for word in (tally.lost_acknowledged + tally.lost_typed)[:20]:
        print(f"  lost: {word}")
    for broken in tally.broken:
        print(f"  could not be driven: {broken}")
    is_fine = not any(lost) if not chosen.unprotected else any(lost)
    return 0 if is_fine and not tally.broken and tally.drafts == chosen.drafts else 1


if __name__ == "__main__":
    sys.exit(main())
