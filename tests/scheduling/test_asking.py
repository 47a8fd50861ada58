"""Forms reach the client by themselves: asked for, reminded of, and left in peace."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clinic.core.errors import Refused
from clinic.messaging.models import MessageTemplate, OutboundMessage
from clinic.people.models import Client, ContactPreference, Location, Room, User
from intake.models import Invitation
from intake.services import open_drafts, send_invitation
from intake.services.consent_texts import publish_text
from scheduling.models import Appointment, Service
from scheduling.rules.asking import reminder_is_due
from scheduling.services import asking, book_appointment, cancel_appointment, move_appointment, undo
from tests import factories
from tests.intake import factories as intake
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db
At = Callable[[dt.datetime], None]
ZONE = ZoneInfo("Europe/Berlin")


@pytest.fixture
def first_visit(service: Service) -> Service:
    service.forms = ["first-visit"]
    service.save()
    return service


@pytest.fixture
def each_visit(service: Service) -> Service:
    service.forms = ["first-visit", "before-visit"]
    service.save()
    return service


@pytest.fixture
def book(client_record: Client, service: Service, therapist: User, room: Room, front_desk: User) -> Callable[..., Any]:
    def booked(starts_at: dt.datetime, **changes: Any) -> Appointment:
        wish = {"client": client_record, "service": service, "therapist": therapist, "room": room, "by": front_desk}
        return book_appointment(**{**wish, "starts_at": starts_at, **changes})

    return booked


@pytest.fixture
def been_here(client_record: Client, service: Service, therapist: User, room: Room, at: At) -> Appointment:
    """The client answered the first-visit form in May, lets us write, and came."""
    at(berlin(1, 8) - dt.timedelta(days=14))
    intake.completed(client_record)
    ContactPreference.objects.all().delete()
    at(berlin(1, 8))
    return factories.AppointmentFactory(
        client=client_record,
        service=service,
        therapist=therapist,
        room=room,
        starts_at=berlin(1, 8) - dt.timedelta(days=7),
        status="completed",
    )


def written(purpose: str) -> list[OutboundMessage]:
    return list(OutboundMessage.objects.filter(purpose=purpose).exclude(state="void").order_by("due_at"))


def sweep(at: At, instant: dt.datetime) -> int:
    """What was due is sent, and the sweep runs."""
    at(instant)
    OutboundMessage.objects.filter(state="pending", due_at__lte=instant).update(state="sent", sent_at=instant)
    return asking.remind_of_forms(now=instant)


def test_a_new_client_gets_the_services_form_by_itself(book: Callable[..., Any], first_visit: Service) -> None:
    visit = book(berlin(3, 10))
    (mail,) = written("intake")
    assert mail.link == visit.invitation.link
    assert mail.expires_at == visit.starts_at
    assert mail.due_at > berlin(1, 8)  # the desk can still take the booking back
    assert "Wednesday 3 June 2026, 10:00" in mail.body
    assert "{link}" in mail.body


@pytest.fixture
def reworded(been_here: Appointment, owner: User) -> None:
    publish_text(kind="privacy", language="en", title="Privacy", text="New.", needs_renewal=True, by=owner)


def forms_of(visit: Appointment) -> list[str]:
    return sorted(visit.invitation.questionnaires.values_list("slug", flat=True)) if visit.invitation else []


def test_a_booking_asks_for_a_consent_whose_words_have_changed(
    book: Callable[..., Any], first_visit: Service, reworded: None
) -> None:
    visit = book(berlin(3, 10))
    assert forms_of(visit) == ["consent"]
    assert written("intake")[0].link == visit.invitation.link


def test_a_booking_asks_for_a_consent_that_runs_out_before_the_visit(
    book: Callable[..., Any], been_here: Appointment, first_visit: Service, owner: User
) -> None:
    words = {"kind": "privacy", "language": "en", "title": "Privacy", "text": "Short.", "needs_renewal": False}
    publish_text(**words, renew_after_months=3, by=owner)  # type: ignore[arg-type]
    assert forms_of(book(berlin(3, 10))) == []
    assert forms_of(book(berlin(2, 10) + dt.timedelta(days=84))) == ["consent"]


def test_the_short_questions_before_a_visit_bring_the_consent_along(
    book: Callable[..., Any], each_visit: Service, reworded: None, at: At
) -> None:
    visit = book(berlin(4, 10))
    assert visit.invitation is None
    at(berlin(2, 11))
    assert asking.ask_before_visits(now=berlin(2, 11)) == 1
    visit.refresh_from_db()
    drafts = open_drafts(invitation=visit.invitation)
    assert [each.questionnaire.slug for each in drafts] == ["before-visit", "consent"]


def test_the_desk_sees_what_is_to_be_renewed_and_sends_it_with_one_tap(
    client: Browser, book: Callable[..., Any], been_here: Appointment, first_visit: Service, owner: User,
    front_desk: User,
) -> None:  # fmt: skip
    visit = book(berlin(3, 10))
    client.force_login(front_desk)
    path = f"/appointments/{visit.pk}/"
    assert "Consent to renew" not in client.get(path).content.decode()
    publish_text(kind="privacy", language="en", title="Privacy", text="New.", needs_renewal=True, by=owner)
    page = client.get(path).content.decode()
    assert "Consent to renew" in page
    assert "Privacy: the wording has changed" in page
    answer = client.post(f"{path}consents/", follow=True).content.decode()
    assert "on its way to Marcus" in answer
    assert "The form that is on its way asks for it." in answer
    visit.refresh_from_db()
    assert forms_of(visit) == ["consent"]
    assert len(written("intake")) == 1
    with pytest.raises(Refused):
        asking.ask_for_consents(appointment=visit, by=front_desk)


def test_a_request_for_consent_leaves_the_visits_own_form_where_it_is(
    book: Callable[..., Any], been_here: Appointment, first_visit: Service, owner: User, front_desk: User
) -> None:
    visit = book(berlin(3, 10))
    done = Invitation.objects.get(state="done")
    Appointment.objects.filter(pk=visit.pk).update(invitation=done)
    publish_text(kind="privacy", language="en", title="Privacy", text="New.", needs_renewal=True, by=owner)
    asking.ask_for_consents(appointment=visit, by=front_desk)
    visit.refresh_from_db()
    assert visit.invitation == done


def test_forms_are_asked_in_the_services_order(book: Callable[..., Any], service: Service) -> None:
    service.forms = ["first-visit", "consent"]
    service.save()
    drafts = open_drafts(invitation=book(berlin(3, 10)).invitation)
    assert [each.questionnaire.slug for each in drafts] == ["first-visit", "consent"]


def test_a_client_who_answered_is_not_asked_again(
    book: Callable[..., Any], been_here: Appointment, first_visit: Service
) -> None:
    assert book(berlin(3, 10)).invitation is None
    assert written("intake") == []


def test_a_second_booking_goes_with_the_same_request_and_sends_nothing_twice(
    book: Callable[..., Any], first_visit: Service
) -> None:
    one, two = book(berlin(3, 10)), book(berlin(5, 10))
    assert one.invitation == two.invitation
    assert len(written("intake")) == 1


def test_a_returning_client_is_asked_two_days_before_each_visit_and_once(
    book: Callable[..., Any], been_here: Appointment, each_visit: Service, at: At
) -> None:
    visit = book(berlin(5, 10))
    assert visit.invitation is None
    assert asking.ask_before_visits(now=berlin(3, 9)) == 0
    at(berlin(3, 10))
    assert asking.ask_before_visits(now=berlin(3, 10)) == 1
    assert asking.ask_before_visits(now=berlin(3, 10, 5)) == 0
    visit.refresh_from_db()
    assert [form.slug for form in visit.invitation.questionnaires.all()] == ["before-visit"]
    assert visit.invitation.responsible == visit.therapist
    (mail,) = written("before_visit")
    assert mail.link == visit.invitation.link


def test_somebody_who_was_never_here_is_not_asked_what_has_changed(
    book: Callable[..., Any], each_visit: Service
) -> None:
    book(berlin(2, 10))
    assert asking.ask_before_visits(now=berlin(1, 10)) == 0


def test_of_two_visits_soon_only_the_next_one_is_asked_about(
    book: Callable[..., Any], been_here: Appointment, each_visit: Service
) -> None:
    next_one, _later = book(berlin(2, 10)), book(berlin(3, 10))
    assert asking.ask_before_visits(now=berlin(1, 11)) == 1
    assert Appointment.objects.get(invitation__isnull=False).pk == next_one.pk


def test_answers_given_before_the_last_visit_do_not_serve_the_next(
    book: Callable[..., Any], been_here: Appointment, each_visit: Service
) -> None:
    visit = book(berlin(2, 10))
    visit.invitation = Invitation.objects.get()  # the first-visit form, answered in May
    visit.save()
    assert asking.ask_before_visits(now=berlin(1, 11)) == 1


def test_a_form_still_in_draft_holds_up_nothing(
    book: Callable[..., Any], been_here: Appointment, service: Service
) -> None:
    service.forms = ["nobody-published-this"]
    service.save()
    assert book(berlin(2, 10)).invitation is None
    assert asking.ask_before_visits(now=berlin(1, 11)) == 0


def test_reminders_go_after_two_days_a_day_before_and_on_the_morning(
    book: Callable[..., Any], first_visit: Service, at: At
) -> None:
    book(berlin(8, 14))
    hours = [berlin(1, 8) + dt.timedelta(hours=hour) for hour in range(8 * 24)]
    sent = [hour for hour in hours if sweep(at, hour)]
    assert sent == [berlin(3, 9), berlin(7, 14), berlin(8, 8)]
    assert "{link}" in written("form_reminder")[0].body


def test_there_are_three_reminders_at_most(at: At) -> None:
    many = [berlin(day, 9) for day in (2, 3, 4)]
    assert not reminder_is_due(
        asked_at=berlin(1, 8), reminded_at=many, visit_at=berlin(9, 9), now=berlin(9, 8), zone=ZONE
    )


def test_nobody_is_reminded_within_hours_of_being_asked(book: Callable[..., Any], first_visit: Service, at: At) -> None:
    book(berlin(2, 9))
    hours = [berlin(1, 8) + dt.timedelta(minutes=30 * n) for n in range(52)]
    assert [hour for hour in hours if sweep(at, hour)] == [berlin(2, 7)]  # two hours before: nine is early


def test_a_form_sent_by_hand_is_reminded_of_without_a_visit(client_record: Client, front_desk: User, at: At) -> None:
    invitation, _token = intake.invitation_with_token(client_record)
    send_invitation(invitation=invitation, by=front_desk)
    days = [berlin(1, 9) + dt.timedelta(days=day) for day in range(20)]
    assert [day.day for day in days if sweep(at, day)] == [3, 8]
    assert all("visit:" not in mail.body for mail in written("form_reminder"))


def test_a_finished_form_is_not_reminded_of(book: Callable[..., Any], first_visit: Service, at: At) -> None:
    visit = book(berlin(8, 14))
    Invitation.objects.filter(pk=visit.invitation.pk).update(state="done", completed_at=berlin(1, 12))
    assert sweep(at, berlin(4, 9)) == 0


def test_a_cancelled_visit_takes_the_mail_back_and_its_undoing_brings_it_again(
    book: Callable[..., Any], first_visit: Service, front_desk: User, at: At
) -> None:
    visit = cancel_appointment(appointment=book(berlin(8, 14)), by=front_desk)
    assert written("intake") == []
    assert sweep(at, berlin(4, 9)) == 0
    at(berlin(1, 8))
    undo(appointment=visit, by=front_desk, version=visit.version)
    assert len(written("intake")) == 1


def test_a_visit_that_moved_is_reminded_of_at_its_new_time(
    book: Callable[..., Any], first_visit: Service, front_desk: User, at: At
) -> None:
    visit = book(berlin(8, 14))
    visit = move_appointment(appointment=visit, starts_at=berlin(9, 14), by=front_desk)
    (mail,) = written("intake")
    assert mail.about_at == berlin(9, 14)
    assert [sweep(at, berlin(day, 15)) for day in (3, 7, 8)] == [1, 0, 1]
    assert written("form_reminder")[-1].about_at == berlin(9, 14)


def test_a_link_lives_as_long_as_the_visit_it_is_for(
    book: Callable[..., Any], been_here: Appointment, each_visit: Service, front_desk: User
) -> None:
    visit = book(berlin(2, 10))
    asking.ask_before_visits(now=berlin(1, 11))
    visit.refresh_from_db()
    moved = move_appointment(appointment=visit, starts_at=berlin(5, 10), by=front_desk)
    moved.invitation.link.refresh_from_db()
    assert moved.invitation.link.expires_at == moved.ends_at


@pytest.mark.parametrize("purpose", ["intake", "reminder", "form_reminder"])
def test_whoever_wants_no_such_mail_gets_no_reminder(
    purpose: str, book: Callable[..., Any], first_visit: Service, client_record: Client, at: At
) -> None:
    book(berlin(8, 14))
    ContactPreference.objects.create(client=client_record, channel="email", purpose=purpose, is_allowed=False)
    assert sweep(at, berlin(4, 9)) == 0


def test_an_ended_link_is_not_reminded_of(book: Callable[..., Any], first_visit: Service, at: At) -> None:
    link = book(berlin(8, 14)).invitation.link
    link.revoked_at = berlin(1, 9)
    link.save()
    assert sweep(at, berlin(4, 9)) == 0


def test_the_words_are_the_practices_own(book: Callable[..., Any], first_visit: Service, at: At) -> None:
    MessageTemplate.objects.create(purpose="form_reminder", subject="Still waiting", body="Here: {link}")
    book(berlin(8, 14))
    sweep(at, berlin(4, 9))
    (mail,) = written("form_reminder")
    assert (mail.subject, mail.body) == ("Still waiting", "Here: {link}\n")


def test_a_reminder_waiting_when_the_form_comes_in_is_not_sent(client_record: Client, front_desk: User, at: At) -> None:
    response = intake.draft(client_record)
    assert response.invitation is not None
    send_invitation(invitation=response.invitation, by=front_desk)
    assert sweep(at, berlin(3, 9)) == 1
    intake.fill(response, intake.with_flags(intake.harmless_answers(), intake.form_of(response.questionnaire)))
    response.refresh_from_db()
    intake.complete_response(response=response)
    assert written("form_reminder") == []
    assert [mail.state for mail in OutboundMessage.objects.filter(purpose="form_reminder")] == ["void"]


def test_many_forms_are_looked_at_in_the_same_number_of_queries(location: Location, front_desk: User, at: At) -> None:
    counts = []
    for number in (3, 30):
        for _ in range(number):
            client = factories.ClientFactory(locations=[location])
            send_invitation(invitation=intake.invitation_with_token(client)[0], by=front_desk)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            asking.remind_of_forms(now=berlin(1, 12))
        counts.append(len(seen))
    assert counts[0] == counts[1]
