"""A local SMTP server that keeps each mail as a file in a maildir instead of sending it anywhere.

Run as `python -m clinic.core.embedded.mailbox FOLDER --fd N`, or with `--port N` on loopback.
"""

import argparse
import asyncio
import email
import email.policy
import os
import signal
import socket
import time
import uuid
from functools import partial
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

LARGEST_MAIL_BYTES = 10 * 1024 * 1024


def store(folder: Path, envelope: Envelope) -> Path:
    """Keep a mail, whole or not at all; the files' names sort by arrival."""
    message = email.message_from_bytes(envelope.original_content or b"", policy=email.policy.SMTP)
    del message["X-Envelope-To"]
    for recipient in envelope.rcpt_tos:
        message["X-Envelope-To"] = recipient
    name = f"{time.time_ns():020d}.{uuid.uuid4().hex}.eml"
    draft = folder / "tmp" / name
    with draft.open("xb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    return draft.replace(folder / "new" / name)


class Mailbox:
    """What aiosmtpd calls for each mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in (folder, *(folder / name for name in ("tmp", "new", "cur"))):
            part.mkdir(mode=0o700, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail in; the sender hears 250 only once it is on the disk."""
        store(self.folder, envelope)
        return "250 Message accepted for delivery"


async def serve(folder: Path, listener: socket.socket) -> None:
    """Take mails until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    protocol = partial(
        SMTP,
        Mailbox(folder),
        data_size_limit=LARGEST_MAIL_BYTES,
        enable_SMTPUTF8=True,
        ident="Palpate mailbox",
        loop=loop,
    )
    server = await loop.create_server(protocol, sock=listener)
    await ended.wait()
    server.close()


def main() -> None:
    """Listen on a socket handed down by the supervisor, or on a loopback port."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    where = options.add_mutually_exclusive_group(required=True)
    where.add_argument("--fd", type=int)
    where.add_argument("--port", type=int)
    chosen = options.parse_args()
    listener = (
        socket.socket(fileno=chosen.fd) if chosen.fd is not None else socket.create_server(("127.0.0.1", chosen.port))
    )
    asyncio.run(serve(chosen.folder, listener))


if __name__ == "__main__":
    main()
