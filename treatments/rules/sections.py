"""The parts of the objective section: what each holds, what it is called, what may be carried forward."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Part of the form → kind of finding, in the order of the page.
PARTS: dict[str, str] = {
    "rom": "range_of_motion",
    "strength": "strength",
    "tests": "special_test",
    "points": "trigger_point",
    "palpation": "palpation",
    "legs": "leg_length",
    "gait": "gait",
    "posture": "posture",
}
PART_OF = {kind: part for part, kind in PARTS.items()}
TITLES: dict[str, str | Promise] = {
    "rom": _("Range of motion"),
    "strength": _("Strength"),
    "points": _("Trigger points"),
    "palpation": _("Palpation"),
    "tests": _("Special tests"),
    "legs": _("Leg length"),
    "gait": _("Gait"),
    "posture": _("Posture"),
}
ONCE = frozenset({"rom", "strength", "tests", "legs", "gait", "posture"})
"""Parts in which a code stands once for a side."""
