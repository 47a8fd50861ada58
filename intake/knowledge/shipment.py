"""What the product ships, brought into the database after each migration."""

from django.db import transaction

from intake.knowledge.forms import publish_ready_forms
from intake.knowledge.load import load_knowledge
from intake.models import Questionnaire
from intake.services.consent_texts import publish_ready_texts


@transaction.atomic
def ship() -> None:
    """Knowledge first, forms from it, wordings of consent. Three queries when nothing changed."""
    if load_knowledge() or not Questionnaire.objects.exists():
        publish_ready_forms()
    publish_ready_texts()
