"""Photos and documents of a note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Document
from treatments.models import SessionNote
from treatments.reads.files import free_documents
from treatments.services.files import LONGEST_CAPTION

ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once. How large each may be, and of what kind, is the service's to say."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(each, initial) for each in data or []]


class AddFilesForm(forms.Form):
    """Files from the device, or a document that is here already."""

    document = forms.ModelChoiceField(Document.objects.none(), label=_("Or one that is here already"), required=False)
    caption = forms.CharField(label=_("What it shows"), max_length=LONGEST_CAPTION, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, note: SessionNote) -> None:
        super().__init__(data, files)
        free = free_documents(note)
        field: forms.ModelChoiceField[Document] = self.fields["document"]  # type: ignore[assignment]
        field.queryset = Document.objects.filter(pk__in=[row.pk for row in free])
        self.free = free
        self.fields["files"] = FilesField(required=False, max_length=200, allow_empty_file=True)  # forms have a `files`
        self.fields["files"].widget.attrs["accept"] = ACCEPTED
        self.fields["caption"].widget.attrs["autocomplete"] = "off"


class CaptionForm(forms.Form):
    caption = forms.CharField(max_length=LONGEST_CAPTION, required=False)


class TakeOutForm(forms.Form):
    """Without a cause it stays among the client's documents."""

    cause = forms.ChoiceField(choices=[("", ""), *Document.Removal.choices], required=False)
