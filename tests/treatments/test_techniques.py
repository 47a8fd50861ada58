"""Chips of techniques: their order, what one tap fills in, and the cautions beside them."""

import dataclasses

import pytest
from django.test import Client as Browser

from clinic.people.models import Alert, User
from intake.knowledge.source import entries
from intake.models import Structure, Technique
from tests.treatments.browsing import typed, url
from treatments.models import SessionNote, WordUse
from treatments.reads.techniques import technique_chips
from treatments.rows import FindingRow, TechniqueRow
from treatments.rules.cautions import asks_for_light, cautions_for, spoken_of
from treatments.services import save_draft, sign_note
from treatments.vocabulary import vocabulary


@dataclasses.dataclass
class Told:
    code: str
    effect: str
    advice: str = ""
    label: str = "Told"


def concerned(limit: Told) -> set[str]:
    known = [(row["code"], row["family"]) for row in entries("techniques") if row["performed_in_session"]]
    return {code for code, family in known if cautions_for([limit], technique=code, family=family)}


def test_a_blood_thinner_speaks_of_deep_and_trigger_point_work_alone() -> None:
    entry = next(row for row in entries("contraindications") if row["code"] == "ci-anticoagulant")
    limit = Told(entry["code"], "modify", entry["advice_staff"])
    assert concerned(limit) == {"deep-tissue-massage", "trigger-point-therapy"}
    assert asks_for_light([limit])


def test_a_clot_speaks_of_all_hands_on_work_and_of_no_exercise() -> None:
    hands_on = {
        row["code"] for row in entries("techniques") if row["performed_in_session"] and row["family"] == "manual"
    }
    assert concerned(Told("ci-blood-clot", "stop")) == hands_on
    assert concerned(Told("", "modify", "Go easy.")) == hands_on
    assert concerned(Told("", "none", "No deep tissue.")) == set()


def test_every_technique_an_advice_names_is_in_the_knowledge() -> None:
    known = {row["code"] for row in entries("techniques")}
    named = set().union(*(spoken_of(row["advice_staff"]) for row in entries("contraindications")))
    assert named
    assert named <= known


def test_the_gravest_limit_stands_first() -> None:
    found = cautions_for([Told("a", "modify"), Told("b", "stop")], technique="myofascial-release", family="manual")
    assert [caution.effect for caution in found] == ["stop", "modify"]


def test_signing_counts_what_was_used_and_chips_stand_in_that_order(
    draft: SessionNote, therapist: User, structure: Structure
) -> None:
    rare = Technique.objects.get(code="assisted-stretching")
    rows = [TechniqueRow(rare.pk, structure.pk, "left", 6), TechniqueRow(rare.pk)]
    finding = FindingRow(kind="trigger_point", code="piriformis", side="right")
    draft = save_draft(
        note=draft, by=therapist, version=draft.version, changes={"techniques": rows, "findings": [finding]}
    )
    signed = sign_note(note=draft, by=therapist, version=draft.version)
    assert signed.episode
    uses = WordUse.objects.filter(therapist=therapist, condition=signed.episode.condition_id)
    assert set(uses.values_list("kind", "code", "uses")) == {
        ("technique", "assisted-stretching", 1),
        ("trigger_point", "piriformis", 1),
    }
    first, *others = technique_chips(signed, vocabulary(), previous=signed, alerts=[])["chips"]
    assert first.technique == rare
    assert (first.structure_id, first.side, first.minutes) == (str(structure.pk), "left", 6)
    assert all(chip.side == "right" for chip in others)  # the side of the episode


def test_a_chip_and_its_row_show_the_caution_with_its_source(signed_in: Browser, draft: SessionNote) -> None:
    advice = "Light pressure; no deep tissue, no vigorous trigger point work; warn about bruising."
    Alert.objects.create(
        client=draft.client,
        kind="precaution",
        effect="modify",
        label="Blood thinners",
        advice=advice,
        code="ci-anticoagulant",
    )
    technique = Technique.objects.get(code="deep-tissue-massage")
    signed_in.post(url("note-save", draft.pk), typed(draft, action=f"technique:{technique.pk}"))
    row = SessionNote.objects.get(pk=draft.pk).techniques.get()
    assert (row.technique, row.side) == (technique, "right")
    page = signed_in.get(url("note-edit", draft.pk)).content.decode()
    note = page.split(f'data-note-for="{technique.pk}"')[1].split("data-note-for")[0]
    assert "data-unused" not in note.split(">")[0]
    assert advice in note
    assert "Known from literature" in note
    assert "Avoid hard digging into psoas" in note


@pytest.mark.parametrize("action", ["technique:nonsense", "technique:5b0f3c1e-9d0a-4c57-8f7e-2f6f1f0f7a11"])
def test_a_technique_that_is_not_there_is_a_404(signed_in: Browser, draft: SessionNote, action: str) -> None:
    assert signed_in.post(url("note-save", draft.pk), typed(draft, action=action)).status_code == 404
