from treatments.models.episode import Episode
from treatments.models.follow_up import FollowUp
from treatments.models.note import Addendum, CoSignature, SessionNote
from treatments.models.prescription import Adherence, ExercisePicture, Prescription
from treatments.models.recorded import Finding, NoteFile, TechniqueApplied
from treatments.models.referral import LetterTemplate, Referral
from treatments.models.thinking import Goal, GoalRating, Hypothesis
from treatments.models.writing import NoteTemplate, SetAside, Snippet, WordUse

__all__ = [
    "Addendum",
    "Adherence",
    "CoSignature",
    "Episode",
    "ExercisePicture",
    "Finding",
    "FollowUp",
    "Goal",
    "GoalRating",
    "Hypothesis",
    "LetterTemplate",
    "NoteFile",
    "NoteTemplate",
    "Prescription",
    "Referral",
    "SessionNote",
    "SetAside",
    "Snippet",
    "TechniqueApplied",
    "WordUse",
]
