"""The API refuses and answers like the pages do, because it calls the same services."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client as Browser

from clinic.people.models import Client, Location, User
from scheduling.models import Appointment
from tests import factories
from tests.api.calls import NOON, book, browser_of


def test_a_visit_is_booked_and_its_end_is_the_services(front_desk: User, wish: dict[str, Any]) -> None:
    answer = book(browser_of(front_desk), wish | {"ends_at": "2028-01-01T00:00:00Z"})
    assert answer.status_code == 201, answer.content
    assert Appointment.objects.get().ends_at == NOON + dt.timedelta(minutes=45)


def test_the_same_key_books_once(front_desk: User, wish: dict[str, Any]) -> None:
    key, browser = uuid.uuid4(), browser_of(front_desk)
    assert book(browser, wish, key).json()["id"] == book(browser, wish, key).json()["id"]
    assert Appointment.objects.count() == 1


def test_the_same_key_with_another_wish_is_refused(front_desk: User, wish: dict[str, Any]) -> None:
    key, browser = uuid.uuid4(), browser_of(front_desk)
    book(browser, wish, key)
    assert book(browser, wish | {"starts_at": "2027-03-10T13:00:00Z"}, key).status_code == 422


def test_a_taken_time_is_a_conflict_that_names_it(front_desk: User, wish: dict[str, Any]) -> None:
    browser = browser_of(front_desk)
    book(browser, wish)
    answer = book(browser, wish)
    assert answer.status_code == 409
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "bad",
    [
        {"starts_at": "2027-03-10T12:00:00"},
        {"starts_at": "soon"},
        {"starts_at": 7},
        {"client": str(uuid.uuid4())},
        {"client": "x"},
        {"service": None},
        {"therapist": []},
    ],
)
def test_a_bad_value_is_a_400_that_names_the_field(front_desk: User, wish: dict[str, Any], bad: dict[str, Any]) -> None:
    answer = book(browser_of(front_desk), wish | bad)
    assert answer.status_code == 400
    assert set(answer.json()["details"]["fields"]) == set(bad)


def test_a_client_of_another_location_cannot_be_named(
    front_desk: User, wish: dict[str, Any], other_location: Location
) -> None:
    foreign = factories.ClientFactory(locations=[other_location])
    assert book(browser_of(front_desk), wish | {"client": str(foreign.pk)}).status_code == 400


def test_broken_json_and_a_missing_key_are_400(front_desk: User, wish: dict[str, Any]) -> None:
    browser = browser_of(front_desk)
    assert book(browser, "{not json").status_code == 400
    assert book(browser, wish, "no-uuid").status_code == 400


def test_xml_is_not_read(front_desk: User) -> None:
    answer = browser_of(front_desk).post("/api/v1/appointments/", "<a/>", content_type="application/xml")
    assert answer.status_code == 415


def test_a_visit_elsewhere_does_not_exist(front_desk: User, stranger: User, wish: dict[str, Any]) -> None:
    made = book(browser_of(front_desk), wish).json()["id"]
    browser = browser_of(stranger)
    assert browser.get(f"/api/v1/appointments/{made}/").status_code == 404
    path = f"/api/v1/appointments/{made}/cancel/"
    answer = browser.post(path, {}, content_type="application/json", headers={"If-Match": '"1"'})
    assert answer.status_code == 404
    assert Appointment.objects.get().status == Appointment.Status.BOOKED


def test_cancelling_needs_the_version_that_was_seen(front_desk: User, wish: dict[str, Any]) -> None:
    browser = browser_of(front_desk)
    made = book(browser, wish)
    path = f"/api/v1/appointments/{made.json()['id']}/cancel/"
    for seen, status in ((None, 428), ('"7"', 412), (made["ETag"], 200)):
        headers = {"If-Match": seen} if seen else {}
        assert browser.post(path, {}, content_type="application/json", headers=headers).status_code == status


def test_the_list_needs_a_span_with_offsets(front_desk: User, wish: dict[str, Any]) -> None:
    browser = browser_of(front_desk)
    book(browser, wish)
    good = browser.get("/api/v1/appointments/?from=2027-03-01T00:00:00Z&until=2027-04-01T00:00:00Z")
    assert [row["starts_at"] for row in good.json()["results"]] == ["2027-03-10T11:00:00Z"]
    assert browser.get("/api/v1/appointments/?from=2027-03-01&until=x").status_code == 400
    assert browser.get("/api/v1/appointments/").status_code == 400


def test_clients_are_found_added_and_changed(front_desk: User, client_record: Client, location: Location) -> None:
    browser = browser_of(front_desk)
    found = browser.get("/api/v1/clients/?search=bell").json()["results"]
    assert [row["id"] for row in found] == [str(client_record.pk)]
    wish = {"given_name": "Ida", "email": "ida@example.org", "location": str(location.pk)}
    made = browser.post("/api/v1/clients/", wish, content_type="application/json")
    assert made.status_code == 201, made.content
    path = f"/api/v1/clients/{made.json()['id']}/"
    assert browser.patch(path, {"given_name": "Ada"}, content_type="application/json").json()["given_name"] == "Ada"
    assert browser.patch(path, {"email": ""}, content_type="application/json").status_code == 422


def test_the_signed_out_get_nothing(client: Browser, client_record: Client) -> None:
    assert client.get("/api/v1/clients/").status_code in {401, 403}
    assert client.get("/api/v1/schema/").status_code in {401, 403}
