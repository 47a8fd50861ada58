"""The short forms: before each visit, and some days after one."""

from intake.ready_forms import parts
from intake.ready_forms.change import activities_again, change_since
from intake.ready_forms.parts import Row, section
from intake.ready_forms.safety import allergy, contraindications_again, safety_section


def before_visit() -> Row:
    """Under a minute. Map, strength and red flags are asked afresh; what limits treatment is confirmed or changed."""
    return parts.questionnaire(
        "before-visit",
        "Before your visit",
        [
            section("map", "Where does it hurt now?", "Tap every place.", [parts.pain_map(required=False)]),
            section(
                "strength",
                "How strong is it?",
                "0 is no pain, 10 the worst you can imagine.",
                [*parts.pain_scales(), parts.text("news", "Anything new?", summary="New", length=500)],
            ),
            section("change", "What has changed?", "", [activities_again(), *change_since()]),
            section("health", "Your health today", "", [*contraindications_again(), allergy(is_again=True)]),
            safety_section(is_again=True),
        ],
    )


def follow_up() -> Row:
    """One page: only the first question is required, so that it can be answered in seconds."""
    return parts.questionnaire(
        "follow-up",
        "How are you?",
        [
            section(
                "strength",
                "How strong was your pain?",
                "0 is no pain, 10 the worst you can imagine.",
                [
                    *parts.pain_scales(everything=False),
                    *change_since(),
                    activities_again(),
                    parts.text(
                        "comment",
                        "Anything you want to tell us?",
                        hint="Your therapist reads this before your next visit. It is not watched at night: if it "
                        "cannot wait, ring us.",
                        length=2000,
                    ),
                ],
            )
        ],
    )
