"""The desk's pages of the waitlist, and the panel beside the day."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.people.models import Client, User
from scheduling import services
from scheduling.models import Appointment, BookingRules, Service, WaitlistEntry, WaitlistOffer
from scheduling.services.offers import offer_slot
from scheduling.services.waitlist import add_to_waitlist
from tests import factories
from tests.scheduling.conftest import berlin

FORMSET = {"windows-TOTAL_FORMS": "2", "windows-INITIAL_FORMS": "0"}


@pytest.fixture
def desk(client: Browser, front_desk: User) -> Browser:
    client.force_login(front_desk)
    return client


@pytest.fixture
def entry(client_record: Client, service: Service, front_desk: User, room: Any) -> WaitlistEntry:
    return add_to_waitlist(client=client_record, service=service, by=front_desk)


@pytest.fixture
def offer(entry: WaitlistEntry, therapist: User, room: Any, front_desk: User) -> WaitlistOffer:
    return offer_slot(entry=entry, therapist=therapist, starts_at=berlin(1, 12), room=room, by=front_desk)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def panel(desk: Browser, **query: str) -> str:
    url = reverse("scheduling:waitlist-day")
    return text(desk.get(url, {"date": "2026-06-01", **query}, headers={"HX-Request": "true"}))


def test_somebody_is_put_on_the_list(
    desk: Browser, client_record: Client, service: Service, therapist: User, room: Any
) -> None:
    url = reverse("scheduling:waitlist-create")
    assert "Who waits?" in text(desk.get(url))
    assert str(client_record.pk) in text(desk.get(url, {"q": "bell"}))
    page = text(desk.get(url, {"client": client_record.pk, "service": service.pk, "therapist": therapist.pk}))
    assert f'value="{therapist.pk}"' in page
    body = {
        "client": client_record.pk, "service": service.pk, "therapists": [therapist.pk], "priority": "1",
        "earliest_on": "2026-06-01", "latest_on": "2026-06-30", "notice_minutes": "30", "note": "Rings back", **FORMSET,
        "windows-0-weekdays": ["0", "1", "2"], "windows-0-starts_at": "08:00", "windows-0-ends_at": "12:00",
    }  # fmt: skip
    page = text(desk.post(url, body, follow=True))
    for words in ("Marcus Bell", "Soon", "Mon–Wed 08:00–12:00 · Amina · until 30 Jun", "Rings back"):
        assert words in page
    assert WaitlistEntry.objects.get().windows.count() == 3


def test_what_was_typed_stays_when_it_is_refused(desk: Browser, client_record: Client, service: Service) -> None:
    body = {
        "client": client_record.pk, "service": service.pk, "priority": "0", "earliest_on": "2026-06-10",
        "latest_on": "2026-06-01", "notice_minutes": "30", "note": "Kept", **FORMSET, "windows-0-weekdays": ["4"],
    }  # fmt: skip
    response = desk.post(reverse("scheduling:waitlist-create"), body)
    assert response.status_code == 422
    assert "from when until when" in text(response)
    assert 'value="Kept"' in text(response)
    body |= {"windows-0-starts_at": "08:00", "windows-0-ends_at": "12:00"}
    response = desk.post(reverse("scheduling:waitlist-create"), body)
    assert (response.status_code, "Swap them" in text(response)) == (422, True)
    assert not WaitlistEntry.objects.exists()


def test_an_entry_is_changed_and_taken_off(desk: Browser, entry: WaitlistEntry) -> None:
    url = reverse("scheduling:waitlist-edit", args=[entry.pk])
    assert desk.get(url).status_code == 200
    body = {"service": entry.service_id, "priority": "2", "earliest_on": "2026-06-01", "notice_minutes": "15"}
    desk.post(url, body)
    entry.refresh_from_db()
    assert (entry.priority, entry.notice_minutes) == (2, 15)
    desk.post(reverse("scheduling:waitlist-remove", args=[entry.pk]))
    entry.refresh_from_db()
    assert entry.state == "withdrawn"
    assert "Marcus Bell" in text(desk.get(reverse("scheduling:waitlist"), {"show": "off"}))


def test_the_list_takes_as_many_queries_for_thirty_as_for_three(
    desk: Browser, service: Service, location: Any, front_desk: User
) -> None:
    counts = []
    desk.get(reverse("scheduling:waitlist"))
    for expected in (3, 30):
        while WaitlistEntry.objects.count() < expected:
            add_to_waitlist(client=factories.ClientFactory(locations=[location]), service=service, by=front_desk)
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("scheduling:waitlist"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_beside_the_day_a_freed_slot_shows_whom_it_fits_and_one_tap_offers_it(
    desk: Browser, entry: WaitlistEntry, service: Service, therapist: User, room: Any, front_desk: User
) -> None:
    BookingRules.objects.create(is_waitlist_automatic=False)
    visit = services.book_appointment(
        client=factories.ClientFactory(locations=[room.location]), service=service, therapist=therapist, room=room,
        starts_at=berlin(1, 11), by=front_desk,
    )  # fmt: skip
    assert "Came free" not in panel(desk)
    services.cancel_appointment(appointment=visit, by=front_desk)
    page = panel(desk)
    assert "Came free: <time" in page
    crossed_out = 'data-status="cancelled"'
    assert crossed_out in text(desk.get(reverse("scheduling:day")))
    assert "<span>Offer <time" in page
    slot = f"{berlin(1, 11).isoformat()}|{therapist.pk}|"
    assert f'value="{slot}"' in page
    page = text(desk.post(reverse("scheduling:waitlist-offer", args=[entry.pk]), {"slot": slot}, follow=True))
    assert "Offered to Marcus Bell" in page
    assert f'{crossed_out} data-at="11:00" data-until="11:45" data-lane="0" data-lanes="2"' in text(
        desk.get(reverse("scheduling:day"))
    ), "what is offered is not drawn over the visit that was cancelled"
    made = WaitlistOffer.objects.get()
    assert (made.hold.during.lower, made.hold.room, made.offered_by) == (berlin(1, 11), room, front_desk)
    page = panel(desk)
    assert "Offered, waiting for an answer" in page
    assert 'Says yes<span class="visually-hidden">: Marcus Bell</span>' in page
    assert "Came free" not in page


def test_what_happened_is_said_quietly(desk: Browser, offer: WaitlistOffer, front_desk: User, at: Any) -> None:
    desk.post(reverse("scheduling:waitlist-answer", args=[offer.pk, "no"]))
    page = panel(desk)
    assert "Marcus Bell let <time" in page
    assert '<div role="status"><ul class="news">' in page, "a list that is a status is no list to who hears it"
    at(berlin(1, 8, 31))
    assert "Marcus Bell let" not in panel(desk)


def test_the_desk_says_yes_for_whoever_was_rung(desk: Browser, offer: WaitlistOffer) -> None:
    page = text(desk.post(reverse("scheduling:waitlist-answer", args=[offer.pk, "yes"]), follow=True))
    assert "Marcus Bell is booked." in page
    assert Appointment.objects.get().origin == "waitlist"
    page = text(desk.post(reverse("scheduling:waitlist-answer", args=[offer.pk, "back"]), follow=True))
    assert "has been answered already" in page
    assert desk.post(reverse("scheduling:waitlist-answer", args=[offer.pk, "maybe"])).status_code == 404


def test_undo_in_the_toast_takes_the_offer_back(desk: Browser, offer: WaitlistOffer) -> None:
    url = reverse("scheduling:waitlist-answer", args=[offer.pk, "back"])
    response = desk.post(url, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, "/waitlist/")
    offer.refresh_from_db()
    assert offer.state == "withdrawn"


def test_who_cannot_be_mailed_is_to_be_rung(desk: Browser, entry: WaitlistEntry, therapist: User) -> None:
    Client.objects.filter(pk=entry.client_id).update(email="")
    slot = f"{berlin(1, 11).isoformat()}|{therapist.pk}|"
    page = text(desk.post(reverse("scheduling:waitlist-offer", args=[entry.pk]), {"slot": slot}, follow=True))
    assert "No mail can go to Marcus Bell" in page


def test_who_fits_any_gap(desk: Browser, entry: WaitlistEntry, therapist: User) -> None:
    url = reverse("scheduling:waitlist-gap")
    at = {"therapist": therapist.pk, "at": berlin(1, 11).isoformat()}
    assert "Marcus Bell" in text(desk.get(url, at))
    assert "Nobody who waits fits" in text(desk.get(url, at | {"at": berlin(1, 8, 30).isoformat()}))


def test_the_booking_sheet_and_the_record_lead_to_the_list(
    desk: Browser, entry: WaitlistEntry, client_record: Client, service: Service
) -> None:
    sheet = text(desk.get(reverse("scheduling:appointment-create"), {"client": client_record.pk}))
    assert f"/waitlist/new/?client={client_record.pk}&amp;service={service.pk}" in sheet
    record = text(desk.get(reverse("people:client-detail", args=[client_record.pk])))
    assert "Waits for Follow-up" in record
    waitlist = text(desk.get(reverse("scheduling:waitlist")))
    assert "scheduling/css/booking" in waitlist, "where the sheet opens as a dialog it is dressed, too"
    assert reverse("scheduling:waitlist-edit", args=[entry.pk]) in record


def test_the_panel_stands_beside_the_day_and_reloads_itself(desk: Browser, entry: WaitlistEntry) -> None:
    day = text(desk.get(reverse("scheduling:day"), {"date": "2026-06-01"}))
    assert 'hx-get="/waitlist/day/?date=2026-06-01' in day
    assert "every 15s" in panel(desk)
    whole = text(desk.get(reverse("scheduling:waitlist-day"), {"date": "2026-06-01"}))
    assert "<html" in whole
    assert "Marcus Bell" in whole
