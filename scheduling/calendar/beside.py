"""What stands beside the calendar: who waits, what needs a hand."""

from typing import Any

from scheduling.calendar.cards import Card
from scheduling.calendar.parts import DayCalendar


def waiting(calendar: DayCalendar) -> list[Card]:
    """Who has arrived and sits there, longest first."""
    here = [card for card in calendar.cards if card.status == "arrived"]
    return sorted(here, key=lambda card: card.visit.arrived_at or card.visit.starts_at)


def needs_a_hand(calendar: DayCalendar) -> list[dict[str, Any]]:
    """What the desk should see to today, most urgent first."""
    cards = calendar.cards
    flagged = {card.visit.client_id: card for card in cards if card.visit.flag and card.is_active}
    missing = [card for card in cards if card.intake == "missing" and card.is_active and not card.is_over]
    absent = [card for card in cards if card.status == "no-show"]
    return [
        *({"icon": "flag", "tone": "danger", "card": card} for card in flagged.values()),
        *([{"icon": "form-missing", "count": len(missing), "what": "intake", "card": missing[0]}] if missing else []),
        *([{"icon": "no-show", "count": len(absent), "what": "no-show", "card": absent[0]}] if absent else []),
    ]
