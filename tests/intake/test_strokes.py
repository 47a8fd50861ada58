"""Lines drawn by hand: only numbers get in, and only so many."""

import json
import random

import pytest

from intake.figures import drawn
from intake.rules import Mark
from intake.rules.strokes import LARGEST, MOST_LINES, MOST_NUMBERS, Stroke, parse

GOOD = '{"view":"back","lines":[[10,20,30,40,50,60],[1,2,3,4]]}'

HOSTILE = [
    "nul",
    "[]",
    "{}",
    "7",
    '"M0 0"',
    "<svg onload=alert(1)>",
    '{"view":"front","lines":"M0 0L1 1"}',
    '{"view":"inside","lines":[[1,2,3,4]]}',
    '{"view":"front\\"><script>","lines":[[1,2,3,4]]}',
    '{"view":["front"],"lines":[[1,2,3,4]]}',
    '{"view":"front","lines":[["1","2","3","4"]]}',
    '{"view":"front","lines":[["1 2\\" onclick=\\"x",2,3,4]]}',
    '{"view":"front","lines":[[1.5,2,3,4]]}',
    '{"view":"front","lines":[[true,false,true,false]]}',
    '{"view":"front","lines":[[null,2,3,4]]}',
    '{"view":"front","lines":[[-1,2,3,4]]}',
    f'{{"view":"front","lines":[[{LARGEST + 1},2,3,4]]}}',
    '{"view":"front","lines":[[1e3,2,3,4]]}',
    '{"view":"front","lines":[[NaN,2,3,4]]}',
    '{"view":"front","lines":[[Infinity,2,3,4]]}',
    '{"view":"front","lines":[[1,2,3]]}',
    '{"view":"front","lines":[[[1,2],[3,4]]]}',
    '{"view":"front","lines":{"0":[1,2,3,4]}}',
    '{"view":"front","lines":[1,2,3,4]}',
    '{"view":"front"}',
    '{"lines":[[1,2,3,4]]}',
    json.dumps({"view": "front", "lines": [[1, 2, 3, 4]] * (MOST_LINES + 1)}),
    json.dumps({"view": "front", "lines": [[1, 2] * MOST_NUMBERS]}),
    "[" * 5_000,
    '{"view":"front","lines":' + "[" * 3_000 + "]" * 3_000 + "}",
    "1" * 15_000,
    " " * 20_000 + "1",
]


def test_a_stroke_is_read_and_written_anew() -> None:
    stroke = parse(GOOD)
    assert stroke == Stroke("back", ((10, 20, 30, 40, 50, 60), (1, 2, 3, 4)))
    assert stroke is not None
    assert stroke.as_text() == GOOD
    assert stroke.path == "M10 20L30 40L50 60M1 2L3 4"


@pytest.mark.parametrize(
    "text", ["", "  ", "null", '{"view":"front","lines":[]}', '{"view":"front","lines":[[],[5,5]]}']
)
def test_nothing_drawn_is_no_stroke(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_stroke_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="drawing"):
        parse(text)


def test_a_stroke_that_was_damaged_at_random_is_read_or_refused_and_never_becomes_markup() -> None:
    chance = random.Random(7)  # noqa: S311  # the same damage every time
    letters = "<>\"'&{}[]:,.-eE0123456789 \\/ux\x00é"
    for _round in range(3_000):
        text = list(GOOD)
        for _change in range(chance.randint(1, 4)):
            text[chance.randrange(len(text))] = chance.choice(letters)
        try:
            stroke = parse("".join(text))
        except ValueError:
            continue
        assert stroke is None or set(stroke.path) <= set("ML 0123456789")


def test_a_stroke_stands_on_its_own_view_only() -> None:
    mark = Mark("lateral-hip", "right", stroke=parse(GOOD))
    assert drawn([mark], "back").strokes == ("M10 20L30 40L50 60M1 2L3 4",)
    assert drawn([mark], "front").strokes == ()
