"""Who can be signed in as in the demo. Printed on its sign-in page; worth nothing anywhere else."""

from django.utils.translation import gettext_lazy as _

from clinic.people.models import Role

PASSWORD = "palpate-demo"  # noqa: S105  # well known on purpose
PIN = "1234"  # what the demo's therapists sign with
EMAILS: dict[str, str] = {
    Role.OWNER: "owner@example.org",
    Role.THERAPIST: "therapist@example.org",
    Role.FRONT_DESK: "frontdesk@example.org",
}
WORDS = {
    Role.FRONT_DESK: _("Books, checks in, answers the phone"),
    Role.THERAPIST: _("Treats and writes the notes"),
    Role.OWNER: _("Looks at outcomes and runs the practice"),
}


def ways_in() -> list[dict[str, object]]:
    """The roles as the sign-in page offers them."""
    return [{"role": role, "label": Role(role).label, "about": words} for role, words in WORDS.items()]
