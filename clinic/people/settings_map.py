"""What the settings page leads to: one table, pages of other apps by the name of their address."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

CARDS = (
    (
        _("Practice"),
        (
            ("practice", _("Practice"), _("Name, contact, policies, reminders"), "people:settings-practice"),
            ("place", _("Locations"), _("Addresses, time zones, opening hours"), "people:location-list"),
            ("room", _("Rooms"), _("Where people are treated"), "people:room-list"),
            ("clients", _("Staff"), _("Who works here, and what they may do"), "people:staff-list"),
        ),
    ),
    (
        _("Bookings"),
        (
            ("service", _("Services"), _("What can be booked, how long it takes"), "scheduling:service-list"),
            ("calendar", _("Booking"), _("Online booking, notice, waitlist"), "scheduling:booking-rules"),
            ("clock", _("Working hours"), _("Weeks, breaks, dates that differ"), "scheduling:hours-list"),
            ("person", _("Time off"), _("Holidays, training, illness"), "scheduling:time-off-list"),
            ("light", _("Holidays"), _("On which dates each location is closed"), "scheduling:holiday-list"),
            ("lock", _("Room closures"), _("Repairs, courses"), "scheduling:room-closure-list"),
            ("filter", _("Daily limits"), _("How many visits a day are enough"), "scheduling:daily-limit-list"),
            (
                "link",
                _("Calendars elsewhere"),
                _("Feeds of rooms and therapists, and what is read"),
                "scheduling:calendars",
            ),
        ),
    ),
    (
        _("What clients get"),
        (
            ("message", _("Wordings"), _("The text of each mail"), "messaging:wording-list"),
            ("note", _("Forms"), _("The questions before a visit"), "intake:questionnaire-list"),
            ("mail", _("Letters"), _("What a letter to a physician begins with"), "treatments:letter-list"),
            ("pen", _("Consents"), _("What clients agree to, word for word"), "intake:consent-text-list"),
            ("form-started", _("Tablets"), _("Forms at the desk"), "intake:tablet-list"),
            ("flag", _("Red flags"), _("Who is told at once, and who next"), "intake:flag-watch-list"),
        ),
    ),
    (
        _("Accountability"),
        (("history", _("Audit log"), _("Who saw and changed what"), "audit-list"),),
    ),
)


def cards() -> list[dict[str, Any]]:
    """The groups with their addresses."""
    return [
        {
            "title": title,
            "cards": [
                {"icon": icon, "title": name, "about": about, "url": reverse(url_name)}
                for icon, name, about, url_name in entries
            ],
        }
        for title, entries in CARDS
    ]
