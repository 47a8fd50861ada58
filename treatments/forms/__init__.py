"""Forms of treatment. They convert shape only; what may be is said by services."""

from treatments.forms.draft import DraftForms
from treatments.forms.episode import AddendumForm, CloseForm, DoseForm, EpisodeForm, HypothesisForm

__all__ = [
    "AddendumForm",
    "CloseForm",
    "DoseForm",
    "DraftForms",
    "EpisodeForm",
    "HypothesisForm",
]
