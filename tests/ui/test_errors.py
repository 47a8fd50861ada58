import json

import pytest
from django.db import connection
from django.test import Client

pytestmark = [pytest.mark.urls("tests.ui.views"), pytest.mark.django_db]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("conflict", 409, "10:15 with Amina is taken"),
        ("refused", 422, "cannot end before it starts"),
        ("stale", 412, "Somebody saved in between."),
        ("not-allowed", 403, "Only its author may sign"),
        ("missing", 404, "This link is not valid."),
        ("denied", 403, "Ask the owner"),
        ("suspicious", 400, "not complete"),
        ("data", 400, "not complete"),
        ("bug", 500, "our fault"),
    ],
)
def test_each_refusal_is_a_page_that_says_what_to_do(visitor, name, status, words):
    response = visitor.get(f"/fail/{name}/")
    assert response.status_code == status
    assert words in response.content.decode()
    assert "<h1>" in response.content.decode()


def test_staff_see_an_error_inside_the_rail(client, therapist):
    client.force_login(therapist)
    html = client.get("/fail/not-allowed/").content.decode()
    assert 'class="rail"' in html
    assert "Only its author may sign" in html


def test_visitors_see_an_error_on_a_quiet_page(visitor):
    assert 'class="rail"' not in visitor.get("/fail/missing/").content.decode()


def test_htmx_gets_an_alert_for_the_top_of_the_page_and_leaves_the_rest_alone(visitor):
    response = visitor.post("/fail/conflict/", headers=HTMX)
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#flashes"
    assert response.content.decode().startswith('<div class="alert"')


def test_the_api_answers_in_json_with_the_same_code_and_words(visitor):
    response = visitor.get("/api/fail/conflict/")
    assert response.status_code == 409
    assert response.json() == {"code": "conflict", "message": "10:15 with Amina is taken by another visit."}
    assert visitor.get("/api/fail/bug/").json()["code"] == "server-error"
    assert visitor.get("/api/nowhere/").json()["code"] == "not-found"


def test_broken_json_is_a_400(visitor):
    response = visitor.post("/parse/", "{", content_type="application/json", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert response.json()["code"] == "malformed"


def test_a_body_that_is_too_large_is_a_413(visitor, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = visitor.post("/fields/", {"a": "x" * 1000}, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413


def test_too_many_fields_are_a_400(visitor, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    body = "&".join(f"a{number}=1" for number in range(9))
    assert visitor.post("/fields/", body, content_type="application/x-www-form-urlencoded").status_code == 400


@pytest.mark.parametrize("path", ["/clients/?q=%00", "/%00/", "/styleguide/?page=%00"])
def test_nul_bytes_are_a_400_before_any_query(visitor, path):
    assert visitor.get(path).status_code == 400


def test_a_form_sent_without_its_token_says_what_to_do(db):
    response = Client(enforce_csrf_checks=True).post("/preferences/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "open for too long" in response.content.decode()


def test_the_page_for_our_own_faults_needs_no_database(visitor, monkeypatch):
    def refuse(*arguments: object) -> None:
        raise AssertionError("no query in a 500")

    with connection.execute_wrapper(refuse):
        html = visitor.get("/fail/bug/").content.decode()
    assert "This did not work" in html
    assert "/static/ui/css/app.css" in html


def test_every_answer_carries_its_headers(visitor):
    for path in ("/styleguide/", "/fail/missing/", "/fail/bug/", "/nowhere/"):
        response = visitor.get(path)
        assert "default-src 'self'" in response["Content-Security-Policy"], path
        assert "unsafe" not in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert "camera=()" in response["Permissions-Policy"]
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"]


def test_messages_reach_an_htmx_request_as_an_event(visitor):
    response = visitor.get("/say/", headers=HTMX)
    items = json.loads(response["HX-Trigger"])["toasts"]["items"]
    assert items[0] == {"text": "Moved to 14:30.", "tone": "success", "undo": "/undo/1/"}
    assert items[1]["text"] == "No room is free."
    assert "HX-Request" in response["Vary"]


def test_a_views_own_event_is_kept_beside_the_messages(visitor):
    triggers = json.loads(visitor.get("/say/?own", headers=HTMX)["HX-Trigger"])
    assert set(triggers) == {"day-changed", "toasts"}


def test_without_htmx_messages_wait_for_the_next_page(visitor):
    visitor.get("/say/")
    html = visitor.get("/styleguide/").content.decode()
    assert "Moved to 14:30." in html
    assert 'action="/undo/1/"' in html
    assert "No room is free." in html
