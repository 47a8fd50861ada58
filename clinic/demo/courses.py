"""How pain goes over an episode: better, unchanged, worse, or nobody knows. Pure, from a seeded generator."""

import enum
import random
from dataclasses import dataclass


class Course(enum.Enum):
    BETTER = "better"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    LOST = "lost to follow-up"


@dataclass(frozen=True, slots=True)
class Picture:
    """One condition as the demo shows it: how common, where it hurts, how it tends to go.

    Figures are made up for the demo; they are no epidemiology.
    """

    condition: str
    weight: int
    baseline: float
    better_share: float
    side: bool
    qualities: tuple[str, ...]
    regions: tuple[tuple[str, int], ...]  # code, points below the worst place
    spreads_to: str = ""


PICTURES = (
    Picture(
        "gluteal-tendinopathy", 22, 6.5, 0.62, True, ("aching", "sharp"), (("lateral-hip", 0), ("lateral-thigh", 2))
    ),
    Picture(
        "sciatica",
        20,
        7.0,
        0.58,
        True,
        ("shooting", "burning", "tingling"),
        (("buttock-lower", 1), ("posterior-thigh", 0), ("posterior-calf", 2)),
        "foot-dorsum",
    ),
    Picture("hip-osteoarthritis", 16, 6.1, 0.42, True, ("aching", "stiffness"), (("groin", 0), ("anterior-hip", 1))),
    Picture(
        "piriformis-syndrome",
        12,
        6.0,
        0.6,
        True,
        ("deep", "aching"),
        (("buttock-lower", 0), ("posterior-thigh", 2)),
        "posterior-thigh",
    ),
    Picture("sacroiliac-joint-pain", 10, 5.8, 0.45, True, ("dull", "sharp"), (("sacroiliac", 0), ("buttock-upper", 1))),
    Picture(
        "femoroacetabular-impingement",
        7,
        5.4,
        0.38,
        True,
        ("sharp", "locking-catching"),
        (("groin", 0), ("anterior-hip", 1)),
    ),
    Picture("lumbar-spinal-stenosis", 6, 6.4, 0.35, False, ("heavy", "aching"), (("lumbar-central", 0),)),
    Picture(
        "lumbar-disc-herniation", 5, 7.2, 0.55, True, ("shooting", "sharp"), (("lumbar", 0), ("posterior-thigh", 1))
    ),
    Picture("meralgia-paraesthetica", 2, 5.2, 0.5, True, ("burning", "numbness"), (("lateral-thigh", 0),)),
)


def draw_picture(chance: random.Random) -> Picture:
    return chance.choices(PICTURES, weights=[picture.weight for picture in PICTURES])[0]


def draw_course(picture: Picture, chance: random.Random) -> Course:
    roll = chance.random()
    if roll < picture.better_share:
        return Course.BETTER
    if roll < picture.better_share + 0.2:
        return Course.UNCHANGED
    return Course.WORSE if roll < picture.better_share + 0.26 else Course.LOST


def pain_by_visit(picture: Picture, course: Course, visits: int, chance: random.Random) -> list[int]:
    """Average pain of the last week, 0 to 10, at each visit."""
    first = min(9.4, max(3.0, chance.gauss(picture.baseline, 1.1)))
    share_left = {
        Course.BETTER: chance.uniform(0.2, 0.6),
        Course.UNCHANGED: chance.uniform(0.85, 1.02),
        Course.WORSE: chance.uniform(1.1, 1.3),
        Course.LOST: chance.uniform(0.6, 0.95),
    }[course]
    pains = []
    for visit in range(visits):
        progress = 1 - 0.72**visit
        value = first * (1 + (share_left - 1) * progress) + (chance.gauss(0, 0.45) if visit else 0)
        pains.append(min(10, max(0, round(value))))
    return pains
