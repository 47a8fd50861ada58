"""Gives browsers the shared style sheets as one file, `ui/css/app.css`, in development, tests and production alike."""

import re
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

BUNDLE = "ui/css/app.css"
SHEETS = Path(__file__).parent / "static/ui/css"
_IMPORT = re.compile(r'@import url\("([\w-]+\.css)"\);\n?')
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def bundle() -> str:
    """The sheets that all.css imports, in its order, without their comments."""
    text = _IMPORT.sub(lambda match: (SHEETS / match[1]).read_text(), (SHEETS / "all.css").read_text())
    return re.sub(r"\n\s*\n+", "\n", _COMMENT.sub("", text)).strip() + "\n"


# One folder for the process, made before there are threads: a finder that lost the race to be the one kept would
# take a folder of its own with it while another thread serves from there.
_FOLDER = tempfile.TemporaryDirectory(prefix="palpate-styles-")


class BundleFinder(BaseFinder):
    """Writes the bundle whenever it is asked for and has changed."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:  # type: ignore[override]
        if path != BUNDLE:
            return []
        target = self._write()
        return [str(target)] if find_all or kwargs.get("all") else str(target)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        self._write()
        yield BUNDLE, FileSystemStorage(location=_FOLDER.name)

    def _write(self) -> Path:
        target = Path(_FOLDER.name) / BUNDLE
        text = bundle()
        if not target.exists() or target.read_text() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_suffix(f".{threading.get_ident()}")
            draft.write_text(text)
            draft.replace(target)
        return target
