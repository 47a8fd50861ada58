"""/api/v1/waitlist-entries/ and /api/v1/waitlist-offers/."""

import datetime as dt
import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from clinic.people.models import Client, User
from scheduling.models import Service, WaitlistEntry, WaitlistOffer
from tests import factories
from tests.scheduling.conftest import at, berlin, monday_morning, service, working  # noqa: F401  # fixtures

ENTRIES, OFFERS = "/api/v1/waitlist-entries/", "/api/v1/waitlist-offers/"
KEY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def api(front_desk: User) -> APIClient:
    browser = APIClient()
    browser.force_authenticate(front_desk)
    return browser


@pytest.fixture
def entry(api: APIClient, client_record: Client, service: Service) -> dict[str, Any]:  # noqa: F811
    body = {"client": str(client_record.pk), "service": str(service.pk)}
    answer = api.post(ENTRIES, body, format="json", headers={"Idempotency-Key": KEY})
    assert answer.status_code == 201, answer.data
    return dict(answer.json())


def test_an_entry_is_made_once_for_a_key_changed_and_taken_off(
    api: APIClient, entry: dict[str, Any], therapist: User, room: Any
) -> None:
    assert (entry["state"], entry["earliest_on"], entry["windows"]) == ("waiting", "2026-06-01", [])
    body = {"client": entry["client"], "service": entry["service"]}
    assert api.post(ENTRIES, body, format="json", headers={"Idempotency-Key": KEY}).json()["id"] == entry["id"]
    assert api.post(ENTRIES, body, format="json").status_code == 400
    again = api.post(ENTRIES, body, format="json", headers={"Idempotency-Key": str(uuid.uuid4())})
    assert (again.status_code, again.json()["code"]) == (422, "waits-already")
    window = {"weekday": 1, "starts_at": "08:00:00", "ends_at": "12:00:00"}
    change = {"windows": [window], "therapists": [str(therapist.pk)], "priority": 2}
    changed = api.patch(f"{ENTRIES}{entry['id']}/", change, format="json").json()
    assert (changed["windows"], changed["therapists"], changed["priority"]) == ([window], [str(therapist.pk)], 2)
    later = factories.AppointmentFactory(
        client_id=entry["client"], therapist=therapist, room=room, starts_at=berlin(9, 9)
    )
    for said, given_up in (({"replaces": str(later.pk)}, str(later.pk)), ({"replaces_nothing": True}, None)):
        assert api.patch(f"{ENTRIES}{entry['id']}/", said, format="json").json()["replaces"] == given_up
    assert [each["id"] for each in api.get(ENTRIES, {"state": "waiting"}).json()["results"]] == [entry["id"]]
    assert api.delete(f"{ENTRIES}{entry['id']}/").status_code == 204
    assert api.get(ENTRIES, {"state": "waiting"}).json()["results"] == []
    assert WaitlistEntry.objects.get().state == "withdrawn"


@pytest.mark.parametrize(
    "wrong",
    [
        {"windows": [{"weekday": 9, "starts_at": "08:00", "ends_at": "12:00"}]},
        {"windows": [{"weekday": 1, "starts_at": "12:00", "ends_at": "08:00"}]},
        {"windows": "mornings"},
        {"latest_on": "2020-01-01"},
        {"notice_minutes": 99_999},
        {"priority": 7},
        {"note": "x" * 201},
    ],
)
def test_what_nobody_could_be_offered_is_refused(api: APIClient, entry: dict[str, Any], wrong: dict[str, Any]) -> None:
    answer = api.patch(f"{ENTRIES}{entry['id']}/", wrong, format="json")
    assert answer.status_code in (400, 422), answer.data
    assert WaitlistEntry.objects.get().windows.count() == 0


def test_a_time_is_offered_once_for_a_key_and_taken_back(
    api: APIClient, entry: dict[str, Any], therapist: User, room: Any
) -> None:
    body = {"entry": entry["id"], "therapist": str(therapist.pk), "starts_at": berlin(2, 10).isoformat()}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    first, second = (api.post(OFFERS, body, format="json", headers=headers) for _ in range(2))
    assert first.status_code == 201, first.data
    assert first.json() == second.json()
    offer = first.json()
    assert (offer["room"], offer["state"], offer["timezone"]) == (str(room.pk), "open", "Europe/Berlin")
    assert dt.datetime.fromisoformat(offer["starts_at"]) == berlin(2, 10)
    assert WaitlistOffer.objects.count() == 1
    assert len(api.get(OFFERS, {"entry": entry["id"], "state": "open"}).json()["results"]) == 1
    back = api.post(f"{OFFERS}{offer['id']}/withdraw/")
    assert (back.status_code, back.json()["state"]) == (200, "withdrawn")
    clash = body | {"starts_at": "2026-06-02T10:00:00"}
    assert api.post(OFFERS, clash, format="json", headers={"Idempotency-Key": str(uuid.uuid4())}).status_code == 400


def test_what_is_not_free_is_not_offered(api: APIClient, entry: dict[str, Any], therapist: User, room: Any) -> None:
    factories.AppointmentFactory(therapist=therapist, room=room, starts_at=berlin(2, 10))
    body = {"entry": entry["id"], "therapist": str(therapist.pk), "starts_at": berlin(2, 10).isoformat()}
    answer = api.post(OFFERS, body, format="json", headers={"Idempotency-Key": str(uuid.uuid4())})
    assert (answer.status_code, answer.json()["code"]) == (409, "clash")


def test_nothing_of_it_is_there_for_a_stranger(entry: dict[str, Any], stranger: User) -> None:
    elsewhere = APIClient()
    elsewhere.force_authenticate(stranger)
    assert elsewhere.get(ENTRIES).json()["results"] == []
    assert elsewhere.get(f"{ENTRIES}{entry['id']}/").status_code == 404
    assert elsewhere.delete(f"{ENTRIES}{entry['id']}/").status_code == 404
