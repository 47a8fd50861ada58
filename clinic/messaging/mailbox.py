"""The demo's mailbox: mails that the local SMTP server kept as files instead of sending them."""

import datetime as dt
import email
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from clinic.core.errors import Missing


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    name: str
    arrived_at: dt.datetime
    sender: str
    recipient: str
    subject: str
    text: str
    attachments: list[Attachment]


def names() -> list[str]:
    """The files' names, newest first; they begin with the nanosecond of arrival."""
    return sorted((path.name for path in _folder().glob("*.eml")), reverse=True)


def read(name: str) -> Mail:
    """One mail. Raises Missing for a name that is not in the folder."""
    if name not in names():
        raise Missing(_("This mail is not here any more."))
    path = _folder() / name
    message: EmailMessage = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain", "html"))
    return Mail(
        name=name,
        arrived_at=dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC),
        sender=str(message["From"] or ""),
        recipient=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=str(body.get_content()) if body else "",
        attachments=[_attachment(part) for part in message.iter_attachments() if isinstance(part, EmailMessage)],
    )


def _attachment(part: EmailMessage) -> Attachment:
    content = part.get_content()
    raw = content if isinstance(content, bytes) else str(content).encode()
    return Attachment(part.get_filename() or _("attachment"), part.get_content_type(), raw)


def _folder() -> Path:
    return Path(settings.MAILBOX_DIR) / "new"
