"""Asks an ASGI application as granian does, without a network."""

import asyncio
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Answer = tuple[int, list[tuple[str, str]], bytes]


def scope_of(environ: dict[str, Any]) -> dict[str, Any]:
    """What granian says of a request that WSGI would tell so."""
    named = {name[5:]: text for name, text in environ.items() if name.startswith("HTTP_")}
    named |= {name: environ[name] for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if name in environ}
    return {
        "type": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": (environ.get("REMOTE_ADDR", "127.0.0.1"), 50_000),
        "scheme": environ.get("wsgi.url_scheme", "http"),
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "query_string": environ.get("QUERY_STRING", "").encode(),
        "headers": [(name.lower().replace("_", "-").encode(), text.encode("latin-1")) for name, text in named.items()],
    }


def in_a_loop(act: Coroutine[Any, Any, None]) -> None:
    """Run it in a loop of its own, in a thread of its own: a browser's may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, act).result()


def ask(application: Any, environ: dict[str, Any], body: bytes) -> Answer:
    """The answer to one request, whose body comes in two pieces and is all there is."""
    coming = [{"type": "http.request", "body": piece, "more_body": True} for piece in (body[:5], body[5:])]
    coming.append({"type": "http.disconnect"})
    said: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return coming.pop(0)

    async def send(message: Mapping[str, Any]) -> None:
        said.append(message)

    in_a_loop(application(scope_of(environ), receive, send))
    start, *rest = said
    headers = [(name.decode("latin-1"), text.decode("latin-1")) for name, text in start["headers"]]
    assert [message["more_body"] for message in rest] == [True] * (len(rest) - 1) + [False]
    return start["status"], headers, b"".join(message["body"] for message in rest)
