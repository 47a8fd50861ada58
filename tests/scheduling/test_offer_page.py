"""The client's page of an offer, by a secret link."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.messaging import links
from clinic.people.models import Practice, User
from scheduling.models import Appointment, BookingRules, Service, WaitlistOffer
from scheduling.services.offers import offer_slot
from scheduling.services.waitlist import add_to_waitlist, change_entry
from tests import factories
from tests.scheduling.conftest import berlin


@pytest.fixture
def offer(client_record: Any, service: Service, therapist: User, room: Any, front_desk: User) -> WaitlistOffer:
    entry = add_to_waitlist(client=client_record, service=service, by=front_desk)
    return offer_slot(entry=entry, therapist=therapist, starts_at=berlin(2, 10), room=room, by=front_desk)


def path(offer: WaitlistOffer, do: str = "") -> str:
    assert offer.link
    return reverse(f"scheduling:waitlist-link{do}", args=[links.token_of(offer.link)])


def state(offer: WaitlistOffer) -> tuple[str, str]:
    offer.refresh_from_db()
    offer.entry.refresh_from_db()
    return offer.state, offer.entry.state


def test_it_says_what_when_where_and_until_when_and_changes_nothing(client: Browser, offer: WaitlistOffer) -> None:
    for _scanner in range(3):
        response = client.get(path(offer))
    page = " ".join(response.content.decode().split())
    for words in ("Tuesday 2 June 2026", "10:00", "10:45", "CEST", "Amina Osei", "Harbour Street", "09:00", "Take it"):
        assert words in page
    assert response["Referrer-Policy"] == "no-referrer"
    assert state(offer) == ("open", "offered")
    for do in ("-take", "-pass", "-leave"):
        assert client.get(path(offer, do)).status_code == 405


def test_taking_it_leads_to_the_appointment(client: Browser, offer: WaitlistOffer) -> None:
    page = client.post(path(offer, "-take"), follow=True).content.decode()
    assert "It is yours" in page
    visit = Appointment.objects.get()
    assert visit.client == offer.entry.client
    assert client.get(page.split('data-kind="primary" data-size="touch" href="')[1].split('"')[0]).status_code == 200
    assert client.post(path(offer, "-take")).status_code == 302, "pressing twice is no mistake"
    assert Appointment.objects.count() == 1


def test_letting_it_pass_keeps_them_on_the_list(client: Browser, offer: WaitlistOffer) -> None:
    page = client.post(path(offer, "-pass"), follow=True).content.decode()
    assert "You let it pass" in page
    assert "You stay on the list" in page
    assert state(offer) == ("declined", "waiting")


def test_leaving_the_list_ends_the_offer_too(client: Browser, offer: WaitlistOffer) -> None:
    assert "You are off the list" in client.post(path(offer, "-leave"), follow=True).content.decode()
    assert state(offer) == ("declined", "withdrawn")


def test_whoever_is_late_is_told_kindly(client: Browser, offer: WaitlistOffer, at: Any) -> None:
    WaitlistOffer.objects.update(state="gone")
    response = client.post(path(offer, "-take"))
    assert response.status_code == 409
    assert "Somebody was faster" in response.content.decode()
    assert "You stay on the list" in response.content.decode()
    assert not Appointment.objects.exists()
    WaitlistOffer.objects.update(state="open")
    at(berlin(1, 9, 1))
    assert "The time to answer is over" in client.post(path(offer, "-take")).content.decode()


def test_it_says_what_is_given_up_and_who_else_was_asked_before_anybody_confirms(
    client: Browser, offer: WaitlistOffer, room: Any, therapist: User, front_desk: User
) -> None:
    Practice.objects.update(cancellation_policy="Half is charged after that.")
    later = factories.AppointmentFactory(
        client=offer.entry.client, room=room, therapist=therapist, starts_at=berlin(9, 9)
    )
    change_entry(entry=offer.entry, by=front_desk, replaces=later)
    BookingRules.objects.create(waitlist_mode="all-at-once")
    page = " ".join(client.get(path(offer)).content.decode().split())
    assert "You have a later visit, on <time" in page or "You have a later visit, on" in page
    assert "The first to confirm has it." in page
    assert "Half is charged after that." in page


@pytest.mark.parametrize("wrong", ["revoked", "expired", "purpose", "foreign"])
def test_a_wrong_link_is_the_same_404(client: Browser, offer: WaitlistOffer, wrong: str) -> None:
    link, address = offer.link, path(offer)
    assert link
    if wrong == "revoked":
        links.revoke(purpose="waitlist", object_id=offer.pk)
    elif wrong == "expired":
        link.expires_at = berlin(1, 7)
        link.save()
    elif wrong == "purpose":
        other = links.issue(
            client=link.client, purpose="appointment", object_id=offer.pk, expires_at=link.expires_at + dt.timedelta(1)
        )
        address = reverse("scheduling:waitlist-link", args=[links.token_of(other)])
    else:
        link.client = factories.ClientFactory()
        link.save()
    assert client.get(address).status_code == 404
    assert client.post(f"{address}take/").status_code == 404
    assert state(offer) == ("open", "offered")
