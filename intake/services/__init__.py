"""Every write of intake."""

from intake.services.answering import Saved, complete_request, complete_response, save_answers, show_new_wordings
from intake.services.consents import give_consent, withdraw_consent
from intake.services.drafts import drafts_of, open_drafts
from intake.services.flags import acknowledge_flag, note_doctor_has_seen
from intake.services.invitations import CheckResult, check_birth_date, invite, revoke_invitation, send_invitation
from intake.services.rows import add_row, remove_row

__all__ = [
    "CheckResult",
    "Saved",
    "acknowledge_flag",
    "add_row",
    "check_birth_date",
    "complete_request",
    "complete_response",
    "drafts_of",
    "give_consent",
    "invite",
    "note_doctor_has_seen",
    "open_drafts",
    "remove_row",
    "revoke_invitation",
    "save_answers",
    "send_invitation",
    "show_new_wordings",
    "withdraw_consent",
]
