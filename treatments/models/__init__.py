from treatments.models.episode import Episode, Hypothesis
from treatments.models.follow_up import FollowUp
from treatments.models.note import Addendum, Finding, SessionNote, TechniqueApplied
from treatments.models.prescription import Adherence, Prescription

__all__ = [
    "Addendum",
    "Adherence",
    "Episode",
    "Finding",
    "FollowUp",
    "Hypothesis",
    "Prescription",
    "SessionNote",
    "TechniqueApplied",
]
