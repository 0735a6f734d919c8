"""One connection to the service, kept open between requests. Knows HTTP and its errors, nothing of scans.

Whatever is sent twice here bears it: scans, redemptions and reversals carry ids of their own, the rest only reads.
"""

import http.client
import json
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import time
from typing import Any
from urllib.parse import urlsplit

from kliento_till.answers import Disconnected, NotNow, Refused, Unreachable
from kliento_till.clock import Clock, steady

_LONGEST_ANSWER_BYTES = 64_000_000
_LONGEST_WAIT_SECONDS = 3600.0
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Reply:
    """A good answer: 2xx, or 304."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """What was said. Raises Unreachable for what is no JSON: somebody else answered, a hotel's network perhaps."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Unreachable("The answer is no JSON.") from error


class Line:
    """Requests one after the other, each within `patience` seconds."""

    def __init__(
        self, url: str, secret: str = "", *, clock: Clock, patience: float, tls: ssl.SSLContext | None = None
    ) -> None:
        """Raises ValueError for an address that is not https, unless it is this machine's own."""
        address = urlsplit(url)
        if not address.hostname or address.scheme not in ("http", "https"):
            raise ValueError("The address of the service begins with https://")
        if address.scheme == "http" and address.hostname not in _THIS_MACHINE:
            raise ValueError("A terminal's secret and people's codes go over https only.")
        self._address = address
        self._headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self._clock = clock
        self._patience = patience
        self._tls = (tls or ssl.create_default_context()) if address.scheme == "https" else None
        self._lock = threading.Lock()
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, said: object = None, *, headers: Mapping[str, str] | None = None) -> Reply:
        """The answer. Raises Unreachable, NotNow, Disconnected, or Refused with the service's own code."""
        body = None if said is None else json.dumps(said).encode()
        sent = {**self._headers, **(headers or {}), "Accept": "application/json"}
        if body is not None:
            sent["Content-Type"] = "application/json"
        with self._lock:
            asked = steady()
            try:
                response = self._answered(method, f"{self._address.path.rstrip('/')}/api/v1{path}", body, sent)
                raw = response.read(_LONGEST_ANSWER_BYTES)
            except (OSError, http.client.HTTPException) as error:
                self._hang_up()
                raise Unreachable(type(error).__name__) from error
            if response.will_close or not response.isclosed():
                self._hang_up()
            return self._judged(response, raw, asked=asked)

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            self._hang_up()

    def _answered(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Any:
        """The response. A kept connection may have been closed meanwhile: then once more, on a new one."""
        if self._connection is not None:
            try:
                self._connection.request(method, path, body, dict(headers))
                return self._connection.getresponse()
            except (ConnectionError, http.client.BadStatusLine):
                self._hang_up()
        self._connection = self._connected()
        self._connection.request(method, path, body, dict(headers))
        return self._connection.getresponse()

    def _connected(self) -> http.client.HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        if self._tls:
            return http.client.HTTPSConnection(host, port, timeout=self._patience, context=self._tls)
        return http.client.HTTPConnection(host, port, timeout=self._patience)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _judged(self, response: Any, raw: bytes, *, asked: float) -> Reply:
        status = int(response.status)
        is_problem = str(response.headers.get("Content-Type", "")).startswith("application/problem+json")
        if status < 300 or status == HTTPStatus.NOT_MODIFIED or is_problem:
            self._clock.learn(str(response.headers.get("Date", "")), asked=asked)
        if status < 300 or status == HTTPStatus.NOT_MODIFIED:
            return Reply(status, {name.lower(): text for name, text in response.headers.items()}, raw)
        if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            code = str(_problem_in(raw).get("code", "unavailable"))
            raise NotNow(code, retry_after_seconds=_seconds_in(response.headers.get("Retry-After")))
        said = _problem_in(raw) if is_problem and 400 <= status < 500 else {}
        if not said:  # something between us and the service, or a fault of its own
            raise Unreachable(f"HTTP {status}")
        refusal = Disconnected if status == HTTPStatus.UNAUTHORIZED else Refused
        raise refusal(status, str(said.get("code", "")), str(said.get("detail", "")))


def _problem_in(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _seconds_in(retry_after: str | None) -> float | None:
    """Retry-After as seconds, given as such or as a date (RFC 9110); None where it says nothing."""
    if not retry_after:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(retry_after).timestamp() - time()
        except (TypeError, ValueError):
            return None
    return min(max(0.0, seconds), _LONGEST_WAIT_SECONDS)
