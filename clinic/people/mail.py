"""Mail to staff about their own account. It never waits for the mail server while a page is answered."""

import logging
import smtplib
import threading

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)


def send_soon(message: EmailMessage) -> None:
    """Send in a thread of its own; a failure is logged without address or text."""
    threading.Thread(target=_send, args=(message,), name="account-mail").start()


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        logger.error("A mail about an account was not sent: %s", type(error).__name__)
