from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from treatments.figures.poses import FIGURES
from treatments.figures.svg import svg

STYLES = ("clinic/ui/static/ui/css/tokens.css", "treatments/static/treatments/css/exercise-figures.css")
OWN = """
body { margin: 0; font: 12px/1.4 var(--font); }
section { display: flex; flex-wrap: wrap; gap: 10px; padding: 10px; }
[data-theme] { background: var(--surface); color: var(--ink-soft); }
figure { margin: 0; } figcaption { padding: 3px 6px; }
.exercise-figure { background: var(--canvas); border-radius: 12px; }
.large .exercise-figure { width: 320px; } .small .exercise-figure { width: 160px; } .small figcaption { display: none; }
"""


class Command(BaseCommand):
    help = "Write a page with the drawing of every exercise: light and dark, large and small. For whoever draws one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        styles = "".join((settings.BASE_DIR / path).read_text("utf-8") for path in STYLES)
        blocks = [(theme, size, _figures()) for size in ("large", "small") for theme in ("light", "dark")]
        sections = format_html_join("", '<section data-theme="{}" class="{}">{}</section>', blocks)
        page = '<!doctype html><meta charset="utf-8"><title>Exercises</title><style>{}</style>{}'
        options["file"].write_text(format_html(page, mark_safe(styles + OWN), sections), "utf-8")  # noqa: S308  # our files
        self.stdout.write(f"{len(FIGURES)} drawings in {options['file']}")


def _figures() -> SafeString:
    rows = ((svg(figure), code) for code, figure in FIGURES.items())
    return format_html_join("", "<figure>{}<figcaption>{}</figcaption></figure>", rows)
