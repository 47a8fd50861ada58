"""Static files in production: hashed names, module imports rewritten, the shared style sheets as one file."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLE = "ui/css/app.css"
_IMPORT = re.compile(r'@import url\("(?P<name>[\w-]+\.css)"\);\n?')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_MODULES = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """The `collectstatic` target. Only our own scripts (`<app>/js/`) have their imports rewritten."""

    patterns: ClassVar[Any] = (*HashedFilesMixin.patterns, ("*/js/*.js", _MODULES))  # type: ignore[attr-defined]

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if BUNDLE in paths and not dry_run:
            self._write_bundle(paths)
        yield from super().post_process(paths, dry_run, **options)

    def _write_bundle(self, paths: dict[str, Any]) -> None:
        folder = BUNDLE.rsplit("/", 1)[0]

        def content(match: re.Match[str]) -> str:
            source, name = paths[f"{folder}/{match['name']}"]
            with source.open(name) as file:
                return str(file.read().decode())

        source, name = paths[BUNDLE]
        with source.open(name) as file:
            text = _IMPORT.sub(content, file.read().decode())
        text = re.sub(r"\n\s*\n+", "\n", _COMMENT.sub("", text)).strip() + "\n"
        self.delete(BUNDLE)
        self.save(BUNDLE, ContentFile(text.encode()))
        paths[BUNDLE] = (self, BUNDLE)
