"""One lock for every writer of a database file: a thread lock within the process, `flock` between processes.

The lock file stands beside the database and stays; only its lock matters. It is opened anew for each transaction, so
a forked child never shares a standing file description with its parent, and a killed process frees it at once.
"""

import fcntl
import os
import threading
import time
import weakref

_POLL_SECONDS = 0.002


class WriteLockTimeout(Exception):
    """Nobody let go of the lock in time."""


class WriteLock:
    """Held from before BEGIN IMMEDIATE until after COMMIT. Not reentrant: the connection knows whether it holds it."""

    def __init__(self, database: str) -> None:
        self._path = f"{database}.lock"
        self._threads = threading.Lock()
        self._descriptor = -1

    def acquire(self, *, timeout_seconds: float) -> None:
        """Wait for every other writer; raises WriteLockTimeout."""
        give_up_at = time.monotonic() + timeout_seconds
        if not self._threads.acquire(timeout=timeout_seconds):
            raise WriteLockTimeout
        try:
            self._descriptor = self._lock_file(give_up_at)
        except BaseException:
            self._threads.release()
            raise

    def release(self) -> None:
        """Let the next writer in. Closing the file frees the lock between processes."""
        descriptor, self._descriptor = self._descriptor, -1
        os.close(descriptor)
        self._threads.release()

    def _lock_file(self, give_up_at: float) -> int:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() >= give_up_at:
                        raise WriteLockTimeout from None
                    time.sleep(_POLL_SECONDS)
                else:
                    return descriptor
        except BaseException:
            os.close(descriptor)
            raise


_known: "weakref.WeakValueDictionary[str, WriteLock]" = weakref.WeakValueDictionary()
_known_guard = threading.Lock()


def lock_of(database: str) -> WriteLock:
    """The one lock of that file in this process."""
    path = os.path.realpath(database)
    with _known_guard:
        lock = _known.get(path)
        if lock is None:
            lock = _known[path] = WriteLock(path)
        return lock
