"""A drawing as SVG and PNG: the right view, whose left and right, the day, each number; nothing that could run."""

import datetime as dt
import io
import math
import re
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from PIL import Image

from clinic.audit.models import Event
from clinic.people.models import Client, User
from intake import body_map
from intake.exports import as_png, as_svg
from intake.exports.palette import COLOURS
from intake.models import PainDrawing, PainMark
from intake.rules import Mark
from tests.intake.test_maps import draw_map

SVG = "{http://www.w3.org/2000/svg}"
BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")
LATE = dt.datetime(2026, 2, 16, 20, 30, tzinfo=dt.UTC)


@pytest.fixture
def drawing(client_record: Client) -> PainDrawing:
    made = draw_map(
        client_record,
        Mark("lateral-hip", "right", ("burning",), 7, spreads_to="posterior-calf.right"),
        Mark("groin", "left", (), 3),
    )
    made.drawn_at = LATE
    made.save()
    return made


def words_of(svg: str) -> str:
    return " | ".join(text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text"))  # noqa: S314 our own


def test_the_file_says_view_day_sides_scale_and_every_mark(drawing: PainDrawing) -> None:
    words = words_of(as_svg(drawing, "back", zone=BERLIN))
    assert "Pain map: Back" in words
    assert "16 February 2026" in words
    assert words.index("Client's left") < words.index("Client's right")
    assert "Outer hip, right: 7 of 10, burning, spreads to right calf" in words
    assert "Groin crease, left: 3 of 10, not seen from here" in words
    assert "Worst imaginable" in words
    front = words_of(as_svg(drawing, "front", zone=BERLIN))
    assert front.index("Client's right") < front.index("Client's left")


def test_the_day_is_that_of_the_clinic(drawing: PainDrawing) -> None:
    assert "17 February 2026" in words_of(as_svg(drawing, "back", zone=AUCKLAND))


def test_the_view_shows_the_marks_it_has_and_no_others(drawing: PainDrawing) -> None:
    svg = as_svg(drawing, "back", zone=BERLIN)
    assert body_map.views()["back"].outline in svg
    assert COLOURS["pain-7"] in svg.split('<rect x="28', 1)[0]
    assert COLOURS["pain-3"] not in svg.split('<rect x="28', 1)[0]  # the groin is not seen from behind
    assert "Q" in "".join(re.findall(r'd="([^"]*)"', svg))  # the arrow


@pytest.mark.parametrize("view", body_map.views())
def test_the_file_is_attributes_and_shapes_only(drawing: PainDrawing, view: str) -> None:
    root = ElementTree.fromstring(as_svg(drawing, view, zone=BERLIN))  # noqa: S314 our own
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "rect", "clipPath", "g", "path", "text",
    }  # fmt: skip
    for element in root.iter():
        assert not {name for name in element.attrib if name == "style" or name.startswith("on") or "href" in name}


def test_the_picture_shows_the_same_place_in_the_same_colour(drawing: PainDrawing) -> None:
    picture = Image.open(io.BytesIO(as_png(drawing, "right", zone=BERLIN)))
    assert picture.format == "PNG"
    assert picture.width == 1280
    colours = {colour for _count, colour in picture.convert("RGB").getcolors(maxcolors=1_000_000) or []}
    assert tuple(bytes.fromhex(COLOURS["pain-7"][1:])) in colours


def test_a_drawing_without_marks_is_a_file_too(client_record: Client) -> None:
    assert "Nothing was marked" in as_svg(draw_map(client_record), "front", zone=BERLIN)


def test_the_files_are_read_by_those_who_may_and_every_reading_is_noted(
    client: Browser, drawing: PainDrawing, therapist: User, stranger: User, front_desk: User
) -> None:
    path = reverse("intake:map-svg", args=[drawing.pk, "right"])
    for user, status in ((stranger, 404), (front_desk, 403), (therapist, 200)):
        client.force_login(user)
        assert client.get(path).status_code == status
    assert Event.objects.filter(action="paindrawing.read", client_id=drawing.client_id).count() == 1
    answer = client.get(path)
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert drawing.client.family_name not in answer["Content-Disposition"]
    assert client.get(reverse("intake:map-png", args=[drawing.pk, "right"]))["Content-Type"] == "image/png"
    assert client.get(reverse("intake:map-svg", args=[drawing.pk, "inside"])).status_code == 404


def test_words_kept_in_a_mark_cannot_become_markup(client_record: Client) -> None:
    drawing = draw_map(client_record)
    PainMark.objects.create(drawing=drawing, region="groin", side="left", qualities=["<script>"], intensity=3)
    svg = as_svg(drawing, "front", zone=BERLIN)
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_the_colours_are_those_of_the_tokens() -> None:
    tokens = (Path(settings.BASE_DIR) / "clinic/ui/static/ui/css/tokens.css").read_text()
    for name, colour in COLOURS.items():
        found = re.search(rf"--{name}: light-dark\(oklch\(([\d. ]+)\)", tokens)
        assert found, name
        light, chroma, hue = map(float, found[1].split())
        assert colour == as_srgb(light, chroma, hue), name


def as_srgb(light: float, chroma: float, hue: float) -> str:
    """Björn Ottosson, A perceptual color space for image processing, 2020."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    l3 = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m3 = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s3 = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
        -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
        -0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3,
    )
    kept = (min(1.0, max(0.0, part)) for part in linear)
    gamma = (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in kept)
    return "#" + "".join(f"{round(255 * part):02x}" for part in gamma)
