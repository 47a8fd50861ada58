from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.messaging.models import MessageTemplate


class WordingForm(forms.ModelForm[MessageTemplate]):
    class Meta:
        model = MessageTemplate
        fields = ["subject", "body", "is_active"]
        labels = {"is_active": _("Send this message")}
        widgets = {
            "body": forms.Textarea(attrs={"rows": 16}),
            "is_active": forms.CheckboxInput(attrs={"look": "switch"}),
        }
