"""Intakes out of a seed: where it hurts, age, what is ticked, red-flag answers in any order, changed and back."""

import datetime as dt
import random
from dataclasses import dataclass, field

from intake.rules import Mark
from tests.intake import oracle
from tests.intake.oracle import Told

QUALITIES = ("aching", "burning", "numbness", "tingling", "pins-and-needles", "stabbing", "stiffness")
LIMITS = ("none", "ci-pregnancy", "ci-allergy", "ci-fever", "ci-anticoagulant")


@dataclass
class Intake:
    """One client's way through the questions. `saves` are the answers as they stand after each tap."""

    age: int | None
    marks: list[Mark]
    limits: list[str]
    saves: list[dict[str, str]] = field(default_factory=list)

    @property
    def told(self) -> Told:
        reached = {mark.spreads_to.split(".")[0] for mark in self.marks if mark.spreads_to}
        numb = any(
            oracle.NUMB & set(mark.qualities) and "saddle" in {mark.region, mark.spreads_to} for mark in self.marks
        )
        places = frozenset({mark.region for mark in self.marks} | reached)
        return Told(places, self.age, "ci-pregnancy" in self.limits, numb)

    def born_on(self, today: dt.date) -> dt.date | None:
        return None if self.age is None else dt.date(today.year - self.age, 1, 1)


def intake(seed: int) -> Intake:
    """The same intake for the same seed."""
    chance = random.Random(seed)  # noqa: S311  # no secret: a test that can be repeated
    age = chance.choice([None, chance.randint(8, 16), chance.randint(17, 95), chance.randint(17, 95)])
    limits = chance.sample(LIMITS[1:], chance.randint(1, 2)) if chance.random() < 0.5 else ["none"]
    made = Intake(age, _marks(chance), limits)
    asked = [code for code in oracle.entries() if oracle.is_asked(code, made.told)]
    chance.shuffle(asked)
    now = {code: oracle.harmless(code) for code in asked}
    made.saves.append(dict(now))
    for code in asked:
        if chance.random() < 0.12:
            now[code] = chance.choice(oracle.answers_to(code))
            made.saves.append(dict(now))
            if chance.random() < 0.3:  # a slip of the finger, put right
                now[code] = oracle.harmless(code)
                made.saves.append(dict(now))
    return made


def _marks(chance: random.Random) -> list[Mark]:
    """One to five places, each once; some run to another."""
    keys = chance.sample([key for keys in oracle.regions().values() for key in keys], chance.randint(1, 5))
    if chance.random() < 0.15:
        keys = [*[key for key in keys if key != "saddle"], "saddle"]
    return [_mark(key, chance) for key in keys]


def _mark(key: str, chance: random.Random) -> Mark:
    region, _dot, side = key.partition(".")
    elsewhere = chance.choice([other for keys in oracle.regions().values() for other in keys if other != key])
    return Mark(
        region,
        side or "midline",
        tuple(chance.sample(QUALITIES, chance.randint(0, 3))),
        chance.randint(0, 10),
        chance.choice(["", "constant", "comes-and-goes"]),
        elsewhere if chance.random() < 0.4 else "",
    )
