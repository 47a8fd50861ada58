"""No emergency answer goes unflagged: one thousand generated intakes against what the knowledge files say."""

import datetime as dt
from collections.abc import Iterator

import pytest

from clinic.core import clock
from clinic.people.models import Location
from intake.fhir import Answers, Form, Situation, enabled_items, read_form
from intake.models import RedFlag, Response
from intake.ready_forms import BUILDERS
from intake.services import answering, save_answers
from intake.services.flags import findings_in
from tests.factories import ClientFactory
from tests.intake import oracle
from tests.intake.factories import draft
from tests.intake.generated import Intake, intake

INTAKES = 1000
THROUGH_THE_DATABASE = range(0, INTAKES, 100)


@pytest.fixture(scope="module")
def form() -> Form:
    return read_form({**BUILDERS["first-visit"](), "version": "1"})


def answers_of(given: Intake, flags: dict[str, str]) -> Answers:
    values: dict[str, list[object]] = {f"flag.{code}": [answer] for code, answer in flags.items()}
    return Answers({**values, "contraindications": list(given.limits)}, {"pain-map": given.marks})


def moments(form: Form, given: Intake) -> Iterator[tuple[set[str], set[str]]]:
    """After each tap that makes or unmakes an emergency, and at the end: what the knowledge sees, what is flagged."""
    before: set[str] | None = None
    for flags in given.saves:
        wanted = oracle.emergencies(flags, given.told)
        if wanted == before and flags is not given.saves[-1]:
            continue
        before = wanted
        answers = answers_of(given, flags)
        enabled = enabled_items(form, answers, Situation(age=given.age))
        found = findings_in(form, answers, enabled, with_marks=True).values()
        yield wanted, {each.rule.code for each in found if each.urgency == "emergency"}


def test_a_thousand_generated_intakes_have_no_emergency_that_goes_unflagged(form: Form) -> None:
    missed, wrong, emergencies = [], [], 0
    for seed in range(INTAKES):
        for wanted, found in moments(form, intake(seed)):
            emergencies += len(wanted)
            missed += [(seed, code) for code in wanted - found]
            wrong += [(seed, code) for code in found - wanted]
    assert (missed, wrong) == ([], [])
    assert emergencies > INTAKES  # the intakes are grave enough to prove something


def test_every_emergency_answer_of_the_knowledge_occurs_among_them() -> None:
    known = {(c, a) for c in oracle.entries() for a in oracle.answers_to(c) if oracle.urgency(c, a) == "emergency"}
    given = (intake(seed) for seed in range(INTAKES))
    occurring = {(c, a) for each in given for flags in each.saves for c, a in flags.items()}
    assert known <= occurring


def saved(given: Intake, location: Location) -> tuple[set[str], set[str], Response]:
    """The intake answered for real. Emergencies ever answered, rules with a flag in the database, the answers."""
    born_on = given.born_on(clock.today(location.zone))
    response = draft(ClientFactory(locations=[location], born_on=born_on))
    sections = {section.link_id: section for section in answering.form_of(response.questionnaire).sections}
    ever: set[str] = set()
    for number, flags in enumerate(given.saves):
        answers = answers_of(given, flags)
        for name in ("map", "health", "safety") if number == 0 else ("safety",):
            save_answers(response=response, section=sections[name], given=answers, is_settled=True)
        ever |= oracle.emergencies(flags, given.told)
    flags_there = RedFlag.objects.filter(response=response)
    return ever, {flag.rule.code for flag in flags_there.filter(urgency="emergency")}, response


@pytest.mark.django_db
def test_what_was_ever_answered_stays_flagged_in_the_database_even_when_it_is_changed_back(location: Location) -> None:
    for seed in THROUGH_THE_DATABASE:
        given = intake(seed)
        ever, flagged, response = saved(given, location)
        assert ever <= flagged, seed
        stands = RedFlag.objects.filter(response=response, taken_back_at=None, urgency="emergency")
        assert {flag.rule.code for flag in stands} == oracle.emergencies(given.saves[-1], given.told), seed


@pytest.mark.django_db
def test_the_proof_fails_when_flags_are_not_settled(location: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "settle_flags", lambda **_: [])
    seed = next(n for n in range(INTAKES) if any(oracle.emergencies(f, intake(n).told) for f in intake(n).saves))
    ever, flagged, _response = saved(intake(seed), location)
    assert ever - flagged


def test_an_intake_is_the_same_for_the_same_seed() -> None:
    assert intake(7) == intake(7)
    assert intake(7).born_on(dt.date(2026, 5, 4)) == intake(7).born_on(dt.date(2026, 9, 9))
