import datetime as dt

from django import forms
from django.utils import translation


class Visit(forms.Form):
    name = forms.CharField(label="Name", help_text="As they want to be called.")
    phone = forms.CharField(
        label="Phone", required=False, widget=forms.TextInput(attrs={"type": "tel", "width": "half"})
    )
    on = forms.DateField(label="On", required=False)
    at = forms.TimeField(label="At", required=False)
    starts_at = forms.DateTimeField(label="Starts", required=False)
    minutes = forms.IntegerField(
        label="Duration", required=False, widget=forms.NumberInput(attrs={"suffix": "minutes"})
    )
    side = forms.ChoiceField(
        label="Side",
        choices=[("left", "Left"), ("right", "Right")],
        widget=forms.RadioSelect(attrs={"look": "segmented"}),
        required=False,
    )
    words = forms.MultipleChoiceField(
        label="Words", choices=[("a", "Aching"), ("b", "Burning")], widget=forms.CheckboxSelectMultiple
    )
    pain = forms.ChoiceField(
        label="Pain",
        choices=[(n, n) for n in range(11)],
        required=False,
        widget=forms.RadioSelect(attrs={"look": "pain"}),
    )
    online = forms.BooleanField(label="Online", required=False, widget=forms.CheckboxInput(attrs={"look": "switch"}))
    agreed = forms.BooleanField(label="Agreed", required=False)


class Grouped(Visit):
    groups = (("Who", "A name is enough.", ("name", "phone")), ("When", "", ("on", "at")))


def test_a_field_has_its_label_above_its_hint_between_and_both_are_joined_to_the_control():
    html = Visit()["name"].as_field_group()
    assert html.index("<label") < html.index("As they want") < html.index("<input")
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'id="id_name_helptext"' in html
    assert 'class="input"' in html


def test_an_error_stands_below_with_an_icon_and_the_control_points_at_it():
    html = Visit({"name": ""})["name"].as_field_group()
    assert html.index("<input") < html.index('id="id_name_error"')
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert "#icon-alert" in html


def test_the_errors_are_summed_up_on_top_and_each_links_to_its_control():
    html = str(Visit({"name": ""}))
    summary = html[: html.index('class="fields"')]
    assert "2 things need another look" in summary
    assert 'href="#id_name"' in summary
    assert 'href="#id_words_0"' in summary
    assert 'role="alert"' in summary


def test_a_form_without_errors_has_no_summary():
    assert "error-summary" not in str(Visit())


def test_checkboxes_and_radios_are_chips_with_real_controls():
    html = str(Visit({"words": ["b"]})["words"])
    assert html.count('class="chip"') == 2
    assert 'value="b" id="id_words_1" checked' in html
    assert str(Visit()["words"].as_field_group()).startswith("<fieldset")


def test_hints_to_the_renderer_never_reach_the_page():
    html = str(Visit())
    for attribute in ("look=", "suffix=", ' width="half"'):
        assert attribute not in html
    assert 'data-width="half"' in html


def test_each_look_is_drawn():
    form = Visit()
    assert 'class="segmented"' in str(form["side"])
    assert str(form["pain"]).count("data-pain=") == 11
    assert "minutes" in str(form["minutes"])
    assert 'class="switch"' in form["online"].as_field_group()
    assert 'class="tickbox"' in form["agreed"].as_field_group()


def test_dates_and_times_use_the_browsers_own_pickers():
    form = Visit(initial={"on": dt.date(2026, 3, 12), "at": dt.time(10, 15)})
    assert 'type="date" name="on" value="2026-03-12"' in str(form["on"])
    assert 'type="time" name="at" value="10:15"' in str(form["at"])
    assert 'type="datetime-local"' in str(form["starts_at"])


def test_the_picker_gets_iso_dates_in_every_language():
    with translation.override("de"):
        assert 'type="date" name="on" value="2026-03-12"' in str(Visit(initial={"on": dt.date(2026, 3, 12)})["on"])


def test_a_date_nobody_can_read_stays_as_it_was_typed():
    html = str(Visit({"on": "next Tuesday"})["on"])
    assert 'type="text"' in html
    assert 'value="next Tuesday"' in html


def test_groups_become_fieldsets_and_what_is_in_none_comes_last():
    html = str(Grouped())
    assert html.count('class="field-group"') == 2
    assert html.index("Who") < html.index("A name is enough.") < html.index("When") < html.index("Side")


def test_the_rarer_of_required_and_optional_is_marked():
    html = str(Visit())
    assert html.count(">required<") == 2
    assert ">optional<" not in html


def test_what_was_typed_is_escaped():
    assert "<script>" not in str(Visit({"name": "<script>alert(1)</script>", "on": '"><b>'}))
