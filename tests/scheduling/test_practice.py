"""The owner's report: what is counted, against what, and which visits stand behind it."""

import csv
import datetime as dt
import io
import itertools
from collections import defaultdict
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.core.errors import Refused
from clinic.core.sheets import cell
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Location, Room, User
from scheduling.availability.openings import openings
from scheduling.models import Appointment, DateHours, Holiday, RoomClosure, Service, TimeOff, WeeklyBreak
from scheduling.reports.figures import FIGURES, behind
from scheduling.reports.filters import Filters, segments
from scheduling.reports.mail import mail
from scheduling.reports.report import Report, build
from scheduling.rules.figures import by_hour_of_week, differ, level
from scheduling.rules.periods import Period, choices, period_of
from scheduling.rules.walltime import subtract
from tests import factories
from tests.scheduling.conftest import BERLIN, berlin, work

MAY = Period(dt.date(2026, 5, 4), dt.date(2026, 5, 31))


@pytest.fixture
def boss(owner: User) -> Browser:
    browser = Browser()
    browser.force_login(owner)
    return browser


def at_noon(day: int, month: int = 5, hour: int = 9) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=BERLIN)


def report(location: Location, period: Period = MAY, **filters: Any) -> Report:
    return build(Filters(period, (location,), location, **filters))


@pytest.fixture
def visits(therapist: User, other_therapist: User, room: Room, service: Service) -> list[Appointment]:
    """Some of every kind, in the period and in the one before."""
    kinds = itertools.cycle(
        itertools.product(
            ["completed", "completed", "no-show", "cancelled", "late-cancelled", "booked"],
            ["desk", "online", "waitlist"],
            ["client", "clinic", ""],
            [0, 2, 9, 40],
        )
    )
    made, hours = [], itertools.cycle([24, 72, 192, 0, 23, 71, 191, 300])
    for index in range(56):
        status, origin, by, days = next(itertools.islice(kinds, 10, None))
        starts_at = at_noon(6, 4) + dt.timedelta(days=index)
        is_off = status.endswith("cancelled")
        made.append(
            factories.AppointmentFactory(
                therapist=(therapist, other_therapist)[index % 2],
                room=room,
                service=service,
                starts_at=starts_at,
                created_at=starts_at - dt.timedelta(days=days),
                status=status,
                origin=origin,
                cancelled_by=by if is_off else "",
                cancelled_at=starts_at - dt.timedelta(hours=next(hours)) if is_off else None,
                is_first_visit=index % 3 == 0,
            )
        )
    return made


def test_every_figure_counts_as_many_visits_as_its_list_shows(location: Location, visits: list[Appointment]) -> None:
    found = report(location)
    lists = {key: behind(found.filters, figure).count() for key, figure in FIGURES.items()}
    assert found.now.counts == lists
    before = Filters(MAY.before, (location,))
    assert found.before.counts == {key: behind(before, figure).count() for key, figure in FIGURES.items()}
    assert sum(lists[key] for key in lists if key.startswith("notice-") and key.count("-") == 1) == lists["cancelled"]
    assert sum(lists[key] for key in lists if key.startswith("lead-")) == lists["waited"]
    assert all(lists[key] for key in ("held", "no-show", "late", "new", "returning", "waited", "origin-waitlist"))


def test_the_page_says_each_figure_with_its_count(
    boss: Browser, therapist: User, room: Room, service: Service, location: Location
) -> None:
    for day, status in ((18, "completed"), (19, "completed"), (20, "no-show"), (21, "late-cancelled")):
        factories.AppointmentFactory(
            therapist=therapist,
            room=room,
            service=service,
            starts_at=at_noon(day),
            minutes=60,
            status=status,
            is_first_visit=day == 18,
        )
    response = boss.get(reverse("scheduling:practice"), {"location": location.pk})
    figures = {each["label"]: each for each in response.context["figures"]}
    assert (figures["Visits held"]["value"], figures["Visits held"]["of"]) == ("2", "of 4 booked")
    assert (figures["No-shows"]["value"], figures["No-shows"]["of"]) == ("1", "of 4 booked")
    assert (figures["New clients"]["value"], figures["Returning clients"]["value"]) == ("1", "1")
    row = next(each for each in response.context["therapists"] if each["name"] == therapist.name)
    assert (row["booked"], row["open"]) == (2, 180)


def test_open_hours_are_those_of_the_timetable_less_time_off_also_when_clocks_change(
    therapist: User, other_therapist: User, location: Location
) -> None:
    march = Period(dt.date(2026, 3, 9), dt.date(2026, 4, 5))
    work(therapist, location)
    factories.WorkingHoursFactory(
        therapist=other_therapist, location=location, weekday=6, starts_at=dt.time(1), ends_at=dt.time(5),
        every_n_weeks=2, valid_from=dt.date(2026, 3, 15), valid_until=dt.date(2026, 3, 30),
    )  # fmt: skip
    always = {"therapist": therapist, "location": location, "valid_from": dt.date(2020, 1, 1)}
    WeeklyBreak.objects.create(weekday=2, starts_at=dt.time(12), ends_at=dt.time(12, 45), **always)
    DateHours.objects.create(
        therapist=therapist, location=location, on=dt.date(2026, 3, 14), starts_at=dt.time(9), ends_at=dt.time(11, 30)
    )
    DateHours.objects.create(therapist=therapist, location=location, on=dt.date(2026, 3, 16))
    Holiday.objects.create(location=location, on=dt.date(2026, 4, 3), name="Good Friday")
    off = DateTimeTZRange(at_noon(11, 3, 13), at_noon(12, 3, 10))
    TimeOff.objects.create(therapist=therapist, during=off)
    for which, period in (("now", march), ("before", march.before)):
        spans = defaultdict(list)
        for each in openings(first_day=period.first_on, last_day=period.last_on):
            spans[each.therapist.pk] += subtract([each.span], [(off.lower, off.upper)])
        for use in report(location, march).therapists:
            laid_out = by_hour_of_week((span, BERLIN) for pk in spans if str(pk) == use.id for span in spans[pk])
            if which == "now":
                assert {key: hours for key, hours in use.open_cells.items() if hours} == pytest.approx(laid_out)
            else:
                assert use.open_before == pytest.approx(sum(laid_out.values()))


def test_visits_fill_the_hours_they_take_and_two_at_once_count_once(
    therapist: User, room: Room, location: Location, working: None
) -> None:
    long = factories.AppointmentFactory(
        therapist=therapist, room=room, starts_at=at_noon(6) + dt.timedelta(minutes=40), minutes=150, status="completed"
    )
    factories.AppointmentFactory(
        therapist=therapist, room=room, during=long.during, is_overlap_allowed=True, overlap_reason="Sisters"
    )
    use = next(each for each in report(location).therapists if each.id == str(therapist.pk))
    assert dict(use.booked_cells) == pytest.approx({(2, 9): 1 / 3, (2, 10): 1, (2, 11): 1, (2, 12): 1 / 6})
    assert report(location).now.counts["overlap"] == 1


def test_a_closed_room_is_not_open(therapist: User, room: Room, location: Location, working: None) -> None:
    full = report(location).rooms[0].open_hours
    RoomClosure.objects.create(room=room, during=(at_noon(5, hour=7), at_noon(5, hour=10)))
    assert report(location).rooms[0].open_hours == full - 2  # it opens at eight


def test_a_visit_belongs_to_the_day_its_own_clock_shows(therapist: User, room: Room, location: Location) -> None:
    for starts_at in (at_noon(4, hour=0), at_noon(31, hour=23), berlin(1, 0)):
        factories.AppointmentFactory(therapist=therapist, room=room, starts_at=starts_at, status="completed")
    assert report(location).now.counts["held"] == 2


def test_filters_narrow_every_figure(
    location: Location, other_location: Location, therapist: User, visits: list[Appointment]
) -> None:
    everybody, one = report(location), report(location, therapist=therapist)
    assert 0 < one.now.counts["coming"] < everybody.now.counts["coming"]
    assert [use.name for use in one.therapists] == [therapist.name]
    assert report(other_location).now.counts["coming"] == 0
    assert report(location, service=factories.ServiceFactory()).now.counts["coming"] == 0


def test_the_report_takes_a_constant_number_of_queries(
    boss: Browser, therapist: User, room: Room, service: Service
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert boss.get(reverse("scheduling:practice")).status_code == 200
            assert boss.get(reverse("scheduling:practice-visits", args=["held"])).status_code == 200
        return len(captured)

    client = factories.ClientFactory()
    for index in range(3):
        _held(client, therapist, room, service, index)
    for _index in range(3):
        work(factories.UserFactory(roles=["therapist"], locations=[room.location]), room.location)
    queries()
    few = queries()
    for index in range(3, 30):
        _held(client, therapist, room, service, index)
    for index in range(5):
        factories.RoomFactory(location=room.location, name=f"More {index}")
    for _index in range(27):
        work(factories.UserFactory(roles=["therapist"], locations=[room.location]), room.location)
    assert queries() == few


def _held(client: Client, therapist: User, room: Room, service: Service, index: int) -> None:
    starts_at = at_noon(4 + index % 20, hour=8) + dt.timedelta(hours=index // 20)
    factories.AppointmentFactory(
        client=client, therapist=therapist, room=room, service=service, starts_at=starts_at, status="completed"
    )


def test_the_address_holds_what_was_chosen_and_refuses_nonsense(
    boss: Browser, location: Location, therapist: User, visits: list[Appointment]
) -> None:
    asked = {"from": "2026-05-04", "until": "2026-05-31", "location": location.pk, "therapist": therapist.pk}
    page = boss.get(reverse("scheduling:practice"), asked)
    assert page.context["filters"].query() == {name: str(value) for name, value in asked.items()}
    for bad, status in (
        ({"period": "2026-13"}, 422),
        ({"period": "'; --"}, 422),
        ({"from": "2026-05-04"}, 422),
        ({"from": "2026-05-04", "until": "2036-05-04"}, 422),
        ({"from": "2026-05-04", "until": "2026-05-03"}, 422),
        ({"location": "1"}, 404),
        ({"therapist": str(location.pk)}, 404),
    ):
        assert boss.get(reverse("scheduling:practice"), bad).status_code == status, bad
    assert boss.get(reverse("scheduling:practice-visits", args=["password"])).status_code == 404
    assert boss.get(reverse("scheduling:practice-table", args=["users"])).status_code == 404


def test_each_table_comes_as_csv_and_no_cell_of_it_is_a_formula(
    boss: Browser, therapist: User, working: None, visits: list[Appointment]
) -> None:
    User.objects.filter(pk=therapist.pk).update(name='=HYPERLINK("https://evil.example","Amina")')
    for name in ("figures", "therapists", "rooms", "cancellations", "lead", "origins"):
        response = boss.get(reverse("scheduling:practice-table", args=[name]), {"period": "4"})
        rows = list(csv.reader(io.StringIO(response.content.decode())))
        assert len(rows) > 2
        assert not [text for row in rows for text in row if text.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_text_that_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell(-1) == -1


def test_other_programs_get_the_same_figures(
    boss: Browser, front_desk: User, location: Location, visits: list[Appointment]
) -> None:
    answer = boss.get(f"/api/v1/reports/practice/?from=2026-05-04&until=2026-05-31&location={location.pk}").json()
    assert answer["now"]["counts"] == report(location).now.counts
    assert answer["period_before"] == {"first_on": "2026-04-06", "last_on": "2026-05-03"}
    for bad in ("period=x", "from=2026-05-04", "until=x", "ordering=name", f"location={front_desk.pk}"):
        assert boss.get(f"/api/v1/reports/practice/?{bad}").status_code in {400, 422}


def test_an_empty_practice_gets_an_explanation(boss: Browser) -> None:
    assert "Nothing to report yet" in boss.get(reverse("scheduling:practice")).content.decode()


def test_a_month_stands_beside_the_month_before_and_other_days_beside_as_many() -> None:
    today = dt.date(2026, 3, 17)
    assert period_of("2026-03", "", "", today=today).before == Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    four_weeks = period_of("", "", "", today=today)
    assert (four_weeks.first_on, four_weeks.last_on) == (dt.date(2026, 2, 17), dt.date(2026, 3, 16))
    assert four_weeks.before == Period(dt.date(2026, 1, 20), dt.date(2026, 2, 16))
    assert [each.key for each in choices(today)][3:5] == ["2026-02", "2026-01"]
    with pytest.raises(Refused):
        period_of("2026-00", "", "", today=today)


def test_a_period_is_cut_where_the_clocks_change(location: Location) -> None:
    cuts = list(segments(Filters(Period(dt.date(2026, 3, 16), dt.date(2026, 4, 5)), (location,))))
    assert [(cut.is_now, cut.offset_seconds // 3600) for cut in cuts] == [(False, 1), (True, 1), (True, 2)]
    assert cuts[1].until_second == dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC).timestamp() == cuts[2].first_second


def test_hours_are_counted_where_the_wall_clock_shows_them() -> None:
    cells = by_hour_of_week([((berlin(1, 9, 30), berlin(1, 11)), BERLIN)])
    assert cells == {(0, 9): 0.5, (0, 10): 1.0}
    assert [level(booked, 10) for booked in (0, 1.9, 4, 10)] == [0, 0, 2, 4]
    assert level(1, 0) is None


def test_small_counts_never_tell_two_periods_apart() -> None:
    assert not differ(3, 10, 0, 10)
    assert not differ(17, 418, 22, 394)
    assert differ(60, 400, 20, 400)


def test_messages_count_by_what_became_of_them_and_each_is_listed(
    boss: Browser, location: Location, other_location: Location, client_record: Client, front_desk: User
) -> None:
    states = ["sent"] * 3 + ["bounced", "failed", "pending", "void"]
    for index, (place, due_at) in enumerate([(location, at_noon(6)), (location, at_noon(20, 4)), (None, at_noon(7))]):
        for number, state in enumerate(states):
            _letter(f"{index}-{number}", state=state, location=place, due_at=due_at, client=client_record)
    _letter("staff", state="sent", location=location, due_at=at_noon(6), client=None, recipient=front_desk)
    here = mail(Filters(MAY, (location,), location))
    assert here.now == here.before == {"tried": 5, "delivered": 3, "bounced": 1, "failed": 1}
    everywhere = mail(Filters(MAY, (location, other_location)))
    assert everywhere.now == {"tried": 10, "delivered": 6, "bounced": 2, "failed": 2}
    asked = {"from": "2026-05-04", "until": "2026-05-31"}
    for fate, number in everywhere.now.items():
        assert (
            boss.get(reverse("scheduling:practice-messages", args=[fate]), asked).context["page"].paginator.count
            == number
        )
    assert boss.get(reverse("scheduling:practice-messages", args=["void"])).status_code == 404


def _letter(key: str, **values: Any) -> None:
    OutboundMessage.objects.create(
        purpose="reminder", address="a@example.org", subject="Your visit", body="", dedupe_key=key, **values
    )
