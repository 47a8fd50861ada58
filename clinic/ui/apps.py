from django.apps import AppConfig


class UiConfig(AppConfig):
    """The design system: components, form renderer, middleware and shared scripts."""

    name = "clinic.ui"
    label = "ui"
