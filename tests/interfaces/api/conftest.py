"""A terminal that talks to the API as programs do."""

import json
from typing import Any

import pytest
from django.test import Client


class Api:
    """Requests with one terminal's secret; answers as (status, body)."""

    def __init__(self, place: Any) -> None:
        self._client = Client()
        self._headers = {"Authorization": f"Bearer {place.secret}"} if place else {}

    def send_also(self, header: str, value: str) -> None:
        """With every request from now on."""
        self._headers[header] = value

    def post(self, path: str, body: object, **options: object):
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        sent = {"content_type": "application/json", "headers": self._headers} | options
        return self._client.post(f"/api/v1{path}", content, **sent)

    def get(self, path: str, query: dict[str, str] | None = None):
        return self._client.get(f"/api/v1{path}", query or {}, headers=self._headers)

    def scan(self, *scans: dict[str, str]):
        return self.post("/scans", {"scans": list(scans)})


@pytest.fixture
def api_of(db):
    """The API as this place's terminal sees it; None: without a secret."""
    return Api
