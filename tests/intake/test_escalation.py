"""Who hears of an emergency answer, and who next while nobody acknowledges it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core import clock
from clinic.core.errors import NotAllowed, Refused
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Location, User
from intake.fhir import Answers
from intake.form_cache import form_of
from intake.models import FlagWatch, RedFlag, Response
from intake.services import acknowledge_flag, invite, open_drafts, save_answers
from intake.services.alarm import escalate_flags, set_flag_watch
from tests.factories import ClientFactory
from tests.intake.factories import completed

pytestmark = pytest.mark.django_db
CLINICAL = ("bladder", "bowel", "urine", "marcus", "bell", "numb")


def asked_with(client: Client, **wish: Any) -> Response:
    invitation, _token = invite(client=client, forms=["first-visit"], by=None, **wish)
    (response,) = open_drafts(invitation=invitation)
    return response


def answer(response: Response, **given: str) -> list[RedFlag]:
    """Red-flag answers, rule code with _ for -."""
    section = form_of(response.questionnaire).by_link_id["safety"]
    values = {f"flag.{code.replace('_', '-')}": [value] for code, value in given.items()}
    return save_answers(response=response, section=section, given=Answers(values)).raised


def told(purpose: str = "staff_flag") -> set[str]:
    return {mail.recipient.name for mail in OutboundMessage.objects.filter(purpose=purpose) if mail.recipient}


def minutes(number: int) -> dt.datetime:
    return clock.now() + dt.timedelta(minutes=number)


def test_the_locations_responsible_person_and_the_visits_therapist_are_told(
    client_record: Client, location: Location, owner: User, therapist: User, other_therapist: User
) -> None:
    set_flag_watch(location=location, responsible=other_therapist, escalate_after_minutes=30, by=owner)
    answer(asked_with(client_record, responsible=therapist), ces_bladder="yes")
    assert told() == {therapist.name, other_therapist.name}


def test_without_anybody_named_the_owners_are_told(client_record: Client, owner: User, therapist: User) -> None:
    answer(asked_with(client_record), ces_bladder="yes")
    assert told() == {owner.name}


def test_a_responsible_person_who_has_left_is_not_the_only_one_told(
    client_record: Client, location: Location, owner: User, therapist: User
) -> None:
    set_flag_watch(location=location, responsible=therapist, escalate_after_minutes=30, by=owner)
    User.objects.filter(pk=therapist.pk).update(is_active=False)
    answer(asked_with(client_record), ces_bladder="yes")
    assert told() == {owner.name}


def test_every_emergency_is_told_not_only_the_first_of_the_day(client_record: Client, owner: User) -> None:
    response = asked_with(client_record)
    answer(response, ces_bladder="yes")
    answer(response, ces_bladder="yes", ces_bowel="yes")
    answer(response, ces_bladder="yes", ces_bowel="yes")
    assert OutboundMessage.objects.filter(purpose="staff_flag").count() == 2


def test_an_urgent_answer_waits_for_no_mail(client_record: Client, owner: User) -> None:
    assert answer(asked_with(client_record), progressive_weakness="yes")
    assert told() == set()


def test_mails_say_neither_who_nor_what(client_record: Client, owner: User, therapist: User) -> None:
    answer(asked_with(client_record, responsible=therapist), ces_bladder="yes")
    escalate_flags(now=minutes(31))
    mails = OutboundMessage.objects.all()
    assert mails.count() >= 2
    for mail in mails:
        text = f"{mail.subject} {mail.body}".lower()
        assert not any(word in text for word in CLINICAL)


def test_an_emergency_nobody_acknowledges_goes_to_all_therapists_then_to_the_owners(
    client_record: Client, owner: User, therapist: User, other_therapist: User, stranger: User, front_desk: User
) -> None:
    answer(asked_with(client_record, responsible=therapist), ces_bladder="yes")
    assert escalate_flags(now=minutes(29)) == 0
    assert escalate_flags(now=minutes(31)) == 1
    assert told("flag_escalated") == {therapist.name, other_therapist.name}
    assert escalate_flags(now=minutes(32)) == 0
    assert escalate_flags(now=minutes(62)) == 1
    assert told("flag_escalated") == {therapist.name, other_therapist.name, owner.name}
    assert escalate_flags(now=minutes(500)) == 0
    assert RedFlag.objects.get().escalation_level == 2
    levels = Event.objects.filter(action="flag.escalated", client_id=client_record.pk).values_list("changes", flat=True)
    assert sorted(change["level"] for change in levels) == [1, 2]


def test_a_location_sets_how_long_an_emergency_may_wait(client_record: Client, location: Location, owner: User) -> None:
    set_flag_watch(location=location, responsible=None, escalate_after_minutes=5, by=owner)
    answer(asked_with(client_record), ces_bladder="yes")
    assert escalate_flags(now=minutes(6)) == 1


def test_what_was_acknowledged_or_is_no_emergency_is_not_escalated(
    client_record: Client, owner: User, therapist: User
) -> None:
    answer(asked_with(client_record, responsible=therapist), ces_bladder="yes", progressive_weakness="yes")
    acknowledge_flag(flag=RedFlag.objects.get(urgency="emergency"), by=therapist, action_taken="Rang at once.")
    assert escalate_flags(now=minutes(5000)) == 0
    assert told("flag_escalated") == set()


def test_mails_that_wait_are_taken_back_once_somebody_has_acknowledged(
    client_record: Client, owner: User, therapist: User
) -> None:
    answer(asked_with(client_record, responsible=therapist), ces_bladder="yes")
    acknowledge_flag(flag=RedFlag.objects.get(), by=owner, action_taken="Rang at once.")
    assert OutboundMessage.objects.get(purpose="staff_flag").state == "void"


def test_a_flag_that_became_graver_is_told_and_escalated_anew(
    client_record: Client, owner: User, therapist: User
) -> None:
    response = asked_with(client_record, responsible=therapist)
    answer(response, major_trauma="yes_can_walk")
    acknowledge_flag(flag=RedFlag.objects.get(), by=therapist, action_taken="Rang.")
    answer(response, major_trauma="yes_cannot_bear_weight")
    assert told() == {therapist.name}
    assert escalate_flags(now=minutes(31)) == 1


def test_who_answers_for_red_flags_is_set_on_a_page_by_the_owner(
    client: Browser, location: Location, owner: User, therapist: User, stranger: User, front_desk: User
) -> None:
    client.force_login(owner)
    page = reverse("intake:flag-watch-edit", args=[location.pk])
    assert client.post(page, {"responsible": therapist.pk, "escalate_after_minutes": "15"}).status_code == 302
    watch = FlagWatch.objects.get(location=location)
    assert (watch.responsible, watch.escalate_after_minutes) == (therapist, 15)
    assert therapist.name in client.get(reverse("intake:flag-watch-list")).content.decode()
    for wrong in ({"responsible": stranger.pk}, {"escalate_after_minutes": "1"}, {"escalate_after_minutes": "x"}):
        given = {"responsible": therapist.pk, "escalate_after_minutes": "15"} | wrong
        assert client.post(page, given).status_code == 422
    with pytest.raises(NotAllowed):
        set_flag_watch(location=location, responsible=None, escalate_after_minutes=30, by=therapist)
    with pytest.raises(Refused):
        set_flag_watch(location=location, responsible=stranger, escalate_after_minutes=30, by=owner)


def test_open_flags_stand_before_acknowledged_ones_wherever_nothing_else_is_said(
    client_record: Client, therapist: User
) -> None:
    first, second = completed(client_record, ces_bladder="yes"), completed(client_record, ces_bowel="yes")
    acknowledge_flag(flag=first.red_flags.get(), by=therapist, action_taken="Rang.")
    assert [flag.acknowledged_at is None for flag in RedFlag.objects.all()] == [True, False]
    assert RedFlag.objects.first() == second.red_flags.get()


def test_a_waiting_flag_stands_first_on_the_clients_page_and_marks_the_list(
    client: Browser, client_record: Client, location: Location, therapist: User, front_desk: User
) -> None:
    completed(client_record, ces_bladder="yes")
    ClientFactory(locations=[location], family_name="Quiet")
    detail, listed = reverse("people:client-detail", args=[client_record.pk]), reverse("people:client-list")
    client.force_login(therapist)
    page = client.get(detail).content.decode()
    assert "Bladder change." in page
    assert "nobody has acknowledged it since" in page
    assert client.get(listed).content.decode().count('aria-label="Red flag, emergency"') == 1
    client.force_login(front_desk)
    page = client.get(detail).content.decode()
    assert "nobody has acknowledged it since" in page
    assert "Bladder change" not in page
    acknowledge_flag(flag=RedFlag.objects.get(), by=therapist, action_taken="Rang.")
    assert "nobody has acknowledged it since" not in client.get(detail).content.decode()
    assert "Red flag, emergency" not in client.get(listed).content.decode()


def test_the_banner_says_since_when(client: Browser, client_record: Client, therapist: User) -> None:
    completed(client_record, ces_bladder="yes")
    client.force_login(therapist)
    page = client.get(reverse("intake:flag-banner")).content.decode()
    raised = RedFlag.objects.get().raised_at.astimezone(client_record.locations.get().zone)
    assert "since" in page
    assert f"{raised:%H:%M}" in page
