"""What clients are told beside an exercise: the cautions of the knowledge in plain words, without its diagnoses.

The knowledge speaks to therapists ("think stenosis"); a client by a link reads what to do. Cautions about the choice of
an exercise, and not its doing, are left to who chooses. Same evidence as the cautions: general.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.models import Exercise

CARE: dict[str, str | Promise] = {
    "figure-four-stretch": _("Keep it mild. Stop if tingling increases."),
    "hamstring-stretch": _("If it brings tingling in the foot, bend the knee."),
    "hip-flexor-stretch": _("Keep the low back quiet."),
    "low-back-stretch": _("Leave it out late in pregnancy, or with fragile bones."),
    "side-lying-abduction": _("Start with an easy hold and a pillow."),
    "core-plank": _("Start from the knees. Stop if the wrist or the belly hurts."),
    "downward-dog": _("Stop if you feel dizzy. Bend the knees if the leg tingles."),
    "walking": _("If pain builds up the further you go, rest, and tell us."),
    "sciatic-slider": _("Stop if it stays worse for more than a few minutes."),
}


def care_of(exercise: Exercise) -> list[str]:
    """What to watch for. An exercise of the practice's own says it in the words of who added it."""
    if exercise.is_built_in:
        return [str(CARE[exercise.code])] if exercise.code in CARE else []
    return [str(line) for line in exercise.data.get("cautions") or ()]


def short_name(exercise: Exercise) -> str:
    """ "Side-lying leg lift" for "Glute strengthening: side-lying leg lift", and without what stands in brackets."""
    name = str(exercise.label).rsplit(": ", 1)[-1].split(" (", 1)[0].strip() or str(exercise.label)
    return name[:1].upper() + name[1:]
