"""Every red-flag rule and every answer, through the client's form: what the client is told, what staff see at once."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.core import clock
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Location, Room, User
from intake.form_cache import form_of
from intake.models import RedFlag, Response
from intake.rules import Mark, split_key
from intake.services import invite, save_answers
from scheduling.models import Appointment
from tests.factories import ClientFactory
from tests.intake import oracle
from tests.intake.factories import form_data, harmless_answers, with_flags
from tests.treatments.conftest import book

pytestmark = pytest.mark.django_db
CASES = [(code, answer) for code in oracle.entries() for answer in oracle.answers_to(code)]
SAFETY = 6  # the screen with the red-flag questions
BORN_ON = dt.date(2014, 2, 3)  # under 17, so that everybody's questions and the young ones' are asked


@pytest.fixture
def young(location: Location) -> Client:
    return ClientFactory(born_on=BORN_ON, locations=[location])


@pytest.fixture
def visit(young: Client, therapist: User, room: Room) -> Appointment:
    starts_at = clock.now() + dt.timedelta(hours=2)
    return book(client=young, therapist=therapist, room=room, starts_at=starts_at, status="booked")


def opened(browser: Browser, client: Client, therapist: User, code: str) -> tuple[str, Response]:
    """The form by its link, with the places marked and the boxes ticked that make this question be asked."""
    invitation, token = invite(client=client, forms=["first-visit"], by=None, responsible=therapist)
    path = f"/i/{token}/"
    browser.post(path, {"born_on": BORN_ON.isoformat()})
    response = Response.objects.get(invitation=invitation)
    answers = harmless_answers()
    answers.values["contraindications"] = ["ci-pregnancy"]
    answers.marks["pain-map"] = [marked_for(code)]
    sections = form_of(response.questionnaire).by_link_id
    for name in ("map", "health"):
        save_answers(response=response, section=sections[name], given=answers, is_settled=True)
    return path, response


def marked_for(code: str) -> Mark:
    (place, *_rest) = [*oracle.entries()[code].get("trigger_regions", []), "lateral-hip"]
    return Mark(*split_key(oracle.regions()[place][0]), intensity=4)


def safety_data(response: Response, code: str, answer: str) -> dict[str, Any]:
    data = form_data(with_flags(harmless_answers(), form_of(response.questionnaire)))
    return {key: value for key, value in data.items() if key.startswith("flag.")} | {f"flag.{code}": answer}


@pytest.mark.parametrize(("code", "answer"), CASES, ids=lambda value: str(value))
def test_an_answer_is_told_to_the_client_and_alerted_to_staff_as_its_rule_says(
    client: Browser, young: Client, visit: Appointment, therapist: User, code: str, answer: str
) -> None:
    urgency = oracle.urgency(code, answer)
    path, response = opened(client, young, therapist, code)
    assert f'name="flag.{code}"' in client.get(f"{path}step/{SAFETY}/").content.decode()
    left = client.post(f"{path}step/{SAFETY}/", safety_data(response, code, answer))
    assert_told(client, left, path, urgency, code)
    flags = list(RedFlag.objects.filter(response=response))
    assert [(f.rule.code, f.answer, f.urgency) for f in flags] == (
        [] if urgency == "none" else [(code, answer, urgency)]
    )
    mails = OutboundMessage.objects.filter(purpose="staff_flag")
    assert [mail.recipient for mail in mails] == ([therapist] if urgency == "emergency" else [])
    card = Appointment.objects.with_marks().get(pk=visit.pk)
    assert card.flag_urgency == (None if urgency == "none" else urgency)
    client.force_login(therapist)
    banner = client.get(reverse("intake:flag-banner")).content.decode()
    assert ("1 emergency answer" in banner, "1 urgent answer" in banner) == (
        urgency == "emergency",
        urgency == "urgent",
    )


def assert_told(browser: Browser, left: Any, path: str, urgency: str, code: str) -> None:
    """Emergency and urgent answers stop the form; only an emergency says whom to ring."""
    if urgency not in {"emergency", "urgent"}:
        assert left["Location"] == f"{path}step/{SAFETY + 1}/"
        return
    assert left["Location"] == f"{path}advice/?after={SAFETY}"
    page = re.sub(r"\s+", " ", browser.get(left["Location"]).content.decode())
    is_emergency = urgency == "emergency"
    assert ("Please get medical help now" in page) is is_emergency
    assert ("Please speak to a doctor first</h1>" in page) is not is_emergency
    assert (oracle.TELLS_TO_CALL in page) is is_emergency
    assert (oracle.TELLS_TO_SEE_A_DOCTOR in page) is not is_emergency
    assert ('href="tel:112"' in page) is is_emergency
    assert oracle.entries()[code]["question"].split(",")[0].replace("'", "&#x27;") in page


@pytest.mark.parametrize("urgency", ["emergency", "urgent", "caution"])
def test_the_day_shows_the_flag_on_the_visits_card(
    client: Browser, young: Client, visit: Appointment, therapist: User, urgency: str
) -> None:
    code, answer = next((c, a) for c, a in CASES if oracle.urgency(c, a) == urgency)
    path, response = opened(client, young, therapist, code)
    client.force_login(therapist)
    day = f"{reverse('scheduling:day')}?date={visit.starts_at.astimezone(visit.location.zone):%Y-%m-%d}"
    before = client.get(day).content.decode().count("icon-flag")
    client.post(f"{path}step/{SAFETY}/", safety_data(response, code, answer))
    assert client.get(day).content.decode().count("icon-flag") > before
