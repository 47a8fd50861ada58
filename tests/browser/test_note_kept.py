"""Nothing typed is lost: the short form of `bin/bench note_drafts`, in front of the tests' own server."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext

from benchmarks._note_writing import Device, lost_words, write_through
from clinic.core import clock
from clinic.people.models import Client, Room, User
from tests.browser.test_note import address, cookie_of
from tests.treatments.conftest import book
from treatments.models import SessionNote, SetAside
from treatments.rules.signing import TEXTS
from treatments.services import open_note

pytestmark = pytest.mark.django_db(transaction=True)


class Practice:
    """What happens to the server behind a note, in the short form of `bin/bench note_drafts`."""

    def __init__(self, user: User, url: str) -> None:
        self.user, self.url = user, url

    def end_session(self, key: str) -> None:
        Session.objects.filter(session_key=key).delete()

    def cookie(self) -> dict[str, str]:
        return cookie_of(self.user, self.url)

    def kill(self) -> None:
        raise AssertionError("the tests' own server stays")


def test_nothing_typed_is_lost_on_two_devices_whatever_happens_to_them(
    new_context: Callable[..., BrowserContext], client_record: Client, room: Room, therapist: User, live_server: Any
) -> None:
    visit = book(client=client_record, therapist=therapist, room=room, starts_at=clock.now(), status="in-session")
    draft = open_note(appointment=visit, by=therapist)
    practice, chance = Practice(therapist, live_server.url), random.Random(5)  # noqa: S311
    devices = [
        Device(new_context(), practice, f"{live_server.url}{address(draft)}", f"1y{n}", chance) for n in range(2)
    ]
    for device in devices:
        device.pace = 0.1
    write_through(devices, ["tab killed", "answer dropped", "session over"])
    beside = list(SetAside.objects.values_list("content", flat=True))
    texts = SessionNote.objects.values_list(*TEXTS).get(pk=draft.pk)
    assert sum(len(device.typed) for device in devices) > 20
    assert lost_words(devices, [texts, beside]) == ([], [])
