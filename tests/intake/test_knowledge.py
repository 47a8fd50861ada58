"""The clinical knowledge in the database: all of it, with sources, never deleted."""

import time
from pathlib import Path

import pytest

from intake import body_map, models
from intake.knowledge import load, source
from intake.knowledge.forms import publish_ready_forms
from intake.knowledge.shipment import ship

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("name", "model"), load.KINDS.items())
def test_every_entry_of_every_file_is_in_the_database_whole(name: str, model: type[models.KnowledgeEntry]) -> None:
    rows = {row.code: row for row in model._default_manager.all()}
    for position, entry in enumerate(source.entries(name)):
        row = rows.pop(entry["code"])
        assert (row.data, row.position, row.is_built_in) == (entry, position, True)
        assert row.sources == entry.get("sources", [])
    assert rows == {}


def test_what_is_not_a_list_of_entries_is_there_too() -> None:
    texts = {row.code: row.data for row in models.Guideline.objects.all()}
    assert texts["rom-rules"]["rules"] == source.read("rom")["rules"]
    assert texts["mrc-strength"]["grades"] == source.read("rom")["strength"]["grades"]
    assert texts["report-text"]["required_text"] == source.read("statistics")["report_text"]["required_text"]
    assert texts["about"]["vocabularies"] == source.read("meta")["vocabularies"]
    assert models.RangeOfMotion.objects.count() == len(source.read("rom")["measures"])
    assert models.Convention.objects.count() == len(source.read("statistics")["conventions"])
    assert {c for c in texts if c.startswith("licence-")} == {
        f"licence-{name.replace('_', '-')}" for name in source.read("outcome_licensing")
    }


def test_every_source_that_an_entry_names_is_a_reference() -> None:
    known = set(models.Reference.objects.values_list("code", flat=True)) | {"general-knowledge"}
    for model in load.KINDS.values():
        for row in model._default_manager.all():
            assert set(row.sources) <= known, row.code


def test_loading_again_changes_nothing_and_is_quick() -> None:
    before = list(models.Condition.objects.values_list("pk", "code", "label"))
    started = time.perf_counter()
    assert load.load_knowledge() is False
    assert time.perf_counter() - started < 2
    assert list(models.Condition.objects.values_list("pk", "code", "label")) == before


def test_an_entry_keeps_its_id_when_it_is_loaded_anew() -> None:
    before = dict(models.Structure.objects.values_list("code", "pk"))
    assert load.load_knowledge(force=True) is True
    assert dict(models.Structure.objects.values_list("code", "pk")) == before


def test_a_built_in_that_its_file_dropped_is_retired_and_what_a_practice_added_is_left_alone() -> None:
    dropped = models.Technique.objects.create(code="cupping-old", label="Old", is_built_in=True)
    own = models.Technique.objects.create(code="house-method", label="Our own")
    load.load_knowledge(force=True)
    dropped.refresh_from_db()
    own.refresh_from_db()
    assert dropped.retired_at is not None
    assert own.retired_at is None
    assert dropped not in models.Technique.objects.current()


def test_the_ready_forms_are_published_once() -> None:
    slugs = ["before-visit", "consent", "first-visit", "follow-up"]
    assert sorted(models.Questionnaire.objects.values_list("slug", flat=True)) == slugs
    ship()
    assert publish_ready_forms() == []
    assert models.Questionnaire.objects.count() == len(slugs)


def test_the_sprite_shows_the_views_of_the_data() -> None:
    file = Path(body_map.__file__).parent / "static" / "intake" / "body-map.svg"
    assert file.read_text() == body_map.sprite()


def test_the_list_under_the_map_has_every_region_once() -> None:
    listed = [code for codes in body_map.GROUPS.values() for code in codes]
    assert sorted(listed) == sorted(region["code"] for region in source.entries("regions"))


def test_every_region_is_drawn_in_some_view_and_no_view_draws_another() -> None:
    drawn = {key for view in body_map.views().values() for key in view.regions}
    assert drawn == body_map.all_keys()
