"""Who books online: known people are found again, and nobody can find out that they are known. Limits for all."""

import datetime as dt
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit import context
from clinic.core.errors import Conflict
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Location, Practice, Room, User
from clinic.people.services.from_outside import recognise
from scheduling.models import Appointment, BookingRules, Service, SlotHold
from scheduling.services.holds import release_run_out
from scheduling.services.online import Person, book_online
from scheduling.tasks import release_holds
from tests import factories
from tests.scheduling.conftest import berlin
from tests.scheduling.test_online import ADA, Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offered(service: Service, room: Room, second_room: Room, practice: Practice) -> Service:
    return service


@pytest.fixture
def known(location: Location) -> Client:
    """A client whom the desk has booked before."""
    return factories.ClientFactory(
        given_name="Ada",
        family_name="Marsh",
        email="Ada.Marsh@example.org",
        phone="+493055501234",
        born_on=dt.date(1961, 4, 2),
        locations=[location],
    )


def test_a_known_person_is_found_by_mail_and_name(known: Client, service: Service) -> None:
    Visitor(service).book(berlin(2, 10))
    assert Appointment.objects.get().client == known


@pytest.mark.parametrize(
    "said",
    [
        {"given_name": "Ada", "family_name": "Marsh"},
        {"given_name": "ada", "family_name": "MARSH", "born_on": dt.date(1961, 4, 2)},
        {"given_name": "Adelaide", "family_name": "Marsh", "born_on": dt.date(1961, 4, 2)},
    ],
)
def test_who_is_meant(known: Client, said: dict[str, Any]) -> None:
    assert recognise(email="ada.marsh@example.org", **said) == known


@pytest.mark.parametrize(
    "said",
    [
        {"given_name": "Tom", "family_name": "Marsh"},  # a family with one mailbox
        {"given_name": "Ada", "family_name": "Marsh", "born_on": dt.date(1990, 1, 1)},
        {"given_name": "Ada", "family_name": "Marsh", "email": "somebody.else@example.org"},
        {"given_name": "Ada", "family_name": "Marsh", "email": "a%@example.org"},
        {"given_name": "Bo", "family_name": "Lind", "born_on": dt.date(1961, 4, 2)},
    ],
)
def test_who_is_not_meant(known: Client, said: dict[str, Any]) -> None:
    assert recognise(**({"email": "ada.marsh@example.org"} | said)) is None


def test_two_records_that_fit_are_for_the_desk_to_sort_out(known: Client, location: Location, service: Service) -> None:
    factories.ClientFactory(given_name="Ada", family_name="Marsh", email=known.email, locations=[location])
    Visitor(service).book(berlin(2, 10))
    assert Appointment.objects.get().client not in {known}
    assert Client.objects.count() == 3


def _shape(page: str) -> str:
    """A page without what differs from one booking to the next anyway."""
    return re.sub(r"[\w-]{43}|\d\d:\d\d|<time[^>]*>", "…", page)


def test_known_and_unknown_people_get_the_same_answers_and_mail(
    known: Client, service: Service, django_assert_max_num_queries: Any
) -> None:
    seen = []
    for number, person in enumerate(({}, {"email": "new@example.org", "family_name": "Fox"})):
        visitor = Visitor(service)
        path = visitor.hold(berlin(2, 10 + 2 * number))
        response = visitor.browser.post(path, ADA | person)
        page = visitor.open(response["Location"])
        mail = OutboundMessage.objects.get(purpose="booking", about_id=Appointment.objects.latest("created_at").pk)
        seen.append((response.status_code, _shape(page), _shape(mail.subject), _shape(mail.body)))
    assert Client.objects.count() == 2
    assert seen[0] == seen[1]


def test_the_clients_own_other_visit_is_not_told_of(
    known: Client, service: Service, other_therapist: User, second_room: Room
) -> None:
    factories.AppointmentFactory(
        client=known, service=service, therapist=other_therapist, room=second_room, starts_at=berlin(2, 10)
    )
    response = Visitor(service).book(berlin(2, 10))
    assert response.status_code == 302
    assert Appointment.objects.get(origin="online").client != known


def test_what_is_for_new_clients_only_goes_on_a_new_record(
    known: Client, service: Service, client: Any, front_desk: User
) -> None:
    service.is_first_visit = service.is_for_new_clients_only = True
    service.save()
    assert Visitor(service).book(berlin(2, 10)).status_code == 302
    booked = Appointment.objects.get()
    assert booked.client != known
    client.force_login(front_desk)
    page = client.get(f"/appointments/{booked.pk}/").content.decode()
    assert "Perhaps the same person" in page
    assert f"/clients/{known.pk}/" in page


def test_one_mailbox_books_so_many_visits_and_no_more(service: Service, practice: Practice) -> None:
    BookingRules.objects.create(open_bookings_per_client=2)
    for hour in (9, 11):
        assert Visitor(service).book(berlin(2, hour)).status_code == 302
    response = Visitor(service).book(berlin(2, 14), given_name="Tom")
    assert response.status_code == 429
    assert "Please call us" in response.content.decode()
    assert 'value="Tom"' in response.content.decode()
    assert Appointment.objects.count() == 2


def test_visits_the_desk_booked_do_not_show(known: Client, service: Service, room: Room, therapist: User) -> None:
    BookingRules.objects.create(open_bookings_per_client=1)
    factories.AppointmentFactory(client=known, service=service, therapist=therapist, room=room, starts_at=berlin(3, 10))
    assert Visitor(service).book(berlin(2, 10)).status_code == 302


def test_one_network_address_books_so_many_visits_a_day(service: Service) -> None:
    BookingRules.objects.create(bookings_per_address_per_day=2)
    for hour in (9, 11):
        assert Visitor(service).book(berlin(2, hour), email=f"{hour}@example.org").status_code == 302
    assert Visitor(service).book(berlin(2, 14), email="third@example.org").status_code == 429
    assert Visitor(service, REMOTE_ADDR="192.0.2.7").book(berlin(2, 14), email="third@example.org").status_code == 302


def test_whoever_opens_too_many_pages_is_told_when_to_go_on(service: Service, monkeypatch: Any) -> None:
    monkeypatch.setattr("scheduling.views.online_access._Throttle.rate", "2/min")
    visitor, path = Visitor(service, REMOTE_ADDR="2001:db8:9::1"), reverse("scheduling:book-online")
    assert [visitor.browser.get(path).status_code for _ in range(3)] == [200, 200, 429]
    page = Visitor(service, REMOTE_ADDR="2001:db8:9::2").browser.get(visitor.times_path)
    assert (page.status_code, 0 < int(page["Retry-After"]) <= 61) == (429, True)
    html = page.content.decode()
    assert "A little too fast" in html
    assert f'href="{visitor.times_path}"' in html
    assert visitor.browser.post(visitor.times_path, {"at": "soon"}).status_code == 429
    assert Visitor(service, REMOTE_ADDR="192.0.2.9").browser.get(path).status_code == 200


def test_whoever_only_looks_writes_nothing_not_even_a_count(service: Service) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert Visitor(service).browser.get(reverse("scheduling:book-online")).status_code == 200
    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []


def test_a_robot_holds_four_times_and_not_five(service: Service) -> None:
    for number, address in enumerate(("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4")):
        Visitor(service, REMOTE_ADDR=address).hold(berlin(2 + number, 10))
    response = Visitor(service, REMOTE_ADDR="2001:db8::ffff").press(berlin(8, 10))
    assert response.status_code == 429
    assert SlotHold.objects.count() == 4


def test_robots_at_many_addresses_leave_most_of_a_day_to_others(service: Service, therapist: User) -> None:
    Service.objects.update(duration_minutes=90)
    statuses = [
        Visitor(service, REMOTE_ADDR=f"192.0.2.{hour}").press(berlin(2, hour), therapist=str(therapist.pk)).status_code
        for hour in (8, 10, 12)
    ]
    assert statuses == [302, 302, 409]  # two of 90 minutes are a third of nine hours


def test_where_a_hold_came_from_is_kept_keyed_and_then_forgotten(
    service: Service, at: Callable[[dt.datetime], None]
) -> None:
    Visitor(service, REMOTE_ADDR="192.0.2.7").hold(berlin(2, 10))
    hold = SlotHold.objects.get()
    assert len(hold.address_digest) == 64
    assert "192.0.2.7" not in str(SlotHold.objects.values().get())
    at(berlin(3, 9))
    release_holds()
    hold.refresh_from_db()
    assert (hold.address_digest, hold.token_digest) == ("", "")
    assert release_run_out() == 0


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_confirm_one_time_one_gets_it(service: Service, therapist: User, room: Room) -> None:
    """Their holds ran out; all of them press the button now."""
    rules = BookingRules.objects.create(bookings_per_address_per_day=100)
    during = (berlin(2, 10), berlin(2, 10, 45))
    ran_out = {"cause": "online", "expires_at": berlin(1, 8), "released_at": berlin(1, 8)}
    place = {"service": service, "therapist": therapist, "room": room, "location": room.location}
    holds = SlotHold.objects.bulk_create(
        SlotHold(during=during, occupies=during, **place, **ran_out) for _ in range(20)
    )
    results: list[str] = []

    def confirm(number: int) -> None:
        context.current.set(context.RequestContext(address=f"192.0.2.{number}"))
        person = Person("Ada", f"Marsh {number}", f"ada{number}@example.org")
        try:
            book_online(hold=holds[number], person=person, rules=rules)
            results.append("booked")
        except Conflict as refusal:
            results.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=confirm, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(results), results.count("booked")) == (20, 1)
    assert set(results) <= {"booked", "clash", "busy"}  # busy: a slow machine, and still one visit
    assert Appointment.objects.active().count() == 1
    assert Client.objects.count() == 1
