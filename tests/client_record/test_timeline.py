"""Everything that happened with a client on one line of time."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core import clock
from clinic.people.models import Client
from clinic.people.record import timeline
from clinic.people.record.reading import Reading
from clinic.people.record.timeline import Kind
from clinic.people.services.merging import merge_clients
from intake.models import RedFlag
from tests import factories
from tests.client_record.lives import answer, keep, live, treat, write_to
from tests.treatments.conftest import book

EVERY_KIND = [kind.value for kind in Kind]
HTMX = {"HX-Request": "true"}


def page_of(client: Client) -> str:
    return reverse("people:client-detail", args=[client.pk])


def read(client: Client, user: Any, kinds: Any = EVERY_KIND, page: str | None = None) -> timeline.Timeline:
    return timeline.read(Reading.of(client, user), kinds=kinds, page=page)


def kinds_in(told: timeline.Timeline) -> set[str]:
    return set(told.counts)


def titles(told: timeline.Timeline) -> list[str]:
    return [entry.title for day in told.days for entry in day.entries]


def test_it_holds_every_kind_newest_first(client_record, therapist, lived):
    lived(1, 3)
    told = read(client_record, therapist)
    assert kinds_in(told) == set(EVERY_KIND)
    days = [day.day for day in told.days]
    assert days == sorted(days, reverse=True)
    assert len(days) == 2


def test_a_note_stands_right_below_its_visit(client_record, therapist, room):
    treat(client_record, therapist, room, clock.now() - dt.timedelta(days=2))
    told = read(client_record, therapist, kinds=["visits", "notes"])
    assert titles(told) == ["Follow-up", "Session note"]


def test_what_is_ahead_stands_apart_the_next_first(client_record, therapist, room):
    for days in (9, 2, 30):
        book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() + dt.timedelta(days=days))
    write_to(client_record, clock.now(), key="now")
    told = read(client_record, therapist)
    ahead = [day.day for day in told.ahead]
    assert ahead == sorted(ahead)
    assert told.ahead_count == len(ahead) == 3
    assert [day.label for day in told.days] == ["Today"]
    assert told.page.paginator.count == 1, "pages are of what has happened"


def test_a_long_series_ahead_is_cut_and_counted(client_record, therapist, room):
    for days in range(1, 36):
        book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() + dt.timedelta(days=days))
    told = read(client_record, therapist)
    assert (len(told.ahead), told.ahead_count) == (timeline.PAGE_SIZE, 35)


def test_later_pages_do_not_tell_again_what_is_ahead(client_record, therapist, room, lived):
    lived(1, 6)
    book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() + dt.timedelta(days=1))
    assert read(client_record, therapist, page="2").ahead == []


def test_the_front_desk_sees_no_clinical_content(desk, client_record, front_desk, lived):
    lived(1, 2)
    told = read(client_record, front_desk)
    assert kinds_in(told) == {"visits", "forms", "messages", "alerts"}
    html = desk.get(page_of(client_record), {"show": EVERY_KIND}).content.decode()
    rule = RedFlag.objects.get().rule
    for secret in (
        "Session note",
        "pain 5",
        "Scan of the hip",
        "/notes/",
        "/episodes/",
        "/intake/responses/",
        rule.label,
    ):
        assert secret not in html
    assert "Red flag, urgent" in html


def test_a_therapist_reads_what_a_flag_is_about(clinician, client_record, lived):
    lived(1, 2)
    assert RedFlag.objects.get().rule.label in clinician.get(page_of(client_record)).content.decode()


def test_visits_at_places_out_of_sight_are_not_told(client_record, other_location, therapist, stranger, owner):
    room = factories.RoomFactory(location=other_location)
    book(client=client_record, therapist=stranger, room=room, starts_at=clock.now() - dt.timedelta(days=1))
    assert titles(read(client_record, therapist)) == []
    assert titles(read(client_record, owner)) == ["Follow-up"]


def test_scores_and_documents_are_counted_but_shown_only_when_asked_for(client_record, therapist, lived):
    lived(1, 2)
    told = read(client_record, therapist, kinds=None)
    assert {chip.kind: chip.is_shown for chip in told.chips}[Kind.SCORES] is False
    assert not {"scores", "documents"} & kinds_in(told)
    assert kinds_in(read(client_record, therapist, kinds=["scores"])) == {"scores"}


@pytest.mark.parametrize("query", ["show=nonsense", "show=", "page=x", "page=-1", "page=999", "show=visits&show=%27"])
def test_odd_addresses_are_harmless(desk, client_record, lived, query):
    lived(1, 2)
    assert desk.get(f"{page_of(client_record)}?{query}").status_code == 200


def test_who_ticks_nothing_is_shown_nothing(desk, client_record, lived):
    lived(1, 2)
    page = desk.get(page_of(client_record), {"show": ""})
    assert b"Nothing of the kinds that are ticked" in page.content
    assert page.context["timeline"].counts == {}


def test_a_page_holds_thirty_and_the_next_one_goes_on(client_record, therapist, lived):
    lived(1, 6)
    first, second = read(client_record, therapist), read(client_record, therapist, page="2")
    assert len(titles(first)) == 30
    assert first.page.paginator.count == 50
    assert len(titles(second)) == 20


def test_with_htmx_only_the_timeline_comes_and_the_reading_is_recorded(clinician, client_record, lived):
    lived(1, 2)
    answer = clinician.get(page_of(client_record), {"show": "notes"}, headers=HTMX)
    html = answer.content.decode()
    assert html.lstrip().startswith('<div class="entries"')
    assert Event.objects.get(action="client.read").changes == {"timeline": {"notes": 1}}


def test_reading_is_recorded_by_what_was_shown(clinician, client_record, lived):
    lived(1, 2)
    clinician.get(page_of(client_record))
    event = Event.objects.get(action="client.read")
    assert event.client_id == client_record.pk
    assert event.changes["timeline"]["notes"] == 1
    assert "episodes" in event.changes["panels"]
    assert "Heel raises" not in str(event.changes)


@pytest.mark.parametrize("who", ["owners", "desk"])
def test_thirty_of_each_take_as_many_queries_as_three(request, client_record, lived, who):
    browser = request.getfixturevalue(who)
    address = f"{page_of(client_record)}?" + "&".join(f"show={kind}" for kind in EVERY_KIND)
    lived(1, 4)
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    lived(4, 31)
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(many) == len(few), [query["sql"][:90] for query in many.captured_queries]
    assert len(many) <= 45


def test_what_stays_with_a_merged_record_is_told_with_the_kept_one(
    client_record, signed, location, front_desk, therapist, room
):
    kept = factories.ClientFactory(given_name="Mark", family_name="Bell", locations=[location])
    merge_clients(keep=kept, merge=client_record, by=front_desk)
    signed.refresh_from_db()
    assert signed.client_id == client_record.pk, "sealed rows do not move"
    assert {"visits", "notes"} <= kinds_in(read(kept, therapist))


def test_one_client_is_never_told_with_another(client_record, therapist, room, location):
    other = factories.ClientFactory(locations=[location])
    live(other, therapist=therapist, room=room, days=[1])
    assert read(client_record, therapist).page.paginator.count == 0


def test_script_in_a_title_is_only_text(clinician, client_record, therapist):
    keep(client_record, therapist, clock.now(), title="<script>alert(1)</script>")
    page = clinician.get(page_of(client_record), {"show": "documents"})
    assert b"<script>alert" not in page.content


def test_a_bounced_message_says_so_and_a_waiting_one_when_it_goes(client_record, front_desk):
    sent = write_to(client_record, clock.now() - dt.timedelta(days=1), key="bounced")
    type(sent).objects.filter(pk=sent.pk).update(state="bounced", sent_at=None, last_error="no such mailbox")
    waiting = write_to(client_record, clock.now() + dt.timedelta(days=3), key="waiting")
    type(waiting).objects.filter(pk=waiting.pk).update(state="pending", sent_at=None)
    entries = {entry.state: entry for day in read(client_record, front_desk).days for entry in day.entries}
    assert entries["Bounced"].tone == "warn"
    assert "no such mailbox" in entries["Bounced"].detail
    assert entries["Waiting"].detail.startswith("goes out")


def test_an_answered_form_leads_to_its_answers_for_those_who_may_read_them(client_record, therapist, front_desk):
    answer(client_record, clock.now())
    for user, leads in ((therapist, True), (front_desk, False)):
        (entry,) = [entry for day in read(client_record, user).days for entry in day.entries]
        assert entry.state.startswith("Done")
        assert bool(entry.url) is leads


def test_an_empty_record_says_what_to_do_next(desk, client_record):
    assert b"Nothing has happened yet" in desk.get(page_of(client_record)).content
