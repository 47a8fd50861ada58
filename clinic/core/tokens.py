"""Secrets in links: derived from a key, so that the database holds only what they hash to."""

import base64
import hashlib
import hmac


def derive(*, key: str, purpose: str, subject: str) -> str:
    """A 256-bit URL-safe token for `subject`, good for one `purpose`."""
    mac = hmac.new(key.encode(), f"{purpose}:{subject}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def digest(token: str) -> str:
    """SHA-256 of a token in hexadecimal: what is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()
