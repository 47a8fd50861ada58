"""The pieces of a client's record. `{% load record %}`."""

from django import template
from django.utils.safestring import SafeString

from clinic.people.record.panels import Shown

register = template.Library()


@register.simple_tag(takes_context=True)
def panel(context: template.Context, shown: Shown) -> SafeString:
    """A panel drawn by its own template, with what it read beside what the page knows."""
    if context.template is None:
        raise template.TemplateSyntaxError("a panel is drawn within a template")
    drawn = context.template.engine.get_template(shown.panel.template)
    with context.push(**shown.context):
        return drawn.render(context)
