"""The mail that lets a new member set a password."""

import logging
import smtplib

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from clinic.people.models import Practice, User

logger = logging.getLogger(__name__)


def password_url(uid: str, token: str) -> str:
    """Built on our own address, not on the Host header of whoever asked."""
    return f"{settings.BASE_URL}{reverse('account_reset_password_from_key', kwargs={'uidb36': uid, 'key': token})}"


def send(member: User) -> bool:
    """Mail the link; it works once, for settings.PASSWORD_RESET_TIMEOUT. Returns whether the mail server took it."""
    practice = Practice.objects.first()
    url = password_url(user_pk_to_url_str(member), default_token_generator.make_token(member))
    context = {"member": member, "practice_name": practice.name if practice else "Palpate", "url": url}
    subject = " ".join(render_to_string("people/mail/invitation_subject.txt", context).split())
    message = EmailMessage(subject, render_to_string("people/mail/invitation.txt", context), to=[member.email])
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        logger.error("An invitation was not sent: %s", type(error).__name__)
        return False
    return True
