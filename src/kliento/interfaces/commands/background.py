"""The background worker: works off the outbox as soon as something is in it. Three times a minute it ticks, and once it
writes down the counts of pages that wait in this process."""

import threading
import time

import structlog
from django.db import DatabaseError, close_old_connections, connections

from kliento.domain.improvement.actions import write_counts
from kliento.domain.outbox import actions as outbox
from kliento.kernel.clock import now

log = structlog.get_logger("kliento.background")
_LOOK_SECONDS = 2.0  # for what other processes enqueue; this process rings
_TICK_SECONDS = 20.0  # what is entered is sealed within a minute
_COUNT_SECONDS = 60.0
_AFTER_FAILURE_SECONDS = 5.0


class Background(threading.Thread):
    """`start()` it beside a server, or `run()` it as the whole program; `stop()` lets the current item finish."""

    def __init__(self) -> None:
        super().__init__(name="background", daemon=True)
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until stopped. A database that is away is waited for."""
        tick_at = count_at = time.monotonic()
        while not self._stopping.is_set():
            try:
                if time.monotonic() >= tick_at:
                    tick_at = time.monotonic() + _TICK_SECONDS
                    outbox.run_due(at=now())
                if time.monotonic() >= count_at:
                    count_at = time.monotonic() + _COUNT_SECONDS
                    write_counts()
                if not outbox.work_off(at=now(), limit=10):
                    outbox.wait_for_work(seconds=_LOOK_SECONDS)
            except Exception:
                log.exception("background work failed")
                self._stopping.wait(_AFTER_FAILURE_SECONDS)
            close_old_connections()
        self._write_last_counts()
        connections.close_all()

    def stop(self) -> None:
        """Ask it to end after the item at hand."""
        self._stopping.set()
        outbox.ring()

    def _write_last_counts(self) -> None:
        try:
            write_counts()
        except DatabaseError:
            log.warning("the last minute's counts of pages are lost")
