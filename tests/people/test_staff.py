"""Inviting, changing and letting go of staff."""

import smtplib
import threading
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core.errors import DomainError, NotAllowed, Refused
from clinic.people.models import Location, Role, User
from clinic.people.services import staff
from tests import factories


def values(location: Location, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": "Nora New",
        "email": "Nora@Example.org",
        "roles": [Role.THERAPIST],
        "locations": [location],
        "credentials": "PT",
        "colour": "#35608f",
        "is_bookable_online": False,
    }
    return {**made, **changes}


def kept(member: User, **changes: Any) -> dict[str, Any]:
    """The member's own values, but for `changes`."""
    made = {"name": member.name, "email": member.email, "roles": member.roles, "locations": member.locations.all()}
    return {**made, **changes}


def test_an_invited_member_gets_a_link_and_sets_a_password(client: Browser, owner: User, location: Location) -> None:
    client.force_login(owner)
    form = values(location, locations=[location.pk])
    assert client.post("/settings/staff/new/", form)["Location"] == "/settings/staff/"
    member = User.objects.get(email="nora@example.org")
    assert (member.roles, member.has_usable_password()) == ({Role.THERAPIST}, False)
    assert (member.therapist_profile.credentials, member.therapist_profile.is_bookable_online) == ("PT", False)
    (message,) = mail.outbox
    assert message.to == ["nora@example.org"]
    path = next(line for line in message.body.splitlines() if line.startswith("http")).partition("8000")[2]
    browser = Browser()
    new = {"password1": "four words nobody pairs", "password2": "four words nobody pairs"}
    browser.post(browser.get(path)["Location"], new)
    member.refresh_from_db()
    assert member.check_password("four words nobody pairs")


def test_a_mail_that_cannot_go_out_is_said_and_can_be_sent_again(
    client: Browser, owner: User, location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise smtplib.SMTPServerDisconnected

    client.force_login(owner)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    page = client.post("/settings/staff/new/", values(location, locations=[location.pk]), follow=True)
    assert b"could not be sent" in page.content
    monkeypatch.undo()
    member = User.objects.get(email="nora@example.org")
    client.post(reverse("people:staff-invite-again", args=[member.pk]))
    assert len(mail.outbox) == 1


def test_an_address_can_be_used_once(client: Browser, owner: User, therapist: User, location: Location) -> None:
    client.force_login(owner)
    form = values(location, locations=[location.pk], email="AMINA@example.org")
    page = client.post("/settings/staff/new/", form)
    assert page.status_code == 422
    assert "already signs in" in str(page.context["form"].errors["email"])


def test_only_owners_invite(therapist: User, front_desk: User, location: Location) -> None:
    for by in (therapist, front_desk):
        with pytest.raises(NotAllowed):
            staff.invite(values=values(location), by=by)


def test_a_new_role_is_in_the_audit_log_with_what_it_was(owner: User, therapist: User) -> None:
    staff.update_member(member=therapist, values=kept(therapist, roles=["therapist", "owner"]), by=owner)
    event = Event.objects.get(action="staff.roles-changed")
    assert event.changes == {"from": ["therapist"], "to": ["owner", "therapist"]}
    assert User.objects.get(pk=therapist.pk).roles == {"owner", "therapist"}


def test_an_owner_cannot_give_up_the_own_role(owner: User) -> None:
    factories.UserFactory(roles=[Role.OWNER])
    with pytest.raises(Refused, match="own owner role"):
        staff.update_member(member=owner, values=kept(owner, roles=["therapist"]), by=owner)


def test_the_last_owner_stays(owner: User, location: Location) -> None:
    with pytest.raises(Refused):
        staff.deactivate(member=owner, by=owner)
    other = factories.UserFactory(roles=[Role.OWNER])
    staff.deactivate(member=other, by=owner)
    assert User.objects.active().filter(role_rows__role=Role.OWNER).get() == owner


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_drop_each_other_at_once(owner: User) -> None:
    other = factories.UserFactory(roles=[Role.OWNER])
    start, refused = threading.Barrier(2), []

    def drop(member: User, by: User) -> None:
        start.wait()
        try:
            staff.deactivate(member=member, by=User.objects.get(pk=by.pk))
        except DomainError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=drop, args=pair) for pair in ((owner, other), (other, owner))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.active().filter(role_rows__role=Role.OWNER).count() == 1
    assert len(refused) == 1


def test_deactivation_ends_sessions_for_good(client: Browser, owner: User, therapist: User) -> None:
    client.force_login(therapist)
    staff.deactivate(member=therapist, by=owner)
    assert client.get("/account/").status_code == 302
    staff.reactivate(member=therapist, by=owner)
    assert client.get("/account/").status_code == 302, "a session from before stays ended"


def test_a_lost_second_factor_is_taken_away_by_the_owner(client: Browser, owner: User, therapist: User) -> None:
    Authenticator.objects.create(user=therapist, type="totp", data={"secret": "x"})
    client.force_login(therapist)
    staff.remove_second_factor(member=therapist, by=owner)
    assert not Authenticator.objects.filter(user=therapist).exists()
    assert client.get("/account/").status_code == 302
    with pytest.raises(Refused):
        staff.remove_second_factor(member=owner, by=owner)


def test_after_a_new_address_the_old_one_opens_nothing(owner: User, therapist: User) -> None:
    EmailAddress.objects.create(user=therapist, email=therapist.email, primary=True)
    staff.update_member(member=therapist, values=kept(therapist, email="Amina.Osei@example.org"), by=owner)
    assert not EmailAddress.objects.filter(user=therapist).exists()
    therapist.refresh_from_db()
    assert therapist.email == "amina.osei@example.org"


def test_the_list_takes_as_many_queries_for_thirty_as_for_three(
    client: Browser, owner: User, location: Location, django_assert_max_num_queries: Any
) -> None:
    client.force_login(owner)
    counts = []
    for more in (3, 27):
        for _ in range(more):
            factories.UserFactory(roles=[Role.THERAPIST], locations=[location])
        client.get("/settings/staff/")
        with django_assert_max_num_queries(40) as seen:
            client.get("/settings/staff/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "broken",
    [
        {"name": "\x00"},
        {"name": "x" * 500, "email": "no"},
        {"roles": "king"},
        {"locations": "1"},
        {"colour": "red"},
    ],
)
def test_nonsense_comes_back_with_its_errors(client: Browser, owner: User, broken: dict[str, str]) -> None:
    client.force_login(owner)
    assert client.post("/settings/staff/new/", broken).status_code in {400, 422}
