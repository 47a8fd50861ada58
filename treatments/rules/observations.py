"""Words for what is felt and seen. They describe; none of them names a cause or gives a score."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

TEXTURES: Words = {
    "normal": _("Normal"),
    "soft": _("Soft"),
    "firm": _("Firm"),
    "taut-band": _("Taut band"),
    "ropy": _("Ropy"),
    "thickened": _("Thickened"),
    "boggy": _("Boggy"),
    "swollen": _("Swollen"),
    "guarding": _("Guarding"),
}
GAIT: Words = {
    "even": _("Even"),
    "short-on-right": _("Short on the right leg"),
    "short-on-left": _("Short on the left leg"),
    "leans-right": _("Trunk leans right"),
    "leans-left": _("Trunk leans left"),
    "pelvis-drops-right": _("Pelvis drops right"),
    "pelvis-drops-left": _("Pelvis drops left"),
    "short-steps": _("Short steps"),
    "walks-with-aid": _("Walks with an aid"),
}
POSTURE: Words = {
    "level": _("Pelvis level"),
    "pelvis-high-right": _("Pelvis higher right"),
    "pelvis-high-left": _("Pelvis higher left"),
    "weight-right": _("Weight on the right"),
    "weight-left": _("Weight on the left"),
    "hips-bent": _("Hips held bent"),
    "feet-out": _("Feet turned out"),
    "feet-in": _("Feet turned in"),
    "sits-off-right": _("Sits off the right"),
    "sits-off-left": _("Sits off the left"),
}
SEEN: dict[str, Words] = {"gait": GAIT, "posture": POSTURE}
