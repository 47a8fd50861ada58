"""What the product ships, brought into the database after each migration."""

from django.db import transaction

from intake.knowledge.forms import publish_ready_forms
from intake.knowledge.load import load_knowledge
from intake.models import Questionnaire


@transaction.atomic
def ship() -> None:
    """Knowledge first, forms from it. Two queries when nothing changed."""
    if load_knowledge() or not Questionnaire.objects.exists():
        publish_ready_forms()
