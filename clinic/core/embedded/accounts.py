"""Which operating-system account a server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from clinic.core.embedded.errors import EmbeddedError


@dataclass(frozen=True)
class Account:
    """An unprivileged account that root hands a server to."""

    name: str
    uid: int
    gid: int


def unprivileged() -> Account | None:
    """The account for servers that refuse root, or None when we are not root ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL does not run as root, and there is no account 'nobody' here. Run Palpate as an ordinary user."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def owner_uid(account: Account | None) -> int:
    """The user id that owns what the account's server writes."""
    return account.uid if account else os.geteuid()


def reaches(account: Account | None, folder: Path) -> bool:
    """Whether the account can enter the folder; a checkout under /root is closed to others."""
    if account is None:
        return True
    probe = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        check=False,
    )
    return probe.returncode == 0
