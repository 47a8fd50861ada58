"""A telephone number is parsed when it is looked at."""

import pytest
from phonenumber_field.phonenumber import PhoneNumber

from clinic.people.models import Client

pytestmark = pytest.mark.django_db


def test_a_stored_number_is_a_number_once_it_is_looked_at(client_record: Client) -> None:
    Client.objects.filter(pk=client_record.pk).update(phone="+12025550142")
    found = Client.objects.get(pk=client_record.pk)
    assert not isinstance(found.__dict__["phone"], PhoneNumber)
    assert found.phone.as_e164 == "+12025550142"
    assert found.phone is found.phone


def test_a_stored_number_nobody_looked_at_is_saved_as_it_was(client_record: Client) -> None:
    Client.objects.filter(pk=client_record.pk).update(phone="+12025550142")
    Client.objects.get(pk=client_record.pk).save()
    assert Client.objects.get(pk=client_record.pk).phone == PhoneNumber.from_string("+12025550142")


def test_an_empty_number_stays_empty(client_record: Client) -> None:
    Client.objects.filter(pk=client_record.pk).update(phone="")
    assert Client.objects.get(pk=client_record.pk).phone == ""


def test_a_given_number_is_parsed_at_once() -> None:
    given = Client(given_name="Joan", phone="+1 202 555 0142").__dict__["phone"]
    assert given.as_e164 == "+12025550142"
