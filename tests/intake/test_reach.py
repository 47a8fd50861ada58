"""What staff see of forms on their way."""

import datetime as dt

import pytest
from django.test import Client as Browser

from clinic.core import clock
from clinic.messaging.models import OutboundMessage, Purpose
from clinic.messaging.services import enqueue
from clinic.people.models import Client, User
from intake.services import check_birth_date, send_invitation
from tests.intake import factories as intake

pytestmark = pytest.mark.django_db


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
    check_birth_date(invitation=invitation, born_on=dt.date(1967, 8, 4))
    assert ", opened, reminded 2 times" in client.get(path).content.decode()
