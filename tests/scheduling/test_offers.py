"""A slot that comes free is offered to those on the waitlist; the first to confirm has it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from clinic.audit.models import Event
from clinic.core.errors import Conflict, Missing, Refused
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, ContactPreference, Location, Room, User
from scheduling import services
from scheduling.models import Appointment, BookingRules, Service, SlotHold, WaitlistEntry, WaitlistOffer
from scheduling.services import offers
from scheduling.services.waitlist import add_to_waitlist, change_entry, leave_by_link, take_off
from tests import factories
from tests.scheduling.conftest import berlin

TEN = berlin(2, 10)


@pytest.fixture
def visit(client_record: Client, service: Service, therapist: User, room: Room, front_desk: User) -> Appointment:
    """Marcus, on Tuesday at ten."""
    return services.book_appointment(
        client=client_record, service=service, therapist=therapist, room=room, starts_at=TEN, by=front_desk
    )


@pytest.fixture
def waits(service: Service, location: Location, front_desk: User) -> Callable[..., WaitlistEntry]:
    def put(name: str, **wish: Any) -> WaitlistEntry:
        client = wish.pop("client", None) or factories.ClientFactory(
            given_name=name,
            family_name="",
            email=wish.pop("email", f"{name.lower()}@example.org"),
            locations=[location],
        )
        return add_to_waitlist(client=client, **({"service": service, "by": front_desk} | wish))

    return put


@pytest.fixture
def all_at_once(practice: Any) -> None:
    BookingRules.objects.create(waitlist_mode=BookingRules.WaitlistMode.ALL_AT_ONCE)


def cancel(visit: Appointment, by: User) -> Appointment:
    return services.cancel_appointment(appointment=visit, by=by)


def told() -> dict[str, str]:
    """Offers by name and state."""
    rows = WaitlistOffer.objects.order_by("offered_at", "pk").values_list("entry__client__given_name", "state")
    return dict(rows)


def mails(state: str = "pending") -> set[str]:
    rows = OutboundMessage.objects.filter(purpose="waitlist_offer", state=state)
    return set(rows.values_list("client__given_name", flat=True))


def offer_to(entry: WaitlistEntry) -> WaitlistOffer:
    found: WaitlistOffer = entry.offers.select_related("link", "hold", "entry__client").latest("offered_at")
    return found


def take(entry: WaitlistEntry) -> Appointment:
    offer = offer_to(entry)
    assert offer.link
    return offers.accept_by_link(link=offer.link, offer=offer)


def live_holds() -> int:
    return SlotHold.objects.filter(released_at=None).count()


def test_a_cancelled_slot_is_kept_for_and_offered_to_the_first_in_turn(
    visit: Appointment, waits: Any, front_desk: User, monday_morning: dt.datetime
) -> None:
    waits("Ada"), waits("Ben", priority=1), waits("Cleo", windows=[])
    cancel(visit, front_desk)
    offer = WaitlistOffer.objects.get()
    assert told() == {"Ben": "open"}
    assert offer.entry.state == "offered"
    assert (offer.hold.therapist, offer.hold.room, offer.hold.during.lower) == (visit.therapist, visit.room, TEN)
    assert offer.expires_at == offer.hold.expires_at == monday_morning + dt.timedelta(minutes=60)
    mail = OutboundMessage.objects.get(purpose="waitlist_offer")
    assert mail.due_at == monday_morning + dt.timedelta(seconds=10)
    assert (mail.about_at, mail.expires_at) == (TEN, offer.expires_at)
    assert "Follow-up" not in f"{mail.subject}{mail.body}"
    with pytest.raises(Conflict) as refusal:
        services.book_appointment(
            client=factories.ClientFactory(locations=[visit.location]), service=visit.service, starts_at=TEN,
            therapist=visit.therapist, room=visit.room, by=front_desk,
        )  # fmt: skip
    assert refusal.value.code == "held"


def test_a_moved_visit_leaves_a_slot_to_offer(visit: Appointment, waits: Any, front_desk: User) -> None:
    waits("Ada")
    services.move_appointment(appointment=visit, starts_at=berlin(3, 9), by=front_desk)
    assert WaitlistOffer.objects.get().hold.during.lower == TEN


def test_nothing_is_offered_when_the_practice_does_not_want_it(
    visit: Appointment, waits: Any, front_desk: User
) -> None:
    BookingRules.objects.create(is_waitlist_automatic=False)
    waits("Ada")
    cancel(visit, front_desk)
    assert (told(), live_holds()) == ({}, 0)


def test_who_gave_it_up_cannot_be_written_to_or_wants_no_such_mail_is_not_asked(
    visit: Appointment, waits: Any, front_desk: User
) -> None:
    waits("Marcus", client=visit.client)
    waits("Nomail", email="")
    quiet = waits("Quiet")
    ContactPreference.objects.create(client=quiet.client, channel="email", purpose="waitlist_offer", is_allowed=False)
    waits("Ada")
    cancel(visit, front_desk)
    assert told() == {"Ada": "open"}


def test_a_slot_too_short_for_one_is_offered_to_the_next(
    visit: Appointment, waits: Any, front_desk: User, therapist: User
) -> None:
    factories.AppointmentFactory(therapist=therapist, room=visit.room, starts_at=TEN + dt.timedelta(minutes=45))
    longer = factories.ServiceFactory(name="Long", duration_minutes=60, therapists=[therapist])
    shorter = factories.ServiceFactory(name="Short", duration_minutes=30, therapists=[therapist])
    waits("Lena", service=longer, priority=2)
    waits("Lars", service=longer, priority=1)
    waits("Sara", service=shorter)
    cancel(visit, front_desk)
    assert told() == {"Sara": "open"}
    assert SlotHold.objects.get().during.upper == TEN + dt.timedelta(minutes=30)


def test_taking_it_books_it(visit: Appointment, waits: Any, front_desk: User) -> None:
    ada = waits("Ada")
    cancel(visit, front_desk)
    booked = take(ada)
    assert (booked.client, booked.starts_at, booked.origin, booked.booked_by) == (ada.client, TEN, "waitlist", None)
    ada.refresh_from_db()
    assert (ada.state, ada.appointment, bool(ada.ended_at)) == ("booked", booked, True)
    assert live_holds() == 0
    assert SlotHold.objects.get().appointment == booked
    assert mails() == set(), "the offer's mail had not gone yet"
    assert OutboundMessage.objects.filter(about_id=booked.pk, purpose="booking", state="pending").count() == 1
    actions = list(Event.objects.filter(client_id=ada.client_id).order_by("at", "id").values_list("action", flat=True))
    assert actions == ["waitlist.added", "waitlist.offered", "appointment.booked", "waitlist.accepted"]
    assert take(ada) == booked, "taking it twice changes nothing"
    assert Appointment.objects.active().count() == 1


@pytest.mark.usefixtures("all_at_once")
def test_offered_to_all_at_once_the_first_to_confirm_has_it(visit: Appointment, waits: Any, front_desk: User) -> None:
    ada, ben, cleo = waits("Ada"), waits("Ben"), waits("Cleo")
    cancel(visit, front_desk)
    assert set(told().values()) == {"open"}
    assert SlotHold.objects.count() == 1
    take(ben)
    assert told() == {"Ada": "gone", "Ben": "accepted", "Cleo": "gone"}
    for loser in (ada, cleo):
        with pytest.raises(Conflict, match="faster") as refusal:
            take(loser)
        assert refusal.value.code == "taken"
        loser.refresh_from_db()
        assert loser.state == "waiting"


@pytest.mark.usefixtures("all_at_once")
def test_a_shorter_visit_may_take_the_shared_slot(
    visit: Appointment, waits: Any, front_desk: User, therapist: User
) -> None:
    shorter = factories.ServiceFactory(name="Short", duration_minutes=30, therapists=[therapist])
    sara = waits("Sara", service=shorter, priority=1)
    waits("Ada")
    cancel(visit, front_desk)
    assert set(told()) == {"Sara", "Ada"}
    assert take(sara).duration_minutes == 30


def test_a_no_passes_it_on_and_nobody_is_asked_twice(visit: Appointment, waits: Any, front_desk: User) -> None:
    ada, ben = waits("Ada", priority=1), waits("Ben")
    cancel(visit, front_desk)
    offers.decline_by_link(link=offer_to(ada).link, offer=offer_to(ada))
    assert told() == {"Ada": "declined", "Ben": "open"}
    ada.refresh_from_db()
    assert ada.state == "waiting"
    offers.decline_by_link(link=offer_to(ben).link, offer=offer_to(ben))
    assert told() == {"Ada": "declined", "Ben": "declined"}
    assert live_holds() == 0, "nobody is left, so it is free"
    with pytest.raises(Conflict) as refusal:
        take(ada)
    assert refusal.value.code == "offer-ended"


def test_no_answer_passes_it_on(visit: Appointment, waits: Any, front_desk: User, at: Any) -> None:
    waits("Ada", priority=1), waits("Ben")
    cancel(visit, front_desk)
    assert offers.expire_offers() == 0
    at(berlin(1, 9, 1))
    assert offers.expire_offers() == 1
    assert told() == {"Ada": "expired", "Ben": "open"}
    assert offers.expire_offers() == 0
    at(berlin(1, 10, 2))
    offers.expire_offers()
    assert (told(), live_holds()) == ({"Ada": "expired", "Ben": "expired"}, 0)


def test_too_late_is_too_late_before_the_sweep_has_come(
    visit: Appointment, waits: Any, front_desk: User, at: Any
) -> None:
    ada = waits("Ada")
    cancel(visit, front_desk)
    at(berlin(1, 9, 1))
    with pytest.raises(Conflict) as refusal:
        take(ada)
    assert refusal.value.code == "offer-ended"


def test_undoing_the_cancellation_takes_offers_and_unsent_mails_back(
    visit: Appointment, waits: Any, front_desk: User
) -> None:
    ada = waits("Ada")
    cancelled = cancel(visit, front_desk)
    services.undo(appointment=cancelled, by=front_desk, version=cancelled.version)
    assert (told(), live_holds(), mails(), mails("void")) == ({"Ada": "withdrawn"}, 0, set(), {"Ada"})
    ada.refresh_from_db()
    visit.refresh_from_db()
    assert (ada.state, visit.status) == ("waiting", "booked")
    again = cancel(visit, front_desk)
    assert again.status == "cancelled"
    assert WaitlistOffer.objects.filter(state="open").count() == 1, "it is offered anew"


def test_undoing_a_move_does_too(visit: Appointment, waits: Any, front_desk: User) -> None:
    waits("Ada")
    moved = services.move_appointment(appointment=visit, starts_at=berlin(3, 9), by=front_desk)
    services.undo(appointment=moved, by=front_desk, version=moved.version)
    assert (told(), live_holds()) == ({"Ada": "withdrawn"}, 0)


def test_a_cancellation_is_not_undone_once_somebody_was_told(visit: Appointment, waits: Any, front_desk: User) -> None:
    waits("Ada")
    cancelled = cancel(visit, front_desk)
    OutboundMessage.objects.filter(purpose="waitlist_offer").update(state="sent")
    with pytest.raises(Conflict, match="offered to Ada") as refusal:
        services.undo(appointment=cancelled, by=front_desk, version=cancelled.version)
    assert refusal.value.code == "offered"
    offers.withdraw_offer(offer=WaitlistOffer.objects.get(), by=front_desk)
    services.undo(appointment=cancelled, by=front_desk, version=cancelled.version)


def test_the_later_visit_is_given_up_and_offered_in_its_turn(
    visit: Appointment, waits: Any, front_desk: User, service: Service, therapist: User, at: Any
) -> None:
    ada = factories.ClientFactory(given_name="Ada", locations=[visit.location])
    later = services.book_appointment(
        client=ada, service=service, therapist=therapist, room=visit.room, starts_at=berlin(4, 9), by=front_desk
    )
    entry = waits("Ada", client=ada, replaces=later, latest_on=dt.date(2026, 6, 3))
    waits("Ben", earliest_on=dt.date(2026, 6, 4))
    cancel(visit, front_desk)
    take(entry)
    later.refresh_from_db()
    assert (later.status, later.cancel_reason) == ("cancelled", "for an earlier time")
    assert told() == {"Ada": "accepted", "Ben": "open"}
    assert offer_to(WaitlistEntry.objects.get(client__given_name="Ben")).hold.during.lower == berlin(4, 9)


def test_by_hand_any_free_time_may_be_offered_to_anybody_who_waits(
    waits: Any, therapist: User, room: Room, front_desk: User
) -> None:
    ada = waits("Ada", latest_on=dt.date(2026, 6, 1), email="")
    offer = offers.offer_slot(entry=ada, therapist=therapist, starts_at=TEN, room=room, by=front_desk)
    assert (offer.offered_by, mails()) == (front_desk, set())
    booked = offers.accept_offer(offer=offer, by=front_desk)
    assert booked.booked_by == front_desk
    with pytest.raises(Refused) as refusal:
        offers.offer_slot(entry=ada, therapist=therapist, starts_at=berlin(2, 12), room=room, by=front_desk)
    assert refusal.value.code == "entry-closed"


def test_what_cannot_be_offered_by_hand(
    visit: Appointment, waits: Any, therapist: User, room: Room, second_room: Room, front_desk: User, stranger: User,
    other_therapist: User,
) -> None:  # fmt: skip
    ada, marcus = waits("Ada"), waits("Marcus", client=visit.client)

    def refused(entry: WaitlistEntry, **changes: Any) -> str:
        wish = {"therapist": therapist, "starts_at": berlin(2, 12), "room": room, "by": front_desk} | changes
        with pytest.raises((Refused, Conflict, Missing)) as refusal:
            offers.offer_slot(entry=entry, **wish)
        return refusal.value.code

    assert refused(ada, starts_at=TEN) == "clash"
    assert refused(ada, starts_at=berlin(2, 20)) == "not-working"
    assert refused(ada, starts_at=berlin(1, 8, 45)) == "too-late-to-offer"
    assert refused(ada, starts_at=berlin(1, 8) - dt.timedelta(days=2)) == "too-late-to-offer"
    assert refused(ada, therapist=front_desk) == "not-offered"
    assert refused(ada, by=stranger) == "not-found"
    assert refused(marcus, starts_at=TEN, therapist=other_therapist, room=second_room) == "clash"
    offers.offer_slot(entry=ada, therapist=therapist, starts_at=berlin(2, 12), room=room, by=front_desk)
    assert refused(ada, starts_at=berlin(2, 13)) == "offered-already"
    assert refused(marcus) == "held"
    with pytest.raises(Refused) as refusal:
        change_entry(entry=ada, by=front_desk, service=factories.ServiceFactory())
    assert refusal.value.code == "offered-already"


def test_taking_an_offer_back_frees_the_slot(waits: Any, therapist: User, room: Room, front_desk: User) -> None:
    ada, ben = waits("Ada"), waits("Ben")
    offer = offers.offer_slot(entry=ada, therapist=therapist, starts_at=TEN, room=room, by=front_desk)
    offers.withdraw_offer(offer=offer, by=front_desk)
    offers.withdraw_offer(offer=offer, by=front_desk)
    assert (told(), live_holds()) == ({"Ada": "withdrawn"}, 0)
    offers.offer_slot(entry=ben, therapist=therapist, starts_at=TEN, room=room, by=front_desk)
    take(ben)
    with pytest.raises(Conflict):
        offers.withdraw_offer(offer=offer_to(ben), by=front_desk)


@pytest.mark.parametrize("is_by_link", [True, False])
def test_whoever_leaves_the_list_leaves_the_slot_to_the_next(
    visit: Appointment, waits: Any, front_desk: User, is_by_link: bool
) -> None:
    ada = waits("Ada", priority=1)
    waits("Ben")
    cancel(visit, front_desk)
    for _twice in range(2):
        if is_by_link:
            leave_by_link(link=offer_to(ada).link, offer=offer_to(ada))
        else:
            take_off(entry=ada, by=front_desk)
    ada.refresh_from_db()
    assert (ada.state, told()) == ("withdrawn", {"Ada": "declined", "Ben": "open"})
