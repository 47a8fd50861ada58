"""Who signs says so: the page before the signature, the PIN, and what counts as one."""

import datetime as dt
import uuid
from typing import Any
from unittest.mock import patch

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.test import Client as Browser
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core import clock
from clinic.core.errors import Refused, TooMany
from clinic.people.models import SigningPin, User
from clinic.people.services.signing_pins import check_pin, set_pin
from tests.treatments.browsing import PIN, as_user, give_pin, typed, url
from treatments.models import SessionNote

GONE = uuid.UUID(int=7)


def submit(browser: Browser, note: SessionNote, **given: Any) -> Any:
    return browser.post(url("note-sign", note.pk), {"version": note.version} | given)


def is_signed(note: SessionNote) -> bool:
    return SessionNote.objects.get(pk=note.pk).is_signed


def test_the_button_of_the_note_leads_to_what_is_signed_and_signs_nothing(
    signed_in: Browser, draft: SessionNote
) -> None:
    answer = signed_in.post(url("note-save", draft.pk), typed(draft, action="sign", pain_average=""))
    assert answer["Location"] == url("note-sign", draft.pk)
    page = signed_in.get(answer["Location"]).content.decode()
    assert f"{url('note-edit', draft.pk)}#id_pain_average" in page
    assert 'name="pin"' not in page
    assert not is_signed(draft)


def test_without_pin_or_passkey_nothing_is_signed(signed_in: Browser, draft: SessionNote) -> None:
    for given in ({}, {"pin": ""}, {"pin": "0000"}, {"pin": "٢٥٨٠"}, {"pin": "x" * 5000}, {"new_pin": "7391"}):
        answer = submit(signed_in, draft, **given)
        assert answer.status_code == 422, given
        assert 'role="alert"' in answer.content.decode()
    assert not is_signed(draft)


def test_five_wrong_pins_lock_even_the_right_one_for_fifteen_minutes(
    signed_in: Browser, draft: SessionNote, therapist: User
) -> None:
    answers = [submit(signed_in, draft, pin="9999") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert "Try again in 15 minutes" in submit(signed_in, draft, pin=PIN).content.decode()
    assert not is_signed(draft)
    assert list(Event.objects.filter(action__startswith="pin.").order_by("id").values_list("action", flat=True)) == [
        *["pin.refused"] * 4,
        "pin.locked",
    ]
    SigningPin.objects.update(locked_until=clock.now() - dt.timedelta(seconds=1))
    assert submit(signed_in, draft, pin=PIN).status_code == 302
    assert is_signed(draft)


def test_a_pin_counts_for_five_minutes_in_this_session_and_no_longer(
    signed_in: Browser, draft: SessionNote, therapist: User
) -> None:
    assert submit(signed_in, draft, pin=PIN, version=99).status_code == 412
    assert "confirmed at" in signed_in.get(url("note-sign", draft.pk)).content.decode()
    assert submit(as_user(therapist), draft).status_code == 422
    later = clock.now() + dt.timedelta(minutes=6)
    with patch("clinic.people.signer.clock.now", return_value=later):
        assert submit(signed_in, draft).status_code == 422
    assert not is_signed(draft)
    assert submit(signed_in, draft).status_code == 302


def test_a_passkey_or_password_asked_for_again_counts_and_signing_in_does_not(
    signed_in: Browser, draft: SessionNote
) -> None:
    record = {"method": "mfa", "type": "webauthn", "at": clock.now().timestamp()}
    for records, status in (([record], 422), ([record | {"reauthenticated": True}], 302)):
        session = signed_in.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = records
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(draft.therapist_id)
        session.save()
        assert submit(signed_in, draft).status_code == status


def test_a_first_pin_is_set_where_it_is_needed_with_the_password(draft: SessionNote, therapist: User) -> None:
    browser = as_user(therapist)
    assert 'name="new_pin"' in browser.get(url("note-sign", draft.pk)).content.decode()
    assert submit(browser, draft, password="wrong", new_pin="7391").status_code == 422
    therapist.set_password("a long password")
    therapist.save()
    browser = as_user(therapist)
    assert submit(browser, draft, password="a long password", new_pin="1111").status_code == 422
    assert submit(browser, draft, password="a long password", new_pin="7391").status_code == 302
    assert is_signed(draft)


def test_copied_sections_nobody_touched_are_named_and_one_is_still_true(signed_in: Browser, draft: SessionNote) -> None:
    SessionNote.objects.filter(pk=draft.pk).update(copied_sections={"plan": str(draft.pk), "techniques": str(GONE)})
    page = signed_in.get(url("note-sign", draft.pk)).content.decode()
    assert page.count("Still true") == 2
    keeps = [page.index(f'value="{section}"') for section in ("techniques", "plan")]
    assert "Treatment given" in page
    assert keeps == sorted(keeps), "in the order of the note"
    answer = signed_in.post(url("note-keep", draft.pk), {"version": draft.version, "keep": "plan"})
    assert answer["Location"] == url("note-sign", draft.pk)
    assert SessionNote.objects.get(pk=draft.pk).copied_sections == {"techniques": str(GONE)}
    again = signed_in.post(url("note-keep", draft.pk), {"version": "x", "keep": "plan"})
    assert again.status_code == 302, "said twice is no conflict"


@pytest.mark.parametrize("pin", ["", "123", "123456789", "1111", "4567", "9876", "12a4", "١٢٣٤"])
def test_a_pin_anybody_would_try_first_is_not_taken(therapist: User, pin: str) -> None:
    with pytest.raises(Refused):
        set_pin(user=therapist, pin=pin)


def test_the_database_alone_does_not_tell_a_pin(therapist: User, other_therapist: User) -> None:
    give_pin(therapist)
    digest = SigningPin.objects.get(user=therapist).digest
    SigningPin.objects.create(user=other_therapist, digest=digest)
    with pytest.raises(Refused):  # a hash copied from a colleague's row is worth nothing
        check_pin(user=other_therapist, pin=PIN)


def test_a_pin_is_changed_on_the_account_page(signed_in: Browser, therapist: User) -> None:
    therapist.set_password("a long password")
    therapist.save()
    browser = as_user(therapist)
    given = {"password": "a long password", "new_pin": "7391", "again": "7391"}
    assert browser.post(reverse("people:account-pin"), given | {"again": "7392"}).status_code == 422
    assert browser.post(reverse("people:account-pin"), given | {"password": "x"}).status_code == 422
    assert browser.post(reverse("people:account-pin"), given).status_code == 302
    check_pin(user=therapist, pin="7391")
    with pytest.raises(Refused):
        check_pin(user=therapist, pin=PIN)


def test_a_locked_pin_says_how_long(therapist: User) -> None:
    give_pin(therapist)
    SigningPin.objects.update(locked_until=clock.now() + dt.timedelta(minutes=3, seconds=5))
    with pytest.raises(TooMany) as refusal:
        check_pin(user=therapist, pin=PIN)
    assert refusal.value.details == {"minutes": 4}
