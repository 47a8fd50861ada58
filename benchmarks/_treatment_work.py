"""The requests of treatment that are measured, each through the whole stack of the server, warm."""

import random
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clinic.people.models import Client, SigningPin, User
from clinic.people.services import signing_pins
from scheduling.models import Appointment
from treatments.forms.draft import part_of
from treatments.models import SessionNote
from treatments.reads.merge import PARTS
from treatments.services import open_note

from _notes_at_scale import LONG  # isort: skip  # beside this file
from _side_by_side import Target  # isort: skip

FLOOR = "the floor: the red-flag list, ten rows"
PIN = "2468"
FORM = "application/x-www-form-urlencoded"
SAVE, SIGN = "autosave of a draft", "signing a note"
TARGETS = {
    FLOOR: Target(),
    "before the session": Target(80, None, 1.3),
    "before the session, after 300 visits": Target(80, None, 1.3),
    "opening the editor": Target(80, None, 1.3),
    "opening the editor, after 300 visits": Target(80, None, 1.3),
    SAVE: Target(15, 2.5, 1.2, None, p95_ms=20),
    SIGN: Target(35, 6, 1.2, None),
    "a client of 300 visits": Target(80, None, 1.3),
    "all episodes of that client": Target(80, None, 1.3),
    "a signed note": Target(80, None, 1.3),
    "a note as PDF": Target(700, None, 1.3),
    "the list of notes, unsigned first": Target(None, None, 1.3),
}


class Controls(HTMLParser):
    """What a browser would send of the form of a page."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.is_inside = form, False
        self.values: list[tuple[str, str]] = []
        self._select = self._text = ""
        self._templates = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("id") == self.form
        elif tag == "template":
            self._templates += 1
        if not self.is_inside or self._templates:
            return
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.values.append((name, given.get("value", "")))
        elif tag == "textarea" and name:
            self._text = name
            self.values.append((name, ""))
        elif tag == "select" and name:
            self._select = name
            self.values.append((name, ""))
        elif tag == "option" and self._select and "selected" in given:
            self.values[-1] = (self._select, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "template":
            self._templates -= 1
        elif tag == "textarea":
            self._text = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._text and self.is_inside:
            self.values[-1] = (self._text, self.values[-1][1] + data)


class Work:
    """One practice, asked row by row as its first therapist."""

    def __init__(self) -> None:
        self.user = User.objects.get(email="t0@example.org")
        self.browser = Browser(HTTP_HOST="127.0.0.1")
        self.browser.force_login(self.user)
        SigningPin.objects.get_or_create(user=self.user, defaults={"digest": signing_pins.digest_of(self.user, PIN)})
        self.chance = random.Random(5)  # noqa: S311 invented text needs no secrecy
        self.open_visits = self._visits_without_note()
        self.draft = open_note(appointment=next(self.open_visits), by=self.user)
        self.body = self._body(self.draft)
        self.addresses = self._addresses()
        self._sign(pin=PIN)()  # who signed less than five minutes ago is not asked again

    def _visits_without_note(self) -> Iterator[Appointment]:
        """Those that were held, the newest first; then those of the next weeks."""
        rows = Appointment.objects.filter(therapist=self.user, session_note=None, status="booked")
        held = rows.filter(during__endswith__lt=timezone.now()).order_by("-during")
        ahead = rows.filter(during__startswith__gt=timezone.now()).order_by("-during")
        for visits in (held, ahead):
            yield from visits.select_related("client").iterator()

    def _addresses(self) -> dict[str, str]:
        long = Client.objects.get(email=LONG)
        visit = next(self.open_visits)
        signed = SessionNote.objects.filter(therapist=self.user, status="signed")
        last = signed.filter(client=long).order_by("-appointment__during")[0]
        other = self._one_more_visit(last)
        return {
            FLOOR: reverse("intake:flag-list"),
            "before the session": reverse("treatments:before", args=[visit.pk]),
            "before the session, after 300 visits": reverse("treatments:before", args=[other.appointment_id]),
            "opening the editor": reverse("treatments:note-edit", args=[self.draft.pk]),
            "opening the editor, after 300 visits": reverse("treatments:note-edit", args=[other.pk]),
            "a client of 300 visits": reverse("people:client-detail", args=[long.pk]),
            "all episodes of that client": reverse("treatments:client-episodes", args=[long.pk]),
            "a signed note": reverse("treatments:note-edit", args=[last.pk]),
            "a note as PDF": f"/notes/{last.pk}/pdf/",
            "the list of notes, unsigned first": reverse("treatments:note-list"),
        }

    def _one_more_visit(self, last: SessionNote) -> SessionNote:
        """The next visit of the client with the long history: one of somebody else's, given to them."""
        visits = Appointment.objects.filter(therapist=self.user, status="booked", during__startswith__gt=timezone.now())
        visit = visits.select_related("client").order_by("during")[0]
        Appointment.objects.filter(pk=visit.pk).update(client=last.client)
        visit.client = last.client
        return open_note(appointment=visit, by=self.user)

    def _body(self, note: SessionNote) -> dict[str, list[str]]:
        page = self.browser.get(reverse("treatments:note-edit", args=[note.pk]))
        _checked(page, 200)
        controls = Controls("note-form")
        controls.feed(page.content.decode())
        body: dict[str, list[str]] = {}
        for name, value in controls.values:
            body.setdefault(name, []).append(value)
        body |= {"pain_average": ["4"], "pain_now": ["3"], "plan": ["Side-lying abduction daily."]}
        return body

    def do(self, row: str) -> Callable[[], Any]:
        """Gives what is to be timed. Raises RuntimeError in it for an answer that is none."""
        if row == SAVE:
            return self._save()
        if row == SIGN:
            return self._sign()
        return lambda: _checked(self.browser.get(self.addresses[row]), 200)

    def _save(self) -> Callable[[], Any]:
        version = SessionNote.objects.values_list("version", flat=True).get(pk=self.draft.pk)
        address = reverse("treatments:note-draft", args=[self.draft.pk])
        words = " ".join(f"word{self.chance.randrange(1000)}" for _ in range(60))
        typed = self.body | {"subjective": [words], "rom-hip-flexion-right": [str(self.chance.randrange(60, 120))]}
        parts = ("subjective", "rom")  # what a page sends: the parts that changed
        body = {name: values for name, values in typed.items() if part_of(name) in parts} | {PARTS: [",".join(parts)]}
        headers = {"If-Match": f'"{version}"'}
        return lambda: _checked(self._post(address, body, headers=headers), 200)

    def _sign(self, pin: str = "") -> Callable[[], Any]:
        """Signs a note whose text and rows were saved before, as the page does it."""
        note = open_note(appointment=next(self.open_visits), by=self.user)
        body = self._body(note) | {"subjective": ["Slept through."], "rom-hip-flexion-right": ["110"]}
        saved = self._post(reverse("treatments:note-draft", args=[note.pk]), body, headers={"If-Match": '"1"'})
        sent = {"version": [str(saved.json()["version"])], "pin": [pin]}
        return lambda: _checked(self._post(reverse("treatments:note-sign", args=[note.pk]), sent), 302)

    def _post(self, address: str, body: dict[str, list[str]], **more: Any) -> Any:
        """As the page's form is sent."""
        return self.browser.post(address, urlencode(body, doseq=True), content_type=FORM, **more)


def _checked(answer: Any, status: int) -> None:
    if answer.status_code != status:
        raise RuntimeError(f"{answer.status_code}: {answer.content[:300]!r}")
