"""Consents and signature. The texts are the project's own starting points; a practice has its own checked."""

from intake.ready_forms.parts import Row, item, questionnaire, section

TREATMENT = (
    "I agree to an examination and to hands-on treatment. I was told that I can ask questions, say stop at any time, "
    "and withdraw this consent. Treatment can leave me sore for a day or two. It does not replace a doctor."
)
PRIVACY = (
    "I agree that the clinic keeps my answers and notes about my health for my treatment, for as long as the law asks. "
    "I can ask to see, correct or receive everything that is held about me."
)
REMINDERS = "Please send me reminders and short questions about how it went by e-mail. I can stop them at any time."

TEXTS = {
    "treatment": ("Treatment", TREATMENT),
    "privacy": ("Privacy", PRIVACY),
    "reminders": ("Reminders", REMINDERS),
}


def consent_section() -> Row:
    return section(
        "consent",
        "Your agreement",
        "Please read and agree. Your signature comes last.",
        [
            _consent("treatment", required=True),
            _consent("privacy", required=True),
            _consent("reminders", required=False),
            item("signature", "attachment", "Your signature", ext={"item-kind": "signature"}, required=True),
        ],
    )


def consent_form() -> Row:
    """Agreement alone: asked again when a wording has changed."""
    return questionnaire("consent", "Your agreement", [consent_section()])


def _consent(kind: str, *, required: bool) -> Row:
    heading, text = TEXTS[kind]
    ext = {"item-kind": "consent", "consent": kind, "text-version": "2026-1", "heading": heading}
    return item(f"consent.{kind}", "boolean", text, ext=ext, required=required)
