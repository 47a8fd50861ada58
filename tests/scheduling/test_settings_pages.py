"""Services, hours and time off, and the owner's figures."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.core.errors import NotAllowed, Refused
from clinic.people.models import Location, Room, User
from intake.models import Questionnaire
from intake.services.documents import retire_form
from intake.services.editing import new_form
from scheduling.models import Service, TimeOff, WorkingHours
from scheduling.services import add_working_hours, end_working_hours, save_service
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client: Browser, owner: User) -> Browser:
    client.force_login(owner)
    return client


SERVICE = {
    "name": "First visit", "duration_minutes": "60", "buffer_minutes": "15", "price": "68.50", "currency": "EUR",
    "colour": "#0f5c50", "is_active": "on", "is_first_visit": "on",
}  # fmt: skip


def test_the_owner_adds_and_changes_a_service(boss: Browser, therapist: User) -> None:
    assert boss.post(reverse("scheduling:service-create"), {**SERVICE, "therapists": [therapist.pk]}).status_code == 302
    service = Service.objects.get(name="First visit")
    assert (service.price_cents, list(service.therapists.all())) == (6850, [therapist])
    url = reverse("scheduling:service-edit", args=[service.pk])
    page = boss.get(url).content.decode()
    assert "First visit" in page
    assert 'value="68.50"' in page
    assert boss.post(url, {**SERVICE, "name": "Long first visit"}).status_code == 302
    service.refresh_from_db()
    assert service.name == "Long first visit"
    assert "Long first visit" in boss.get(reverse("scheduling:service-list")).content.decode()


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"duration_minutes": "0"}, {"duration_minutes": "9999"}, {"price": "-1"}, {"currency": "euros"},
     {"colour": "red"}, {"therapists": ["x"]}, {"forms": ["unknown"]}],
)  # fmt: skip
def test_a_service_that_makes_no_sense_is_sent_back(boss: Browser, change: dict[str, Any]) -> None:
    assert boss.post(reverse("scheduling:service-create"), {**SERVICE, **change}).status_code == 422
    assert not Service.objects.exists()


def test_a_service_asks_its_forms_in_the_order_they_were_chosen(boss: Browser, service: Service) -> None:
    url = reverse("scheduling:service-edit", args=[service.pk])
    page = boss.get(url).content.decode()
    assert "Before your first visit: once" in page
    assert "Before your visit: before each visit, from the second on" in page
    assert "How are you?" not in page, "it is asked after a visit"
    sent = {**SERVICE, "forms": ["first-visit", "", "consent", "before-visit", "first-visit"]}
    assert boss.post(url, sent).status_code == 302
    service.refresh_from_db()
    assert service.forms == ["first-visit", "consent", "before-visit"]
    assert re.findall(r'<option value="([^"]+)" selected', boss.get(url).content.decode())[-3:] == service.forms
    assert "Before your first visit, Your agreement" in boss.get(reverse("scheduling:service-list")).content.decode()


@pytest.fixture
def retired(owner: User) -> str:
    return retire_form(form=Questionnaire.objects.latest("consent"), by=owner).slug


def test_a_form_nobody_is_asked_cannot_be_chosen(boss: Browser, service: Service, owner: User, retired: str) -> None:
    draft = new_form(title="Sleep", by=owner)
    wrong = {retired: "retired", draft.slug: "not published yet", "made-up": "not here", "follow-up": "after a visit"}
    for slug, words in wrong.items():
        with pytest.raises(Refused, match=words):
            save_service(by=owner, service=service, forms=[slug])
        answer = boss.post(reverse("scheduling:service-edit", args=[service.pk]), {**SERVICE, "forms": [slug]})
        assert answer.status_code == 422
        assert "is no published form" in answer.content.decode()
    with pytest.raises(Refused):
        save_service(by=owner, service=service, forms=["first-visit", "first-visit"])
    service.refresh_from_db()
    assert service.forms == []


def test_a_form_that_was_retired_since_is_flagged_and_may_stay(boss: Browser, service: Service, owner: User) -> None:
    save_service(by=owner, service=service, forms=["consent", "first-visit"])
    retire_form(form=Questionnaire.objects.latest("consent"), by=owner)
    url = reverse("scheduling:service-edit", args=[service.pk])
    assert "retired: nobody is asked it" in boss.get(url).content.decode()
    assert "retired: nobody is asked it" in boss.get(reverse("scheduling:service-list")).content.decode()
    assert boss.post(url, {**SERVICE, "forms": ["consent", "first-visit"]}).status_code == 302
    assert boss.post(url, {**SERVICE, "forms": ["first-visit"]}).status_code == 302
    assert boss.post(url, {**SERVICE, "forms": ["consent"]}).status_code == 422, "once it was taken out"


def test_two_services_cannot_share_a_name(boss: Browser, service: Service) -> None:
    response = boss.post(reverse("scheduling:service-create"), {**SERVICE, "name": service.name.upper()})
    assert response.status_code == 422


def test_only_the_owner_touches_settings_and_figures(client: Browser, front_desk: User, therapist: User) -> None:
    client.force_login(front_desk)
    for name in ("service-list", "service-create", "hours-list", "time-off-list", "practice"):
        assert client.get(reverse(f"scheduling:{name}")).status_code == 403
    with pytest.raises(NotAllowed):
        save_service(by=therapist, name="Free lunch", duration_minutes=60)


def test_a_week_is_entered_at_once(boss: Browser, therapist: User, location: Location) -> None:
    data = {
        "weekdays": ["0", "1", "3"], "starts_at": "08:00", "ends_at": "12:00", "location": location.pk,
        "valid_from": "2026-06-01", "every_n_weeks": "1",
    }  # fmt: skip
    url = reverse("scheduling:hours-of-therapist", args=[therapist.pk])
    assert boss.post(url, data).status_code == 302
    assert WorkingHours.objects.filter(therapist=therapist).count() == 3
    assert boss.post(url, data).status_code == 422
    assert boss.post(url, {**data, "starts_at": "13:00", "ends_at": "12:30"}).status_code == 422
    assert "08:00–12:00" in boss.get(url).content.decode()
    assert "08:00–12:00" in boss.get(reverse("scheduling:hours-list")).content.decode()
    assert boss.post(url, {**data, "valid_from": "9999-01-01"}).status_code == 422


def test_hours_in_alternate_weeks_do_not_get_in_each_others_way(
    owner: User, therapist: User, location: Location
) -> None:
    def add(start: dt.date, weeks: int) -> None:
        add_working_hours(
            therapist=therapist, location=location, weekdays=[0], starts_at=dt.time(8), ends_at=dt.time(12),
            valid_from=start, every_n_weeks=weeks, by=owner,
        )  # fmt: skip

    add(dt.date(2026, 6, 1), 2)
    add(dt.date(2026, 6, 8), 2)
    with pytest.raises(Refused):
        add(dt.date(2026, 6, 15), 1)


def test_hours_that_were_worked_stay_on_record(owner: User, therapist: User, location: Location) -> None:
    old = factories.WorkingHoursFactory(therapist=therapist, location=location)
    new = factories.WorkingHoursFactory(
        therapist=therapist, location=location, weekday=1, valid_from=dt.date(2026, 7, 1)
    )
    end_working_hours(hours=old, on=dt.date(2026, 6, 1), by=owner)
    end_working_hours(hours=new, on=dt.date(2026, 6, 1), by=owner)
    assert WorkingHours.objects.get().valid_until == dt.date(2026, 5, 31)


def test_time_off_is_wall_time_at_its_place(boss: Browser, therapist: User, location: Location) -> None:
    data = {
        "therapists": [therapist.pk], "location": location.pk, "starts_on": "2026-06-02", "ends_on": "2026-06-03",
        "reason": "Training",
    }  # fmt: skip
    url = reverse("scheduling:time-off-list")
    assert boss.post(url, data).status_code == 302
    absence = TimeOff.objects.get()
    assert (absence.during.lower, absence.during.upper) == (berlin(2, 0), berlin(4, 0))
    html = boss.get(url).content.decode()
    assert "Training" in html
    assert ">Tue 2 Jun 2026</time>" in html, "whole days are said without a time"
    assert ">Wed 3 Jun 2026</time>" in html, "the last day and not the midnight after it"
    skipped = {**data, "starts_on": "2027-03-28", "starts_at": "02:30", "ends_on": "2027-03-28", "ends_at": "09:00"}
    assert boss.post(url, skipped).status_code == 422
    assert boss.post(url, {**data, "ends_on": "2026-06-01"}).status_code == 422
    boss.post(reverse("scheduling:time-off-remove", args=[absence.pk]))
    assert not TimeOff.objects.exists()


def test_time_off_over_appointments_says_so(boss: Browser, therapist: User, location: Location, room: Room) -> None:
    factories.AppointmentFactory(therapist=therapist, room=room, starts_at=berlin(2, 10))
    data = {"therapists": [therapist.pk], "location": location.pk, "starts_on": "2026-06-02", "ends_on": "2026-06-02"}
    html = boss.post(reverse("scheduling:time-off-list"), data, follow=True).content.decode()
    assert "1 appointment lies in that time" in html
