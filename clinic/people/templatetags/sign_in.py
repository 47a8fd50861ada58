"""What the sign-in pages need. `{% load sign_in %}`."""

from typing import Any

from django import template

from clinic.people import demo, mode

register = template.Library()


@register.simple_tag(takes_context=True)
def demo_ways_in(context: template.Context) -> list[dict[str, Any]]:
    """The demo's one-tap sign-ins; none anywhere else."""
    return demo.ways_in() if mode.is_demo(context["request"]) else []
