"""The objects of the table as fixtures of this folder."""

from tests.permissions.objects import (  # noqa: F401  # fixtures
    alert,
    appointment,
    appointment_token,
    document,
    draft,
    drawing,
    episode,
    flag,
    follow_up_token,
    form_token,
    message,
    past_appointment,
    prescription,
    questionnaire,
    response,
    service,
    signed,
    time_off,
    working_hours,
)
