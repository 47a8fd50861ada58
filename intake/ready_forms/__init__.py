"""The forms that come with the product, built from the clinical knowledge and then stored whole as FHIR."""

from intake.ready_forms.consents import consent_form
from intake.ready_forms.first_visit import first_visit
from intake.ready_forms.later_visits import before_visit, follow_up

BUILDERS = {"first-visit": first_visit, "before-visit": before_visit, "follow-up": follow_up, "consent": consent_form}

__all__ = ["BUILDERS"]
