"""What the demo's clients say of their own activities (PSFS) and of the change (GROC). Figures are made up."""

import random

from intake.fhir import Answers

ACTIVITIES = (
    "Sleep through the night",
    "Walk the dog for an hour",
    "Drive to my daughter",
    "Run again",
    "Garden without paying for it",
    "Put on my shoes",
    "Climb the stairs at work",
)
NAMES_SOME, RATES_AGAIN = 0.75, 0.7
Rated = list[tuple[str, int]]


def named(pain: int, chance: random.Random) -> Rated:
    """Up to three activities, rated lower the stronger the pain; some clients name none."""
    if chance.random() > NAMES_SOME:
        return []
    activities = chance.sample(ACTIVITIES, chance.choice((2, 3, 3)))
    return [(activity, _within(9 - pain + chance.randint(-2, 1), 0, 9)) for activity in activities]


def rated_again(first: Rated, relief: float, chance: random.Random) -> Rated:
    """The same activities, as much better as the pain went down."""
    return [(activity, _within(round(rating + relief * 0.9 + chance.gauss(0, 1)), 0, 10)) for activity, rating in first]


def rating_of_change(relief: float, chance: random.Random) -> int:
    return _within(round(relief * 0.95 + chance.gauss(0, 0.8)), -5, 5)


def put(answers: Answers, rated: Rated) -> None:
    """As the rows of a form."""
    if rated:
        answers.rows["psfs"] = len(rated)
    for number, (activity, rating) in enumerate(rated):
        answers.put(f"psfs:{number}/psfs.activity", [activity])
        answers.put(f"psfs:{number}/psfs.rating", [rating])


def _within(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))
