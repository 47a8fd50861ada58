"""Files that clients give as answers: told by their content, kept with the draft, taken out of it again."""

import base64
import hashlib
import uuid
from collections.abc import Iterable
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Missing, Refused
from clinic.people import uploads
from intake.answers import answers_of
from intake.asked import Asked, asked_in, is_file, is_given
from intake.fhir import Answers, Item
from intake.fhir.values import Attachment
from intake.file_rules import MEGABYTE, MOST_IN_ALL, NAMES, URN, kinds_for, most_bytes, most_files, pk_of
from intake.form_cache import form_of
from intake.models import Response, Upload
from intake.services.writing import actor_of, locked_draft, write


@transaction.atomic
def add_upload(*, response: Response, section: Item, address: str, upload: IO[bytes]) -> Upload:
    """Keep a file as an answer of a draft; where one alone may stand it takes the place of the one before.

    Raises Refused when it is too large, broken, of another kind or one too many; Missing where no file is asked for.
    """
    item = _asked(response, section, address).item
    file = _clean(item, upload)
    response = locked_draft(response)
    form, answers = form_of(response.questionnaire), answers_of(response)
    held = answers.all(address) if item.repeats else []
    if len(held) >= most_files(item) or response.uploads.count() >= MOST_IN_ALL:
        most = most_files(item)
        raise Refused(ngettext("Only one file fits here.", "At most %(n)s files fit here.", most) % {"n": most})
    row = Upload(
        client=response.client,
        response=response,
        title=uploads.title_from(getattr(upload, "name", "") or "") or NAMES[file.media_type],
        media_type=file.media_type,
        size_bytes=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
    )
    row.file.save("answer", ContentFile(file.content), save=False)
    row.save()
    answers.put(address, [*held, _attachment(row, file.content)])
    write(response, form, answers, clock.now())
    response.save(update_fields=["answers", "updated_at"])
    forget_unused(response=response)
    audit.record(actor_of(response), "upload.added", row, client=row.client, changes={"bytes": row.size_bytes})
    return row


@transaction.atomic
def remove_upload(*, response: Response, name: str) -> None:
    """Take a file out of a draft, for good; `name` is its id. Raises Missing when it is none of this draft's."""
    response = locked_draft(response)
    form, answers = form_of(response.questionnaire), answers_of(response)
    pk = pk_of(Attachment(url=f"{URN}{name}"))
    if pk is None or not response.uploads.filter(pk=pk).exists():
        raise Missing(_("This file is not there any more."))
    for address, values in list(answers.values.items()):
        if any(pk_of(value) == pk for value in values):
            answers.put(address, [value for value in values if pk_of(value) != pk])
    write(response, form, answers, clock.now())
    response.save(update_fields=["answers", "updated_at"])
    forget_unused(response=response)


def forget_unused(*, response: Response) -> None:
    """Delete the files that no answer names any more, once the transaction has gone through. Called inside it."""
    named = set(named_in(answers_of(response)))
    for row in response.uploads.exclude(pk__in=named):
        storage, path = row.file.storage, str(row.file.name)
        audit.record(actor_of(response), "upload.removed", row, client=row.client)
        row.delete()
        transaction.on_commit(lambda storage=storage, path=path: storage.delete(path))  # type: ignore[misc]


def named_in(answers: Answers) -> Iterable[uuid.UUID]:
    return (pk for values in answers.values.values() for pk in map(pk_of, values) if pk is not None)


def _asked(response: Response, section: Item, address: str) -> Asked:
    asked = (each for each in asked_in(section, answers_of(response)) if each.address == address)
    found = next((each for each in asked if is_file(each.item) and not is_given(each.item)), None)
    if found is None:
        raise Missing(_("No file is asked for here."))
    return found


def _clean(item: Item, upload: IO[bytes]) -> uploads.CleanFile:
    """Raises Refused in words that say what to do."""
    most, kinds = most_bytes(item), kinds_for(item)
    content = upload.read(most + 1)
    if len(content) > most:
        size = f"{most / MEGABYTE:g}"
        raise Refused(_("This file is larger than %(size)s MB. Send a smaller one.") % {"size": size})
    if uploads.sniff(content) not in kinds:
        names = ", ".join(NAMES[kind] for kind in kinds)
        raise Refused(_("This kind of file is not taken. Send one of: %(kinds)s.") % {"kinds": names})
    return uploads.clean(content)


def _attachment(row: Upload, content: bytes) -> Attachment:
    """As FHIR has it: the hash is SHA-1, in base64."""
    digest = base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()
    about = {"size": row.size_bytes, "hash": digest, "creation": row.created_at.isoformat()}
    return Attachment(row.title, row.media_type, url=f"{URN}{row.pk}", source=about)
