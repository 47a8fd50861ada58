"""The forms that come with the product, built from the clinical knowledge and then stored whole as FHIR."""

from intake.ready_forms.first_visit import first_visit
from intake.ready_forms.later_visits import before_visit, follow_up

BUILDERS = {"first-visit": first_visit, "before-visit": before_visit, "follow-up": follow_up}

__all__ = ["BUILDERS"]
