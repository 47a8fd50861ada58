from django.test import Client

from clinic.ui.samples import icon_names


def test_it_shows_every_icon_and_state_in_demo_mode(db, settings):
    settings.DEMO = True
    html = Client().get("/styleguide/").content.decode()
    assert all(f"#icon-{name}" in html for name in icon_names())


def test_a_real_practice_has_no_style_guide(db, settings):
    settings.DEMO = False
    assert Client().get("/styleguide/").status_code == 404
