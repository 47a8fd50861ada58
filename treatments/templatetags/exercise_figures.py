"""What an exercise looks like. `{% load exercise_figures %}`; the page links `treatments/css/exercise-figures.css`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from intake.models import Exercise
from treatments.figures.poses import FIGURES
from treatments.figures.svg import svg
from treatments.models import ExercisePicture

register = template.Library()


@register.simple_tag
def exercise_figure(exercise: Exercise, picture_url: str = "") -> SafeString:
    """Our drawing of a shipped exercise, else the practice's own picture at `picture_url`, else nothing.

    One query for an exercise of the practice, none when `picture` was selected with it.
    """
    figure = FIGURES.get(exercise.code)
    if figure is not None:
        return svg(figure)
    try:
        picture = exercise.picture if picture_url else None
    except ExercisePicture.DoesNotExist:
        picture = None
    if picture is None:
        return SafeString("")
    return format_html('<img class="exercise-figure" src="{}" alt="{}">', picture_url, picture.description)
