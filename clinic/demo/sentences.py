"""What the demo's therapists write. Short, and nobody's."""

import random

BETTER = (
    "Slept through four nights of seven. Walked 40 minutes on Sunday, sore after but settled by evening.",
    "Stairs are easier. Sitting an hour is fine now, the drive home less so.",
    "Less of it most days. Still feels the first steps in the morning.",
    "Lies on the side again for an hour at a time. No tingling since last visit.",
)
SAME = (
    "No real change. Sitting over an hour brings it on, walking eases it.",
    "A good start to the week, then as before after a long drive.",
    "About the same. Did the exercises most days.",
)
WORSE = (
    "Worse since the weekend, after moving house. Sleeps badly.",
    "More often and further down than last time. Stopped the exercises on Tuesday.",
)
FIRST = (
    "Came on little by little over some months. Worse lying on it and on stairs, better with gentle walking.",
    "Began after a long drive. Worse sitting, better changing position. Wants to walk the dog again.",
    "On and off for a year, steady for six weeks. Sits seven hours a day, crosses the right leg over.",
)
OBJECTIVE = (
    "Single-leg stance painful at 12 s. Tender over the marked places. Gait even.",
    "Moves with care, no limp. Sensation and strength equal on both sides.",
    "Guarded at end of range. Soft tissue firmer than on the other side.",
)
PLAN = (
    "Exercises daily, short and often. Break up sitting every half hour. Recheck range next time.",
    "Pillow between the knees at night. Same load this week, more if it settles.",
    "Continue. Ask about sleep and driving. Review goals at the sixth session.",
)


def subjective(number: int, before: int, now: int, chance: random.Random) -> str:
    if number == 0:
        return chance.choice(FIRST)
    return chance.choice(BETTER if now < before else WORSE if now > before else SAME)


def assessment(condition: str, before: int, now: int, number: int) -> str:
    if number == 0:
        return f"Working hypothesis: {condition}. Load and position set it off; nothing speaks against treatment."
    course = "settling" if now < before else "flared" if now > before else "unchanged"
    return f"{condition}, {course}. Nothing new that would call for referral."
