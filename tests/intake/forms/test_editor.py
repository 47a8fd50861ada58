"""The editor of forms: every step is a plain form, drafts only, nothing is lost when two people edit at once."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core.errors import Conflict, NotAllowed, Refused, StaleVersion
from clinic.people.models import User
from intake.editing.palette import ADDITIONS
from intake.fhir import Kind, read_form
from intake.form_cache import form_of
from intake.models import Questionnaire
from intake.rules import outline
from intake.services.documents import export_questionnaire, hindrances, import_questionnaire, publish_form
from intake.services.editing import discard_draft, edit, new_draft_of, new_form
from tests.intake.forms.conftest import FOREIGN, SLEEP, Send

pytestmark = pytest.mark.django_db
NOTHING = {"option-TOTAL_FORMS": 0, "option-INITIAL_FORMS": 0, "when-TOTAL_FORMS": 0, "when-INITIAL_FORMS": 0}
NAUGHTY = (
    *("\x00", "\x0b\x0c", "   ", "\u202egnp.exe", "'; DROP TABLE x; --", "<script>alert(1)</script>", "a" * 30_000),
    *(
        "NaN",
        "-1",
        "1e400",
        "९",
        "9" * 40,
        "{{7*7}}",
        "%s%n",
        "\ufeff",
        "𝒳💥",
        "../../etc/passwd",
        "=cmd()",
        "0000-00-00",
    ),
)


def save(send: Send, item: str, **data: Any) -> HttpResponse:
    return send("questionnaire-edit", item, **{**NOTHING, **data})


def row(draft: Questionnaire, link_id: str) -> dict[str, Any]:
    return outline.find(draft.definition, link_id)


def test_a_form_is_begun_with_a_title_and_opens_in_the_editor(desk: Browser) -> None:
    answer = desk.post(reverse("intake:questionnaire-create"), {"title": "Running"})
    form = Questionnaire.objects.get(title="Running")
    assert answer["Location"] == reverse("intake:questionnaire-edit", args=[form.pk])
    assert (form.slug, form.status, form.origin) == ("running", "draft", "editor")
    assert "Nothing is in this form yet" in desk.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("kind", sorted(ADDITIONS))
def test_every_kind_of_part_is_added_opened_previewed_and_its_page_can_be_saved(
    desk: Browser, send: Send, draft: Questionnaire, kind: str
) -> None:
    answer = send("form-item-add", "tired", kind=kind)
    assert answer.status_code == 302, answer.content.decode()
    page = desk.get(answer["Location"])
    assert page.status_code == 200
    assert 'id="item-title"' in page.content.decode()
    assert not [row for row in draft.report if row["severity"] == "fatal"]
    assert desk.get(reverse("intake:questionnaire-preview", args=[draft.pk])).status_code == 200


def test_the_red_flag_block_holds_the_real_questions_and_asks_everyone_what_nothing_here_decides(
    send: Send, draft: Questionnaire
) -> None:
    send("form-item-add", "tired", kind="red-flags")
    flags = form_of(draft).of_kind(Kind.RED_FLAG)
    assert len(flags) > 5
    assert hindrances(draft).may_be_published
    asked = {row["linkId"] for row in outline.rows(draft.definition)}
    assert all(c.question in asked for flag in flags for c in flag.enable_when)
    again = send("form-item-add", "tired", kind="red-flags")
    assert (again.status_code, "already" in again.content.decode()) == (422, True)


def test_with_a_pain_map_the_red_flags_wait_for_its_regions(send: Send, draft: Questionnaire) -> None:
    send("form-item-add", "page", kind="pain-map")
    send("form-item-add", "tired", kind="red-flags")
    assert any(flag.enable_when for flag in form_of(draft).of_kind(Kind.RED_FLAG))
    assert len(row(draft, "pain-map")["item"]) == 6
    assert hindrances(draft).may_be_published


def test_a_question_is_worded_and_what_the_file_held_besides_stays(send: Send, draft: Questionnaire) -> None:
    answer = save(send, "tired", text="Tired by noon?", type="boolean", required="on", summary="Tired")
    assert answer.status_code == 302
    changed = row(draft, "tired")
    assert (changed["text"], changed["required"]) == ("Tired by noon?", True)
    assert FOREIGN in changed["extension"]
    assert draft.definition["extension"] == [FOREIGN]
    assert b"Tired by noon?" in export_questionnaire(draft), "the file as it came is not the form any more"
    last = Event.objects.filter(action="questionnaire.edited").latest("at")
    assert last.changes == {"what": "item", "edit": 1}, "the audit names the step, not the words"


def test_limits_unit_and_length_are_the_standards(send: Send, draft: Questionnaire) -> None:
    save(send, "hours", text="Hours", type="integer", minimum="0", maximum="24", unit="hours", help="On weekdays.")
    item = read_form(draft.definition).by_link_id["hours"]
    assert (item.min_value, item.max_value, item.unit, item.flyover) == (0, 24, "hours", "On weekdays.")
    wrong = save(send, "hours", text="Hours", type="integer", minimum="9", maximum="1")
    assert "must not be less" in wrong.content.decode()


def test_answers_are_added_reworded_ordered_and_taken_out(send: Send, draft: Questionnaire) -> None:
    options = {
        "option-TOTAL_FORMS": 4,
        "option-INITIAL_FORMS": 2,
        "text": "Why?",
        "type": "choice",
        "option-0-at": 0,
        "option-0-words": "",
        "option-1-at": 1,
        "option-1-words": "Aches",
        "option-1-score": "2",
        "option-2-words": "Worry",
        "option-3-words": "Light",
        "option-up": "2",
        "when-TOTAL_FORMS": 1,
        "when-INITIAL_FORMS": 1,
        "when-0-question": "tired",
        "when-0-operator": "=",
        "when-0-answer": "yes",
    }
    assert save(send, "why", **options).status_code == 302
    held = read_form(draft.definition).by_link_id["why"].options
    assert [(o.code, o.display, o.score) for o in held] == [
        ("pain", "Aches", 2),
        ("light", "Light", None),
        ("worry", "Worry", None),
    ]


def when(n: int, question: str, operator: str, answer: str = "") -> dict[str, Any]:
    return {f"when-{n}-question": question, f"when-{n}-operator": operator, f"when-{n}-answer": answer}


def test_a_question_is_asked_on_several_conditions_all_or_any(send: Send, draft: Questionnaire) -> None:
    both = {**when(0, "tired", "=", "yes"), **when(1, "why", "=", "Pain"), "when-TOTAL_FORMS": 2}
    assert save(send, "hours", text="Hours", type="integer", behavior="any", **both).status_code == 302
    changed = row(draft, "hours")
    assert changed["enableBehavior"] == "any"
    coding = {"system": "https://codes.example", "code": "pain", "display": "Pain"}
    assert changed["enableWhen"] == [
        {"question": "tired", "operator": "=", "answerBoolean": True},
        {"question": "why", "operator": "=", "answerCoding": coding},
    ]
    save(send, "hours", text="Hours", type="integer", **when(0, "tired", "exists"), **{"when-TOTAL_FORMS": 1})
    assert row(draft, "hours")["enableWhen"] == [{"question": "tired", "operator": "exists", "answerBoolean": True}]
    assert "enableBehavior" not in row(draft, "hours")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (("tired", "=", "perhaps"), "Say yes or no."),
        (("why", "=", "Moon"), "Choose one of its answers: Noise, Pain."),
        (("why", ">", "Pain"), "These answers have no order"),
        (("hours", "=", "1"), "Select a valid choice"),
        (("tired", "=", ""), "Say which answer."),
        (("nowhere", "=", "1"), "Select a valid choice"),
    ],
)
def test_a_condition_that_means_nothing_is_refused_beside_its_field(
    send: Send, draft: Questionnaire, condition: tuple[str, str, str], words: str
) -> None:
    before = draft.definition
    data = {**when(0, *condition), "when-TOTAL_FORMS": 1}
    answer = save(send, "hours", text="Unsaved words", type="integer", **data)
    page = answer.content.decode()
    assert (answer.status_code, words in page, "Unsaved words" in page) == (422, True, True)
    assert draft.definition == before


def test_the_control_for_a_conditions_answer_follows_its_question(desk: Browser, draft: Questionnaire) -> None:
    at = reverse("intake:form-answer", args=[draft.pk])
    control = desk.get(at, {"item": "hours", "row": "when-0", "when-0-question": "why"}).content.decode()
    assert "<select" in control
    assert "Noise" in control
    assert "<select" not in desk.get(at, {"item": "why", "row": "when-0", "when-0-question": "hours"}).content.decode()
    assert desk.get(at, {"item": "why", "row": "<b>"}).status_code == 404


def test_conditions_that_nobody_writes_by_hand_stay_as_they_are(
    desk: Browser, send: Send, draft: Questionnaire
) -> None:
    send("form-item-add", "page", kind="pain-map")
    send("form-item-add", "tired", kind="red-flags")
    flag = next(f for f in form_of(draft).of_kind(Kind.RED_FLAG) if len(f.enable_when) > 12)
    before = row(draft, flag.link_id)["enableWhen"]
    assert save(send, flag.link_id, text="Reworded?", required="on").status_code == 302
    assert row(draft, flag.link_id)["enableWhen"] == before
    assert row(draft, flag.link_id)["text"] == "Reworded?"
    save(send, flag.link_id, text="Reworded?", required="on", **{"drop-conditions": "on"})
    assert "enableWhen" not in row(draft, flag.link_id)


def test_a_type_is_not_changed_under_a_condition(send: Send, draft: Questionnaire) -> None:
    answer = save(send, "tired", text="Are you tired?", type="string")
    assert (answer.status_code, row(draft, "tired")["type"]) == (422, "boolean")
    assert "take their conditions out first" in answer.content.decode()


def test_a_part_is_moved_by_buttons_and_the_button_keeps_the_focus(
    desk: Browser, send: Send, draft: Questionnaire
) -> None:
    answer = send("form-item-move", "why", way="up")
    assert [r["linkId"] for r in outline.rows(draft.definition)] == ["page", "why", "tired", "hours"]
    again = send("form-item-move", "why", way="down")
    page = desk.get(again["Location"]).content.decode()
    assert 'value="down" autofocus' in page
    assert "focus=up" in answer["Location"]


def test_taking_a_question_out_says_first_what_goes_with_it(desk: Browser, send: Send, draft: Questionnaire) -> None:
    page = desk.get(reverse("intake:form-item-remove", args=[draft.pk], query={"item": "tired"})).content.decode()
    assert "asked without that condition" in page
    assert "Why?" in page
    assert send("form-item-remove", "tired").status_code == 302
    assert "enableWhen" not in row(draft, "why")


def test_what_somebody_else_changed_in_between_is_said_and_nothing_typed_is_lost(
    desk: Browser, send: Send, draft: Questionnaire, owner: User
) -> None:
    edit(form=draft, change=lambda d: outline.change(d, "hours", {"text": "Theirs"}), version=0, by=owner, what="item")
    stale = {**NOTHING, "version": 0, "text": "My own words", "type": "boolean"}
    answer = desk.post(reverse("intake:questionnaire-edit", args=[draft.pk], query={"item": "tired"}), stale)
    page = answer.content.decode()
    assert (answer.status_code, "Somebody else changed this form" in page, "My own words" in page) == (409, True, True)
    assert 'name="version" value="1"' in page, "saving again saves over nothing unseen"
    draft.refresh_from_db()
    assert row(draft, "tired")["text"] == "Are you tired?"
    assert save(send, "tired", text="My own words", type="boolean").status_code == 302


def test_words_for_a_question_that_was_taken_out_meanwhile_are_shown_again(
    desk: Browser, draft: Questionnaire, owner: User
) -> None:
    edit(form=draft, change=lambda d: outline.remove(d, "tired"), version=0, by=owner, what="remove")
    data = {**NOTHING, "version": 0, "text": "My own words", "type": "boolean"}
    answer = desk.post(reverse("intake:questionnaire-edit", args=[draft.pk], query={"item": "tired"}), data)
    assert answer.status_code == 409
    assert "My own words" in answer.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "7"])
def test_a_version_that_was_never_shown_changes_nothing(send: Send, draft: Questionnaire, version: str) -> None:
    for answer in (
        send("form-item-move", "why", way="up", version=version),
        send("form-item-remove", "why", version=version),
        send("form-item-add", kind="string", version=version),
        save(send, "why", text="x", type="choice", version=version),
        send("questionnaire-edit", title="x", version=version),
    ):
        assert answer.status_code == 409
    assert draft.definition == SLEEP


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_input_is_refused_clearly_or_kept_as_text_and_the_draft_stays_a_form(
    desk: Browser, send: Send, draft: Questionnaire, text: str
) -> None:
    """Every text in some of the fields, alone, and in all of them at once; every field gets several."""
    fields = ("text", "type", "summary", "help", "minimum", "maximum", "unit", "behavior", "option-up", "option-0-at")
    fields += ("option-0-words", "option-0-score", "when-0-question", "when-0-answer", "when-0-operator")
    fields += ("initial", "control", "asked_if", "said-0-language", "said-0-words")
    turn = NAUGHTY.index(text)
    item, type_ = (("hours", "integer"), ("why", "choice"), ("tired", "boolean"), ("page", "group"))[turn % 4]
    plain = {"text": "Words", "type": type_, "option-TOTAL_FORMS": 1, "when-TOTAL_FORMS": 1}
    plain |= {"said-TOTAL_FORMS": 1, "said-INITIAL_FORMS": 0}
    for names in (fields[turn % 5 :: 5], fields, ("when-TOTAL_FORMS",)):
        answer = save(send, item, **{**plain, **dict.fromkeys(names, text)})
        assert answer.status_code in {302, 422}, names
    for answer in (
        send("questionnaire-edit", title=text),
        send("form-item-add", text, kind=text),
        send("form-item-move", text, way=text),
        send("form-item-remove", text),
        desk.post(reverse("intake:questionnaire-create"), {"title": text}),
    ):
        assert answer.status_code < 500
    assert hindrances(draft).is_fatal is False
    assert desk.get(reverse("intake:questionnaire-preview", args=[draft.pk])).status_code == 200
    assert desk.get(reverse("intake:questionnaire-edit", args=[draft.pk])).status_code == 200


def test_only_drafts_are_edited(desk: Browser, send: Send, draft: Questionnaire, owner: User) -> None:
    published = publish_form(form=draft, by=owner)
    assert desk.get(reverse("intake:questionnaire-edit", args=[draft.pk])).status_code == 302
    for call in (
        lambda: edit(form=published, change=dict, version=0, by=owner, what="item"),
        lambda: discard_draft(form=published, by=owner),
    ):
        with pytest.raises(Conflict):
            call()
    assert send("form-item-move", "why", way="up").status_code == 409


def test_a_form_that_asks_nothing_is_not_published(owner: User) -> None:
    with pytest.raises(Refused):
        publish_form(form=new_form(title="Empty", by=owner), by=owner)


def test_a_new_draft_is_the_next_version_under_a_version_of_its_own_and_there_is_one(
    draft: Questionnaire, owner: User
) -> None:
    published = publish_form(form=draft, by=owner)
    second = new_draft_of(form=published, by=owner)
    assert new_draft_of(form=published, by=owner) == second
    assert (second.version, second.status, second.definition["version"]) == (2, "draft", "2")
    assert {**second.definition, "version": "2026.1"} == published.definition
    edit(form=second, change=lambda d: outline.remove(d, "hours"), version=0, by=owner, what="remove")
    publish_form(form=second, by=owner)
    published.refresh_from_db()
    assert published.definition == SLEEP


def test_what_is_published_last_is_what_is_asked(draft: Questionnaire, owner: User) -> None:
    changed = json.dumps({**SLEEP, "version": "2027.1", "title": "From a file"}).encode()
    import_questionnaire(text=changed, by=owner, publish=True)
    late = publish_form(form=draft, by=owner)
    assert (late.version, Questionnaire.objects.latest("nights")) == (3, late)


def test_a_change_that_would_not_be_fhir_is_refused_whole(draft: Questionnaire, owner: User) -> None:
    with pytest.raises(Refused):
        edit(form=draft, change=lambda d: {**d, "colour": "red"}, version=0, by=owner, what="item")
    with pytest.raises(Refused, match="larger"):
        edit(form=draft, change=lambda d: {**d, "description": "x" * 2_000_000}, version=0, by=owner, what="item")
    with pytest.raises(StaleVersion):
        edit(form=draft, change=lambda d: outline.remove(d, "nowhere"), version=0, by=owner, what="remove")
    draft.refresh_from_db()
    assert (draft.definition, draft.edit_version) == (SLEEP, 0)


def test_the_front_desk_and_therapists_edit_nothing(draft: Questionnaire, front_desk: User, therapist: User) -> None:
    for user in (front_desk, therapist):
        for call in (
            lambda by: new_form(title="x", by=by),
            lambda by: new_draft_of(form=draft, by=by),
            lambda by: edit(form=draft, change=dict, version=0, by=by, what="item"),
            lambda by: discard_draft(form=draft, by=by),
        ):
            with pytest.raises(NotAllowed):
                call(user)


def test_the_preview_follows_the_answers_and_keeps_none(desk: Browser, draft: Questionnaire) -> None:
    at = reverse("intake:questionnaire-preview", args=[draft.pk])
    assert 'data-asked="why"' not in desk.get(at).content.decode()
    tried = desk.post(at, {"tired": "yes", "hours": "abc"}).content.decode()
    assert 'data-asked="why"' in tried
    assert draft.responses.count() == 0


def test_a_score_adds_up_what_the_chosen_answers_count_and_names_its_measure(
    desk: Browser, send: Send, draft: Questionnaire
) -> None:
    counts = {"option-TOTAL_FORMS": 2, "option-INITIAL_FORMS": 2, "text": "Why?", "type": "choice"}
    counts |= {"option-0-at": 0, "option-0-words": "Noise", "option-0-score": "1"}
    save(send, "why", **counts, **{"option-1-at": 1, "option-1-words": "Pain", "option-1-score": "2.5"})
    at = send("form-item-add", "page", kind="score")["Location"].partition("item=")[2].partition("#")[0]
    save(send, at, text="Your score", reckoned="sum", measure="lefs")
    assert row(draft, at)["code"] == [{"system": "urn:palpate:measure", "code": "lefs"}]
    preview = reverse("intake:questionnaire-preview", args=[draft.pk])
    assert ">2.5<" in desk.post(preview, {"why": "pain"}).content.decode()
    wrong = save(send, at, text="Your score", reckoned="written", expression="resolve()")
    assert (wrong.status_code, "cannot be reckoned" in wrong.content.decode()) == (422, True)
