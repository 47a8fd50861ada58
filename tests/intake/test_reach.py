"""What staff see of forms on their way, and what of them goes into the record."""

import datetime as dt

import pytest
from django.test import Client as Browser

from clinic.audit.models import Event
from clinic.core import clock
from clinic.core.errors import Conflict
from clinic.messaging.models import OutboundMessage, Purpose
from clinic.messaging.services import enqueue
from clinic.people.models import Client, User
from intake.models import Invitation
from intake.services import check_birth_date, send_invitation
from intake.services.invitations import accept_birth_date
from tests.intake import factories as intake

pytestmark = pytest.mark.django_db
BORN_ON = dt.date(1967, 8, 4)


@pytest.fixture
def claimed(client_record: Client) -> Invitation:
    """A client without a date of birth on record has given one."""
    client_record.born_on = None
    client_record.save()
    invitation, _token = intake.invitation_with_token(client_record)
    check_birth_date(invitation=invitation, born_on=BORN_ON)
    return invitation


def test_a_date_of_birth_that_a_client_gave_changes_nothing_until_staff_take_it_over(
    client: Browser, claimed: Invitation, client_record: Client, front_desk: User
) -> None:
    client_record.refresh_from_db()
    assert client_record.born_on is None
    client.force_login(front_desk)
    assert client.get(f"/intake/requests/{claimed.pk}/birth-date/").status_code == 405
    answer = client.post(f"/intake/requests/{claimed.pk}/birth-date/")
    assert answer["Location"] == f"/clients/{client_record.pk}/"
    client_record.refresh_from_db()
    assert client_record.born_on == BORN_ON
    event = Event.objects.get(action="client.changed")
    assert "1967" not in str(event.changes)


def test_it_never_replaces_one_that_is_on_record(claimed: Invitation, client_record: Client, front_desk: User) -> None:
    Client.objects.filter(pk=client_record.pk).update(born_on=dt.date(1960, 1, 1))
    with pytest.raises(Conflict):
        accept_birth_date(invitation=claimed, by=front_desk)
    client_record.refresh_from_db()
    assert client_record.born_on == dt.date(1960, 1, 1)


def test_without_a_claim_there_is_nothing_to_take_over(client_record: Client, front_desk: User) -> None:
    invitation, _token = intake.invitation_with_token(client_record)
    with pytest.raises(Conflict):
        accept_birth_date(invitation=invitation, by=front_desk)


def test_the_clients_page_says_how_far_a_form_got(client: Browser, client_record: Client, front_desk: User) -> None:
    invitation, _token = intake.invitation_with_token(client_record)
    send_invitation(invitation=invitation, by=front_desk)
    client.force_login(front_desk)
    path = f"/clients/{client_record.pk}/"
    assert ", mailed" not in client.get(path).content.decode()
    for number in (1, 2):
        enqueue(
            purpose=Purpose.FORM_REMINDER,
            dedupe_key=f"reminder:{number}",
            location=invitation.location,
            client=client_record,
            link=invitation.link,
            about_id=invitation.pk,
        )
    OutboundMessage.objects.update(state="sent", sent_at=clock.now())
    page = client.get(path).content.decode()
    assert ", mailed, reminded 2 times" in page
    assert f'href="/intake/requests/{invitation.pk}/desk/"' in page
    check_birth_date(invitation=invitation, born_on=BORN_ON)
    assert ", opened, reminded 2 times" in client.get(path).content.decode()
