"""What the knowledge files say of red flags, read anew by other means than the product's: the judge of its tests."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "intake" / "data" / "knowledge"
GROWN_UP_AT = 17
# qualities.yaml, note at `numbness`: marked on the saddle area it answers the saddle question.
NUMB = {"numbness", "tingling", "pins-and-needles"}
# What a client is to be told, by urgency: entries whose answers all have that one urgency say it.
TELLS_TO_CALL, TELLS_TO_SEE_A_DOCTOR = "call emergency services", "doctor today or tomorrow"


@dataclass(frozen=True)
class Told:
    """What a client has said that decides which questions are asked: regions marked or reached, age, pregnancy."""

    regions: frozenset[str]
    age: int | None
    may_be_pregnant: bool
    is_numb_at_saddle: bool = False


@cache
def entries() -> dict[str, dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((FOLDER / "red_flags.yaml").read_text("utf-8"))
    return {row["code"]: row for row in rows}


@cache
def regions() -> dict[str, list[str]]:
    """Each region's keys on the map."""
    rows: list[dict[str, Any]] = yaml.safe_load((FOLDER / "regions.yaml").read_text("utf-8"))
    return {
        row["code"]: [row["code"] if side == "midline" else f"{row['code']}.{side}" for side in row["sides"]]
        for row in rows
    }


def answers_to(code: str) -> list[str]:
    """Every answer a question takes."""
    entry = entries()[code]
    named = [row["answer"] for row in entry["rule"]]
    extra = {"yes_no": ["no"], "yes_no_skip": ["no", "skip"]}.get(entry["answer_type"], [])
    return named + [answer for answer in extra if answer not in named]


def urgency(code: str, answer: str) -> str:
    rows = [row["urgency"] for row in entries()[code]["rule"] if row["answer"] == answer]
    return str(rows[0]) if rows else "none"


def harmless(code: str) -> str:
    return next(answer for answer in reversed(answers_to(code)) if urgency(code, answer) == "none")


def is_asked(code: str, told: Told) -> bool:
    entry = entries()[code]
    wish = entry.get("ask_if", "")
    if "age" in wish and told.age is not None and told.age >= GROWN_UP_AT:
        return False
    if "pregnan" in wish and not told.may_be_pregnant:
        return False
    return entry["ask"] == "always" or bool(set(entry.get("trigger_regions", [])) & told.regions)


def emergencies(answers: dict[str, str], told: Told) -> set[str]:
    """The rules by which these answers are an emergency; an answer to what is not asked counts as none."""
    found = {code for code, answer in answers.items() if is_asked(code, told) and urgency(code, answer) == "emergency"}
    return found | ({"ces-saddle"} if told.is_numb_at_saddle else set())
