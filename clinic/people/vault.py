"""Secrets that must be read again, such as the seed of an authenticator app: encrypted in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def encrypt(text: str) -> str:
    """Encrypted with the newest key."""
    return _box().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Raises InvalidToken when none of the keys fits."""
    return _box().decrypt(text.encode()).decode()


def rotate(text: str) -> str:
    """The same secret under the newest key."""
    return _box().rotate(text.encode()).decode()


def _box() -> MultiFernet:
    """The keys of settings.FIELD_KEYS, newest first, each stretched to what Fernet takes."""
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in settings.FIELD_KEYS]
    )
