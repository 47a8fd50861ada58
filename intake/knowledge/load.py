"""Clinical knowledge into rows: run after every migration, skipped when the files have not changed.

Each entry is kept whole in `data`, with its sources and evidence. A built-in that its file no longer has is
retired, never deleted; what a practice added itself is left alone.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from clinic.core import clock
from intake import models
from intake.knowledge import source
from intake.knowledge.source import Entry

KINDS: dict[str, type[models.KnowledgeEntry]] = {
    "references": models.Reference,
    "regions": models.Region,
    "qualities": models.Quality,
    "structures": models.Structure,
    "conditions": models.Condition,
    "techniques": models.Technique,
    "exercises": models.Exercise,
    "tests": models.ExaminationTest,
    "red_flags": models.RedFlagRule,
    "contraindications": models.Contraindication,
    "lifestyle": models.LifestyleQuestion,
    "outcome_measures": models.Measure,
    "claims_not_used": models.ClaimNotUsed,
}
# Not `retired_at`: what the practice has retired stays so when a release ships other knowledge.
FIELDS = ["label", "data", "sources", "evidence", "position", "is_built_in"]


@transaction.atomic
def load_knowledge(*, force: bool = False) -> bool:
    """Bring the rows to the files' state. Returns whether anything had to be done; one query when not."""
    digest = source.digest()
    if not force and models.Shipment.objects.filter(digest=digest).exists():
        return False
    for name, model in KINDS.items():
        _store(model, source.entries(name))
    _store(models.RangeOfMotion, source.read("rom")["measures"])
    _store(models.Convention, source.read("statistics")["conventions"])
    _store(models.Guideline, _guidelines())
    models.Shipment.objects.all().delete()
    models.Shipment.objects.create(digest=digest)
    return True


def renew() -> None:
    """After the practice changed entries of its own: every process reads its lists anew (one query)."""
    models.Shipment.objects.update(id=uuid.uuid4())


def _guidelines() -> list[Entry]:
    """What is not a list of entries: each part becomes one entry, whole."""
    meta, rom, statistics = source.read("meta"), source.read("rom"), source.read("statistics")
    licences = source.read("outcome_licensing")
    return [
        {"code": "about", "label": meta["title"], **meta},
        {"code": "region-matching", "label": "Structures that touch the marked regions", **meta["region_matching"]},
        {"code": "rom-rules", "label": "Rules of measuring movement", "rules": rom["rules"]},
        rom["strength"],
        {"code": "report-text", "label": "What every report says", **statistics["report_text"]},
        *(
            {"code": f"licence-{name.replace('_', '-')}", "label": name.replace("_", " "), **licence}
            for name, licence in licences.items()
        ),
    ]


def _store(model: type[models.KnowledgeEntry], entries: Iterable[Entry]) -> None:
    rows = [_row(model, entry, position) for position, entry in enumerate(entries)]
    manager = model._default_manager
    manager.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=FIELDS)
    kept = [row.code for row in rows]
    manager.filter(is_built_in=True, retired_at=None).exclude(code__in=kept).update(retired_at=clock.now())


def _row(model: type[models.KnowledgeEntry], entry: Entry, position: int) -> Any:
    evidence = entry.get("evidence")
    return model(
        code=entry["code"],
        label=entry.get("label") or entry.get("citation") or entry["claim"],
        data=entry,
        sources=entry.get("sources", []),
        evidence=evidence.get("entry", "general") if isinstance(evidence, dict) else evidence or "general",
        position=position,
        is_built_in=True,
    )
