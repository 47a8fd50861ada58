"""Calls of the API as another program would make them."""

import datetime as dt
import uuid
from typing import Any

from django.test import Client as Browser

from clinic.people.models import User

NOON = dt.datetime(2027, 3, 10, 11, tzinfo=dt.UTC)  # a Wednesday, 12:00 in Berlin


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def book(browser: Browser, wish: Any, key: uuid.UUID | str | None = None) -> Any:
    return browser.post(
        "/api/v1/appointments/",
        wish,
        content_type="application/json",
        headers={"Idempotency-Key": str(key or uuid.uuid4())},
    )
