"""Everything that is held about a client, in one file that the client can take away."""

import json
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string

from clinic.audit import services as audit
from clinic.people.models import Client, Practice, User
from clinic.people.permissions import Permission, require
from clinic.people.record import held
from clinic.people.record.held import Area
from clinic.people.record.reading import Reading
from clinic.people.record.telling import Teller, values_of

PAGE, SHEET = "everything.html", "everything.css"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A ZIP file without a name on the disk: it is gone when it is closed. `name` is what it is saved as."""

    name: str
    content: IO[bytes]


class _Encoder(DjangoJSONEncoder):
    """Telephone numbers and the like as their text."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


@transaction.atomic
def export_everything(*, client: Client, by: User) -> HandedOut:
    """Collect all that is held about a client and those merged into it. Raises NotAllowed, Missing.

    A page to read, the same as JSON by area, and every file. The audit event is there before anything leaves.
    """
    require(by, Permission.EXPORT_CLIENT, client)
    reading = Reading.of(client, by)
    content = tempfile.TemporaryFile()  # noqa: SIM115  handed on, and closed by whoever sends it
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        counts = _write(archive, reading)
    audit.record(by, "client.exported", client, client=client, changes=counts)
    content.seek(0)
    return HandedOut(f"client-{client.number}-{reading.today:%Y-%m-%d}.zip", content)


def _write(archive: zipfile.ZipFile, reading: Reading) -> dict[str, int]:
    """Fill the archive. Returns how many rows of each table and how many files are in it."""
    counts: dict[str, int] = {}
    told = []
    for area in held.areas():
        rows = {table.name: values_of(table, reading.ids) for table in area.tables}
        counts |= {name: len(found) for name, found in rows.items() if found}
        values = {name: [each for _row, each in found] for name, found in rows.items()}
        archive.writestr(f"data/{area.name}.json", json.dumps(values, cls=_Encoder, ensure_ascii=False, indent=1))
        told.append({"area": area, "sections": Teller(area, rows, reading.zone).sections()})
        counts["files"] = counts.get("files", 0) + _write_files(archive, area, reading.ids)
    page = {"client": reading.client, "reading": reading, "practice": Practice.objects.first(), "areas": told}
    archive.writestr(PAGE, render_to_string(f"people/held/{PAGE}", page | {"sheet": SHEET}))
    archive.writestr(SHEET, render_to_string(f"people/held/{SHEET}"))
    return counts


def _write_files(archive: zipfile.ZipFile, area: Area, ids: Collection[uuid.UUID]) -> int:
    files = list(area.files(ids))
    for file in files:
        with file.open() as source, archive.open(file.path, "w") as target:
            shutil.copyfileobj(source, target)
    return len(files)
