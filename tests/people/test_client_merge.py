import datetime as dt

import pytest
from django.db import DatabaseError

from clinic.audit.models import Event
from clinic.core import clock
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused
from clinic.people.models import Alert, Client, ContactPreference, User
from clinic.people.querysets import OfClientQuerySet
from clinic.people.services.merging import merge_clients
from intake.models import Condition
from scheduling.models import Appointment
from tests import factories
from tests.treatments.conftest import WRITTEN, book
from treatments.models import SessionNote
from treatments.services import open_episode, open_note, save_draft, sign_note


@pytest.fixture
def twin(location) -> Client:
    """The same man, added again by somebody in a hurry."""
    return factories.ClientFactory(
        given_name="Mark",
        family_name="Bell",
        preferred_name="Mac",
        address="2 Harbour Street",
        email="mark@example.org",
        locations=[location],
    )


def signed_note(client: Client, therapist: User, room, hours_ago: int) -> SessionNote:
    starts_at = clock.now() - dt.timedelta(hours=hours_ago)
    condition = Condition.objects.get(code="greater-trochanteric-pain-syndrome")
    side = "right" if client.given_name == "Marcus" else "left"
    open_episode(client=client, condition=condition, side=side, location=room.location, by=therapist)
    note = open_note(appointment=book(client=client, therapist=therapist, room=room, starts_at=starts_at), by=therapist)
    note = save_draft(note=note, by=therapist, version=note.version, changes=WRITTEN)
    return sign_note(note=note, by=therapist, version=note.version)


def test_everything_of_the_merged_record_moves_to_the_kept_one(client_record, twin, therapist, room, front_desk):
    alert = factories.AlertFactory(client=twin)
    visit = book(client=twin, therapist=therapist, room=room, starts_at=clock.now() - dt.timedelta(days=3))
    draft = open_note(appointment=visit, by=therapist)
    kept = merge_clients(keep=client_record, merge=twin, by=front_desk)
    for row in (alert, visit, draft):
        row.refresh_from_db()
        assert row.client == kept
    twin.refresh_from_db()
    assert twin.merged_into == kept


def test_signed_notes_stay_as_they_were_and_are_read_with_the_kept_record(
    client_record, twin, therapist, room, front_desk
):
    ours, theirs = signed_note(client_record, therapist, room, 30), signed_note(twin, therapist, room, 60)
    merge_clients(keep=client_record, merge=twin, by=front_desk)
    before = (theirs.client_id, theirs.seal)
    theirs.refresh_from_db()
    assert (theirs.client_id, theirs.seal) == before
    assert set(SessionNote.objects.visible_to(therapist).of_client(client_record)) == {ours, theirs}
    with pytest.raises(DatabaseError):
        SessionNote.objects.filter(pk=theirs.pk).update(client=client_record)


def test_a_draft_moves_even_beside_a_signed_note(client_record, twin, therapist, room, front_desk):
    signed_note(twin, therapist, room, 60)
    visit = book(client=twin, therapist=therapist, room=room, starts_at=clock.now() - dt.timedelta(hours=20))
    draft = open_note(appointment=visit, by=therapist)
    merge_clients(keep=client_record, merge=twin, by=front_desk)
    draft.refresh_from_db()
    assert draft.client == client_record
    event = Event.objects.get(action="client.merged")
    assert event.changes["sealed"] == {"treatments.sessionnote": 1}
    assert event.changes["moved"]["treatments.sessionnote"] == 1


def test_staff_of_a_location_added_later_see_the_sealed_notes_too(
    client_record, twin, therapist, room, front_desk, stranger, other_location
):
    note = signed_note(twin, therapist, room, 60)
    merge_clients(keep=client_record, merge=twin, by=front_desk)
    assert not SessionNote.objects.visible_to(stranger).exists()
    client_record.locations.add(other_location)
    assert SessionNote.objects.visible_to(stranger).of_client(client_record).get() == note


def test_gaps_are_filled_and_what_is_known_stays(client_record, twin, front_desk):
    kept = merge_clients(keep=client_record, merge=twin, by=front_desk)
    assert (kept.given_name, kept.preferred_name, kept.address) == ("Marcus", "Mac", "2 Harbour Street")


def test_the_places_of_both_are_the_places_of_the_kept_one(client_record, twin, owner, other_location):
    twin.locations.set([other_location])
    kept = merge_clients(keep=client_record, merge=twin, by=owner)
    assert kept.locations.count() == 2
    assert twin.locations.count() == 2


def test_whoever_declined_once_has_declined(client_record, twin, front_desk):
    for client, said in ((client_record, True), (twin, False)):
        ContactPreference.objects.create(client=client, channel="email", purpose="reminder", is_allowed=said)
    ContactPreference.objects.create(client=twin, channel="email", purpose="follow_up", is_allowed=False)
    kept = merge_clients(keep=client_record, merge=twin, by=front_desk)
    assert {each.purpose: each.is_allowed for each in kept.contact_preferences.all()} == {
        "reminder": False,
        "follow_up": False,
    }


def test_the_same_coded_alert_stays_open_once(client_record, twin, front_desk):
    for client in (client_record, twin):
        factories.AlertFactory(client=client, code="anticoagulant")
    merge_clients(keep=client_record, merge=twin, by=front_desk)
    assert Alert.objects.open().get().client == client_record
    assert Alert.objects.filter(client=client_record).count() == 2


def test_two_visits_at_the_same_time_stop_the_merge_and_nothing_changes(
    client_record, twin, therapist, other_therapist, room, location, front_desk
):
    at, other_room = clock.now() + dt.timedelta(days=1), factories.RoomFactory(location=location)
    book(client=client_record, therapist=therapist, room=room, starts_at=at, status="booked")
    book(client=twin, therapist=other_therapist, room=other_room, starts_at=at, status="booked")
    with pytest.raises(Conflict) as refusal:
        merge_clients(keep=client_record, merge=twin, by=front_desk)
    assert refusal.value.code == "merge-clash"
    assert Appointment.objects.filter(client=twin).count() == 1
    assert not Event.objects.filter(action="client.merged").exists()


def test_a_record_merged_twice_leads_to_the_last_one(client_record, twin, location, front_desk, therapist, room):
    note = signed_note(twin, therapist, room, 60)
    last = factories.ClientFactory(locations=[location])
    merge_clients(keep=client_record, merge=twin, by=front_desk)
    merge_clients(keep=last, merge=client_record, by=front_desk)
    twin.refresh_from_db()
    assert twin.merged_into == last
    assert set(last.identity_ids) == {last.pk, client_record.pk, twin.pk}
    assert SessionNote.objects.of_client(last).get() == note


def test_a_record_is_not_merged_into_itself(client_record, front_desk):
    with pytest.raises(Refused):
        merge_clients(keep=client_record, merge=client_record, by=front_desk)


def test_a_merged_or_archived_record_is_not_merged(client_record, twin, location, front_desk):
    merge_clients(keep=client_record, merge=twin, by=front_desk)
    third = factories.ClientFactory(locations=[location])
    for keep, merge in ((third, twin), (twin, third)):
        with pytest.raises(Conflict):
            merge_clients(keep=keep, merge=merge, by=front_desk)
    Client.objects.filter(pk=third.pk).update(archived_at=clock.now())
    with pytest.raises(Conflict):
        merge_clients(keep=client_record, merge=third, by=front_desk)


def test_therapists_do_not_merge_and_strangers_see_nothing(client_record, twin, therapist, stranger, other_location):
    with pytest.raises(NotAllowed):
        merge_clients(keep=client_record, merge=twin, by=therapist)
    desk_elsewhere = factories.UserFactory(roles=["front_desk"], locations=[other_location])
    with pytest.raises(Missing):
        merge_clients(keep=client_record, merge=twin, by=desk_elsewhere)


def test_every_table_that_may_hold_sealed_rows_can_be_read_by_person():
    """What is sealed cannot move, so each table with a guard on changes must know how to follow a merged record."""
    for relation in Client._meta.related_objects:
        if getattr(relation.related_model._meta, "triggers", None):
            manager = relation.related_model._default_manager
            assert issubclass(manager._queryset_class, OfClientQuerySet), relation.related_model
