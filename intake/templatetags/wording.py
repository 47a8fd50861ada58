"""Words of a form in the language they are in, where the page speaks another. `{% load wording %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.filter
def lang(language: str) -> str | SafeString:
    """A ` lang` attribute; nothing where the page speaks the language, or nobody knows which it is."""
    here = (get_language() or "").partition("-")[0].lower()
    if not language or language.partition("-")[0].lower() == here:
        return ""
    return format_html(' lang="{}"', language)


@register.filter
def in_language(words: str, language: str) -> str | SafeString:
    """Words that stand among others of the page."""
    attribute = lang(language)
    return format_html("<span{}>{}</span>", attribute, words) if attribute and words else words
