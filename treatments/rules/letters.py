"""What may stand in a template of a letter."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "to": _("whom the letter goes to"),
    "date": _("today"),
    "client": _("the client's name"),
    "born": _("date of birth"),
    "number": _("client number"),
    "condition": _("what the episode is about, with its side"),
    "code": _("its ICD-10-CM code"),
    "onset": _("when and how it began"),
    "visits": _("how many sessions since when"),
    "findings": _("what was examined in the last session"),
    "flags": _("red flags of the last year and what was done"),
    "scores": _("each score at the start and now"),
    "hypotheses": _("working hypotheses"),
    "reason": _("why the letter is written"),
    "urgency": _("how soon"),
    "therapist": _("who writes"),
    "clinic": _("the practice's name"),
    "place": _("location and its address"),
}

GAP = "[…]"  # stands where somebody has to say something before a letter is kept
