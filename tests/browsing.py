"""Visits to a served product without a browser: cookies, forms with their token, and the API with JSON."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, redirects followed."""

    status: int
    url: str
    text: str

    def json(self) -> object:
        """The body as JSON."""
        return json.loads(self.text)


class Browser:
    """One visitor with cookies of their own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    @property
    def cookies(self) -> dict[str, str]:
        """Names and values."""
        return {cookie.name: cookie.value or "" for cookie in self._cookies}

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask(urllib.request.Request(self._url + path))

    def submit(self, path: str, form: Mapping[str, str], *, on: str | None = None) -> Answer:
        """Send a form to `path`, with the token of the page it stands on (that path itself, unless said)."""
        token = _TOKEN.search(self.get(path if on is None else on).text)
        sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1] if token else "", **form}).encode()
        return self._ask(urllib.request.Request(self._url + path, data=sent))

    def post_json(self, path: str, body: object, *, secret: str = "") -> Answer:
        """Call the API; a string is sent as it is."""
        sent = body if isinstance(body, str) else json.dumps(body)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
        return self._ask(urllib.request.Request(self._url + path, data=sent.encode(), headers=headers))

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.url, refused.read().decode())
