"""A form at the desk: a code for the client's phone, a tablet that shows one client's form and nothing else."""

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser

from clinic.audit.models import Event
from clinic.core import clock
from clinic.core.errors import Conflict, Missing, Refused
from clinic.messaging import links
from clinic.people.models import Client, Location, User
from intake.kiosk_door import COOKIE
from intake.models import Invitation, KioskDevice, KioskTurn, Response
from intake.qr import qr_of
from intake.services import complete_response, invite, kiosk
from tests import factories
from tests.intake import factories as intake

pytestmark = pytest.mark.django_db
BORN = {"born_on": "1967-08-04"}


@pytest.fixture
def enrolled(location: Location, front_desk: User) -> tuple[KioskDevice, Browser]:
    device, secret = kiosk.enrol_device(location=location, name="Tablet 1", by=front_desk)
    browser = Browser()
    browser.cookies[COOKIE] = secret
    return device, browser


@pytest.fixture
def device(enrolled: tuple[KioskDevice, Browser]) -> KioskDevice:
    return enrolled[0]


@pytest.fixture
def tablet(enrolled: tuple[KioskDevice, Browser]) -> Browser:
    return enrolled[1]


@pytest.fixture
def invitation(client_record: Client) -> Invitation:
    return invite(client=client_record, forms=["first-visit"], by=None)[0]


@pytest.fixture
def turn(device: KioskDevice, invitation: Invitation, front_desk: User) -> KioskTurn:
    return kiosk.send_to_tablet(invitation=invitation, device=device, by=front_desk)


def later(monkeypatch: pytest.MonkeyPatch, **by: int) -> None:
    instant = clock.now() + dt.timedelta(**by)
    monkeypatch.setattr(clock, "now", lambda: instant)


def test_the_code_holds_the_clients_own_link_and_is_kept_nowhere(
    client: Browser, front_desk: User, invitation: Invitation
) -> None:
    client.force_login(front_desk)
    response = client.get(f"/intake/requests/{invitation.pk}/desk/")
    assert invitation.link is not None
    code = qr_of(links.url_of(invitation.link))
    assert f'd="{code.path}"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "style=" not in response.content.decode()
    assert Event.objects.filter(action="invitation.shown", object_id=str(invitation.pk)).exists()


def test_a_code_has_its_quiet_zone_and_finder_patterns() -> None:
    code = qr_of("https://clinic.example.org/i/abc/")
    assert code.path.startswith("M4 4h7v1h-7z")
    assert code.size > 2 * 4 + 20


def test_an_ended_or_finished_form_shows_no_code(client: Browser, front_desk: User, invitation: Invitation) -> None:
    client.force_login(front_desk)
    links.revoke(purpose="intake", object_id=invitation.pk)
    page = client.get(f"/intake/requests/{invitation.pk}/desk/").content.decode()
    assert "The link of this form has ended" in page
    assert "<path d=" not in page.split("at-desk")[1]


def test_enrolling_signs_the_member_of_staff_out_on_the_tablet(
    client: Browser, front_desk: User, location: Location
) -> None:
    client.force_login(front_desk)
    response = client.post("/settings/tablets/", {"name": "Tablet 1", "location": str(location.pk)})
    assert response["Location"] == "/kiosk/"
    assert "storage" in response["Clear-Site-Data"]
    assert settings.SESSION_COOKIE_NAME not in client.cookies or not client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.cookies[COOKIE]["httponly"]
    assert client.cookies[COOKIE].value not in str(KioskDevice.objects.values().get())
    assert client.get("/kiosk/").status_code == 200


def test_two_tablets_in_use_have_two_names(device: KioskDevice, location: Location, front_desk: User) -> None:
    with pytest.raises(Conflict):
        kiosk.enrol_device(location=location, name="Tablet 1", by=front_desk)
    kiosk.revoke_device(device=device, by=front_desk)
    kiosk.enrol_device(location=location, name="Tablet 1", by=front_desk)


def test_a_tablet_is_set_up_for_ones_own_location_only(other_location: Location, front_desk: User) -> None:
    with pytest.raises(Missing):
        kiosk.enrol_device(location=other_location, name="Tablet 1", by=front_desk)


@pytest.mark.parametrize(
    "path", ["/", "/clients/", "/accounts/login/", "/settings/tablets/", "/api/v1/schema/", "/xyz"]
)
def test_a_tablet_opens_nothing_but_forms(tablet: Browser, path: str) -> None:
    for answer in (tablet.get(path), tablet.post(path)):
        assert (answer.status_code, answer["Location"]) == (302, "/kiosk/")


def test_not_even_a_client_link_or_a_session_leads_off_the_tablet(
    tablet: Browser, invitation: Invitation, owner: User
) -> None:
    assert invitation.link is not None
    assert tablet.get(links.path_of(invitation.link))["Location"] == "/kiosk/"
    tablet.force_login(owner)
    assert tablet.get("/clients/")["Location"] == "/kiosk/"


def test_a_revoked_tablet_is_a_browser_like_any_other(
    tablet: Browser, device: KioskDevice, turn: KioskTurn, front_desk: User
) -> None:
    kiosk.revoke_device(device=device, by=front_desk)
    assert tablet.get("/kiosk/").status_code == 404
    assert tablet.get(f"/k/{turn.pk}/").status_code == 404
    assert tablet.get("/accounts/login/").status_code == 200
    turn.refresh_from_db()
    assert turn.how == "revoked"


def test_a_browser_that_is_no_tablet_finds_no_kiosk(client: Browser, turn: KioskTurn) -> None:
    for path in ("/kiosk/", "/kiosk/next/", f"/k/{turn.pk}/", f"/k/{turn.pk}/step/1/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/k/{turn.pk}/end/").status_code == 404


def test_another_tablets_turn_is_not_there(turn: KioskTurn, location: Location, front_desk: User) -> None:
    _device, secret = kiosk.enrol_device(location=location, name="Tablet 2", by=front_desk)
    other = Browser()
    other.cookies[COOKIE] = secret
    assert other.get(f"/k/{turn.pk}/").status_code == 404


def test_the_neutral_page_names_nobody_and_leads_to_the_form_that_was_sent(
    tablet: Browser, turn: KioskTurn, client_record: Client
) -> None:
    page = tablet.get("/kiosk/")
    assert f'href="/k/{turn.pk}/"' in page.content.decode()
    assert tablet.get("/kiosk/next/").json() == {"path": f"/k/{turn.pk}/"}
    gate = tablet.get(f"/k/{turn.pk}/")
    for shown in (page, gate):
        text = shown.content.decode()
        assert client_record.given_name not in text
        assert client_record.family_name not in text
        assert "no-store" in shown["Cache-Control"]


def test_the_form_asks_for_the_date_of_birth_first(tablet: Browser, turn: KioskTurn) -> None:
    assert tablet.get(f"/k/{turn.pk}/step/1/")["Location"] == f"/k/{turn.pk}/"
    assert tablet.post(f"/k/{turn.pk}/", {"born_on": "1960-01-01"}).status_code == 422
    assert tablet.post(f"/k/{turn.pk}/", BORN)["Location"] == f"/k/{turn.pk}/step/1/"


def test_what_is_answered_on_a_tablet_says_so(tablet: Browser, turn: KioskTurn) -> None:
    tablet.post(f"/k/{turn.pk}/", BORN)
    tablet.post(f"/k/{turn.pk}/step/1/", {"reason.main": "My hip", "duration": "6_to_12_weeks"})
    response = Response.objects.get()
    assert response.source == Response.Source.KIOSK
    turn.refresh_from_db()
    assert turn.seen_at is not None


def test_when_the_turn_ends_the_next_person_sees_nothing_of_it(tablet: Browser, turn: KioskTurn) -> None:
    tablet.post(f"/k/{turn.pk}/", BORN)
    tablet.post(f"/k/{turn.pk}/step/1/save/", {"reason.main": "My hip"})
    answer = tablet.post(f"/k/{turn.pk}/end/")
    assert (answer["Location"], answer["Clear-Site-Data"]) == ("/kiosk/", '"storage"')
    assert tablet.get(f"/k/{turn.pk}/step/1/")["Location"] == "/kiosk/"
    assert tablet.get("/kiosk/next/").json() == {"path": ""}
    turn.refresh_from_db()
    assert turn.how == "handed-back"
    assert "My hip" in str(Response.objects.get().answers)


def test_passing_the_check_of_one_turn_opens_no_other(
    tablet: Browser, turn: KioskTurn, location: Location, front_desk: User
) -> None:
    tablet.post(f"/k/{turn.pk}/", BORN)
    other = factories.ClientFactory(locations=[location], born_on=dt.date(1980, 1, 1))
    invitation, _token = intake.invitation_with_token(other)
    second = kiosk.send_to_tablet(invitation=invitation, device=turn.device, by=front_desk)
    assert tablet.get(f"/k/{second.pk}/step/1/")["Location"] == f"/k/{second.pk}/"
    assert tablet.get(f"/k/{turn.pk}/step/1/")["Location"] == "/kiosk/"
    turn.refresh_from_db()
    assert turn.how == "replaced"


@pytest.mark.parametrize(("is_opened", "minutes"), [(False, 30), (True, 10)])
def test_a_tablet_left_lying_forgets_by_itself(
    is_opened: bool, minutes: int, tablet: Browser, turn: KioskTurn, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_opened:
        tablet.post(f"/k/{turn.pk}/", BORN)
    later(monkeypatch, minutes=minutes - 1)
    assert tablet.get(f"/k/{turn.pk}/").status_code == (302 if is_opened else 200)
    later(monkeypatch, minutes=2)
    assert tablet.get(f"/k/{turn.pk}/")["Location"] == "/kiosk/"
    assert tablet.get("/kiosk/next/").json() == {"path": ""}


def test_a_sent_form_says_thank_you_and_goes(tablet: Browser, turn: KioskTurn, monkeypatch: pytest.MonkeyPatch) -> None:
    tablet.post(f"/k/{turn.pk}/", BORN)
    response = Response.objects.get()
    intake.fill(response, intake.with_flags(intake.harmless_answers(), intake.form_of(response.questionnaire)))
    response.refresh_from_db()
    complete_response(response=response)
    page = tablet.get(f"/k/{turn.pk}/done/").content.decode()
    assert "Please hand the tablet back" in page
    assert f'content="{KioskTurn.return_seconds}; url=/kiosk/"' in page
    assert tablet.get("/kiosk/next/").json() == {"path": ""}
    later(monkeypatch, minutes=3)
    assert tablet.get(f"/k/{turn.pk}/done/")["Location"] == "/kiosk/"


def test_a_finished_form_or_an_ended_link_goes_to_no_tablet(
    device: KioskDevice, invitation: Invitation, front_desk: User
) -> None:
    links.revoke(purpose="intake", object_id=invitation.pk)
    with pytest.raises(Refused, match="has ended"):
        kiosk.send_to_tablet(invitation=Invitation.objects.select_related("link").get(), device=device, by=front_desk)


def test_staff_of_another_place_send_nothing_here(
    client: Browser, stranger: User, device: KioskDevice, invitation: Invitation
) -> None:
    client.force_login(stranger)
    assert client.post(f"/intake/requests/{invitation.pk}/tablet/{device.pk}/").status_code == 404
    assert client.get(f"/intake/requests/{invitation.pk}/desk/").status_code == 404


def test_one_tap_sends_the_form_to_the_tablet(
    client: Browser, front_desk: User, device: KioskDevice, invitation: Invitation
) -> None:
    client.force_login(front_desk)
    page = client.get(f"/intake/requests/{invitation.pk}/desk/").content.decode()
    assert "Send to Tablet 1" in page
    answer: Any = client.post(f"/intake/requests/{invitation.pk}/tablet/{device.pk}/")
    assert answer["Location"] == f"/clients/{invitation.client_id}/"
    assert KioskTurn.objects.get().invitation == invitation
