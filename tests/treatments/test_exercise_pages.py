"""The client's page of exercises, the therapist's plan and the library."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from clinic.core import clock
from clinic.messaging import links
from clinic.messaging.models import ClientLink
from clinic.people.models import Location, User
from intake.knowledge.load import load_knowledge
from intake.models import Exercise
from tests.treatments.conftest import OWN_EXERCISE, a_picture
from treatments.models import Adherence, Episode, ExercisePicture, Prescription
from treatments.services import prescribe, programme_link, stop_prescription
from treatments.services.library import add_exercise
from treatments.templatetags.doses import amount
from treatments.views import exercise_links
from treatments.vocabulary import vocabulary

OWN_FIELDS = {
    **{name: OWN_EXERCISE[name] for name in ("label", "goal", "targets", "cue")},  # type: ignore[literal-required]
    "sets": "2",
    "reps": "12",
    "side": "as needed",
    "cautions": "Stop if it pinches.\nNot before breakfast.",
}


@pytest.fixture
def given(episode: Episode, exercise: Exercise, therapist: User) -> Prescription:
    return prescribe(episode=episode, exercise=exercise, by=therapist, sets=3, reps=10, hold_seconds=2)


@pytest.fixture
def link(given: Prescription) -> ClientLink:
    return programme_link(given.episode.client)


@pytest.fixture
def path(link: ClientLink) -> str:
    return links.path_of(link)


@pytest.fixture
def said(given: Prescription, location: Location) -> dict[str, str]:
    return {"exercise": str(given.pk), "on": clock.today(location.zone).isoformat()}


@pytest.fixture
def own(therapist: User) -> Exercise:
    return add_exercise(given=OWN_EXERCISE, picture=a_picture(), shows="A towel rolled up", by=therapist)


def test_a_client_ticks_says_how_it_felt_and_takes_it_back(client: Browser, path: str, said: dict[str, str]) -> None:
    page = client.get(path).content.decode()
    assert "Side-lying leg lift" in page
    assert "3 × 10, hold 2 s" in page
    assert "0 of 1" in page
    assert client.post(path, {**said, "done": "1"})["Location"] == path
    assert "1 of 1" in client.get(path).content.decode()
    client.post(path, {**said, "pain": "2"})
    assert [row.pain_after for row in Adherence.objects.all()] == [2]
    assert "Stop this exercise" not in client.get(path).content.decode()
    client.post(path, {**said, "done": "0"})
    assert not Adherence.objects.exists()


def test_much_pain_tells_the_client_to_stop_and_ring_and_names_no_condition(
    client: Browser, path: str, said: dict[str, str], episode: Episode, location: Location
) -> None:
    answer = client.post(path, {**said, "pain": "8"}, headers={"X-Requested-With": "XMLHttpRequest"})
    part = answer.content.decode()
    assert "<html" not in part
    assert "Stop this exercise for today and tell us" in part
    page = client.get(path).content.decode()
    assert episode.condition.label not in page
    assert answer["Referrer-Policy"] == "no-referrer"


def test_opening_the_page_changes_nothing(client: Browser, path: str) -> None:
    for _ in range(5):
        client.get(path)
        client.head(path)
    assert not Adherence.objects.exists()
    assert not ClientLink.objects.exclude(opened_at=None).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"exercise": "../x"},
        {"exercise": ""},
        {"on": "yesterday"},
        {"on": "2020-02-30"},
        {"on": "1999-01-01"},
        {"pain": "11"},
        {"pain": "-1"},
        {"pain": "NaN"},
        {"pain": "9" * 5000},
    ],
)
def test_what_makes_no_sense_is_refused_on_the_page_itself(
    client: Browser, path: str, said: dict[str, str], wrong: dict[str, str]
) -> None:
    answer = client.post(path, {**said, **wrong})
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (422, True)
    assert not Adherence.objects.exists()


def test_a_stopped_exercise_is_gone_from_the_page_and_a_late_tick_is_told_so(
    client: Browser, path: str, said: dict[str, str], given: Prescription, therapist: User
) -> None:
    stop_prescription(prescription=given, by=therapist)
    assert client.post(path, said).status_code == 409
    page = client.get(path).content.decode()
    assert str(given.pk) not in page
    assert "Nothing to do at home" in page


def test_yesterday_is_ticked_on_a_page_of_its_own_once_there_was_one(
    client: Browser, path: str, given: Prescription, location: Location
) -> None:
    assert "Tick yesterday" not in client.get(path).content.decode()
    assert "Nothing was on your list" in client.get(f"{path}?day=yesterday").content.decode()


def test_wrong_expired_revoked_and_foreign_links_look_the_same(
    client: Browser, path: str, link: ClientLink, own: Exercise
) -> None:
    foreign = links.issue(client=link.client, purpose="follow_up", object_id=link.object_id, expires_at=link.expires_at)
    wrong = ["/x/nothing/", f"/x/{links.token_of(foreign)}/"]
    bodies = {_plain(client.get(each)) for each in wrong}
    for change in ({"expires_at": clock.now()}, {"revoked_at": clock.now(), "expires_at": link.expires_at}):
        ClientLink.objects.filter(pk=link.pk).update(**change)
        bodies.add(_plain(client.get(path)))
        assert client.get(f"{path}exercises.pdf").status_code == 404
        assert client.post(path, {}).status_code == 404
    assert len(bodies) == 1


def _plain(answer: object) -> tuple[int, str]:
    text = re.sub(r'csrf-token" content="[^"]+"', "", answer.content.decode())  # type: ignore[attr-defined]
    return answer.status_code, text  # type: ignore[attr-defined]


def test_a_flood_of_pages_is_slowed_down(client: Browser, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exercise_links._Throttle, "rate", "2/min")
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]


def test_a_picture_is_shown_by_link_only_to_those_who_have_the_exercise(
    client: Browser, path: str, own: Exercise, given: Prescription, therapist: User
) -> None:
    address = f"{path}pictures/{own.pk}/"
    assert client.get(address).status_code == 404
    prescribe(episode=given.episode, exercise=own, by=therapist)
    answer = client.get(address)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert f'src="{address}" alt="A towel rolled up"' in client.get(path).content.decode()


def test_the_handout_has_every_exercise_with_its_picture(
    client: Browser, path: str, own: Exercise, given: Prescription, therapist: User, signed_in: Browser
) -> None:
    prescribe(episode=given.episode, exercise=own, by=therapist, instructions="Ёлка, slowly")
    paper = signed_in.get(reverse("treatments:client-exercises-paper", args=[given.episode.client_id]))
    assert paper.content.startswith(b"%PDF-")
    assert b"/Subtype /Image" in paper.content
    assert client.get(f"{path}exercises.pdf").content == paper.content


def test_the_therapist_gives_an_exercise_from_the_plan_with_the_dose_of_the_library(
    signed_in: Browser, episode: Episode, exercise: Exercise
) -> None:
    url = reverse("treatments:client-exercises", args=[episode.client_id])
    page = signed_in.get(url).content.decode()
    assert page.index(f"For {episode.condition.label}") < page.index('label="Stretch"')
    fields = {
        "dose-episode": str(episode.pk),
        "dose-exercise": str(exercise.pk),
        "dose-instructions": "Right leg on top",
    }
    signed_in.post(url, fields)
    row = episode.prescriptions.get()
    assert (row.sets, row.reps, row.hold_seconds, row.times_per_week, row.side) == (3, 10, 2, 3, "none")
    assert "Right leg on top" in signed_in.get(url).content.decode()
    for wrong in ({"dose-sets": "0"}, {"dose-minutes": "900"}, {"dose-exercise": "x"}, {"dose-episode": ""}):
        assert signed_in.post(url, {**fields, **wrong}).status_code == 422
    assert episode.prescriptions.get() == row


def test_stopping_from_the_plan_can_be_undone(signed_in: Browser, given: Prescription) -> None:
    page = signed_in.post(reverse("treatments:exercise-stop", args=[given.pk]), follow=True).content.decode()
    undo = reverse("treatments:exercise-resume", args=[given.pk])
    assert undo in page
    signed_in.post(undo)
    given.refresh_from_db()
    assert given.stopped_at is None


def test_what_is_known_of_an_exercise_is_shown_while_choosing(signed_in: Browser) -> None:
    plank = Exercise.objects.get(code="core-plank")
    part = signed_in.get(reverse("treatments:exercise-facts"), {"dose-exercise": str(plank.pk)}).content.decode()
    for words in ("3 × 20 seconds, 4 times a week", "Start from the knees", "longer hold", 'class="source"'):
        assert words in part
    assert signed_in.get(reverse("treatments:exercise-facts"), {"dose-exercise": "x"}).content == b""


def test_the_library_is_searched_and_filtered(signed_in: Browser, own: Exercise) -> None:
    def shown(**query: str) -> set[str]:
        page = signed_in.get(reverse("treatments:exercise-list"), query).content.decode()
        return set(re.findall(r"<header><h2>([^<]+)</h2>", page))

    assert len(shown()) == 19
    assert shown(q="piriformis stretch") == {"Figure-four (piriformis) stretch"}
    assert shown(goal="aerobic") == {"Walking", "Swimming"}
    assert "Towel squeeze" in shown(goal="strength", target="gluteus-medius")
    assert shown(q="Nothing has these words") == set()
    assert len(shown(goal="'; --", target="x")) == 19


def test_an_own_exercise_is_kept_with_its_picture_and_offered_at_once(signed_in: Browser, therapist: User) -> None:
    before = {word.label for word in vocabulary().exercises}
    upload = SimpleUploadedFile("../../holiday.jpg", a_picture("JPEG", (3000, 200)).read())
    fields = {**OWN_FIELDS, "picture": upload, "description": "A towel"}
    answer = signed_in.post(reverse("treatments:exercise-create"), fields)
    assert answer.status_code == 302
    row = Exercise.objects.get(label="Towel squeeze")
    assert row.data["cautions"] == ["Stop if it pinches.", "Not before breakfast."]
    assert {word.label for word in vocabulary().exercises} - before == {"Towel squeeze"}
    picture = ExercisePicture.objects.get()
    assert (picture.media_type, "holiday" in str(picture.file)) == ("image/jpeg", False)
    assert picture.file.size == picture.size_bytes
    signed_in.post(reverse("treatments:exercise-edit", args=[row.pk]), {**OWN_FIELDS, "label": "Ball squeeze"})
    row.refresh_from_db()
    assert (row.label, row.picture) == ("Ball squeeze", picture)


@pytest.mark.parametrize(
    ("content", "description"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "x"),
        (b"%PDF-1.4 paper", "x"),
        (b"\x89PNG\r\n\x1a\nbroken", "x"),
        (b"", "x"),
        (None, ""),
    ],
)
def test_what_is_no_picture_or_says_nothing_is_refused_and_nothing_is_lost(
    signed_in: Browser, content: bytes | None, description: str
) -> None:
    upload = SimpleUploadedFile("x.png", a_picture().read() if content is None else content)
    fields = {**OWN_FIELDS, "picture": upload, "description": description}
    answer = signed_in.post(reverse("treatments:exercise-create"), fields)
    assert (answer.status_code, "Towel squeeze" in answer.content.decode()) == (422, True)
    assert not Exercise.objects.filter(is_built_in=False).exists()


@pytest.mark.parametrize(
    "wrong", [{"label": " "}, {"goal": "x"}, {"targets": ["x"]}, {"sets": "900"}, {"cautions": "a\n" * 6}]
)
def test_an_exercise_that_makes_no_sense_is_not_kept(signed_in: Browser, wrong: dict[str, object]) -> None:
    assert signed_in.post(reverse("treatments:exercise-create"), {**OWN_FIELDS, **wrong}).status_code == 422


def test_a_shipped_exercise_is_neither_changed_nor_retired_by_a_therapist_and_a_release_leaves_it_retired(
    signed_in: Browser, exercise: Exercise, owner: User, own: Exercise
) -> None:
    assert signed_in.post(reverse("treatments:exercise-edit", args=[exercise.pk]), OWN_FIELDS).status_code == 403
    retire = reverse("treatments:exercise-retire", args=[exercise.pk])
    assert signed_in.post(retire).status_code == 403
    signed_in.post(reverse("treatments:exercise-retire", args=[own.pk]))
    signed_in.force_login(owner)
    signed_in.post(retire)
    load_knowledge(force=True)
    assert set(Exercise.objects.exclude(retired_at=None)) == {exercise, own}
    assert not {exercise.label, own.label} & {word.label for word in vocabulary().exercises}
    signed_in.post(reverse("treatments:exercise-bring-back", args=[exercise.pk]))
    assert set(Exercise.objects.exclude(retired_at=None)) == {own}


@pytest.mark.parametrize(
    ("dose", "words"),
    [
        ({"sets": 2, "reps": 1, "hold_seconds": 30}, "2 × 30 seconds"),
        ({"sets": 3, "reps": 10, "hold_seconds": 2}, "3 × 10, hold 2 s"),
        ({"reps": 10}, "10 ×"),
        ({"sets": 1, "reps": 1, "minutes": 20}, "20 minutes"),
        ({"sets": 1, "reps": 1}, ""),
        ({}, ""),
    ],
)
def test_a_dose_is_said_in_few_words(dose: dict[str, int], words: str) -> None:
    assert amount(Prescription(**dose)) == words


def test_a_day_of_the_clients_own_zone_is_ticked(client: Browser, path: str, given: Prescription) -> None:
    """Two days ago is not on the page, though a telephone that was out of reach still brings it."""
    long_ago = (clock.today(given.episode.location.zone) - dt.timedelta(days=2)).isoformat()
    assert client.post(path, {"exercise": str(given.pk), "on": long_ago}).status_code == 422, "before it was given"
