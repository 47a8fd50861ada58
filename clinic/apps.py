from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from clinic.celery import app as celery_app


class ClinicConfig(AppConfig):
    name = "clinic"
    label = "clinic"
    verbose_name = _("Clinic")
    celery = celery_app  # the web process rings the same broker's doorbell as the worker hears
