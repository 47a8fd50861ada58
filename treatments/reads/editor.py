"""What stands on a note's page beside the form: the visit before, the course, what is missing."""

from typing import Any

from scheduling.models import Appointment
from treatments.forms import DoseForm, DraftForms, EpisodeForm
from treatments.models import SessionNote
from treatments.reads.adherence import adherence_of
from treatments.reads.assessing import assessing
from treatments.reads.before import flags_of, head, prescriptions_of
from treatments.reads.carried import carried_in, templates_for
from treatments.reads.course import courses_of
from treatments.reads.maps import maps_of
from treatments.reads.objective import objective
from treatments.reads.subjective import subjective
from treatments.reads.techniques import technique_chips
from treatments.rules import signing
from treatments.rules.signing import TEXTS
from treatments.services import previous_note


def editor(note: SessionNote, forms: DraftForms) -> dict[str, Any]:
    """Everything on the editor's page. Queries: under thirty, however long the client's history."""
    appointment = note.appointment
    client, episode = note.client, note.episode
    context = head(appointment, episode)
    previous = previous_note(note)
    prescriptions = prescriptions_of(episode)
    row_count = len(forms.findings) + len(note.techniques.all())
    flags = flags_of(client)
    has_open_emergency = any(flag.is_open_emergency for flag in flags)
    missing = list(signing.lacks(note, row_count=row_count, has_open_emergency=has_open_emergency))
    courses = courses_of([episode], appointment.zone)[episode.pk] if episode else []
    maps = maps_of(client, before=appointment.during.upper, most=2)
    return context | {
        "note": note,
        "forms": forms,
        "episode_form": EpisodeForm(lists=forms.lists, marks=maps.now.marks if maps.now else ()),
        "dose_form": DoseForm(lists=forms.lists, condition=episode.condition.code if episode else ""),
        "flags": flags,
        "previous": previous,
        "previous_texts": [(name, getattr(previous, name)) for name in TEXTS] if previous else [],
        "previous_addenda": list(previous.addenda.select_related("author")) if previous else [],
        "maps": maps,
        "course": courses[0] if courses else None,
        **objective(note, forms, previous),
        "copied": carried_in(note, previous),
        "prescriptions": prescriptions,
        "adherence": adherence_of(prescriptions, appointment.zone),
        "next_visit": next_visit(note),
        "missing": missing,
        "lacks": [(lack, lack in missing) for lack in signing.ALL],
        "templates": templates_for(note),
        **subjective(note, forms),
        **technique_chips(note, forms.lists.words, previous=previous, alerts=context["alerts"]),
        "minutes": sum(row.duration_minutes or 0 for row in note.techniques.all()),
        **assessing(note, forms, courses=courses, session=context["session_number"]),
    }


def next_visit(note: SessionNote) -> Appointment | None:
    later = Appointment.objects.active().filter(
        client=note.client_id, during__startswith__gt=note.appointment.during.lower
    )
    return later.select_related("location").only("during", "location__timezone").order_by("during").first()
