"""What stands under the name."""

import datetime as dt

from django.urls import reverse

from clinic.core import clock
from clinic.people.record.reading import Reading
from intake.client_record.panels import forms_fact
from intake.services import invite, revoke_invitation
from scheduling.client_record.visits import visits_fact
from tests.client_record.lives import answer
from tests.treatments.conftest import book


def test_forms_are_counted_done_of_asked_with_the_one_that_waits(client_record, front_desk):
    answer(client_record, clock.now())
    invite(client=client_record, forms=["first-visit"], by=front_desk)
    fact = forms_fact(Reading.of(client_record, front_desk))
    assert fact["counts"] == {"asked": 2, "done": 1}
    assert fact["waiting"].form == "Before your first visit"


def test_a_form_whose_link_has_ended_does_not_wait(client_record, front_desk):
    invitation, _token = invite(client=client_record, forms=["first-visit"], by=front_desk)
    revoke_invitation(invitation=invitation, by=front_desk)
    fact = forms_fact(Reading.of(client_record, front_desk))
    assert fact["counts"] == {"asked": 1, "done": 0}
    assert fact["waiting"] is None


def test_the_page_says_how_many_forms_are_done(desk, client_record):
    answer(client_record, clock.now())
    page = desk.get(reverse("people:client-detail", args=[client_record.pk])).content.decode()
    assert "1 of 1 done" in page


def test_the_next_visit_is_the_first_that_still_stands(client_record, therapist, room, front_desk):
    for days, status in ((1, "cancelled"), (2, "confirmed"), (3, "booked")):
        book(
            client=client_record,
            therapist=therapist,
            room=room,
            starts_at=clock.now() + dt.timedelta(days=days),
            status=status,
        )
    done = book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() - dt.timedelta(days=1))
    fact = visits_fact(Reading.of(client_record, front_desk))
    assert fact["coming"].status == "confirmed"
    assert fact["more"] == 1
    assert fact["last"] == done
