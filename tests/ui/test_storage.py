import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.management import call_command
from django.test import override_settings

from clinic.ui.finders import SHEETS, bundle

BACKEND = {"staticfiles": {"BACKEND": "clinic.ui.storage.StaticFilesStorage"}, "default": settings.STORAGES["default"]}


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STORAGES=BACKEND, STATIC_ROOT=str(folder)):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def hashed(folder: Path, name: str) -> Path:
    stem, suffix = name.rsplit(".", 1)
    return next(path for path in folder.glob(f"{stem}.*.{suffix}") if re.search(r"\.[0-9a-f]{12}\.", path.name))


def test_the_shared_styles_reach_the_browser_as_one_file_under_30_kilobytes(collected):
    css = hashed(collected, "ui/css/app.css").read_text()
    assert "@import" not in css
    assert ".pain-scale" in css
    assert (hashed(collected, "ui/css/app.css").with_suffix(".css.gz")).stat().st_size < 30_000


def test_every_shared_sheet_is_part_of_it(collected):
    imports = re.findall(r'@import url\("([\w-]+\.css)"\)', (SHEETS / "all.css").read_text())
    sheets = {path.name for path in SHEETS.glob("*.css")}
    assert sheets - set(imports) == {"all.css", "styleguide.css"}
    assert len(imports) == len(set(imports))


def test_development_and_tests_get_the_same_file():
    assert Path(str(find("ui/css/app.css"))).read_text() == bundle()


def test_scripts_import_each_other_by_their_hashed_names(collected):
    script = hashed(collected, "ui/js/app.js").read_text()
    assert re.search(r'from "\./shortcuts\.[0-9a-f]{12}\.js"', script)
    assert not re.search(r'from "\./[\w-]+\.js"', script)


def test_the_sheet_is_the_same_when_collected_again(collected):
    before = hashed(collected, "ui/css/app.css").name
    with override_settings(STORAGES=BACKEND, STATIC_ROOT=str(collected)):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert hashed(collected, "ui/css/app.css").name == before
    assert "@import" not in (collected / "ui/css/app.css").read_text()
