"""What a till with a queue can do by itself: seal and keep a scan, and judge a code by keys and a block list."""

from uuid import UUID

from kliento_till.answers import Unreachable
from kliento_till.blocking import BlockList
from kliento_till.judging import Verdict, judge
from kliento_till.line import Line
from kliento_till.queue import Queue, Waiting
from kliento_till.sealing import sealed
from kliento_till.terminal import Terminal


class Offline:
    """The queue, the code key of today, and the newest block list that was signed."""

    def __init__(self, queue: Queue, terminal: Terminal) -> None:
        self.queue = queue
        self._terminal = terminal
        kept = queue.known("block_list")
        self._list = BlockList.read(kept) if kept else None

    def judged(self, code: str, scan_id: UUID, *, at: float) -> Verdict:
        """What can be told without the service of a code shown then."""
        return judge(
            code,
            at=at,
            code_key=self._list.code_key if self._list else self._terminal.code_key,
            block_list=self._list,
            used=lambda digest: self.queue.is_used(digest, but_by=scan_id),
        )

    def kept(
        self, code: str, scan_id: UUID, direction: str, verdict: Verdict, *, at: float, guessed_by: float | None
    ) -> Waiting:
        """The scan, on the disk; as it was kept before, if it is a repeat. Raises NotKept."""
        waiting = self.queue.waiting(scan_id)
        if waiting is None:
            locked = sealed(code, scan_id, to=self._terminal.sealing_key)
            waiting = Waiting(scan_id, locked, round(at * 1000), direction, guessed_by)
            self.queue.keep(waiting, digest=verdict.digest)
        return waiting

    def refresh(self, line: Line) -> None:
        """Take the newest list. Raises what `Line.ask` raises, and Unreachable for one that is not signed."""
        version = self.queue.known("block_list_version")
        reply = line.ask("GET", "/block-list", headers={"If-None-Match": version} if version and self._list else {})
        if reply.status != 304:
            try:
                newest = BlockList.read(reply.body)
            except ValueError as error:
                raise Unreachable(str(error)) from error
            self.queue.learn(block_list=reply.body.decode(), block_list_version=reply.headers.get("etag", ""))
            self._list = newest

    def is_good(self, at: float) -> bool:
        """Whether the list may be relied on then."""
        return self._list is not None and at < self._list.good_until
