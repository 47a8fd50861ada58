from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "intake"
    verbose_name = _("Intake")

    def ready(self) -> None:
        post_migrate.connect(_ship, sender=self)


def _ship(**kwargs: Any) -> None:
    """The clinical knowledge and the ready forms come with the tables."""
    import_string("intake.knowledge.shipment.ship")()
