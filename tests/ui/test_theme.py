import pytest
from django.test import Client


def test_a_chosen_theme_is_kept_in_a_cookie_and_drawn_by_the_server(db):
    client = Client()
    response = client.post("/preferences/theme/", {"theme": "dark", "next": "/styleguide/"})
    assert response.status_code == 302
    assert response.url == "/styleguide/"
    assert 'data-theme="dark"' in client.get("/styleguide/").content.decode()


def test_the_system_decides_when_nobody_chose(db):
    assert '<html lang="en">' in Client().get("/styleguide/").content.decode()


def test_nonsense_in_the_cookie_is_the_system(db):
    client = Client()
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en">' in client.get("/styleguide/").content.decode()


def test_an_unknown_theme_is_not_kept(db):
    assert "theme" not in Client().post("/preferences/theme/", {"theme": "neon"}).cookies


@pytest.mark.parametrize("target", ["https://evil.example.org/", "//evil.example.org", "a:b", "no address", "{}"])
def test_the_way_back_never_leaves_the_site(db, target):
    response = Client().post("/preferences/theme/", {"theme": "dark", "next": target})
    assert response.url == "/"


def test_a_script_gets_no_page_back(db):
    assert Client().post("/preferences/theme/", {"theme": "dark"}, headers={"HX-Request": "true"}).status_code == 204


def test_get_changes_nothing(db):
    assert Client().get("/preferences/theme/").status_code == 405
