"""How the practice takes bookings, and what a service says for itself."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core.errors import NotAllowed, Refused
from clinic.people.models import Practice, Room, User
from scheduling.models import BookingRules, Service
from scheduling.rules.origins import origin_of
from scheduling.services import cancel_appointment, save_booking_rules, save_service
from tests import factories
from tests.scheduling.conftest import berlin

RULES = {
    "slot_step_minutes": "10", "online_notice_hours": "4", "online_horizon_days": "90", "hold_minutes": "5",
    "open_bookings_per_client": "2", "bookings_per_address_per_day": "20", "waitlist_mode": "all-at-once",
    "waitlist_hold_minutes": "30", "is_online_open": "on", "embedded_at": "https://WWW.Example.org/\nhttps://a.example.org:8443",
}  # fmt: skip


def test_an_origin_is_kept_as_browsers_compare_it() -> None:
    assert origin_of(" https://WWW.Example.ORG:443/ ") == "https://www.example.org"
    assert origin_of("https://bücher.example:8443") == "https://xn--bcher-kva.example:8443"


@pytest.mark.parametrize(
    "text",
    ["http://example.org", "example.org", "https://example.org/book", "https://*.example.org", "https://example.org?a",
     "https://user@example.org", "https://a.example.org; script-src *", "https://", "https://localhost", "*", "'none'",
     "https://example.org:0", "https://example.org:99999", "https://" + "a" * 300 + ".org", "https://exa mple.org",
     "https://[::1", "https://example.org,https://b.example.org", "https://example.org#x"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        origin_of(text)


@pytest.mark.django_db
def test_the_owner_sets_how_bookings_are_taken(client: Browser, owner: User) -> None:
    client.force_login(owner)
    url = reverse("scheduling:booking-rules")
    assert client.post(url, RULES).status_code == 302
    assert client.post(url, {**RULES, "hold_minutes": "7"}).status_code == 302
    rules = BookingRules.objects.get()
    assert (rules.slot_step_minutes, rules.hold_minutes, rules.is_waitlist_automatic) == (10, 7, False)
    assert rules.embedded_at == ["https://www.example.org", "https://a.example.org:8443"]
    assert "https://a.example.org:8443" in client.get(url).content.decode()
    events = Event.objects.filter(action="booking-rules.changed").values_list("changes", flat=True)
    assert {"fields": ["hold_minutes"]} in list(events)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [{"slot_step_minutes": "0"}, {"slot_step_minutes": "7"}, {"hold_minutes": "0"}, {"online_horizon_days": "5000"},
     {"embedded_at": "https://example.org/path"}, {"waitlist_mode": "lottery"}, {"waitlist_hold_minutes": "-1"}],
)  # fmt: skip
def test_rules_that_make_no_sense_are_sent_back_as_typed(client: Browser, owner: User, change: dict[str, Any]) -> None:
    client.force_login(owner)
    answer = client.post(reverse("scheduling:booking-rules"), {**RULES, **change})
    assert answer.status_code == 422
    assert "https://WWW.Example.org/" in answer.content.decode() or "embedded_at" in change
    assert not BookingRules.objects.exists()


@pytest.mark.django_db
def test_the_service_of_the_rules_refuses_what_the_form_would(owner: User, therapist: User) -> None:
    with pytest.raises(Refused, match="every 5, 10"):
        save_booking_rules(by=owner, slot_step_minutes=0)
    with pytest.raises(Refused, match="from 1 to 60"):
        save_booking_rules(by=owner, hold_minutes=0)
    with pytest.raises(NotAllowed):
        save_booking_rules(by=therapist, is_online_open=False)


@pytest.mark.django_db
def test_a_service_may_ask_for_more_notice_than_the_practice(
    owner: User, therapist: User, room: Room, service: Service, practice: Practice
) -> None:
    def cancelled_in_two_days() -> str:
        visit = factories.AppointmentFactory(therapist=therapist, room=room, service=service, starts_at=berlin(3, 10))
        return cancel_appointment(appointment=visit, by=owner).status

    assert practice.cancellation_notice_hours == 24
    assert cancelled_in_two_days() == "cancelled"
    save_service(by=owner, service=service, cancellation_notice_hours=72)
    assert cancelled_in_two_days() == "late-cancelled"


@pytest.mark.django_db
def test_a_service_says_for_whom_and_how_early(client: Browser, owner: User) -> None:
    client.force_login(owner)
    sent = {
        "name": "Assessment", "duration_minutes": "60", "buffer_minutes": "0", "price": "90", "currency": "EUR",
        "colour": "#0f5c50", "is_active": "on", "is_for_new_clients_only": "on", "notice_hours": "48",
        "cancellation_notice_hours": "0", "policy": "Pay when you book.",
    }  # fmt: skip
    assert client.post(reverse("scheduling:service-create"), sent).status_code == 302
    service = Service.objects.get()
    assert (service.is_first_visit, service.is_for_new_clients_only) == (True, True)
    assert (service.notice_hours, service.cancellation_notice_hours, service.policy) == (48, 0, "Pay when you book.")
    url = reverse("scheduling:service-edit", args=[service.pk])
    assert client.post(url, {**sent, "notice_hours": ""}).status_code == 302
    service.refresh_from_db()
    assert service.notice_hours is None
    for values in ({"is_first_visit": False}, {"duration_minutes": 0}, {"notice_hours": -1}, {"price_cents": 10**9}):
        with pytest.raises(Refused):
            save_service(by=owner, service=service, **values)
