"""Forms of treatment. They convert shape only; what may be is said by services."""

from treatments.forms.draft import DraftForms
from treatments.forms.episode import AddendumForm, CloseForm, DoseForm, EpisodeEditForm, EpisodeForm
from treatments.forms.thinking import GoalForm, HypothesisForm, ThoughtForm

__all__ = [
    "AddendumForm",
    "CloseForm",
    "DoseForm",
    "DraftForms",
    "EpisodeEditForm",
    "EpisodeForm",
    "GoalForm",
    "HypothesisForm",
    "ThoughtForm",
]
