"""A service that has its moments: answers what it is told to, and remembers what it was asked."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Service(ThreadingHTTPServer):
    """Answers by `answers`: (status, headers, body) or a function of the request's body; the last one for good."""

    daemon_threads = True

    def __init__(self, answers: list[Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.asked: list[Any] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Service

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        said = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        status, headers, content = said(body) if callable(said) else said
        raw = json.dumps(content).encode()
        self.send_response(status)
        kind = "application/json" if status < 300 else "application/problem+json"
        for name, text in ({"Content-Type": kind} | headers | {"Content-Length": str(len(raw))}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def service(*answers: Any, tls: ssl.SSLContext | None = None) -> Iterator[Service]:
    with Service(list(answers)) as running:
        if tls:
            running.socket = tls.wrap_socket(running.socket, server_side=True)
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()
            thread.join()


def problem(status: int, code: str, **headers: str) -> tuple[int, dict[str, str], dict[str, object]]:
    return status, {name.replace("_", "-"): text for name, text in headers.items()}, {"status": status, "code": code}


def identified(body: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, object]]:
    """Everybody is welcome."""
    return 200, {}, {"scans": [{"id": one["id"], "outcome": "identified"} for one in body["scans"]]}
