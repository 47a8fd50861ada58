"""Outcome measures of the knowledge as the settings show them, with the forms that ask them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from intake.models import Measure, Questionnaire
from intake.services.documents import has_licence, is_free


@dataclass(frozen=True)
class Instrument:
    """One outcome measure."""

    measure: Measure
    forms: list[Questionnaire]
    """Newest first."""

    @property
    def facts(self) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = self.measure.data
        return facts

    @property
    def is_free(self) -> bool:
        return is_free(self.measure)

    @property
    def licence(self) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = self.facts.get("licence", {})
        return facts

    @property
    def who_may(self) -> str:
        status = self.licence.get("status", "")
        return {
            "no_item_text_needed": _("No permission needed: no owner's words are used."),
            "may_ship_item_text": _("May be used without asking."),
        }.get(status, _("The practice asks the owner for permission and brings the questions."))

    @property
    def shown(self) -> Questionnaire | None:
        """The version in use, else the newest."""
        return next((form for form in self.forms if form.status == "published"), None) or next(iter(self.forms), None)

    @property
    def lacks_licence(self) -> bool:
        return self.shown is not None and not self.is_free and not has_licence(self.shown)

    @property
    def range(self) -> str:
        low, high = self.facts.get("score_min"), self.facts.get("score_max")
        return "" if low is None or high is None else f"{low} – {high}"

    @property
    def better(self) -> str:
        return {"lower": _("Less is better"), "higher": _("More is better")}.get(str(self.facts.get("better", "")), "")

    @property
    def threshold(self) -> str:
        """The change that counts as important, as the outcome reports use it."""
        held = self.facts.get("default_threshold") or {}
        parts = [str(held["absolute"])] if held.get("absolute") is not None else []
        parts += [f"{held['percent']} %"] if held.get("percent") is not None else []
        return " · ".join(parts)

    @property
    def differences(self) -> list[Mapping[str, Any]]:
        """Every published minimal important change, with whom it was found in."""
        found = [{**row, "shown": _number(row.get("value")), "name": "MIC"} for row in self.facts.get("mic") or ()]
        return found + [
            {**row, "shown": _number(row.get("value")), "name": "MDC"} for row in self.facts.get("mdc") or ()
        ]


def _number(value: Any) -> str:
    if isinstance(value, list):
        return " – ".join(str(part) for part in value)
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')}: {_number(part)}" for key, part in value.items())
    return "" if value is None else str(value)


def instruments() -> list[Instrument]:
    """Every measure with the forms that ask it: two queries."""
    asked = Questionnaire.objects.defer("definition", "source_text", "report").order_by("-version")
    measures = Measure.objects.current().prefetch_related(Prefetch("forms", queryset=asked))
    return [Instrument(measure, list(measure.forms.all())) for measure in measures]
