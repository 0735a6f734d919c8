"""A scan on its way: as a terminal hands it in, as it was shown, as it is answered. Nothing here reads or writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kliento.domain.cards.queries import Decoded, Presented
from kliento.domain.gate import actions as gate
from kliento.domain.programmes.rules import StampsView
from kliento.domain.sharing.rules import Pair
from kliento.domain.visits.queries import ScanKey
from kliento.domain.visits.rules import Judgement, Outcome
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import KlientoError


@dataclass(frozen=True, slots=True)
class NewScan:
    """What a terminal read and when; None: now, as it is received.

    `id` is a UUIDv7 the terminal made, so that a repeat is known as one. `direction`: "in" or "out" where stays are
    counted, empty for whichever it is.
    """

    id: UUID
    code: str = field(repr=False)
    occurred_at: datetime | None = None
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """What one terminal hands in at once."""

    by: TerminalActor
    scans: Sequence[NewScan]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one scan was not taken in; `code` is stable, the sentence is for people."""

    code: str
    detail: object


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The answer to one scan. `values` holds what is shared, by field; `first_at` when a spent code was first shown.

    `stamps`: the person's loyalty card of this third party, if it is in use, as it stands after the batch;
    `redeem_with`: the weakest medium that has to be shown in this visit before its reward is handed out, empty where
    what was shown is enough. `problem`: why a scan is `invalid`; nothing of it was recorded.
    """

    id: UUID
    outcome: Outcome
    member_number: str | None = None
    visit_id: UUID | None = None
    first_at: datetime | None = None
    values: dict[str, str] = field(default_factory=dict, repr=False)
    stamps: StampsView | None = None
    problem: Problem | None = None
    redeem_with: str = ""


@dataclass(frozen=True, slots=True)
class UploadResult:
    """The answers to the scans of one upload, in their order; or why nothing of it was taken in."""

    scans: tuple[ScanResult, ...] = ()
    refusal: KlientoError | None = None


_UNKNOWN = Judgement(Outcome.UNKNOWN)


@dataclass(slots=True)
class Shown:
    """One scan on its way through the judgement.

    `key`: what it is known by. `subject_id`: whom the code leads to, whether they are accepted or not; `pair`: that and
    the third party it was shown to.
    """

    by: TerminalActor
    id: UUID
    code: Decoded
    body_hash: bytes
    occurred_at: datetime
    direction: str = ""
    judgement: Judgement = _UNKNOWN
    counts_stays: bool = False
    key: ScanKey = field(init=False)
    medium: Presented | None = field(default=None, init=False)
    subject_id: UUID | None = field(default=None, init=False)
    pair: Pair | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.key = ScanKey(self.by.terminal_id, self.id)

    def leads_to(self, medium: Presented | None) -> None:
        """What was found behind the code."""
        self.medium = medium
        self.subject_id = medium.subject_id if medium else None
        self.pair = Pair(medium.subject_id, self.by.third_party_id) if medium else None

    @property
    def may_enter(self) -> bool:
        """Whether a visit may begin by it: not on the way out."""
        return self.judgement.outcome.is_visit and not (self.counts_stays and self.direction == "out")


@dataclass(slots=True)
class Answer:
    """One answer, its values still sealed until the commit. `level`: the surest medium shown in the visit so far."""

    id: UUID
    outcome: Outcome
    first_at: datetime | None = None
    visit_id: UUID | None = None
    member: Pair | None = None
    member_number: str | None = None
    sealed: gate.SealedDisclosure | None = None
    stamps: StampsView | None = None
    problem: Problem | None = None
    level: str = ""
    redeem_with: str = ""

    def opened(self) -> ScanResult:
        """The answer as it leaves; only after the commit."""
        values = self.sealed.open() if self.sealed else {}
        return ScanResult(
            self.id,
            self.outcome,
            self.member_number,
            self.visit_id,
            self.first_at,
            values,
            self.stamps,
            self.problem,
            self.redeem_with,
        )


def invalid(scan_id: UUID, problem: Problem) -> Answer:
    """The answer to a scan that was not taken in."""
    return Answer(scan_id, Outcome.INVALID, problem=problem)


def reused(scan_id: UUID) -> Answer:
    """The answer to another scan under an id that was used."""
    sentence = _("The scan id %(id)s was used for another scan.") % {"id": scan_id}
    return invalid(scan_id, Problem("scan_id_reused", sentence))


def came_too_late(scan_id: UUID) -> Answer:
    """The answer to a scan that a revoked terminal brings among others, but made after it was revoked."""
    sentence = _("This terminal had been disconnected by then.")
    return invalid(scan_id, Problem("terminal_disconnected", sentence))
