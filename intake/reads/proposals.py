"""What clients gave otherwise than their records, as pages show it: what there is beside what was given."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format

from clinic.people.models import Client
from intake import record_details as details
from intake.models import Proposal


@dataclass(frozen=True, slots=True)
class Shown:
    """One detail. `seen` is what the record says now, as it is sent along with the decision."""

    proposal: Proposal
    seen: str

    @property
    def name(self) -> Any:
        return details.NAMES.get(self.proposal.field, self.proposal.field)

    @property
    def is_open(self) -> bool:
        return bool(self.proposal.state == Proposal.State.OPEN)

    @property
    def old(self) -> str:
        return _in_words(self.proposal.field, self.seen if self.is_open else self.proposal.old)

    @property
    def new(self) -> str:
        return _in_words(self.proposal.field, self.proposal.new)


def shown(proposals: Iterable[Proposal], client: Client) -> list[Shown]:
    """Those that are decided, and those that still say otherwise than the record. No query."""
    rows = [Shown(each, details.said(client, each.field)) for each in proposals]
    return [
        row for row in rows if not row.is_open or not details.is_same(row.proposal.field, row.seen, row.proposal.new)
    ]


def _in_words(field: str, words: str) -> str:
    if field == details.BORN_ON and words:
        return date_format(dt.date.fromisoformat(words), "DATE_FORMAT")
    return words
