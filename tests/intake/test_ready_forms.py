"""The forms that come with the product: valid, whole, and never put over a practice's own."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client as Browser

from clinic.people.models import Alert, Client
from intake.answers import answers_of, summary
from intake.fhir import Kind, read_form
from intake.fhir.checking import check
from intake.form_cache import form_of
from intake.knowledge.forms import publish_ready_forms
from intake.models import Questionnaire, Response
from intake.ready_forms import BUILDERS
from intake.services import complete_response, open_drafts
from tests import factories
from tests.intake.factories import draft, fill, harmless_answers, invitation_with_token, with_flags

pytestmark = pytest.mark.django_db
ACTIVITIES = ("Walk to the shops", "Put on my shoes")


def first_visit(client: Client, *, limits: tuple[str, ...] = ("none",), **values: Any) -> Response:
    response = draft(client)
    answers = with_flags(harmless_answers(), form_of(response.questionnaire))
    answers.put("contraindications", limits)
    answers.rows["psfs"] = len(ACTIVITIES)
    for number, activity in enumerate(ACTIVITIES):
        answers.put(f"psfs:{number}/psfs.activity", [activity])
        answers.put(f"psfs:{number}/psfs.rating", [number + 3])
    for address, value in values.items():
        answers.put(address, [value])
    fill(response, answers)
    return complete_response(response=response)


def before_visit(client: Client) -> Response:
    invitation, _token = invitation_with_token(client, "before-visit", purpose="before_visit")
    (response,) = open_drafts(invitation=invitation)
    return response


def answer(response: Response, **values: Any) -> Response:
    """What a client answers before a visit, everything harmless but for `values` (dots written __)."""
    answers = with_flags(harmless_answers(), form_of(response.questionnaire))
    answers.put("contraindications", [])
    for name, value in values.items():
        answers.put(name.replace("__", "."), value if isinstance(value, list) else [value])
    answers.rows["psfs"] = answers_of(response).rows.get("psfs", 0)
    for number in range(answers.rows["psfs"]):
        answers.put(f"psfs:{number}/psfs.rating", [number + 6])
    fill(response, answers)
    response.refresh_from_db()
    return complete_response(response=response)


@pytest.mark.parametrize("slug", BUILDERS)
def test_a_ready_form_is_valid_fhir_without_a_remark(slug: str) -> None:
    assert check({**BUILDERS[slug](), "version": "1"}).problems == ()


def test_the_first_visit_asks_for_every_symptom_the_clinic_sorts_by() -> None:
    form = read_form({**BUILDERS["first-visit"](), "version": "1"})
    codes = {option.code for option in form.by_link_id["symptoms"].options}
    assert {"pain", "tingling", "numbness", "weakness", "stiffness", "restricted-movement", "none"} <= codes


def test_lifestyle_is_asked_by_shoes_sitting_sleep_and_repetition_and_never_required() -> None:
    form = read_form({**BUILDERS["first-visit"](), "version": "1"})
    (days,) = [section for section in form.sections if section.link_id == "days"]
    questions = [item for item in days.walk() if item.is_question]
    assert {"shoe-age", "sitting-total", "sleep-position", "repetitive-tasks"} <= {item.link_id for item in questions}
    assert not any(item.required for item in questions)


def test_up_to_three_activities_are_named_and_a_named_one_is_rated(client: Browser, client_record: Client) -> None:
    _invitation, token = invitation_with_token(client_record)
    path = f"/i/{token}/"
    client.post(path, {"born_on": "1967-08-04"})
    page = {"reason.main": "Hip", "duration": "often", "psfs:rows": "1", "psfs:0/psfs.activity": "Walk"}
    refused = client.post(f"{path}step/1/", page | {"duration": "over_1_year"})
    assert refused.status_code == 422
    assert 'name="psfs:0/psfs.rating"' in refused.content.decode()
    for _ in range(4):
        client.post(f"{path}step/1/", {"psfs:rows": "9", "_add": "psfs"})
    assert answers_of(Response.objects.get()).rows["psfs"] == 3


def test_what_is_asked_again_is_there_and_what_must_be_said_afresh_is_not(client_record: Client) -> None:
    first_visit(client_record, limits=("ci-anticoagulant",))
    answers = answers_of(before_visit(client_record))
    assert answers.all("contraindications.before") == ["ci-anticoagulant"]
    assert [answers.one(f"psfs:{n}/psfs.activity") for n in range(2)] == list(ACTIVITIES)
    assert answers.one("groc.since") == Response.objects.exclude(completed_at=None).get().completed_at.date()
    form = read_form({**BUILDERS["before-visit"](), "version": "1"})
    afresh = [i.link_id for k in (Kind.RED_FLAG, Kind.SCALE) for i in form.of_kind(k)]
    afresh += ["contraindications", "contraindications.same", "psfs:0/psfs.rating"]
    assert not any(answers.all(name) for name in afresh)
    assert not answers.all_marks()


def test_a_client_without_earlier_answers_is_asked_as_for_the_first_time(
    client: Browser, client_record: Client
) -> None:
    _invitation, token = invitation_with_token(client_record, "before-visit", purpose="before_visit")
    client.post(f"/i/{token}/", {"born_on": "1967-08-04"})
    health = client.get(f"/i/{token}/step/4/").content.decode()
    assert 'name="contraindications"' in health
    assert "Last time you said" not in health
    response = answer(Response.objects.get(), contraindications="none")
    assert set(response.scores) == {"nprs.now", "nprs.worst", "nprs.average"}, "no change without a day to count from"


def test_what_limits_treatment_counts_again_only_once_it_was_confirmed(client_record: Client) -> None:
    first_visit(client_record, limits=("ci-anticoagulant",))
    Alert.objects.update(ended_at=dt.datetime.now(dt.UTC))
    response = answer(before_visit(client_record), contraindications__same="same")
    assert answers_of(response).all("contraindications.kept") == ["ci-anticoagulant"]
    assert Alert.objects.filter(code="ci-anticoagulant", ended_at=None).count() == 1


def test_what_was_said_before_counts_no_more_once_something_has_changed(client_record: Client) -> None:
    first_visit(client_record, limits=("ci-anticoagulant",))
    Alert.objects.update(ended_at=dt.datetime.now(dt.UTC))
    draft_again = before_visit(client_record)
    response = answer(draft_again, contraindications__same="changed", contraindications="ci-osteoporosis")
    assert answers_of(response).all("contraindications.kept") == []
    assert set(Alert.objects.filter(ended_at=None).values_list("code", flat=True)) == {"ci-osteoporosis"}
    assert answers_of(before_visit(client_record)).all("contraindications.before") == ["ci-osteoporosis"]


def test_a_confirmed_pregnancy_asks_its_red_flags_again(client: Browser, client_record: Client) -> None:
    first_visit(client_record, limits=("ci-pregnancy",))
    _invitation, token = invitation_with_token(client_record, "before-visit", purpose="before_visit")
    client.post(f"/i/{token}/", {"born_on": "1967-08-04"})
    client.post(f"/i/{token}/step/1/", {"pain-map.region": "groin.left", "pain-map.intensity.groin.left": "5"})
    client.post(f"/i/{token}/step/4/", {"contraindications.same": "same"})
    page = client.get(f"/i/{token}/step/5/").content.decode()
    assert 'name="flag.ectopic"' in page


def test_the_day_a_change_counts_from_stays_the_same_from_form_to_form(client_record: Client) -> None:
    first = first_visit(client_record)
    Response.objects.filter(pk=first.pk).update(completed_at=dt.datetime(2026, 3, 3, 23, 30, tzinfo=dt.UTC))
    answer(before_visit(client_record), contraindications__same="same", groc=2)
    again = before_visit(client_record)
    assert answers_of(again).one("groc.since") == dt.date(2026, 3, 4), "in the calendar of the place"


def test_nobody_is_given_the_answers_of_somebody_else(client_record: Client) -> None:
    someone = factories.ClientFactory(locations=list(client_record.locations.all()))
    first_visit(someone, limits=("ci-anticoagulant",))
    assert answers_of(before_visit(client_record)).values == {}


def test_rows_that_are_only_rated_cannot_be_added_to_renamed_or_thrown_away(
    client: Browser, client_record: Client
) -> None:
    first_visit(client_record)
    _invitation, token = invitation_with_token(client_record, "before-visit", purpose="before_visit")
    path = f"/i/{token}/step/3/"
    client.post(f"/i/{token}/", {"born_on": "1967-08-04"})
    page = client.get(path).content.decode()
    assert 'name="_add"' not in page
    assert 'name="_remove"' not in page
    client.post(path, {"psfs:rows": "0", "psfs:0/psfs.activity": "Fly", "psfs:1/psfs.rating": "7"})
    answers = answers_of(Response.objects.get(questionnaire__slug="before-visit"))
    assert answers.rows["psfs"] == 2
    assert answers.one("psfs:0/psfs.activity") == ACTIVITIES[0]


def test_the_therapist_reads_activities_with_their_rating_and_the_change(client_record: Client) -> None:
    first_visit(client_record)
    response = answer(before_visit(client_record), contraindications__same="same", groc=-2)
    lines = dict(summary(response))
    assert lines["Activities"] == "Walk to the shops: 6 of 10; Put on my shoes: 7 of 10"
    assert lines["Change"] == "−2 on a scale from −5 to +5"
    assert lines["Limits treatment"] == "None of these"


@pytest.mark.parametrize("origin", ["editor", "import"])
@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_form_the_practice_has_edited_is_not_published_over(origin: str, status: str) -> None:
    ready = Questionnaire.objects.latest("follow-up")
    Questionnaire.objects.create(
        slug="follow-up",
        version=ready.version + 1,
        title="Ours",
        definition={**ready.definition, "title": "Ours"},
        origin=origin,
        status=status,
        published_at=dt.datetime.now(dt.UTC),
    )
    assert publish_ready_forms() == []
    assert Questionnaire.objects.filter(slug="follow-up").count() == 2


def test_a_ready_form_the_practice_has_retired_stays_retired() -> None:
    Questionnaire.objects.filter(slug="consent").update(status="retired")
    assert publish_ready_forms() == []
    assert Questionnaire.objects.latest("consent") is None


def test_a_ready_form_nobody_touched_is_brought_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BUILDERS, "consent", lambda: {**BUILDERS["follow-up"](), "title": "Newer"})
    (newer,) = publish_ready_forms()
    assert (newer.slug, newer.version, newer.title) == ("consent", 2, "Newer")
