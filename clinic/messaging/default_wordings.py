"""What a practice that has written nothing of its own sends: clinic, time, place and link, never a health fact."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.messaging.models import Purpose

DEFAULTS: dict[str, tuple[str | Promise, str | Promise]] = {
    Purpose.BOOKING: (
        _("Your appointment at {clinic}"),
        _(
            "Hello {name},\n\n"
            "your appointment is booked:\n\n"
            "{when}\n{place}\n\n"
            "Everything about it, and what you can do before you come, is here:\n{link}\n\n"
            "The link is yours alone, so please do not pass it on. You can add the visit to your calendar there.\n\n"
            "Questions? Call us on {phone}.\n\n"
            "See you soon\n{clinic}"
        ),
    ),
    Purpose.SERIES: (
        _("Your appointments at {clinic}"),
        _(
            "Hello {name},\n\n"
            "your appointments are booked. The first one:\n\n"
            "{when}\n{place}\n\n"
            "All of them, and what you can do before you come, are here:\n{link}\n\n"
            "The link is yours alone, so please do not pass it on. We remind you of each visit.\n\n"
            "Questions? Call us on {phone}.\n\n"
            "See you soon\n{clinic}"
        ),
    ),
    Purpose.SERIES_MOVED: (
        _("Your appointments at {clinic} have new times"),
        _(
            "Hello {name},\n\n"
            "your appointments have moved. The next one of them is now:\n\n"
            "{when}\n{place}\n\n"
            "All of them are here:\n{link}\n\n"
            "If they do not suit you, call us on {phone}.\n\n"
            "See you soon\n{clinic}"
        ),
    ),
    Purpose.SERIES_CANCELLED: (
        _("Your appointments at {clinic} are cancelled"),
        _(
            "Hello {name},\n\n"
            "several of your appointments are cancelled. The first of them:\n\n"
            "{when}\n{place}\n\n"
            "Which ones are off, and which stay, is here:\n{link}\n\n"
            "There is nothing you need to do. If you would like other times, call us on {phone}.\n\n"
            "Best wishes\n{clinic}"
        ),
    ),
    Purpose.WAITLIST_OFFER: (
        _("A time has come free at {clinic}"),
        _(
            "Hello {name},\n\n"
            "you asked us to tell you when a time comes free. One has:\n\n"
            "{when}\n{place}\n\n"
            "To take it, or to let it pass:\n{link}\n\n"
            "The page says until when it is kept. The link is yours alone, so please do not pass it on.\n\n"
            "Questions? Call us on {phone}.\n\n"
            "Best wishes\n{clinic}"
        ),
    ),
    Purpose.MOVED: (
        _("Your appointment at {clinic} has a new time"),
        _(
            "Hello {name},\n\n"
            "your appointment has moved. It is now:\n\n"
            "{when}\n{place}\n\n"
            "If this does not suit you, tell us here:\n{link}\n\n"
            "Questions? Call us on {phone}.\n\n"
            "See you soon\n{clinic}"
        ),
    ),
    Purpose.CANCELLED: (
        _("Your appointment at {clinic} is cancelled"),
        _(
            "Hello {name},\n\n"
            "this appointment is cancelled:\n\n"
            "{when}\n{place}\n\n"
            "There is nothing you need to do. If you would like another time, call us on {phone}.\n\n"
            "Best wishes\n{clinic}"
        ),
    ),
    Purpose.REMINDER: (
        _("Reminder: your appointment at {clinic}"),
        _(
            "Hello {name},\n\n"
            "we look forward to seeing you:\n\n"
            "{when}\n{place}\n\n"
            "To confirm, move or cancel:\n{link}\n\n"
            "Questions? Call us on {phone}.\n\n"
            "See you soon\n{clinic}"
        ),
    ),
    Purpose.INTAKE: (
        _("A few questions before your visit to {clinic}"),
        _(
            "Hello {name},\n\n"
            "please take a few minutes for our questions before you come, so that your time with us is yours:\n"
            "{link}\n\n"
            "Your visit: {when}, {place}\n\n"
            "You can stop at any time and go on later with the same link. It is yours alone, so please do not pass"
            " it on.\n\n"
            "Rather answer in person? Come ten minutes early, or call us on {phone}.\n\n"
            "See you soon\n{clinic}"
        ),
    ),
    Purpose.BEFORE_VISIT: (
        _("Before your next visit to {clinic}"),
        _(
            "Hello {name},\n\n"
            "before we meet again, a few short questions. They take about a minute:\n{link}\n\n"
            "Your visit: {when}, {place}\n\n"
            "See you soon\n{clinic}"
        ),
    ),
    Purpose.FORM_REMINDER: (
        _("Our questions still wait for you: {clinic}"),
        _(
            "Hello {name},\n\n"
            "some of our questions still wait for your answers. You go on where you stopped:\n{link}\n\n"
            "Your visit: {when}, {place}\n\n"
            "Rather answer in person? Come ten minutes early, or call us on {phone}.\n\n"
            "See you soon\n{clinic}"
        ),
    ),
    Purpose.FOLLOW_UP: (
        _("One question from {clinic}"),
        _(
            "Hello {name},\n\n"
            "thank you for coming. How are you now? One tap is all it takes:\n{link}\n\n"
            "Your answer goes to your therapist and nobody else. If something worries you, do not wait for us to read"
            " it: call us on {phone}.\n\n"
            "Best wishes\n{clinic}"
        ),
    ),
    Purpose.EXERCISES: (
        _("Your page at {clinic}"),
        _(
            "Hello {name},\n\n"
            "here is what your therapist gave you to do at home. Open it on your phone each day, and tick what is"
            " done:\n{link}\n\n"
            "Keep this mail: the link goes on working, and the page changes when your therapist changes it. It is"
            " yours alone, so please do not pass it on.\n\n"
            "If something gets worse, stop and call us on {phone}.\n\n"
            "Best wishes\n{clinic}"
        ),
    ),
    Purpose.STAFF_FLAG: (
        _("Please look at a form now: {clinic}"),
        _(
            "Hello {name},\n\n"
            "a form that has just come in needs to be looked at before anything else. Sign in to see it:\n{link}\n\n"
            "This mail says no more, because mail is not private.\n\n"
            "{clinic}"
        ),
    ),
    Purpose.FLAG_ESCALATED: (
        _("A form still waits for somebody to act: {clinic}"),
        _(
            "Hello {name},\n\n"
            "a form that could not wait came in a while ago, and nobody has yet said what was done about it. Please"
            " sign in and see to it now:\n{link}\n\n"
            "This mail says no more, because mail is not private.\n\n"
            "{clinic}"
        ),
    ),
    Purpose.UNSIGNED_NOTES: (
        _("Your notes: {clinic}"),
        _(
            "Hello {name},\n\n"
            "notes of yours that are not signed a day after the session: {count}\n"
            "Age of the oldest, in days: {days}\n\n"
            "Sign in to finish them:\n{link}\n\n"
            "This mail comes once a day as long as a note waits. It says no more, because mail is not private.\n\n"
            "{clinic}"
        ),
    ),
    Purpose.CONSENT_COPY: (
        _("Your copy from {clinic}"),
        _(
            "Hello {name},\n\n"
            "what you agreed to and signed is here, to read, to keep and, if you change your mind, to take back:\n"
            "{link}\n\n"
            "The link is yours alone, so please do not pass it on.\n\n"
            "Best wishes\n{clinic}"
        ),
    ),
}

# Staff must hear of these; they cannot be switched off.
ALWAYS_SENT = frozenset({Purpose.STAFF_FLAG, Purpose.FLAG_ESCALATED})
