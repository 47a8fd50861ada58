"""The forms of the practice as the settings list them: one family for each form, its versions newest first."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from intake.models import Questionnaire

Status = Questionnaire.Status


@dataclass(frozen=True)
class Family:
    """Every version of one form."""

    slug: str
    versions: list[Questionnaire]

    @property
    def newest(self) -> Questionnaire:
        return self.versions[0]

    @property
    def title(self) -> str:
        return (self.published or self.newest).title

    @cached_property
    def published(self) -> Questionnaire | None:
        """The version that clients are asked."""
        return self._first(Status.PUBLISHED)

    @cached_property
    def draft(self) -> Questionnaire | None:
        return self._first(Status.DRAFT)

    @cached_property
    def shown(self) -> Questionnaire:
        """The version a name leads to: the one in use, else the newest."""
        return self.published or self.draft or self.newest

    @property
    def state(self) -> str:
        return self.shown.status

    def _first(self, status: str) -> Questionnaire | None:
        return next((form for form in self.versions if form.status == status), None)


def families(user: Any) -> list[Family]:
    """Every form by title, without the long documents: one query."""
    forms = Questionnaire.objects.visible_to(user).defer("definition", "source_text").order_by("slug", "-version")
    found = [Family(slug, list(group)) for slug, group in groupby(forms, key=lambda form: form.slug)]
    return sorted(found, key=lambda family: family.title.casefold())


def versions_of(form: Questionnaire, user: Any) -> list[Questionnaire]:
    """Every version of a form, newest first, with who made it: one query."""
    forms = Questionnaire.objects.visible_to(user).filter(slug=form.slug).select_related("added_by")
    return list(forms.defer("definition", "source_text").order_by("-version"))
