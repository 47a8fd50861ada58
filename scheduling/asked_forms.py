"""The forms a service asks before a visit: which there are, which of those chosen nobody is asked any more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from intake.models import Questionnaire
from scheduling.rules.asking import EACH_VISIT

AFTER_A_VISIT = frozenset({"follow-up"})
MOST_FORMS = 6


@dataclass(frozen=True, slots=True)
class AskedForm:
    """A form by the name it is known by here. `trouble` says why nobody is asked it."""

    slug: str
    title: str
    trouble: str = ""

    @property
    def is_each_time(self) -> bool:
        return self.slug in EACH_VISIT

    @property
    def label(self) -> str:
        if self.trouble:
            return f"{self.title} ({self.trouble})"
        when = _("before each visit, from the second on") if self.is_each_time else _("once")
        return f"{self.title}: {when}"


def known_forms(chosen: Iterable[str] = ()) -> dict[str, AskedForm]:
    """By name, every form that can be asked before a visit, and those chosen that can not: two queries."""
    newest = Questionnaire.objects.newest_of_each().values_list("slug", "title")
    asked = {slug: AskedForm(slug, title) for slug, title in newest if slug not in AFTER_A_VISIT}
    others = [slug for slug in dict.fromkeys(chosen) if slug not in asked]
    return asked | _in_trouble(others)


def _in_trouble(slugs: Sequence[str]) -> dict[str, AskedForm]:
    if not slugs:
        return {}
    rows = Questionnaire.objects.filter(slug__in=slugs).order_by("slug", "version")
    held = {slug: (title, status) for slug, title, status in rows.values_list("slug", "title", "status")}
    found = {}
    for slug in slugs:
        title, status = held.get(slug, (slug, ""))
        if slug in AFTER_A_VISIT:
            trouble = _("asked after a visit, not before")
        elif status == Questionnaire.Status.RETIRED:
            trouble = _("retired: nobody is asked it")
        else:
            trouble = _("not published yet") if status else _("not here any more")
        found[slug] = AskedForm(slug, title, trouble)
    return found
