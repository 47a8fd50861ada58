"""Snippets every practice begins with: how something is written down, never what to think of it.

A practice's own of the same short word stands in the place of one of these.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class ReadySnippet:
    shortcut: str
    title: str | Promise
    text: str | Promise


READY = (
    ReadySnippet(
        "lbp",
        _("Low back pain, in numbers"),
        _("Low back pain, {side}: {pain}/10 now, {pain_before}/10 at the last visit. |"),
    ),
    ReadySnippet(
        "hip",
        _("Hip pain, in numbers"),
        _("{condition}, {side}: {pain}/10 now, on average {pain_average}, before {pain_before}. |"),
    ),
    ReadySnippet("same", _("Nothing changed"), _("No change since the last visit.")),
    ReadySnippet("better", _("What is better"), _("Better since the last visit: |")),
    ReadySnippet("worse", _("What is worse"), _("Worse since the last visit: |")),
    ReadySnippet("flare", _("A flare-up"), _("Flare-up since the last visit: began …, lasted …, settled with ….")),
    ReadySnippet("sleep", _("Sleep"), _("Slept through … nights of seven; woken by pain … times a night.")),
    ReadySnippet("walk", _("Walking"), _("Walked … minutes before pain began.")),
    ReadySnippet("sit", _("Sitting"), _("Sits … minutes before pain begins.")),
    ReadySnippet("drive", _("Driving"), _("Drove … minutes; pain …/10 afterwards.")),
    ReadySnippet("stairs", _("Stairs"), _("Stairs: up …, down ….")),
    ReadySnippet(
        "sore", _("Sore after the last session"), _("Sore after the last session for … days; settled without help.")
    ),
    ReadySnippet("nosore", _("Not sore after the last session"), _("No soreness after the last session.")),
    ReadySnippet("asked", _("Asked for warning signs"), _("Asked about new symptoms: none reported. |")),
    ReadySnippet("gait", _("Gait"), _("Gait: …; step length …; walks with ….")),
    ReadySnippet("stance", _("Single-leg stance"), _("Single-leg stance: right … s, left … s; pain ….")),
    ReadySnippet("palp", _("Palpation"), _("Palpation, {side}: tender at …; tone …; skin and warmth ….")),
    ReadySnippet("notdone", _("Not examined"), _("Not examined today: |")),
    ReadySnippet("agreed", _("Agreement"), _("Explained what will be done and where; {client} agreed.")),
    ReadySnippet("position", _("Position"), _("Position: side-lying, {side} side up, pillow between the knees. |")),
    ReadySnippet(
        "pressure", _("Pressure kept comfortable"), _("Pressure kept within what {client} called comfortable.")
    ),
    ReadySnippet("stopped", _("Stopped early"), _("Stopped after … minutes because {client} asked for it.")),
    ReadySnippet("after", _("After the session"), _("After the session: pain …/10; moves …; nothing new reported. |")),
    ReadySnippet("exdone", _("Exercises done at home"), _("Home exercises done on … of 7 days; pain afterwards …/10.")),
    ReadySnippet(
        "exshown", _("Exercises shown again"), _("Home exercises shown again; {client} did them without help.")
    ),
    ReadySnippet("talked", _("What was talked about"), _("Talked about: |")),
    ReadySnippet("go-on", _("Plan unchanged"), _("Plan unchanged: go on as agreed.")),
    ReadySnippet("next", _("Next visit"), _("Next visit: go on with …; measure again: ….")),
)
