import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from clinic.ui.samples import icon_names

ROOT = Path(__file__).resolve().parents[2]
INSTANT = dt.datetime(2026, 3, 12, 9, 31, tzinfo=dt.UTC)


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_an_instant_is_shown_in_the_locations_zone_not_the_servers():
    assert ">10:31</time>" in render('{% local_time at zone "time" %}', at=INSTANT, zone=ZoneInfo("Europe/Berlin"))
    assert ">05:31</time>" in render('{% local_time at "America/New_York" "time" %}', at=INSTANT)


def test_the_full_form_names_the_zone_and_the_machine_readable_time_has_its_offset():
    html = render('{% local_time at "Europe/Berlin" "full" %}', at=INSTANT)
    assert "Thursday 12 March 2026, 10:31 CET" in html
    assert 'datetime="2026-03-12T10:31+01:00"' in html


def test_no_instant_is_nothing():
    assert render('{% local_time at "UTC" %}', at=None) == ""


def test_a_state_has_its_icon_and_its_word():
    html = render('{% status "in_session" %}')
    assert "#icon-in-session" in html
    assert "In session" in html


def test_an_unknown_state_is_an_error_not_a_blank():
    with pytest.raises(KeyError):
        render('{% status "asleep" %}')


def test_a_pain_figure_always_writes_its_number_and_says_when_nobody_answered():
    assert '<span class="pain" data-pain="7">7</span>' in render("{% pain 7 %}")
    assert "not answered" in render("{% pain score %}", score=None)


def test_a_missing_score_leaves_a_gap_in_the_sparkline():
    html = render("{% sparkline scores mcid=6 %}", scores=[8, None, 4])
    assert re.findall(r'class="course" d="([^"]*)"', html)[0].count("M") == 2
    assert 'class="mcid"' in html


def test_an_address_keeps_its_other_parameters():
    request = RequestFactory().get("/x/", {"q": "bell", "page": "3"})
    assert render('{% query status="sent" page=None %}', request=request) == "?q=bell&amp;status=sent"


def test_pages_with_one_page_need_no_pagination_and_others_say_where_one_is():
    request = RequestFactory().get("/x/")
    source = '{% include "components/pagination.html" %}'
    assert render(source, page=Paginator(range(5), 10).page(1), request=request).strip() == ""
    assert "11 to 20 of 25" in render(source, page=Paginator(range(25), 10).page(2), request=request)


def test_every_icon_a_template_names_is_in_the_sprite():
    used: dict[str, set[str]] = {}
    for template in (ROOT / "templates").rglob("*.html"):
        for name in re.findall(r"""(?:\{% icon |\bicon=)["']([\w-]+)["']""", template.read_text()):
            used.setdefault(name, set()).add(template.name)
    missing = {name: files for name, files in used.items() if name not in icon_names()}
    assert not missing


def test_no_icon_is_drawn_twice():
    assert len(icon_names()) == len(set(icon_names()))
