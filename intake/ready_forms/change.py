"""What is asked again to see a change: activities of the client's own (PSFS), and the rating of change (GROC).

Both in our own words; neither needs an owner's text. Sources: Stratford and others, Physiother Can 1995 (PSFS: 0 cannot
do it, 10 as before; PSFS 2.0 turns the scale round and is not used). Kamper and others, J Man Manip Ther 2009 (GROC:
name the instant it counts from, 11 points).
"""

from typing import Any

from intake.ready_forms.parts import Row, item, measure, scale, when

MOST_ACTIVITIES = 3
RATING: dict[str, Any] = {"low": "Cannot do it", "high": "As well as before"}


def activities_named() -> Row:
    """Up to three activities that are hard, each rated: a row for each."""
    named = item(
        "psfs.activity",
        "string",
        "One thing that is hard for you now",
        ext={"hint": "For example: walk to the shops."},
        maxLength=80,
    )
    rated = scale(
        "psfs.rating", "How well can you do it today?", required=True, enableWhen=[when("psfs.activity")], **RATING
    )
    return item(
        "psfs",
        "group",
        "What would you like to do again?",
        ext={"summary": "Activities", "max-occurs": MOST_ACTIVITIES},
        code=measure("psfs"),
        repeats=True,
        item=[named, rated],
    )


def activities_again() -> Row:
    """The same activities as last time, rated anew. No row, no question, for whom none is known."""
    named = item("psfs.activity", "string", "", ext={"heading": "Activity"}, readOnly=True, maxLength=80)
    rated = scale("psfs.rating", "How well can you do it today?", **RATING)
    return item(
        "psfs",
        "group",
        "What you would like to do again",
        ext={"summary": "Activities", "carried-from": "psfs", "max-occurs": MOST_ACTIVITIES},
        code=measure("psfs"),
        repeats=True,
        readOnly=True,
        item=[named, rated],
    )


def change_since() -> list[Row]:
    """The day it counts from, and how much has changed since: the same day each time."""
    return [
        item("groc.since", "date", "Think of how you were on", ext={"carried-from": "groc.since start"}, readOnly=True),
        scale(
            "groc",
            "Compared with that day, how are you now?",
            score="groc",
            summary="Change",
            low="Very much worse",
            high="Completely better",
            ends=(-5, 5),
            enableWhen=[when("groc.since")],
        ),
    ]
