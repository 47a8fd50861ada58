"""What a client gives otherwise than the record has it is proposed: nothing changes before staff say so."""

import datetime as dt
import re

import pytest
from django.test import Client as Browser
from django.utils.formats import date_format

from clinic.audit.models import Event
from clinic.core.errors import Conflict, Refused
from clinic.people.models import Client, User
from intake.fhir.checking import check
from intake.fhir.items import CLIENT_FIELDS
from intake.form_cache import form_of
from intake.models import Invitation, Proposal, Response
from intake.ready_forms.parts import item
from intake.record_details import ASKED
from intake.services import check_birth_date, complete_request
from intake.services.proposals import accept_proposal, keep_record
from tests.intake import factories as intake
from tests.intake.factories import harmless_answers, with_flags
from tests.intake.walking import controls_of

pytestmark = pytest.mark.django_db
BORN_ON = dt.date(1967, 8, 4)
DETAILS = 8


@pytest.fixture
def path(client_record: Client) -> str:
    Client.objects.filter(pk=client_record.pk).update(email="marcus@example.org", address="1 Old Street\nBerlin")
    client_record.refresh_from_db()
    _invitation, token = intake.invitation_with_token(client_record)
    return f"/i/{token}/"


@pytest.fixture
def shown(client: Browser, path: str) -> dict[str, str]:
    """The screen of details as a client who passed the gate sees it: its boxes by name."""
    client.post(path, {"born_on": BORN_ON.isoformat()})
    sent = controls_of(client.get(f"{path}step/{DETAILS}/").content.decode())
    return {name: str(sent[name]) for name in sent if name.startswith("details.")}


def send(client: Browser, path: str, **details: str) -> Response:
    """The screen of details as a browser sends it; the rest is answered already."""
    response = Response.objects.get()
    intake.fill(response, with_flags(harmless_answers(), form_of(response.questionnaire)))
    assert client.post(f"{path}step/{DETAILS}/", details)["Location"] == f"{path}step/{DETAILS + 1}/"
    complete_request(responses=[response])
    response.refresh_from_db()
    return response


def test_who_has_passed_the_gate_sees_what_the_record_has(shown: dict[str, str]) -> None:
    assert shown["details.email"] == "marcus@example.org"
    assert shown["details.phone"] == "+1 202-555-0137"
    assert shown["details.address"].splitlines() == ["1 Old Street", "Berlin"]
    assert shown["details.pronouns"] == ""


def test_what_the_record_has_is_not_called_saved(client: Browser, path: str, shown: dict[str, str]) -> None:
    page = client.get(f"{path}step/1/").content.decode()
    assert 'data-state="saved"' not in page
    client.post(f"{path}step/1/save/", {"reason.main": "Hip"})
    assert 'data-state="saved"' in client.get(f"{path}step/1/").content.decode()


def test_before_the_gate_nothing_of_it_is_told(client: Browser, path: str) -> None:
    for rest in ("", f"step/{DETAILS}/"):
        assert "marcus@example.org" not in client.get(f"{path}{rest}", follow=True).content.decode()
    assert not Response.objects.exists()


def test_a_date_of_birth_nobody_could_check_opens_the_form_but_not_the_record(
    client: Browser, path: str, client_record: Client
) -> None:
    Client.objects.update(born_on=None)
    client.post(path, {"born_on": "1990-01-01"})
    page = client.get(f"{path}step/{DETAILS}/").content.decode()
    assert "marcus@example.org" not in page
    assert "555" not in page
    (proposal,) = Proposal.objects.all()
    assert (proposal.field, proposal.new) == ("born_on", "1990-01-01")


def test_one_tap_where_nothing_has_changed_proposes_nothing(client: Browser, path: str, shown: dict[str, str]) -> None:
    send(client, path, **shown)
    assert not Proposal.objects.exists()


def test_what_differs_is_proposed_and_the_record_stays(
    client: Browser, path: str, shown: dict[str, str], client_record: Client
) -> None:
    changed = {"details.email": "new@example.org", "details.phone": "", "details.pronouns": "he / him"}
    send(client, path, **{**shown, **changed})
    found = {each.field: (each.old, each.new) for each in Proposal.objects.all()}
    assert found == {
        "email": ("marcus@example.org", "new@example.org"),
        "phone": ("+1 202-555-0137", ""),
        "pronouns": ("", "he / him"),
    }
    client_record.refresh_from_db()
    assert (client_record.email, client_record.pronouns) == ("marcus@example.org", "")
    event = Event.objects.get(action="client.change-proposed")
    assert event.changes == {"fields": ["email", "phone", "pronouns"]}


def test_another_way_of_writing_the_same_is_no_change(client: Browser, path: str, shown: dict[str, str]) -> None:
    send(client, path, **{**shown, "details.email": "Marcus@Example.org", "details.phone": "(202) 555-0137"})
    assert not Proposal.objects.exists()


def test_what_staff_have_put_right_meanwhile_is_not_taken_back_by_an_untouched_box(
    client: Browser, path: str, shown: dict[str, str], client_record: Client
) -> None:
    Client.objects.update(email="right@example.org")
    send(client, path, **shown)
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("email", "marcus@", "This is no e-mail address"),
        ("phone", "555", "This is no phone number we can ring"),
        ("emergency-phone", "my wife", "This is no phone number we can ring"),
        ("pronouns", "x" * 41, "at most 40 characters"),
    ],
)
def test_what_can_be_no_detail_is_said_in_the_form(
    client: Browser, path: str, shown: dict[str, str], name: str, typed: str, words: str
) -> None:
    answer = client.post(f"{path}step/{DETAILS}/", {**shown, f"details.{name}": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'value="{typed}"' in page


def test_staff_see_old_beside_new_and_decide_each(
    client: Browser, path: str, shown: dict[str, str], client_record: Client, front_desk: User, owner: User
) -> None:
    changed = {"details.email": "new@example.org", "details.address": "2 New Street"}
    response = send(client, path, **{**shown, **changed})
    client.force_login(owner)
    review = client.get(f"/intake/responses/{response.pk}/").content.decode()
    for words in ("marcus@example.org", "new@example.org", "1 Old Street<br>Berlin", "2 New Street"):
        assert words in review
    client.force_login(front_desk)
    page = client.get(f"/clients/{client_record.pk}/").content.decode()
    assert "The client gave this otherwise in a form" in page
    assert "new@example.org" in page
    email, address = (Proposal.objects.get(field=field) for field in ("email", "address"))
    (seen,) = re.findall(r'name="seen" value="(marcus[^"]*)"', page)
    assert client.get(f"/intake/proposals/{email.pk}/accept/").status_code == 405
    client.post(f"/intake/proposals/{email.pk}/accept/", {"seen": seen})
    client.post(f"/intake/proposals/{address.pk}/keep/")
    client_record.refresh_from_db()
    assert (client_record.email, client_record.address) == ("new@example.org", "1 Old Street\nBerlin")
    assert "otherwise in a form" not in client.get(f"/clients/{client_record.pk}/").content.decode()
    events = Event.objects.filter(action__startswith="proposal.").order_by("at")
    assert [(e.action, e.changes) for e in events] == [
        ("proposal.accepted", {"fields": ["email"]}),
        ("proposal.kept", {"fields": ["address"]}),
    ]
    client.force_login(owner)
    review = client.get(f"/intake/responses/{response.pk}/").content.decode()
    assert "Taken over, June Moreau" in review
    assert "Kept as it was, June Moreau" in review


@pytest.fixture
def proposal(client_record: Client) -> Proposal:
    invitation, _token = intake.invitation_with_token(client_record)
    return Proposal.objects.create(client=client_record, invitation=invitation, field="phone", new="+12025550188")


def test_a_record_that_was_changed_meanwhile_is_looked_at_again(
    client: Browser, proposal: Proposal, client_record: Client, front_desk: User
) -> None:
    with pytest.raises(Conflict):
        accept_proposal(proposal=proposal, seen="+1 202-555-0100", by=front_desk)
    client.force_login(front_desk)
    answer = client.post(f"/intake/proposals/{proposal.pk}/accept/", {"seen": "older"}, follow=True)
    assert "The record was changed meanwhile" in answer.content.decode()
    client_record.refresh_from_db()
    assert client_record.phone == "+12025550137"


def test_it_is_decided_once(proposal: Proposal, front_desk: User) -> None:
    keep_record(proposal=proposal, by=front_desk)
    with pytest.raises(Conflict):
        accept_proposal(proposal=proposal, seen="+1 202-555-0137", by=front_desk)


def test_a_record_never_loses_its_last_contact(client_record: Client, proposal: Proposal, front_desk: User) -> None:
    Client.objects.update(email="")
    Proposal.objects.update(new="")
    with pytest.raises(Refused):
        accept_proposal(proposal=proposal, seen="+1 202-555-0137", by=front_desk)


def test_a_merged_records_proposal_is_about_the_one_it_became(
    client_record: Client, proposal: Proposal, front_desk: User, location: object
) -> None:
    kept = Client.objects.create(given_name="Marc", family_name="Bell", phone="+12025550137")
    kept.locations.add(location)  # type: ignore[arg-type]
    Client.objects.filter(pk=client_record.pk).update(merged_into=kept)
    accept_proposal(proposal=proposal, seen="+1 202-555-0137", by=front_desk)
    kept.refresh_from_db()
    assert kept.phone == "+12025550188"


def test_a_newer_form_takes_the_place_of_an_older_proposal(
    client: Browser, proposal: Proposal, path: str, shown: dict[str, str]
) -> None:
    send(client, path, **{**shown, "details.phone": "+1 202-555-0199"})
    states = dict(Proposal.objects.values_list("new", "state"))
    assert states == {"+12025550188": "replaced", "+1 202-555-0199": "open"}


def test_what_is_no_detail_of_the_record_is_reported_by_item() -> None:
    asked = item("q", "string", "Shoe size?", ext={"client-field": "shoe_size"})
    form = {"resourceType": "Questionnaire", "status": "draft", "item": [asked]}
    (problem,) = check(form).problems
    assert (problem.code, problem.link_id) == ("client-field", "q")
    assert set(ASKED) == CLIENT_FIELDS


def test_nobody_elsewhere_decides(proposal: Proposal, stranger: User, client: Browser) -> None:
    client.force_login(stranger)
    assert client.post(f"/intake/proposals/{proposal.pk}/keep/").status_code == 404
    proposal.refresh_from_db()
    assert proposal.state == "open"


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
    assert date_format(BORN_ON) in client.get(f"/clients/{client_record.pk}/").content.decode()
    client.post(f"/intake/proposals/{Proposal.objects.get().pk}/accept/", {"seen": ""})
    client_record.refresh_from_db()
    assert client_record.born_on == BORN_ON
    assert "1967" not in str([event.changes for event in Event.objects.all()])


def test_a_date_of_birth_on_record_is_not_replaced_unseen(
    claimed: Invitation, client_record: Client, front_desk: User
) -> None:
    Client.objects.filter(pk=client_record.pk).update(born_on=dt.date(1960, 1, 1))
    with pytest.raises(Conflict):
        accept_proposal(proposal=Proposal.objects.get(), seen="", by=front_desk)
