"""What staff see: answers, red flags, a client's forms."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit.models import Event
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, User
from intake.models import Invitation, Questionnaire, RedFlag
from intake.rules import outline
from intake.services.documents import publish_form
from intake.services.editing import edit, new_form
from tests.factories import ClientFactory
from tests.intake.factories import completed

pytestmark = pytest.mark.django_db
CLINICAL = ("Bladder change", "My right hip hurts", "harder to pass urine", "Burning")


def test_a_therapist_reads_all_answers_and_the_reading_is_kept(
    client: Browser, client_record: Client, therapist: User
) -> None:
    response = completed(client_record, ces_bladder="yes")
    client.force_login(therapist)
    page = client.get(reverse("intake:response-detail", args=[response.pk])).content.decode()
    for words in ("My right hip hurts", "Bladder change", "5 of 10", "Outer hip, right", "Marcus Bell"):
        assert words in page
    event = Event.objects.filter(action="response.read").get()
    assert (event.actor_id, event.client_id) == (therapist.pk, client_record.pk)


def test_the_front_desk_cannot_read_answers(client: Browser, client_record: Client, front_desk: User) -> None:
    response = completed(client_record)
    client.force_login(front_desk)
    assert client.get(reverse("intake:response-detail", args=[response.pk])).status_code == 403


def test_answers_of_clients_elsewhere_are_not_there(client: Browser, client_record: Client, stranger: User) -> None:
    response = completed(client_record, ces_bladder="yes")
    client.force_login(stranger)
    flag = RedFlag.objects.get()
    assert client.get(reverse("intake:response-detail", args=[response.pk])).status_code == 404
    assert client.post(reverse("intake:client-invite", args=[client_record.pk])).status_code == 404
    for method in (client.get, client.post):
        assert method(reverse("intake:flag-acknowledge", args=[flag.pk])).status_code == 404
    assert "Marcus" not in client.get(reverse("intake:flag-list")).content.decode()
    flag.refresh_from_db()
    assert flag.acknowledged_at is None


def test_the_front_desk_sees_that_there_is_a_flag_but_not_what_it_says(
    client: Browser, client_record: Client, front_desk: User
) -> None:
    completed(client_record, ces_bladder="yes")
    client.force_login(front_desk)
    flag = RedFlag.objects.get()
    pages = [
        client.get(reverse("intake:flag-list")).content.decode(),
        client.get(reverse("intake:flag-acknowledge", args=[flag.pk])).content.decode(),
        client.get(reverse("people:client-detail", args=[client_record.pk])).content.decode(),
    ]
    for page in pages:
        assert not any(words in page for words in CLINICAL)
    assert "Emergency" in pages[0]
    assert "Marcus Bell" in pages[0]


def test_a_flag_is_acknowledged_on_its_page(client: Browser, client_record: Client, therapist: User) -> None:
    completed(client_record, ces_bladder="yes")
    flag = RedFlag.objects.get()
    page = reverse("intake:flag-acknowledge", args=[flag.pk])
    client.force_login(therapist)
    assert "Bladder change" in client.get(page).content.decode()
    assert client.post(page, {"action_taken": " "}).status_code == 422
    answer = client.post(page, {"action_taken": "Rang at 14:10."})
    assert answer["Location"] == reverse("intake:flag-list")
    flag.refresh_from_db()
    assert (flag.acknowledged_by, flag.action_taken) == (therapist, "Rang at 14:10.")
    again = client.post(page, {"action_taken": "Me too."})
    assert again.status_code == 422
    assert "acknowledged this already" in again.content.decode()


def test_the_banner_counts_grave_flags_in_sight_and_is_silent_without(
    client: Browser, client_record: Client, therapist: User, stranger: User
) -> None:
    completed(client_record, ces_bladder="yes", progressive_weakness="yes")
    banner = reverse("intake:flag-banner")
    client.force_login(therapist)
    page = client.get(banner).content.decode()
    assert "1 emergency answer not acknowledged" in page
    assert "and 1 urgent" in page
    client.force_login(stranger)
    assert client.get(banner).content.decode().strip() == ""


def test_asking_for_the_banner_does_not_prolong_a_session(client: Browser, therapist: User) -> None:
    client.force_login(therapist)
    client.get(reverse("intake:flag-list"))
    session = client.session
    session["seen_at"] -= 600
    session.save()
    seen = session["seen_at"]
    client.get(reverse("intake:flag-banner"))
    assert client.session["seen_at"] == seen


def test_a_form_is_sent_with_one_tap(client: Browser, client_record: Client, front_desk: User) -> None:
    client.force_login(front_desk)
    page = reverse("intake:client-invite", args=[client_record.pk])
    fragment = client.post(page, {"form": "before-visit"}, headers={"HX-Request": "true"}).content.decode()
    assert "Before your visit" in fragment
    assert Invitation.objects.get().purpose == "before_visit"
    assert OutboundMessage.objects.get().client == client_record
    assert client.get(page).status_code == 405


def test_a_form_of_the_practices_own_is_sent_with_one_tap_once_it_is_published(
    client: Browser, client_record: Client, front_desk: User, owner: User
) -> None:
    client.force_login(front_desk)
    page = reverse("intake:client-invite", args=[client_record.pk])
    draft = new_form(title="Running", by=owner)
    asked = {"linkId": "far", "type": "integer", "text": "How far?"}
    draft = edit(form=draft, change=lambda d: outline.add(d, [asked]), version=0, by=owner, what="add")
    assert client.post(page, {"form": "own", "own": "running"}).status_code == 404
    publish_form(form=draft, by=owner)
    fragment = client.post(page, {"form": "own", "own": "running"}, headers={"HX-Request": "true"}).content.decode()
    assert '<option value="running">Running</option>' in fragment
    assert [form.slug for form in Invitation.objects.get().questionnaires.all()] == ["running"]
    assert client.post(page, {"form": "own", "own": "follow-up"}).status_code == 404
    assert client.post(page, {"form": "own", "own": "\0"}).status_code == 404


def test_forms_stand_in_the_settings_with_a_preview(client: Browser, owner: User, therapist: User) -> None:
    client.force_login(owner)
    page = client.get(reverse("intake:questionnaire-list")).content.decode()
    assert "Before your first visit" in page
    form = Questionnaire.objects.latest("first-visit")
    preview = client.get(reverse("intake:questionnaire-preview", args=[form.pk])).content.decode()
    assert "Where does it hurt?" in preview
    client.force_login(therapist)
    assert client.get(reverse("intake:questionnaire-list")).status_code == 403


def test_nobody_without_a_sign_in_sees_any_of_it(client: Browser, client_record: Client) -> None:
    response = completed(client_record, ces_bladder="yes")
    flag = RedFlag.objects.get()
    for name, args in (
        ("response-detail", [response.pk]),
        ("flag-list", []),
        ("flag-acknowledge", [flag.pk]),
        ("flag-banner", []),
        ("questionnaire-list", []),
    ):
        answer = client.get(reverse(f"intake:{name}", args=args))
        assert answer.status_code in {302, 401}, name


def test_lists_take_as_many_queries_with_many_rows_as_with_few(client: Browser, location: Any, therapist: User) -> None:
    client.force_login(therapist)
    pages = [reverse("intake:flag-list"), reverse("intake:flag-banner")]
    counts = []
    client.get(pages[0])
    for _ in range(2):
        someone = ClientFactory(locations=[location])
        for _ in range(2):
            completed(someone, ces_bladder="yes")
        pages_now = [*pages, reverse("people:client-detail", args=[someone.pk])]
        counts.append([_count(client, page) for page in pages_now])
    assert counts[0] == counts[1]


def _count(client: Browser, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)
