"""The client's path by link: the gate, one screen after the other, what is refused."""

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.test import Client as Browser

from clinic.core import clock
from clinic.messaging import links
from clinic.messaging.models import ClientLink
from clinic.people.models import Client
from intake.answers import answers_of
from intake.form_cache import form_of
from intake.models import Invitation, PainDrawing, RedFlag, Response
from intake.steps import steps_of
from tests.intake.factories import form_data, harmless_answers, invitation_with_token, with_flags

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(client_record: Client) -> str:
    _invitation, token = invitation_with_token(client_record)
    return f"/i/{token}/"


@pytest.fixture
def opened(client: Browser, path: str) -> str:
    client.post(path, {"born_on": "1967-08-04"})
    return path


def data_for(number: int, **flags: str) -> dict[str, Any]:
    response = Response.objects.get()
    form = form_of(response.questionnaire)
    everything = form_data(with_flags(harmless_answers(), form, **flags))
    section = steps_of([response])[number - 1].section
    names = {item.link_id for item in section.walk()}
    return {key: value for key, value in everything.items() if any(key == n or key.startswith(f"{n}.") for n in names)}


def walk(client: Browser, path: str, **flags: str) -> Any:
    for number in range(1, 10):
        answer = client.post(f"{path}step/{number}/", data_for(number, **flags))
        assert answer.status_code == 302, (number, answer.content.decode()[:3000])
    return answer


def test_a_first_visit_form_is_filled_from_the_gate_to_the_thanks(client: Browser, path: str) -> None:
    assert client.get(path).status_code == 200
    assert client.post(path, {"born_on": "1967-08-04"})["Location"] == f"{path}step/1/"
    last = walk(client, path)
    assert last["Location"] == f"{path}done/"
    assert b"Thank you" in client.get(last["Location"]).content
    assert Response.objects.get().status == "completed"
    assert PainDrawing.objects.get().marks.get().key == "lateral-hip.right"


def test_without_the_date_of_birth_no_screen_opens(client: Browser, path: str) -> None:
    for rest in ("step/1/", "step/3/", "advice/", "done/"):
        assert client.get(f"{path}{rest}")["Location"] == path
    assert b"date of birth" in client.post(f"{path}step/1/save/", {"reason.main": "x"}).content
    assert not Response.objects.exists(), "and nothing is taken"
    assert not Response.objects.exists()


def test_a_wrong_date_is_refused_without_saying_how_often_and_the_fifth_locks(client: Browser, path: str) -> None:
    answers = [client.post(path, {"born_on": "1990-01-01"}) for _ in range(5)]
    assert [a.status_code for a in answers] == [422, 422, 422, 422, 403]
    assert "not the date we have" in answers[0].content.decode()
    assert b"locked" in answers[-1].content
    assert client.post(path, {"born_on": "1967-08-04"}).status_code == 403


@pytest.mark.parametrize("typed", ["", "yesterday", "1967-13-40", "0000-00-00", "<script>"])
def test_what_is_no_date_is_said_and_costs_no_try(client: Browser, path: str, typed: str) -> None:
    assert client.post(path, {"born_on": typed}).status_code == 422
    assert ClientLink.objects.get().failed_checks == 0


def test_wrong_expired_revoked_and_foreign_links_look_alike(client: Browser, client_record: Client) -> None:
    _invitation, expired = invitation_with_token(client_record, expires_at=clock.now() - dt.timedelta(seconds=1))
    other, revoked = invitation_with_token(client_record)
    links.revoke(purpose="intake", object_id=other.pk)
    _follow_up, foreign = invitation_with_token(client_record, "follow-up", purpose="follow_up")
    pages = [client.get(f"/i/{token}/") for token in ("x" * 43, "made-up", expired, revoked, foreign)]
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(rb'csrf-token" content="\w+"', b"", page.content) for page in pages}) == 1


def test_opening_a_link_changes_nothing(client: Browser, path: str) -> None:
    for _ in range(20):
        client.get(path)
        client.head(path)
    assert ClientLink.objects.get().opened_at is None
    assert not Response.objects.exists()
    assert Invitation.objects.get().state == "missing"


def test_looking_at_a_screen_changes_nothing(client: Browser, opened: str) -> None:
    before = Response.objects.values().get()
    for number in range(1, 10):
        assert client.get(f"{opened}step/{number}/").status_code == 200
    assert Response.objects.values().get() == before


def test_no_address_leaves_with_the_client(client: Browser, opened: str) -> None:
    for rest in ("", "step/1/", "advice/", "done/"):
        assert client.get(f"{opened}{rest}")["Referrer-Policy"] == "no-referrer"


def test_the_cookie_opens_this_link_alone(client: Browser, opened: str, client_record: Client) -> None:
    _other, token = invitation_with_token(client_record)
    cookie = client.cookies["palpate_form"]
    assert (cookie["path"], bool(cookie["httponly"]), cookie["samesite"]) == (opened, True, "Lax")
    assert client.get(f"/i/{token}/step/1/")["Location"] == f"/i/{token}/"


def test_a_forged_cookie_opens_nothing(client: Browser, path: str) -> None:
    client.cookies["palpate_form"] = str(ClientLink.objects.get().pk)
    assert client.get(f"{path}step/1/")["Location"] == path


def test_a_required_answer_cannot_be_skipped_and_what_was_given_stays(client: Browser, opened: str) -> None:
    answer = client.post(f"{opened}step/1/", {"reason.main": "My hip <b>hurts</b>"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "My hip &lt;b&gt;hurts&lt;/b&gt;" in page
    assert 'id="duration-error"' in page
    assert "Please answer this." in page
    assert answers_of(Response.objects.get()).one("reason.main") == "My hip <b>hurts</b>"


def test_the_last_screen_does_not_send_a_form_with_a_gap_but_leads_to_it(client: Browser, opened: str) -> None:
    for number in (1, 2, 3, 4, 5, 7):
        client.post(f"{opened}step/{number}/", data_for(number))
    assert client.post(f"{opened}step/9/", data_for(9))["Location"] == f"{opened}step/6/"
    assert Response.objects.get().status == "draft"


def test_each_answer_is_saved_at_once_and_says_when(client: Browser, opened: str) -> None:
    answer = client.post(
        f"{opened}step/1/save/", {"reason.main": "Half a sent"}, headers={"Accept": "application/json"}
    )
    assert answer.json()["saved_at"].count(":") == 1
    assert answer.json()["advice"] == ""
    assert answers_of(Response.objects.get()).one("reason.main") == "Half a sent"
    assert Invitation.objects.get().state == "started"


def test_the_form_goes_on_where_it_was_left_on_another_device(client: Browser, opened: str) -> None:
    for number in (1, 2):
        client.post(f"{opened}step/{number}/", data_for(number))
    client.post(f"{opened}step/3/save/", data_for(3))
    elsewhere = Browser()
    assert elsewhere.post(opened, {"born_on": "1967-08-04"})["Location"] == f"{opened}step/3/"
    page = elsewhere.get(f"{opened}step/3/").content.decode()
    assert 'value="lateral-hip.right"' in page
    assert 'data-mark="lateral-hip.right"' in page


def test_going_back_loses_nothing(client: Browser, opened: str) -> None:
    client.post(f"{opened}step/1/", data_for(1))
    assert "My right hip hurts" in client.get(f"{opened}step/1/").content.decode()


def test_what_to_do_stands_above_a_screen_that_comes_back_for_something_else(client: Browser, opened: str) -> None:
    answer = client.post(f"{opened}step/6/", {"flag.ces-bladder": "yes"})
    assert answer.status_code == 422, "the other questions are still to be answered"
    assert "Please get medical help now" in answer.content.decode()
    client.post(f"{opened}advice/?after=6")
    again = client.post(f"{opened}step/6/", {"flag.ces-bladder": "yes"})
    assert again.status_code == 422
    assert "Please get medical help now" not in again.content.decode(), "a doctor has seen it"


def test_an_emergency_answer_shows_what_to_do_at_once_and_before_going_on(client: Browser, opened: str) -> None:
    saved = client.post(f"{opened}step/6/save/", {"flag.ces-bladder": "yes"}).json()
    assert saved["advice"].startswith(f"{opened}advice/")
    page = client.get(saved["advice"]).content.decode()
    assert "Please get medical help now" in page
    assert 'href="tel:112"' in page
    assert "harder to pass urine" in page
    answer = client.post(f"{opened}step/6/", data_for(6, ces_bowel="yes"))
    assert answer["Location"] == f"{opened}advice/?after=6"
    assert RedFlag.objects.count() == 2


def test_after_the_advice_the_client_goes_on_and_the_flag_stays(client: Browser, opened: str) -> None:
    for number in (1, 2, 3, 4, 5, 6):
        client.post(f"{opened}step/{number}/", data_for(number, ces_bladder="yes"))
    assert client.post(f"{opened}advice/?after=6")["Location"] == f"{opened}step/7/"
    for number in (7, 8, 9):
        client.post(f"{opened}step/{number}/", data_for(number))
    page = client.get(f"{opened}done/").content.decode()
    assert "Please get medical help now" in page
    assert RedFlag.objects.unacknowledged().get().seen_by_doctor_at is not None


def test_an_urgent_answer_is_told_before_the_next_screen_but_does_not_send_for_an_ambulance(
    client: Browser, opened: str
) -> None:
    answer = client.post(f"{opened}step/6/", data_for(6, progressive_weakness="yes"))
    page = client.get(answer["Location"]).content.decode()
    assert "doctor today or tomorrow" in page
    assert "tel:112" not in page


def test_an_urgent_answer_saved_as_it_was_tapped_is_told_on_leaving_the_screen_all_the_same(
    client: Browser, opened: str
) -> None:
    client.post(f"{opened}step/6/save/", {"flag.progressive-weakness": "yes"})
    answer = client.post(f"{opened}step/6/", data_for(6, progressive_weakness="yes"))
    assert answer["Location"] == f"{opened}advice/?after=6"


def test_a_place_marked_on_the_map_adds_its_questions(client: Browser, opened: str) -> None:
    assert "flag.hernia-stuck" not in client.get(f"{opened}step/6/").content.decode()
    client.post(f"{opened}step/3/", {"pain-map.region": "groin.left", "pain-map.intensity.groin.left": "4"})
    assert "flag.hernia-stuck" in client.get(f"{opened}step/6/").content.decode()


def test_without_a_script_a_ticked_place_gets_its_sheet_and_then_its_strength(client: Browser, opened: str) -> None:
    answer = client.post(f"{opened}step/3/", {"pain-map.region": ["groin.left", "sacrum"]})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'data-mark="groin.left"' in page
    assert 'name="pain-map.intensity.sacrum"' in page
    strengths = {"pain-map.intensity.groin.left": "3", "pain-map.intensity.sacrum": "5"}
    answer = client.post(f"{opened}step/3/", {"pain-map.region": ["groin.left", "sacrum"], **strengths})
    assert answer["Location"] == f"{opened}step/4/"


BAD = [
    (3, {"pain-map.region": "elbow.left"}),
    (3, {"pain-map.region": ["groin"] * 900}),
    (3, {"pain-map.region": "groin.left", "pain-map.intensity.groin.left": "11"}),
    (3, {"pain-map.region": "groin.left", "pain-map.intensity.groin.left": "²"}),
    (3, {"pain-map.region": "groin.left", "pain-map.quality.groin.left": "lovely"}),
    (4, {"nprs.now": "eleven"}),
    (4, {"nprs.now": "99999999999999999999"}),
    (1, {"reason.main": "x" * 501}),
    (1, {"duration": "forever"}),
    (1, {"duration": ["under_6_weeks", "over_1_year"]}),
    (2, {"onset.date": "2026-02-30"}),
    (7, {"sitting-total": "1e400"}),
    (7, {"sitting-total": "nan"}),
    (9, {"signature": "{"}),
    (9, {"signature": '{"strokes": [[1, "<script>"]]}'}),
    (9, {"signature": '{"strokes": [[1.5, 99999]]}'}),
    (9, {"signature": "[" * 50_000}),
    (9, {"signature": "9" * 100_000}),
]


@pytest.mark.parametrize(("number", "data"), BAD)
def test_bad_input_is_refused_in_words_and_loses_nothing(
    client: Browser, opened: str, number: int, data: dict[str, Any]
) -> None:
    client.post(f"{opened}step/{number}/save/", data_for(number))
    before = answers_of(Response.objects.get())
    answer = client.post(f"{opened}step/{number}/", data)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    (link_id,) = {key.split(".")[0] if key.startswith(("pain-map", "signature")) else key for key in list(data)[:1]}
    after = answers_of(Response.objects.get())
    assert (after.all(link_id), after.marks.get(link_id)) == (before.all(link_id), before.marks.get(link_id))


@pytest.mark.parametrize("rest", ["step/0/", "step/10/", "step/999999999999/", "step/-1/", "step/x/", "nowhere/"])
def test_a_screen_that_is_not_there_is_404(client: Browser, opened: str, rest: str) -> None:
    assert client.get(f"{opened}{rest}").status_code == 404


@pytest.mark.parametrize("query", ["", "?after=", "?after=0", "?after=99", "?after=x", "?after=٣"])
def test_the_advice_page_takes_any_query(client: Browser, opened: str, query: str) -> None:
    assert client.get(f"{opened}advice/{query}").status_code == 302
    client.post(f"{opened}step/6/save/", {"flag.ces-bladder": "yes"})
    assert client.get(f"{opened}advice/{query}").status_code == 200


def test_a_sent_form_is_not_shown_again(client: Browser, opened: str) -> None:
    walk(client, opened)
    for rest in ("", "step/1/", "step/9/"):
        answer = client.get(f"{opened}{rest}")
        assert answer["Location"] == f"{opened}done/"
    assert client.post(f"{opened}step/1/save/", {"reason.main": "later"}).status_code == 409


def test_saving_needs_the_forms_token(path: str) -> None:
    strict = Browser(enforce_csrf_checks=True)
    assert strict.post(path, {"born_on": "1967-08-04"}).status_code == 403


def test_a_screen_takes_the_same_few_queries_whatever_was_answered(
    client: Browser, opened: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 9):
        client.post(f"{opened}step/{number}/", data_for(number))
    for number in range(1, 10):
        with django_assert_max_num_queries(8):
            client.get(f"{opened}step/{number}/")


def test_saving_one_answer_is_quick(client: Browser, opened: str, django_assert_max_num_queries: Any) -> None:
    """The short form of `bin/bench intake`: what the processor takes, which a busy machine leaves alone."""
    taken = []
    for number in range(12):
        began = time.process_time()
        with django_assert_max_num_queries(14):
            client.post(f"{opened}step/1/save/", {"reason.main": f"Hip {number}", "duration": "6_to_12_weeks"})
        taken.append(time.process_time() - began)
    assert sorted(taken)[6] < 0.04
