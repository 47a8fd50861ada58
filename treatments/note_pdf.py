"""A session note on paper: all that was signed, who added what afterwards, and the seal that proves it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cache
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.core import clock
from clinic.people.models import Practice, TherapistProfile, User
from clinic.ui.drawing import Command, Drawing, Shape
from clinic.ui.pdf import Sheet
from intake import body_map, figures
from intake.exports.palette import COLOURS, pain_colour
from intake.rules import Mark
from intake.rules.shapes import Point, anchor_of, arrow_path, lines_of, outlines_of
from treatments.models import Finding, SessionNote, TechniqueApplied
from treatments.reads.note_parts import thinking_in
from treatments.reads.signing import section_name
from treatments.reads.subjective import told_in
from treatments.templatetags.doses import amount, how_often, which_side
from treatments.templatetags.knowledge_words import finding_name

FILE_NAME = "session-note.pdf"
WIDTH_MM = 46
DOT = 9


def note_pdf(note: SessionNote) -> bytes:
    """The file. About twenty queries, whatever the length of the client's history."""
    related = ("addenda__author", "files__document", "prescriptions__exercise", "pain_drawing__marks")
    prefetch_related_objects([note], *related)
    practice = Practice.objects.first()
    sheet = Sheet(title=_("Session note"), author=practice.name if practice else note.appointment.location.name)
    zone = note.appointment.zone
    sheet.facts(_head(note, zone))
    _figures(sheet, note)
    _sections(sheet, note)
    _afterwards(sheet, note, zone)
    return sheet.build(foot=_foot(note))


def _head(note: SessionNote, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    client = note.client
    yield _("Client"), f"{client.full_name}, {client.number}"
    if client.born_on:
        yield _("Born"), date_format(client.born_on, "j F Y")
    yield _("Session"), f"{_moment(note.appointment.during.lower, zone)}, {note.appointment.location.name}"
    yield _("Therapist"), _with_credentials(note.therapist)
    episodes = [str(each) for each in (note.episode, note.other_episode) if each]
    if episodes:
        yield _("About"), "; ".join(episodes)
    if note.is_signed and note.signed_at:
        said = {"who": str(note.signed_by), "at": _moment(note.signed_at, zone), "version": note.version}
        yield _("Signed"), _("%(who)s, %(at)s, version %(version)d") % said
    else:
        yield _("Signed"), _("not yet: this is a draft")
    yield _("Pain, 0 to 10"), ", ".join(_pain(note))


def _pain(note: SessionNote) -> Iterator[str]:
    levels = ((_("now"), note.pain_now), (_("average"), note.pain_average), (_("worst"), note.pain_worst))
    yield from (f"{name} {level}" for name, level in levels if level is not None)
    if note.other_pain_average is not None:
        yield _("average of the second episode %(level)d") % {"level": note.other_pain_average}


def _sections(sheet: Sheet, note: SessionNote) -> None:
    told, thought = told_in(note), thinking_in(note)
    answers = [f"{label}: {value}" for label, value in told["answers"]]
    said = [f"{label}: {words}" for label, words in told["lines"]]
    hypotheses = [
        _("%(condition)s: %(percent)d%% sure") % {"condition": one.condition, "percent": one.confidence_percent}
        + (f", {one.reason}" if one.reason else "")
        for one in thought["note_thoughts"]
    ]
    ratings = [f"{one.goal.activity}: {one.rating}/10" for one in thought["note_ratings"]]
    techniques = list(note.techniques.all())
    minutes = sum(row.duration_minutes or 0 for row in techniques)
    total = [_("%(minutes)d min in all") % {"minutes": minutes}] if minutes else []
    _section(sheet, note, "subjective", [*(f"“{line}”" for line in answers), *said])
    _section(sheet, note, "objective", [finding_words(row) for row in note.findings.all()])
    _section(sheet, note, "techniques", [*map(technique_words, techniques), *total])
    _section(sheet, note, "assessment", [*hypotheses, *ratings])
    _section(sheet, note, "plan", [*_planned(note, thought), *_exercises(note)])


def _section(sheet: Sheet, note: SessionNote, section: str, lines: Iterable[str]) -> None:
    text = getattr(note, section, "") if section != "techniques" else ""
    marks = [section] if section in note.copied_sections else []
    if section == "objective":  # its parts are carried forward one by one
        marks += [mark for mark in note.copied_sections if not hasattr(note, mark) and mark != "techniques"]
    shown = [line for line in lines if line]
    if not shown and not text.strip() and not marks:
        return
    sheet.heading(section_name(section))
    sheet.text("\n".join(f"– {line}" for line in shown) if shown else "")
    sheet.text(text)
    for mark in marks:
        sheet.text(_("%(part)s: carried over and not touched.") % {"part": section_name(mark)}, faint=True)


def finding_words(row: Finding) -> str:
    """One finding as a line."""
    told = [finding_name(row)]
    told += [row.get_side_display()] if row.side != "none" else []
    told += [f"{row.angle_degrees}°"] if row.angle_degrees is not None else []
    told += [f"{row.length_mm} mm"] if row.length_mm is not None else []
    told += [f"{row.strength_grade.normalize():f}/5"] if row.strength_grade is not None else []
    told += [_("positive") if row.is_positive else _("negative")] if row.is_positive is not None else []
    told += [_("painful")] if row.is_painful else []
    told += [_("tender %(grade)d of 4") % {"grade": row.tenderness_grade}] if row.tenderness_grade is not None else []
    told += [row.texture, *([_("known pain")] if row.reproduces_pain else [])]
    told += [_("refers to %(place)s") % {"place": _place(row.refers_to)}] if row.refers_to else []
    return ", ".join(filter(None, [*told, row.comment]))


def _place(words: str) -> str:
    return body_map.place_words(words) if words in body_map.all_keys() else words


def technique_words(row: TechniqueApplied) -> str:
    """One technique as a line."""
    told = [str(row.technique), str(row.structure or ""), row.get_side_display() if row.side != "none" else ""]
    told += [_("%(minutes)d min") % {"minutes": row.duration_minutes}] if row.duration_minutes else []
    told += [_("pressure %(grade)d of 5") % {"grade": row.pressure_grade}] if row.pressure_grade else []
    return ", ".join(filter(None, [*told, row.get_response_display() if row.response else ""]))


def _planned(note: SessionNote, thought: dict[str, list[object]]) -> Iterator[str]:
    for label, name in ((_("Next time"), "note_next"), (_("Talked about"), "note_advice")):
        words = [str(getattr(one, "label", one)) for one in thought[name]]
        if words:
            yield f"{label}: {', '.join(words)}"
    if days := note.visit_every_days:
        yield ngettext("A visit every day", "A visit every %(days)d days", days) % {"days": days}
    yield from (_("Letter to %(name)s") % {"name": one.to_name} for one in thought["note_letters"])  # type: ignore[attr-defined]


def _exercises(note: SessionNote) -> Iterator[str]:
    for row in note.prescriptions.all():
        yield ", ".join(filter(None, (str(row.exercise), amount(row), which_side(row), how_often(row))))


def _afterwards(sheet: Sheet, note: SessionNote, zone: ZoneInfo) -> None:
    files = list(note.files.all())
    if files:
        sheet.heading(_("Photos and documents"))
        sheet.text("\n".join(f"– {row.caption or row.document.title} (SHA-256 {row.document.sha256})" for row in files))
    for row in note.addenda.all():
        sheet.heading(_("Addendum of %(who)s, %(at)s") % {"who": row.author, "at": _moment(row.created_at, zone)})
        sheet.text(row.text)
    signature = getattr(note, "co_signature", None)
    if signature:
        sheet.heading(_("Co-signed"))
        sheet.text(f"{_with_credentials(signature.signed_by)}, {_moment(signature.signed_at, zone)}")
        sheet.text(signature.remark)
    elif note.is_signed and note.supervisor:
        sheet.text(_("Waits to be co-signed by %(who)s.") % {"who": note.supervisor}, faint=True)
    if note.is_signed:
        sheet.heading(_("Seal"))
        sheet.text(f"SHA-256 {note.seal}")
        if note.chain_number:
            link = {"number": note.chain_number, "seal": note.previous_seal or "–"}
            sheet.text(_("Number %(number)d in this client's chain, after %(seal)s") % link, faint=True)


def _foot(note: SessionNote) -> str:
    if not note.is_signed:
        return _("Draft, not signed. Client %(number)s") % {"number": note.client.number}
    return _("Client %(number)s, note %(seal)s") % {"number": note.client.number, "seal": note.seal[:16]}


def _with_credentials(user: User) -> str:
    said = TherapistProfile.objects.filter(user=user).values_list("credentials", flat=True).first()
    return f"{user.name}, {said}" if said else user.name


def _moment(instant: dt.datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    # Translators: a date format, see Django's `date` filter; T is the time zone.
    return date_format(local, clock.with_zone_named(_("l j F Y, H:i T"), local))


def _figures(sheet: Sheet, note: SessionNote) -> None:
    """The client's drawing with what was found on top of it, one figure for each view that shows something."""
    marks = [figures.as_mark(mark) for mark in note.pain_drawing.marks.all()] if note.pain_drawing else []
    points = [
        row for row in note.findings.all() if isinstance(row.spot, dict) and row.spot.get("view") in body_map.views()
    ]
    names = {str(row.spot["view"]) for row in points}
    names |= set(figures.views_for(marks)) if marks else set()
    for name in sorted(names):
        here = [row for row in points if row.spot["view"] == name]
        legend = [str(body_map.view_name(name)), *(f"● {finding_words(row)}" for row in here)]
        if marks:
            legend.append(body_map.spoken(marks))
        sheet.figure(_figure(name, marks, here), beside=legend, width_mm=WIDTH_MM)


def _figure(name: str, marks: list[Mark], points: list[Finding]) -> Drawing:
    view = body_map.views()[name]
    on_it = figures.drawn(marks, name)
    shapes = [*_body(name)]
    for patch in on_it.patches:
        fill = COLOURS["pain-0"] if patch.is_spread else pain_colour(patch.pain)
        shapes.append(Shape(_closed(patch.d), fill=fill, stroke=COLOURS["pain-edge"], stroke_width=3))
    shapes.append(Shape(_closed(view.outline), stroke=COLOURS["skin-outline"], stroke_width=4))
    shapes += [_line(path, "ink-soft", 6) for path in on_it.arrows]
    shapes += [_line(path, "info", 5) for path in on_it.strokes]
    for row in points:
        shapes += _point(row, view)
    return Drawing(shapes, view.whole[2] + view.whole[0], view.whole[3] + view.whole[1], str(body_map.view_name(name)))


@cache
def _body(name: str) -> tuple[Shape, ...]:
    view = body_map.views()[name]
    seams = [Shape(_closed(path), stroke=COLOURS["skin-seam"], stroke_width=2.5) for path in view.regions.values()]
    return (Shape(_closed(view.outline), fill=COLOURS["skin"]), *seams)


def _point(row: Finding, view: body_map.View) -> Iterator[Shape]:
    """A point that was found, and an arrow to where it refers."""
    spot = row.spot or {}
    try:
        x, y = float(spot["x"]), float(spot["y"])
    except (KeyError, TypeError, ValueError):
        return
    target = view.regions.get(row.refers_to) or view.regions.get(f"{row.refers_to}.{row.side}")
    if target:
        yield _line(arrow_path((x, y), anchor_of(target), view.middle_x), "primary", 6)
    ring: list[Point] = [(x + DOT, y), (x, y + DOT), (x - DOT, y), (x, y - DOT)]
    yield Shape(_curve_round(ring, x, y), fill=COLOURS["primary"], stroke="#ffffff", stroke_width=3)


def _curve_round(ring: list[Point], x: float, y: float) -> tuple[Command, ...]:
    """A circle of four curves through its outermost points."""
    k = 0.5523
    path: list[Command] = [("M", ring[0])]
    for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
        corner = (start[0] + end[0] - x, start[1] + end[1] - y)
        first, second = (tuple(p[i] + (corner[i] - p[i]) * k for i in (0, 1)) for p in (start, end))
        path.append(("C", (*first, *second, *end)))
    return (*path, ("Z", ()))


def _line(path: str, colour: str, width: float) -> Shape:
    commands: list[Command] = []
    for points in lines_of(path):
        commands += [("L" if at else "M", point) for at, point in enumerate(points)]
    return Shape(tuple(commands), stroke=COLOURS[colour], stroke_width=width)


@cache
def _closed(path: str) -> tuple[Command, ...]:
    commands: list[Command] = []
    for points in outlines_of(path):
        commands += [*(("L" if at else "M", point) for at, point in enumerate(points)), ("Z", ())]
    return tuple(commands)
