import datetime as dt

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test.html import parse_html

from clinic.ui.controls import draw

NASTY = "<b>\"&' "
GROUPS = [("", "None"), ("Muscles", [("a", "A & b"), (NASTY, NASTY)]), (7, "Seven")]

WIDGETS = {
    "text": (forms.TextInput(attrs={"class": NASTY, "data-x": True, "data-y": False}), NASTY),
    "a text without a value": (forms.TextInput(), None),
    "number": (forms.NumberInput(attrs={"min": 0}), 0),
    "email": (forms.EmailInput(), "a@example.org"),
    "password": (forms.PasswordInput(render_value=True), NASTY),
    "hidden": (forms.HiddenInput(), 1_000),
    "date": (forms.DateInput(), dt.date(2026, 1, 31)),
    "time": (forms.TimeInput(), dt.time(9, 5)),
    "checkbox, ticked": (forms.CheckboxInput(), True),
    "checkbox, not ticked": (forms.CheckboxInput(), False),
    "textarea": (forms.Textarea(attrs={"rows": 2}), f"\n{NASTY}\nsecond"),
    "textarea, empty": (forms.Textarea(), None),
    "select": (forms.Select(choices=GROUPS), NASTY),
    "select of several": (forms.SelectMultiple(choices=GROUPS), ["a", "7"]),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_a_control_is_drawn_as_its_template_of_the_framework_draws_it(name):
    widget, value = WIDGETS[name]
    context = widget.get_context("answer", value, {"id": "id_answer"})
    expected = render_to_string(context["widget"]["template_name"], context)
    drawn = draw(context["widget"]["template_name"], context["widget"])
    assert drawn is not None
    assert parse_html(drawn) == parse_html(expected)


def test_what_a_template_says_more_of_is_left_to_it():
    radio = forms.RadioSelect(choices=[("a", "A")]).get_context("answer", "a", {})["widget"]
    assert draw(radio["template_name"], radio) is None
    option = radio["optgroups"][0][1][0]
    assert draw(option["template_name"], option) is None, "with its label"
    assert "checked" in str(draw(option["template_name"], {**option, "wrap_label": False}))


def test_a_text_that_begins_with_an_empty_line_keeps_it():
    widget = forms.Textarea().get_context("answer", "\nsecond", {})["widget"]
    assert ">\n\nsecond</textarea>" in str(draw(widget["template_name"], widget)), "a browser drops the first"
