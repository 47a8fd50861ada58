from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from clinic.people import checks


class PeopleConfig(AppConfig):
    name = "clinic.people"
    label = "people"
    verbose_name = _("People")
    refuse_wrong_mode = staticmethod(checks.refuse_wrong_mode)

    def ready(self) -> None:
        """Every app says what it adds to a client's record, see `clinic.people.record`."""
        autodiscover_modules("client_record")
