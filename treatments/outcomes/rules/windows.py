"""When a score counts as baseline, and when as a follow-up."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Convention `baseline-window` (general clinical knowledge): a score taken after treatment has begun shrinks the change.
BASELINE_DAYS_BEFORE = 14
BASELINE_DAYS_AFTER = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Days after the first treatment within which a score counts for `target_days`, edges included.

    `field` is the column of EpisodeSummary that keeps the score.
    """

    code: str
    label: str | Promise
    target_days: int
    from_day: int
    to_day: int
    field: str

    @property
    def weeks(self) -> int:
        return self.target_days // 7


# ICHOM low back pain set: 6, 12 and 24 months, with 3 months optional (Clement and others, Acta Orthop 2015); 6 weeks
# added for a clinic of short episodes. The edges of the windows are general knowledge.
WINDOWS = (
    Window("w6", _("6 weeks"), 42, 28, 56, "at_w6"),
    Window("m3", _("3 months"), 91, 70, 112, "at_m3"),
    Window("m6", _("6 months"), 182, 150, 213, "at_m6"),
    Window("m12", _("12 months"), 365, 320, 410, "at_m12"),
)
DEFAULT_WINDOW = "m3"

# Only for drawing the course between the windows; no figure is reported for them.
_EARLY = (
    Window("w2", _("2 weeks"), 14, 7, 20, "at_w2"),
    Window("w4", _("4 weeks"), 28, 21, 34, "at_w4"),
)
CURVE = (*_EARLY, *WINDOWS)


def window_of(code: str) -> Window:
    """The reported window of that code, or the default one."""
    by_code = {window.code: window for window in WINDOWS}
    return by_code.get(code, by_code[DEFAULT_WINDOW])
