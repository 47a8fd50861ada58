"""The short forms: before each visit, and one question afterwards."""

from intake.ready_forms import parts
from intake.ready_forms.parts import Row, choice, section
from intake.ready_forms.safety import allergy, contraindications, safety_section


def before_visit() -> Row:
    return parts.questionnaire(
        "before-visit",
        "Before your visit",
        [
            section("map", "Where does it hurt now?", "Tap every place.", [parts.pain_map(required=False)]),
            section(
                "strength",
                "How strong is it?",
                "0 is no pain, 10 the worst you can imagine.",
                [
                    *parts.pain_scales(),
                    choice("course", "Since your last visit, is it", "course", summary="Course", required=True),
                    parts.text("news", "Anything new?", summary="New", length=500),
                ],
            ),
            section("health", "Your health today", "", [contraindications(), allergy()]),
            safety_section(),
        ],
    )


def follow_up() -> Row:
    return parts.questionnaire(
        "follow-up",
        "How is your pain?",
        [
            section(
                "strength",
                "How strong was your pain?",
                "0 is no pain, 10 the worst you can imagine.",
                parts.pain_scales(everything=False),
            )
        ],
    )
