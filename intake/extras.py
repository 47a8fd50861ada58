"""What a question's template needs beside the question itself."""

from collections.abc import Mapping
from typing import Any

from intake.asked import is_file, is_given
from intake.body_map_form import form_context
from intake.consent_texts import Wording
from intake.fhir import Answers, Item, Kind
from intake.file_rules import KINDS, NAMES, kinds_for, most_bytes, most_files, pk_of


def extra_for(item: Item, address: str, answers: Answers, wordings: Mapping[str, Wording]) -> Mapping[str, Any]:
    """The body map, the words of a consent, the files given so far; nothing for most questions."""
    if item.kind is Kind.PAIN_MAP:
        return form_context(item, answers.marks.get(address, []))
    if item.link_id in wordings:
        return {"wording": wordings[item.link_id]}
    return _files(item, answers.all(address)) if is_file(item) and not is_given(item) else {}


def _files(item: Item, held: list[Any]) -> dict[str, Any]:
    kinds = kinds_for(item)
    rows = [{"file": file, "pk": pk_of(file), "size": file.source.get("size")} for file in held]
    return {
        "files": rows,
        "accept": ",".join(kinds),
        "kinds": ", ".join(NAMES[kind] for kind in KINDS if kind in kinds),
        "most_bytes": most_bytes(item),
        "may_have_more": len(rows) < most_files(item),
    }
