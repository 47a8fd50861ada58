"""A client's scores in the client's record. On the timeline one entry for each form or note they come from."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.people.models import Client
from clinic.people.permissions import Permission
from clinic.people.record import held, timeline
from clinic.people.record.held import Area, Table
from clinic.people.record.reading import Reading
from clinic.people.record.timeline import Entry, Kind
from clinic.people.record.words import joined
from treatments.outcomes.models import EpisodeSummary, Score
from treatments.rules.course import plain


class Scores(timeline.Source):
    name = "scores"
    kind = Kind.SCORES
    permission = Permission.VIEW_OUTCOMES

    def rows(self, reading: Reading) -> QuerySet[Score]:
        clients = Client.objects.visible_to(reading.user).filter(pk__in=reading.ids)
        rows = Score.objects.filter(episode__client__in=clients).order_by()
        by_origin = rows.values(key=Coalesce("note", "response"))
        return by_origin.annotate(at=Max("recorded_at"))  # type: ignore[return-value]

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        before = Score.objects.filter(
            episode=OuterRef("episode"), measure=OuterRef("measure"), recorded_at__lt=OuterRef("recorded_at")
        )
        was = Subquery(before.order_by("-recorded_at").values("value")[:1])
        rows = Score.objects.filter(Q(note__in=keys) | Q(response__in=keys)).annotate(was=was)
        by_origin: dict[uuid.UUID, list[Score]] = defaultdict(list)
        for row in rows.select_related("measure").only(
            "value", "note_id", "response_id", "measure__code", "measure__label"
        ):
            if origin := row.note_id or row.response_id:
                by_origin[origin].append(row)
        return {key: _entry(members) for key, members in by_origin.items()}


def _entry(rows: list[Score]) -> Entry:
    """A single score is called by its measure's name, several by theirs."""
    first = rows[0]
    names = {row.measure.label for row in rows}
    origin = "treatments:note-edit" if first.note_id else "intake:response-detail"
    return Entry(
        icon="outcomes",
        title=first.measure.label if len(names) == 1 else _("Scores"),
        detail=joined(*dict.fromkeys(_words(row, is_named=len(names) > 1) for row in rows)),
        url=reverse(origin, args=[first.note_id or first.response_id]),
        state=_("From the session note") if first.note_id else _("From a form"),
        state_icon="note" if first.note_id else "form-done",
    )


def _words(row: Score, *, is_named: bool) -> str:
    was: Decimal | None = row.was  # type: ignore[attr-defined]
    value = plain(row.value)
    if was is not None:
        value = _("%(value)s, was %(was)s") % {"value": value, "was": plain(was)}
    return _("%(measure)s: %(value)s") % {"measure": row.measure.label, "value": value} if is_named else value


timeline.register(Scores())
held.register(
    Area(
        "scores",
        gettext_lazy("Scores"),
        (
            Table(Score, "episode__client", technical=("created_at",), is_list=True),
            Table(EpisodeSummary, "episode__client", is_told=False),
        ),
    )
)
