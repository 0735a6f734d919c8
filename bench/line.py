"""Keep-alive connections that send one prepared request after the other. One thread and raw sockets: the sender shares
the machine with what it measures and must cost as little as it can.
"""

import selectors
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Run:
    """What a run took: seconds in all and for each request, and the answers that were not as expected."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return (len(self.latencies) - len(self.failures)) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that this share of the requests stayed within."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Connection:
    """One socket with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sent_at = 0.0
        self._received = bytearray()

    def send(self, request: bytes) -> None:
        """Send it whole; a request fits the socket's buffer."""
        self._received.clear()
        self._sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> tuple[float, bytes] | None:
        """Latency and answer once the answer is complete."""
        self._received += self.socket.recv(65536)
        head, found, body = bytes(self._received).partition(b"\r\n\r\n")
        if not found:
            return None
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return None
        return time.perf_counter() - self._sent_at, bytes(self._received)


def send_all(port: int, requests: Iterable[bytes], *, connections: int, expected: bytes) -> Run:
    """Send the requests over so many connections, each waiting for its answer; `expected` stands in a good answer."""
    run, waiting = Run(), iter(requests)
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            line = _Connection(port)
            selector.register(line.socket, selectors.EVENT_READ, line)
        started = time.perf_counter()
        busy = sum(_send_next(key.data, waiting) for key in selector.get_map().values())
        while busy:
            for key, _ in selector.select():
                answer = key.data.receive()
                if answer is None:
                    continue
                run.latencies.append(answer[0])
                if expected not in answer[1]:
                    run.failures.append(answer[1])
                busy -= not _send_next(key.data, waiting)
        run.seconds = time.perf_counter() - started
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return run


def _send_next(line: _Connection, waiting: Iterable[bytes]) -> bool:
    request = next(iter(waiting), None)
    if request is None:
        return False
    line.send(request)
    return True
