"""The report: who counts, what is shown, and what is not."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clinic.audit.models import Event
from clinic.core import clock
from clinic.people.models import Location, User
from intake.models import Condition
from tests import factories
from tests.outcomes.conftest import Course
from treatments.outcomes import report
from treatments.outcomes.filters import Filters, Options


def build(user: User, **query: str) -> report.Report:
    return report.build(Filters.of(query, Options.for_user(user)), user, clock.now())


@pytest.fixture
def twelve(course: Course) -> list[Any]:
    """Fifteen episodes: eight get 3 better, two 1 better, one worse by 2, one could not respond, three are silent."""
    better = [course({0: 7, 91: 4}) for _ in range(8)]
    little = [course({0: 6, 91: 5}) for _ in range(2)]
    return [*better, *little, course({0: 5, 91: 7}), course({0: 1, 91: 1}), *(course({0: 8}) for _ in range(3))]


def test_the_figures_are_those_counted_by_hand(twelve: list[Any], owner: User) -> None:
    (row,) = build(owner).rows
    known = row.figures
    assert (known.episodes, known.with_baseline, known.due, known.answered) == (15, 15, 15, 12)
    assert known.mean_improvement == pytest.approx((8 * 3 + 2 * 1 - 2 + 0) / 12)
    assert known.sd_improvement == pytest.approx(1.6514, abs=1e-4)
    assert (known.able, known.responders, known.worse, known.missing_able) == (11, 8, 1, 3)
    assert row.unable == 1
    assert row.share == pytest.approx(8 / 11)
    assert row.share_bounds == (pytest.approx(8 / 14), pytest.approx(11 / 14))
    assert row.missing_began == "worse"
    assert row.interval
    assert [round(end, 2) for end in row.interval] == [0.95, 3.05]


def test_a_therapist_of_the_location_sees_the_same_and_a_stranger_nothing(
    twelve: list[Any], therapist: User, stranger: User
) -> None:
    assert build(therapist).rows[0].figures.episodes == 15
    assert not build(stranger).rows


def test_below_ten_answers_nothing_is_said(course: Course, owner: User, client: Browser) -> None:
    for _ in range(9):
        course({0: 7, 91: 3})
    (row,) = build(owner).rows
    assert not row.is_shown
    assert row.interval is None
    assert row.share is None
    client.force_login(owner)
    page = client.get("/outcomes/").content.decode()
    assert "fewer than 10" in page
    assert "Not shown below 10 answers" in page


def test_one_episode_counts_for_a_person_and_condition_the_first(
    course: Course, owner: User, location: Location
) -> None:
    person = factories.ClientFactory(locations=[location])
    course({0: 7, 91: 3}, client=person, days_ago=300)
    course({0: 4, 91: 4}, client=person, days_ago=150, side="right")
    (row,) = build(owner).rows
    assert row.figures.episodes == 1
    assert row.figures.mean_improvement == 4


def test_an_answer_is_due_once_its_window_has_closed(course: Course, owner: User) -> None:
    course({0: 7}, days_ago=100)
    course({0: 7}, days_ago=114)
    course({}, days_ago=300)
    (row,) = build(owner).rows
    assert (row.figures.episodes, row.figures.with_baseline, row.figures.due) == (3, 2, 1)


def test_the_window_chooses_the_score(course: Course, owner: User) -> None:
    course({0: 7, 42: 5, 91: 3, 182: 1}, days_ago=300)
    means = [build(owner, at=code).rows[0].figures.mean_follow_up for code in ("w6", "m3", "m6", "nonsense")]
    assert means == [5, 3, 1, 3]


def test_filters_narrow_the_episodes(
    course: Course, owner: User, other_location: Location, other_therapist: User, other_condition: Condition
) -> None:
    course({0: 7}, side="right")
    course({0: 7}, location=other_location)
    course({0: 7}, therapist=other_therapist)
    course({0: 7}, condition=other_condition)
    old = course({0: 7}, days_ago=400)

    def count(**query: str) -> int:
        return sum(row.figures.episodes for row in build(owner, **query).rows)

    assert count() == 5
    assert count(side="right") == 1
    assert count(location=str(other_location.pk)) == 1
    assert count(therapist=str(other_therapist.pk)) == 1
    assert count(to=old.opened_at.date().isoformat()) == 1
    assert count(**{"from": "not a date", "location": "x", "side": "y", "measure": "z"}) == 5


def test_a_therapist_may_choose_themselves_and_no_colleague(
    course: Course, therapist: User, other_therapist: User
) -> None:
    course({0: 7})
    course({0: 7}, therapist=other_therapist)
    assert [user.pk for user in Options.for_user(therapist).therapists] == [therapist.pk]
    assert build(therapist, therapist=str(therapist.pk)).rows[0].figures.episodes == 1
    assert build(therapist, therapist=str(other_therapist.pk)).rows[0].figures.episodes == 2, "not narrowed to them"


def test_conditions_stand_by_number_and_never_by_result(
    course: Course, owner: User, other_condition: Condition
) -> None:
    for _ in range(3):
        course({0: 7, 91: 7}, condition=other_condition)
    for _ in range(2):
        course({0: 7, 91: 0})
    assert next(iter(build(owner).rows)).condition == other_condition


def test_the_page_says_change_and_never_effect(twelve: list[Any], owner: User, client: Browser) -> None:
    client.force_login(owner)
    page = client.get("/outcomes/").content.decode()
    for words in ("Change, not effect:", "95% interval", "Ostelo", "never by result", "low back pain"):
        assert words in page
    for word in ("cured", "fixed", "caused", "proved", "better than", "works"):
        assert word not in page


def test_a_row_opens_in_place(twelve: list[Any], owner: User, client: Browser, condition: Condition) -> None:
    client.force_login(owner)
    page = client.get("/outcomes/", {"open": condition.code}).content.decode()
    for words in ("Mean by week", "if the missing are counted", "did not answer", "Who has not answered"):
        assert words in page
    assert client.get("/outcomes/", {"open": "nonsense"}).status_code == 200


@pytest.mark.parametrize(
    ("which", "count"), [("all", 15), ("due", 15), ("answered", 12), ("missing", 3), ("responders", 8), ("worse", 1)]
)
def test_every_figure_opens_its_list(
    twelve: list[Any], owner: User, client: Browser, condition: Condition, which: str, count: int
) -> None:
    client.force_login(owner)
    response = client.get(f"/outcomes/{condition.code}/", {"which": which})
    assert response.context["page"].paginator.count == count
    event = Event.objects.get(action="outcomes.read")
    assert len(event.changes["episodes"]) == count


def test_the_list_of_a_condition_is_closed_to_strangers_and_the_desk(
    twelve: list[Any], stranger: User, front_desk: User, client: Browser, condition: Condition
) -> None:
    client.force_login(stranger)
    assert client.get(f"/outcomes/{condition.code}/").context["page"].paginator.count == 0
    client.force_login(front_desk)
    for path in ("/outcomes/", f"/outcomes/{condition.code}/", "/outcomes/table.csv"):
        assert client.get(path).status_code == 403


def test_an_unknown_condition_is_not_found(owner: User, client: Browser) -> None:
    client.force_login(owner)
    assert client.get("/outcomes/nothing/").status_code == 404


def test_an_empty_report_says_what_will_fill_it(owner: User, client: Browser) -> None:
    client.force_login(owner)
    assert "No episodes in this choice" in client.get("/outcomes/").content.decode()


def read_csv(client: Browser) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get("/outcomes/table.csv").content.decode())))


def test_the_file_has_no_names_and_no_small_cells(twelve: list[Any], owner: User, client: Browser) -> None:
    client.force_login(owner)
    (row,) = read_csv(client)
    assert (row["episodes"], row["answered"]) == ("15", "12")
    assert float(row["mean_improvement"]) == 2.0
    assert row["worse"] == "<11"
    assert row["responders"] == row["responder_share"] == "", "3 who did not respond could be named"
    assert "Bell" not in str(row)
    assert Event.objects.filter(action="outcomes.exported").exists()


def test_a_label_is_no_formula_in_a_spreadsheet(
    course: Course, owner: User, client: Browser, condition: Condition
) -> None:
    Condition.objects.filter(pk=condition.pk).update(label="=HYPERLINK(1)")
    course({0: 7})
    client.force_login(owner)
    assert read_csv(client)[0]["condition"] == "'=HYPERLINK(1)"


def counted(client: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_the_report_asks_as_many_questions_at_many_rows_as_at_few(
    course: Course, owner: User, client: Browser, condition: Condition
) -> None:
    paths = [f"/outcomes/?open={condition.code}", f"/outcomes/{condition.code}/", "/outcomes/table.csv"]
    for _ in range(10):
        course({0: 7, 14: 6, 91: 3})
    client.force_login(owner)
    counted(client, paths[0])
    few = [counted(client, path) for path in paths]
    for other in Condition.objects.exclude(pk=condition.pk)[:10]:
        course({0: 7, 91: 3}, condition=other)
    for _ in range(10):
        course({0: 7, 14: 6, 91: 3})
    assert [counted(client, path) for path in paths] == few


def test_on_a_rating_of_change_everybody_begins_at_the_same_and_silence_is_counted(course: Course, owner: User) -> None:
    """GROC: 3 points or more are clearly better (Bobos and others, J Orthop 2020)."""
    for value in (4, 4, 4, 3, 3, 3, 3, 2, 0, -1, -3):
        course({91: value}, measure="groc")
    for _ in range(4):
        course({}, measure="groc")
    (row,) = build(owner, measure="groc").rows
    known = row.figures
    assert (known.with_baseline, known.due, known.answered, known.able) == (15, 15, 11, 11)
    assert (known.mean_baseline, known.responders, known.worse) == (0, 7, 1)
    assert known.mean_improvement == pytest.approx(22 / 11)


def test_activities_that_go_up_are_better(course: Course, owner: User) -> None:
    """PSFS: higher is better, 2.3 points (Abbott and Schmitt, J Orthop Sports Phys Ther 2014)."""
    for first, later in [(3, 6)] * 6 + [(3, 5)] * 3 + [(5, 2)] + [(9, 10)]:
        course({0: first, 91: later}, measure="psfs")
    known = build(owner, measure="psfs").rows[0].figures
    assert (known.answered, known.able, known.responders, known.worse) == (11, 10, 6, 1)
    assert known.mean_improvement == pytest.approx((18 + 6 - 3 + 1) / 11)
