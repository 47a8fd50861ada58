from intake.models.drawing import PainDrawing, PainMark
from intake.models.form import Consent, Invitation, Questionnaire, Response
from intake.models.knowledge import (
    Condition,
    Contraindication,
    ExaminationTest,
    Exercise,
    KnowledgeEntry,
    LifestyleQuestion,
    Measure,
    Quality,
    RangeOfMotion,
    RedFlagRule,
    Reference,
    Region,
    Structure,
    Technique,
)
from intake.models.red_flag import RedFlag

__all__ = [
    "Condition",
    "Consent",
    "Contraindication",
    "ExaminationTest",
    "Exercise",
    "Invitation",
    "KnowledgeEntry",
    "LifestyleQuestion",
    "Measure",
    "PainDrawing",
    "PainMark",
    "Quality",
    "Questionnaire",
    "RangeOfMotion",
    "RedFlag",
    "RedFlagRule",
    "Reference",
    "Region",
    "Response",
    "Structure",
    "Technique",
]
