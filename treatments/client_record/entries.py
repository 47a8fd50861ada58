"""Session notes, addenda and episodes as entries of the record's timeline. For those who may read notes."""

import datetime as dt
import uuid
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping
from operator import itemgetter

from django.db.models import F, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.people.permissions import Permission
from clinic.people.record import timeline
from clinic.people.record.reading import Reading
from clinic.people.record.timeline import Entry, Kind
from clinic.people.record.words import day_of, joined, time_or_day
from treatments.models import Addendum, Episode, Referral, SessionNote, TechniqueApplied

MOST_TECHNIQUES = 3
Rated = tuple[dt.datetime, int]  # a visit's begin and its pain


class Notes(timeline.Source):
    """Each stands beside its visit, whenever it was written."""

    name = "notes"
    kind = Kind.NOTES
    permission = Permission.VIEW_NOTES

    def rows(self, reading: Reading) -> QuerySet[SessionNote]:
        rows: QuerySet[SessionNote] = SessionNote.objects.visible_to(reading.user).filter(client__in=reading.ids)
        return rows.annotate(at=F("appointment__during__startswith"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """Three queries: notes, what was done, the pain of the visits before."""
        done = TechniqueApplied.objects.select_related("technique").defer("technique__data", "technique__sources")
        rows = SessionNote.objects.filter(pk__in=keys).select_related("appointment", "therapist", "signed_by")
        rows = rows.defer("subjective", "objective", "assessment", "plan", "copied_sections")
        notes = list(rows.prefetch_related(Prefetch("techniques", done)))
        courses = _pain_courses({row.episode_id for row in notes})
        return {row.pk: _note(row, courses.get(row.episode_id, []), reading) for row in notes}


def _pain_courses(episodes: Collection[uuid.UUID | None]) -> Mapping[uuid.UUID, list[Rated]]:
    """When each visit of an episode began, oldest first, with the pain its note gives."""
    found: dict[uuid.UUID, list[Rated]] = defaultdict(list)
    rows = SessionNote.objects.filter(episode__in=episodes, pain_average__isnull=False)
    starts_at = F("appointment__during__startswith")
    for episode, at, pain in rows.order_by(starts_at).values_list("episode", starts_at, "pain_average"):
        found[episode].append((at, pain))
    return found


def _note(row: SessionNote, course: list[Rated], reading: Reading) -> Entry:
    state, icon, tone = _("Not signed"), "pen", "warn"
    if row.signed_at:
        when = time_or_day(row.signed_at, row.appointment.starts_at, reading.zone)
        state, icon, tone = _("Signed %(when)s") % {"when": when}, "lock", ""
    return Entry(
        icon="note",
        title=_("Session note"),
        detail=joined(row.therapist.name, _pain(row, course), _techniques(row)),
        url=reverse("treatments:note-edit", args=[row.pk]),
        state=state,
        state_icon=icon,
        tone=tone,
    )


def _pain(row: SessionNote, course: list[Rated]) -> str:
    if row.pain_average is None:
        return ""
    place = bisect_left(course, row.appointment.starts_at, key=itemgetter(0))
    if place == 0:
        return _("pain %(now)s") % {"now": row.pain_average}
    return _("pain %(now)s, was %(was)s") % {"now": row.pain_average, "was": course[place - 1][1]}


def _techniques(row: SessionNote) -> str:
    """The first few by name."""
    names = list(dict.fromkeys(str(each.technique) for each in row.techniques.all()))
    more = len(names) - MOST_TECHNIQUES
    shown = ", ".join(names[:MOST_TECHNIQUES])
    if more <= 0:
        return shown
    return ngettext("%(shown)s and %(more)s more", "%(shown)s and %(more)s more", more) % {"shown": shown, "more": more}


class Addenda(timeline.Source):
    name = "addenda"
    kind = Kind.NOTES
    permission = Permission.VIEW_NOTES

    def rows(self, reading: Reading) -> QuerySet[Addendum]:
        rows: QuerySet[Addendum] = Addendum.objects.visible_to(reading.user).filter(note__client__in=reading.ids)
        return rows.annotate(at=F("created_at"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        rows = Addendum.objects.filter(pk__in=keys).select_related("author", "note__appointment")
        return {row.pk: self._entry(row, reading) for row in rows}

    def _entry(self, row: Addendum, reading: Reading) -> Entry:
        day = day_of(row.note.appointment.starts_at, reading.zone)
        return Entry(
            icon="plus",
            title=_("Addendum"),
            detail=joined(row.author.name, _("to the note of %(day)s") % {"day": day}),
            url=reverse("treatments:note-edit", args=[row.note_id]),
            state=_("Added"),
            state_icon="lock",
        )


class EpisodesOpened(timeline.Source):
    name = "episodes-opened"
    kind = Kind.EPISODES
    permission = Permission.VIEW_NOTES

    def rows(self, reading: Reading) -> QuerySet[Episode]:
        rows: QuerySet[Episode] = Episode.objects.visible_to(reading.user).filter(client__in=reading.ids)
        return rows.annotate(at=F("opened_at"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        return {row.pk: self._entry(row) for row in _episodes(keys)}

    def _entry(self, row: Episode) -> Entry:
        number = row.planned_sessions or 0
        planned = ngettext("%(number)s session planned", "%(number)s sessions planned", number) % {"number": number}
        return Entry(
            icon="body",
            title=_("Episode opened"),
            detail=joined(str(row), row.therapist.name, planned if number else ""),
            url=reverse("treatments:episode-detail", args=[row.pk]),
            state=_("Opened"),
            state_icon="check",
        )


class EpisodesClosed(timeline.Source):
    name = "episodes-closed"
    kind = Kind.EPISODES
    permission = Permission.VIEW_NOTES

    def rows(self, reading: Reading) -> QuerySet[Episode]:
        rows: QuerySet[Episode] = Episode.objects.visible_to(reading.user).filter(client__in=reading.ids)
        return rows.exclude(closed_at=None).annotate(at=F("closed_at"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        return {row.pk: self._entry(row) for row in _episodes(keys)}

    def _entry(self, row: Episode) -> Entry:
        return Entry(
            icon="body",
            title=_("Episode closed"),
            detail=str(row),
            url=reverse("treatments:episode-detail", args=[row.pk]),
            state=row.get_close_reason_display(),
            state_icon="completed",
        )


class Referrals(timeline.Source):
    """Letters to physicians."""

    name = "referrals"
    kind = Kind.EPISODES
    permission = Permission.VIEW_NOTES

    def rows(self, reading: Reading) -> QuerySet[Referral]:
        rows: QuerySet[Referral] = Referral.objects.visible_to(reading.user).filter(episode__client__in=reading.ids)
        return rows.annotate(at=F("written_at"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        rows = Referral.objects.filter(pk__in=keys).select_related("episode__condition", "written_by").defer("body")
        return {row.pk: self._entry(row) for row in rows}

    def _entry(self, row: Referral) -> Entry:
        return Entry(
            icon="mail",
            title=_("Letter of referral"),
            detail=joined(row.to_name, str(row.episode), row.written_by.name),
            url=reverse("treatments:referral-detail", args=[row.pk]),
            state=row.get_urgency_display(),
            state_icon="lock",
        )


def _episodes(keys: Collection[uuid.UUID]) -> QuerySet[Episode]:
    """One query, without the long entries of the knowledge behind the conditions."""
    rows = Episode.objects.filter(pk__in=keys).select_related("condition", "therapist")
    return rows.defer("condition__data", "condition__sources")


for source in (Notes(), Addenda(), EpisodesOpened(), EpisodesClosed(), Referrals()):
    timeline.register(source)
