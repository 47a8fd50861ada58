"""What a letter says of an episode, and the letter as a sheet of paper."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.core import clock
from clinic.messaging import placeholders
from clinic.people.models import Practice, User
from clinic.ui.pdf import Sheet
from treatments.models import Episode, LetterTemplate, Referral, SessionNote
from treatments.reads.before import flags_of
from treatments.reads.course import Course, courses_of
from treatments.reads.episode import thoughts_of
from treatments.reads.responding import Response, reassessment_of, responses_of
from treatments.rules.letters import GAP
from treatments.templatetags.knowledge_words import finding_name

FILE_NAME = "letter.pdf"
MOST_FINDINGS = 12


def filled(template: LetterTemplate, *, episode: Episode, by: User, to: str, urgency: str) -> str:
    """The template with what is known; a paragraph with nothing to say is left out. About ten queries."""
    values = values_of(episode, by) | {
        "to": to or _("Sir or Madam"),
        "urgency": str(Referral.Urgency(urgency).label).lower(),
    }
    return placeholders.fill(template.body, values)


def values_of(episode: Episode, by: User) -> dict[str, str]:
    client, zone = episode.client, episode.location.zone
    notes = SessionNote.objects.of_episode(episode)
    last = notes.select_related("appointment").prefetch_related("findings").first()
    practice = Practice.objects.first()
    flags, count = flags_of(client), notes.count()
    courses = courses_of([episode], zone)[episode.pk]
    responses = responses_of(courses)
    return {
        "date": date_format(clock.today(zone), "DATE_FORMAT"),
        "client": client.full_name,
        "born": date_format(client.born_on, "DATE_FORMAT") if client.born_on else _("(date not known)"),
        "number": str(client.number),
        "condition": str(episode),
        "code": episode.icd10cm_code or _("not coded"),
        "onset": _onset(episode),
        "visits": _visits(episode, count),
        "findings": _findings(last),
        "flags": "; ".join(_flag(flag) for flag in flags),
        "scores": _scores(courses, responses),
        "hypotheses": "; ".join(
            f"{thought.condition} ({thought.now.confidence_percent}%)"
            for thought in thoughts_of([episode]).get(episode.pk, [])
        ),
        "reason": _reason(episode, flags, responses, count),
        "therapist": by.name,
        "clinic": practice.name if practice else episode.location.name,
        "place": ", ".join(filter(None, [episode.location.name, *episode.location.address.splitlines()])),
    }


def _onset(episode: Episode) -> str:
    day = date_format(episode.onset_on, "DATE_FORMAT") if episode.onset_on else ""
    return ", ".join(filter(None, [day, episode.mechanism]))


def _visits(episode: Episode, count: int) -> str:
    day = date_format(localtime(episode.opened_at, episode.location.zone), "DATE_FORMAT")
    words = ngettext("One session since %(day)s.", "%(count)s sessions since %(day)s.", count)
    return words % {"count": count, "day": day}


def _findings(note: SessionNote | None) -> str:
    rows = list(note.findings.all())[:MOST_FINDINGS] if note else []
    return "; ".join(_finding(row) for row in rows)


def _finding(row: Any) -> str:
    said = []
    if row.angle_degrees is not None:
        said.append(f"{row.angle_degrees}°")
    if row.strength_grade is not None:
        said.append(f"{row.strength_grade.normalize():f}/5")
    if row.is_positive is not None:
        said.append(_("positive") if row.is_positive else _("negative"))
    if row.tenderness_grade is not None:
        said.append(_("tender %(grade)s of 4") % {"grade": row.tenderness_grade})
    if row.is_painful:
        said.append(_("painful"))
    side = f", {row.get_side_display()}" if row.side != "none" else ""
    return f"{finding_name(row)}{side}: {', '.join(said)}" if said else f"{finding_name(row)}{side}"


def _flag(flag: Any) -> str:
    done = flag.action_taken or (_("followed up") if flag.acknowledged_at else _("not followed up yet"))
    return f"{flag.rule.label} ({done})"


def _reason(episode: Episode, flags: list[Any], responses: list[Response], count: int) -> str:
    """What the record says speaks for a letter; without any, a gap that has to be filled before it is kept."""
    reasons = [_("red flag: %(flag)s") % {"flag": flag.rule.label} for flag in flags]
    if due := reassessment_of(episode, responses, count + 1):
        reasons.append(_("no score is better beyond its error of measurement by session %(n)s") % {"n": due.look_again})
    return "; ".join(reasons) or GAP


def _scores(courses: list[Course], responses: list[Response]) -> str:
    judged = {one.course.measure.code: str(one.words) for one in responses}
    return "; ".join(
        f"{course.label}: {course.words}, {_('now')} {course.latest}"
        + (f" ({judged[course.measure.code]})" if course.measure.code in judged else "")
        for course in courses
    )


def letter_pdf(referral: Referral) -> bytes:
    """The letter on A4, its writer and the time under it."""
    episode, zone = referral.episode, referral.episode.location.zone
    sheet = Sheet(title=_("Letter of referral"), author=referral.written_by.name)
    sheet.text("\n".join(filter(None, [referral.to_name, referral.to_address])))
    sheet.facts([(_("How soon"), referral.get_urgency_display())])
    sheet.space()
    sheet.text(referral.body)
    at = date_format(localtime(referral.written_at, zone), "DATETIME_FORMAT")
    foot = _("%(place)s · written by %(who)s, %(at)s") % {
        "place": episode.location.name,
        "who": referral.written_by.name,
        "at": at,
    }
    return sheet.build(foot=foot)
