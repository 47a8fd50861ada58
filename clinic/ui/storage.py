"""Static files in production: hashed names, and module imports rewritten to them."""

from typing import Any, ClassVar

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_MODULES = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """The `collectstatic` target. Only our own scripts (`<app>/js/`) have their imports rewritten."""

    patterns: ClassVar[Any] = (*HashedFilesMixin.patterns, ("*/js/*.js", _MODULES))
