"""The first-visit form: nine screens, about four minutes on a phone."""

from typing import Any

from intake.knowledge import source
from intake.ready_forms import parts
from intake.ready_forms.change import activities_named
from intake.ready_forms.consents import consent_section
from intake.ready_forms.details import details_section
from intake.ready_forms.parts import Row, choice, section
from intake.ready_forms.safety import allergy, contraindications, safety_section


def _asked(code: str) -> str:
    question: str = source.by_code("lifestyle")[code]["question"]
    return question


def _choice(code: str, *, summary: str, **rest: Any) -> Row:
    """A question of lifestyle.yaml."""
    return choice(code, _asked(code), code, summary=summary, code=[{"system": parts.KNOWLEDGE, "code": code}], **rest)


def first_visit() -> Row:
    return parts.questionnaire(
        "first-visit",
        "Before your first visit",
        [
            _reason(),
            _onset(),
            _map(),
            _strength(),
            _health(),
            safety_section(),
            _days(),
            details_section(),
            consent_section(),
        ],
    )


def _reason() -> Row:
    return section(
        "reason",
        "What brings you here?",
        "Your own words are best.",
        [
            parts.text("reason.main", "What troubles you?", summary="Reason", required=True, length=500),
            choice("duration", "For how long?", "duration", summary="Since", required=True),
            choice("before", "Have you had it before?", "before", summary="Before"),
            activities_named(),
        ],
    )


def _onset() -> Row:
    return section(
        "beginning",
        "How did it begin?",
        "",
        [
            choice("onset", "It came", "onset", summary="Onset", required=True),
            parts.item(
                "onset.date",
                "date",
                "When, about?",
                ext={"summary": "Began", "hint": "Leave it out if you do not know."},
            ),
            _choice("course", summary="Course", required=True),
            _choice("when-felt", summary="Worst"),
            choice("symptoms", "Do you also notice", "symptoms", summary="Also", repeats=True, none="none"),
        ],
    )


def _map() -> Row:
    return section("map", "Where does it hurt?", "Tap every place.", [parts.pain_map(required=True)])


def _strength() -> Row:
    return section(
        "strength",
        "How strong is it?",
        "0 is no pain, 10 the worst you can imagine.",
        [
            *parts.pain_scales(),
            _choice("aggravating-activity", summary="Worse with", repeats=True),
            choice("easers", "What makes it better?", "easers", summary="Better with", repeats=True, none="nothing"),
        ],
    )


def _health() -> Row:
    return section(
        "health",
        "Your health",
        "So that we treat you safely.",
        [
            contraindications(),
            allergy(),
            _choice("health-history", summary="Conditions", repeats=True, none="none"),
            parts.text(
                "medication", "Which medicines do you take?", summary="Medication", hint="Leave it empty if none."
            ),
            _choice("earlier-treatment", summary="Tried", repeats=True),
            choice("imaging", "Have you had pictures taken?", "imaging", summary="Imaging", repeats=True, none="none"),
        ],
    )


def _days() -> Row:
    """Contributors of lifestyle.yaml, all optional. Left out: posture, whose link with pain is weak by its own entry,
    and weight, smoking and alcohol, which nobody is asked before the first hello."""
    return section(
        "days",
        "Your days",
        "Nothing here is required. It helps us to help you.",
        [
            _part(
                "days.sitting",
                "Sitting",
                [
                    parts.number("sitting-total", "sitting-total", summary="Sits", unit="hours a day", maximum=24),
                    parts.number("car-sitting", "car-sitting", summary="Drives", unit="minutes a day", maximum=1440),
                    _choice("car-entry", summary="In and out of the car"),
                    _choice("leg-crossing", summary="Legs crossed"),
                    _choice("couch-habit", summary="On the couch"),
                ],
            ),
            _part("days.sleep", "Sleep", _sleep()),
            _part("days.moving", "Shoes and movement", _moving()),
            _part(
                "days.repeating",
                "What you repeat",
                [
                    parts.text("repetitive-tasks", _asked("repetitive-tasks"), summary="Repeats", length=300),
                    _choice("lifting", summary="Lifts"),
                ],
            ),
            parts.text("question", "What would you like to ask us?", summary="Their question", length=500),
        ],
    )


def _part(link_id: str, heading: str, items: list[Row]) -> Row:
    return parts.item(link_id, "group", heading, item=items)


def _sleep() -> list[Row]:
    ends: dict[str, Any] = {"low": "Very bad", "high": "Very good"}
    return [
        _choice("sleep-position", summary="Sleeps"),
        parts.scale("sleep-quality", _asked("sleep-quality"), summary="Sleep", **ends),
    ]


def _moving() -> list[Row]:
    return [
        _choice("shoe-age", summary="Shoes"),
        parts.number("activity-minutes", "activity-minutes", summary="Active", unit="minutes a week", maximum=5000),
        choice(
            "sport-load",
            "Has your running or cycling changed in the last month?",
            "sport-load",
            summary="Runs, cycles",
            code=[{"system": parts.KNOWLEDGE, "code": "sport-load"}],
        ),
        _choice("strength-habit", summary="Strength work"),
        _choice("stretching-habit", summary="Stretches"),
    ]
