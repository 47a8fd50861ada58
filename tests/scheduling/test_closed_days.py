"""Holidays, closed rooms, daily limits."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.core.errors import Missing, NotAllowed, Refused
from clinic.people.models import Location, Room, User
from scheduling import services
from scheduling.availability.openings import openings
from scheduling.models import DailyLimit, Holiday, HolidayCalendar, RoomClosure, Service
from scheduling.public_holidays import check_calendar, countries, holidays_of, subdivisions
from scheduling.tasks import keep_holidays_up
from tests import factories
from tests.scheduling.conftest import berlin, work

LABOUR_DAY, NEW_YEAR, REFORMATION = dt.date(2027, 5, 1), dt.date(2027, 1, 1), dt.date(2026, 10, 31)


@pytest.fixture
def boss(client: Browser, owner: User) -> Browser:
    client.force_login(owner)
    return client


def test_countries_and_their_states_have_names() -> None:
    assert countries()["US"] == "United States"
    assert countries()["IM"] == "Isle of Man"
    assert (subdivisions("US")["ME"], subdivisions("DE")["BE"], subdivisions("XX")) == ("Maine", "Berlin", {})
    for country, state in (("XX", ""), ("", ""), ("DE", "ME"), ("Germany", "")):
        with pytest.raises(Refused):
            check_calendar(country, state)


def test_holidays_are_named_in_the_practices_language_where_they_can_be() -> None:
    def name(language: str) -> str:
        return holidays_of("DE", "BE", years=[2027], language=language)[LABOUR_DAY]

    assert [name(each) for each in ("en", "de", "fr", "")] == ["Labor Day", "Erster Mai", "Erster Mai", "Erster Mai"]


@pytest.mark.django_db
def test_a_location_keeps_its_countrys_holidays(
    owner: User, therapist: User, location: Location, other_location: Location
) -> None:
    work(therapist, location)
    services.set_holiday_calendar(location=location, country="DE", subdivision="BB", by=owner)
    days = dict(Holiday.objects.filter(location=location).values_list("on", "name"))
    assert {day.year for day in days} == {2026, 2027, 2028}
    assert (days[REFORMATION], days[NEW_YEAR]) == ("Reformation Day", "New Year's Day")
    assert not Holiday.objects.filter(location=other_location).exists()
    assert openings(therapists=[therapist], first_day=NEW_YEAR, last_day=NEW_YEAR) == []
    services.set_holiday_calendar(location=location, country="DE", subdivision="BE", by=owner)
    assert not Holiday.objects.filter(on=REFORMATION).exists(), "Berlin works that day"
    services.set_holiday_calendar(location=location, country="", by=owner)
    assert not Holiday.objects.filter(on=NEW_YEAR).exists()
    assert not HolidayCalendar.objects.exists()


@pytest.mark.django_db
def test_what_somebody_said_of_a_date_outlasts_the_calendar(
    owner: User, location: Location, at: Callable[[dt.datetime], None]
) -> None:
    services.set_holiday_calendar(location=location, country="DE", subdivision="BE", by=owner)
    public = {each.on: each for each in Holiday.objects.all()}
    services.change_holiday(holiday=public[LABOUR_DAY], is_closed=False, by=owner)
    services.change_holiday(holiday=public[NEW_YEAR], name="Hogmanay", by=owner)
    [own] = services.add_own_day(locations=[location], on=dt.date(2026, 6, 9), name="Fair", by=owner)
    Holiday.objects.filter(on=dt.date(2027, 12, 25)).update(name="Misspelt")
    services.remove_holiday(holiday=own, by=owner)
    with pytest.raises(Refused, match="cannot be removed"):
        services.remove_holiday(holiday=public[dt.date(2027, 12, 25)], by=owner)
    at(dt.datetime(2027, 1, 3, tzinfo=dt.UTC))
    assert keep_holidays_up() > 5
    assert keep_holidays_up() == 0
    kept = {each.on: each for each in Holiday.objects.all()}
    assert (kept[LABOUR_DAY].is_closed, kept[NEW_YEAR].name) == (False, "Hogmanay")
    assert kept[dt.date(2027, 12, 25)].name == "Christmas Day"
    assert dt.date(2029, 5, 1) in kept
    services.remove_holiday(holiday=kept[LABOUR_DAY], by=owner)
    assert Holiday.objects.get(on=LABOUR_DAY).is_closed, "as the calendar says again"


@pytest.mark.django_db
def test_days_of_ones_own_are_said_once(
    owner: User, therapist: User, stranger: User, location: Location, other_location: Location
) -> None:
    both = [location, other_location]
    services.add_own_day(locations=both, on=dt.date(2026, 6, 9), name="Fair", by=owner)
    with pytest.raises(Refused, match="has Fair on that date already"):
        services.add_own_day(locations=both, on=dt.date(2026, 6, 9), name="Other", by=owner)
    for year in (1, 9999):
        with pytest.raises(Refused, match="year"):
            services.add_own_day(locations=both, on=dt.date(year, 6, 9), name="Fair", by=owner)
    with pytest.raises(Refused, match="is over"):
        services.add_own_day(locations=both, on=dt.date(2026, 5, 9), name="Fair", by=owner)
    with pytest.raises(NotAllowed):
        services.add_own_day(locations=[location], on=dt.date(2026, 7, 9), name="Mine", by=therapist)
    with pytest.raises((NotAllowed, Missing)):
        services.set_holiday_calendar(location=location, country="DE", by=stranger)


@pytest.mark.django_db
def test_the_owner_chooses_a_country_and_opens_a_date(
    boss: Browser, owner: User, location: Location, therapist: User, room: Room
) -> None:
    url = reverse("scheduling:holiday-calendar", args=[location.pk])
    assert "Bremen" in boss.get(url, {"country": "DE"}).content.decode()
    for wrong in ({"country": "XX"}, {"country": "DE", "subdivision": "ME"}):
        assert boss.post(url, wrong).status_code == 422
    assert boss.post(url, {"country": "DE", "subdivision": "BE"}).status_code == 302
    page = reverse("scheduling:holiday-list")
    html = boss.get(page, {"location": location.pk}).content.decode()
    assert "Germany, Berlin" in html
    christmas = Holiday.objects.get(on=dt.date(2026, 12, 25))
    visit = factories.AppointmentFactory(
        therapist=therapist, room=room, starts_at=dt.datetime(2026, 12, 25, 9, tzinfo=dt.UTC)
    )
    assert str(visit.pk) in boss.get(page).content.decode(), "booked on a closed day"
    assert boss.post(reverse("scheduling:holiday-toggle", args=[christmas.pk]), {"is_closed": "0"}).status_code == 302
    html = boss.get(page).content.decode()
    assert str(visit.pk) not in html
    assert "Open nevertheless" in html
    assert boss.post(page, {"on": "0001-01-01", "name": "Fair", "locations": [location.pk]}).status_code == 422
    edit = reverse("scheduling:holiday-edit", args=[christmas.pk])
    assert boss.post(edit, {"name": "", "is_closed": "on"}).status_code == 422
    assert boss.post(edit, {"name": "Yule", "is_closed": "on"}).status_code == 302
    assert boss.post(reverse("scheduling:holiday-remove", args=[christmas.pk])).status_code == 302
    assert Holiday.objects.get(on=christmas.on).name == "Christmas Day"


@pytest.mark.django_db
def test_a_room_is_closed_for_a_while(boss: Browser, owner: User, room: Room, therapist: User) -> None:
    visit = factories.AppointmentFactory(therapist=therapist, room=room, starts_at=berlin(9, 9))
    url = reverse("scheduling:room-closure-list")
    said = {"room": room.pk, "starts_on": "2026-06-09", "ends_on": "2026-06-10", "reason": "Floor"}
    assert boss.post(url, said).status_code == 302
    closure = RoomClosure.objects.get()
    assert (closure.during.lower, closure.during.upper) == (berlin(9, 0), berlin(11, 0))
    assert str(visit.pk) in boss.get(url).content.decode()
    assert boss.post(url, said).status_code == 422, "closed already"
    edit = reverse("scheduling:room-closure-edit", args=[closure.pk])
    assert boss.post(edit, {**said, "starts_on": "2026-06-12", "ends_on": "2026-06-11"}).status_code == 422
    assert boss.post(edit, {**said, "starts_on": "2026-06-10", "starts_at": "12:00"}).status_code == 302
    assert str(visit.pk) not in boss.get(url).content.decode()
    assert boss.post(reverse("scheduling:room-closure-remove", args=[closure.pk])).status_code == 302
    assert not RoomClosure.objects.exists()


@pytest.mark.django_db
def test_a_limit_is_said_once_and_for_what_is_offered(
    boss: Browser, owner: User, therapist: User, service: Service
) -> None:
    url = reverse("scheduling:daily-limit-list")
    said = {"therapist": therapist.pk, "service": "", "visits": "6"}
    assert boss.post(url, said).status_code == 302
    assert boss.post(url, said).status_code == 422
    assert boss.post(url, {**said, "service": service.pk}).status_code == 302
    other = factories.ServiceFactory(name="Taping")
    for wrong in ({"visits": "0"}, {"visits": "999"}, {"service": other.pk}):
        assert boss.post(url, {**said, **wrong}).status_code == 422
    limit = DailyLimit.objects.get(service=None)
    assert (
        boss.post(reverse("scheduling:daily-limit-edit", args=[limit.pk]), {**said, "visits": "7"}).status_code == 302
    )
    limit.refresh_from_db()
    assert limit.visits == 7
    assert boss.post(reverse("scheduling:daily-limit-remove", args=[limit.pk])).status_code == 302
    assert DailyLimit.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["therapists", "rooms", "week"])
def test_the_calendar_says_why_a_day_is_closed(
    boss: Browser, owner: User, location: Location, therapist: User, room: Room, mode: str
) -> None:
    work(therapist, location)
    services.add_own_day(locations=[location], on=dt.date(2026, 6, 9), name="Town fair", by=owner)
    shown = {"location": location.pk, "columns": mode, "therapist": therapist.pk}
    url = reverse("scheduling:day")
    assert "Town fair" in boss.get(url, {**shown, "date": "2026-06-09"}).content.decode()
    assert "Town fair" not in boss.get(url, {**shown, "date": "2026-06-19"}).content.decode()
