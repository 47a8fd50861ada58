"""Why an outside calendar cannot be read, in words that say what to do."""

from django.utils.translation import gettext_lazy as _lazy

_TEXTS = {
    "not-https": _lazy("The address must begin with https:// (or webcal://)."),
    "no-address": _lazy("This is no address. Copy it from your calendar’s settings, all of it."),
    "has-password": _lazy("The address holds a name or password. Use the secret address that your calendar offers."),
    "not-public": _lazy(
        "The address leads into a private network. It must be one that anybody on the internet can reach."
    ),
    "unknown-host": _lazy("No server has this name. Check the address."),
    "no-answer": _lazy("The server does not answer as it should. We try again by ourselves."),
    "untrusted": _lazy("The server’s certificate is not valid for this name, so nothing is read from it."),
    "too-slow": _lazy("The server takes too long. We try again by ourselves."),
    "too-large": _lazy("The file is larger than 5 MB. Share a calendar with fewer old events."),
    "too-many-redirects": _lazy("The address sends us in circles. Copy it again from your calendar’s settings."),
    "forbidden": _lazy("The server does not let us in. Make the calendar’s secret address anew and enter that."),
    "not-there": _lazy("There is no calendar at this address any more. Copy it again from your calendar’s settings."),
    "broken-off": _lazy("The file broke off in the middle. We try again by ourselves."),
    "garbled": _lazy("The server’s answer makes no sense. Check the address."),
    "not-a-calendar": _lazy("What lies there is no calendar file. Look for an address that ends in .ics."),
    "too-many-events": _lazy("There are more events than anybody can have. Share a calendar with fewer old events."),
    "repeats-too-often": _lazy("An event repeats more often than every half hour. Change or delete it there."),
    "too-complicated": _lazy("The rules by which events repeat take too long to work out. Simplify them there."),
}


def text_of(reason: str) -> str:
    """Empty without a reason."""
    return str(_TEXTS.get(reason, reason))
