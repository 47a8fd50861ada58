import json
import uuid
from typing import Any

import pytest
from django.test import Client as Browser

from clinic.people.models import User


class Caller:
    """Another program, signed in as one member of staff. Sends a new key with each POST."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def __call__(self, verb: str, path: str, body: Any = None, seen: int | None = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        content = json.dumps(body) if body is not None else ""
        answer = self.browser.generic(
            verb, f"/api/v1/{path}", content, content_type="application/json", headers=headers
        )
        data = json.loads(answer.content or b"null") if "json" in answer.get("Content-Type", "json") else answer
        return answer.status_code, data

    def be(self, user: User) -> None:
        self.browser.force_login(user)


@pytest.fixture
def call(client: Browser, therapist: User) -> Caller:
    client.force_login(therapist)
    return Caller(client)
