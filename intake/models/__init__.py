from intake.models.consent import Consent, ConsentText
from intake.models.drawing import PainDrawing, PainMark
from intake.models.form import Invitation, Questionnaire, Response, ValueSet
from intake.models.kiosk import KioskDevice, KioskTurn
from intake.models.knowledge import (
    ClaimNotUsed,
    Condition,
    Contraindication,
    Convention,
    ExaminationTest,
    Exercise,
    Guideline,
    KnowledgeEntry,
    LifestyleQuestion,
    Measure,
    Quality,
    RangeOfMotion,
    RedFlagRule,
    Reference,
    Region,
    Shipment,
    Structure,
    Technique,
)
from intake.models.proposal import Proposal
from intake.models.red_flag import FlagWatch, RedFlag
from intake.models.upload import Upload

__all__ = [
    "ClaimNotUsed",
    "Condition",
    "Consent",
    "ConsentText",
    "Contraindication",
    "Convention",
    "ExaminationTest",
    "Exercise",
    "FlagWatch",
    "Guideline",
    "Invitation",
    "KioskDevice",
    "KioskTurn",
    "KnowledgeEntry",
    "LifestyleQuestion",
    "Measure",
    "PainDrawing",
    "PainMark",
    "Proposal",
    "Quality",
    "Questionnaire",
    "RangeOfMotion",
    "RedFlag",
    "RedFlagRule",
    "Reference",
    "Region",
    "Response",
    "Shipment",
    "Structure",
    "Technique",
    "Upload",
    "ValueSet",
]
