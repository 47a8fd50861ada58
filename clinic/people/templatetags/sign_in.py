"""What the sign-in pages need. `{% load sign_in %}`."""

from typing import Any

from django import template

from clinic.people import demo, mode
from clinic.people.middleware import has_second_factor

register = template.Library()


@register.simple_tag(takes_context=True)
def demo_ways_in(context: template.Context) -> list[dict[str, Any]]:
    """The demo's one-tap sign-ins; none anywhere else."""
    return demo.ways_in() if mode.is_demo(context["request"]) else []


@register.simple_tag(takes_context=True)
def second_factor_frame(context: template.Context) -> str:
    """A member without a second factor sees one card and no rail: nothing else can be opened yet."""
    request = context["request"]
    ready = mode.is_demo(request) or has_second_factor(request.user)
    return "mfa/_manage.html" if ready else "mfa/_enrol.html"
