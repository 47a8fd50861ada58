"""What may not be left out."""

from intake.answers import questions
from intake.fhir import Answers, Item, Kind


def missing_in(section: Item, answers: Answers, enabled: set[str]) -> list[str]:
    """linkIds of enabled questions of a section that still need an answer."""
    return [item.link_id for item in questions(section) if item.link_id in enabled and is_missing(item, answers)]


def is_missing(item: Item, answers: Answers) -> bool:
    if item.kind is Kind.PAIN_MAP:
        marks = answers.marks.get(item.link_id, [])
        return any(mark.intensity is None for mark in marks) or (item.required and not marks)
    if not item.required:
        return False
    value = answers.one(item.link_id)
    if item.kind is Kind.CONSENT:
        return value is not True
    if item.kind is Kind.SIGNATURE:
        return value is None or not (value.name or value.strokes)
    return value is None or value == ""
