"""What a note's author looks at before they sign it."""

from typing import Any

from treatments.models import SessionNote
from treatments.reads.carried import carried_in
from treatments.rules.sections import TITLES
from treatments.rules.signing import SECTION_NAMES
from treatments.services import missing_for

# Where on the note's page each lack is mended.
ANCHORS = {
    "episode": "#episode",
    "pain": "#id_pain_average",
    "text": "#subjective",
    "other-pain": "#id_other_pain_average",
}
# As the parts follow each other on the note; the database keeps their marks in an order of its own.
ORDER = ("subjective", *TITLES, "objective", "techniques", "assessment", "plan")


def section_name(section: str) -> str:
    """What a part of a note is called on its page."""
    return str({**SECTION_NAMES, **TITLES}.get(section, section.replace("_", " ")))


def summary(note: SessionNote) -> dict[str, Any]:
    """What is missing, what was copied and not touched, and what the visit adds up to. Six queries."""
    findings, techniques = list(note.findings.all()), list(note.techniques.all())
    missing = missing_for(note, row_count=len(findings) + len(techniques))
    sources = carried_in(note)
    known = {section: place for place, section in enumerate(ORDER)}
    untouched = sorted(note.copied_sections, key=lambda section: known.get(section, len(known)))
    return {
        "missing": [(lack, ANCHORS.get(lack.code, "")) for lack in missing],
        "untouched": [(section, section_name(section), sources[section]) for section in untouched],
        "minutes": sum(row.duration_minutes or 0 for row in techniques),
        "finding_count": len(findings),
        "technique_count": len(techniques),
        "exercise_count": note.prescriptions.count(),
        "file_count": note.files.count(),
    }
