"""What goes in and out of the API. Unknown keys are refused everywhere (threat 22)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, WrapValidator, model_validator

from kliento.domain.cards.queries import unsealed
from kliento.domain.visits.rules import MOST_SCANS, Outcome
from kliento.kernel.clock import EARLIEST, LATEST
from kliento.web.errors import pointer_to


class Strict(Schema):
    """A body or query in which every key is known."""

    model_config = ConfigDict(extra="forbid")


class Pairing(Strict):
    """A one-time pairing code and what the terminal shall be called."""

    code: Annotated[str, Field(min_length=1, max_length=40, examples=["7K3M-Q2ZT-9V4B"])]
    name: Annotated[str, Field(min_length=1, max_length=60, examples=["Till 2"], pattern=r"^[^\x00-\x1f\x7f]+$")]


class Paired(Schema):
    """The new terminal. `secret` is shown this once; send it as a bearer token.

    `code_key` is the Ed25519 public key, in base64, with which rotating codes can be checked offline; `sealing_key` the
    P-256 point, in base64, to which codes that have to wait are sealed.
    """

    terminal_id: UUID
    secret: str
    code_key: str
    sealing_key: str
    premises: str
    third_party: str


class Scan(BaseModel):
    """One code as read, or as it waited sealed; and when; without `occurred_at`, now.

    `id` is a UUIDv7 made by the terminal; the same scan sent again gets its first answer.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    code: (
        Annotated[str, Field(max_length=4300, description="Whatever was read: other shops' codes are answered too.")]
        | None
    ) = None
    sealed: (
        Annotated[
            str, Field(max_length=6000, description="In place of `code`: sealed to `sealing_key`, see docs/api.md.")
        ]
        | None
    ) = None
    occurred_at: Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)] | None = None
    direction: Literal["in", "out"] | None = Field(
        default=None, description="Where stays are counted: the way people go. Without it whoever is inside leaves."
    )

    @model_validator(mode="after")
    def _has_one_code(self) -> Self:
        if (self.code is None) == (self.sealed is None):
            raise ValueError("Send either code or sealed.")
        if self.sealed is not None:
            self.code = unsealed(self.id, self.sealed)
            if self.code is None:
                raise ValueError("It was not sealed to this service, or for another scan.")
        return self


@dataclass(frozen=True, slots=True)
class UnreadableScan:
    """What stands in the place of a scan and is none: its id as far as it has one, and what is wrong with it."""

    id: UUID | None
    mistakes: tuple[tuple[str, str], ...]


def _scan_or_what_is_wrong(sent: Any, read: Callable[[Any], Scan]) -> Scan | UnreadableScan:
    """So that one scan that cannot be read does not hold up the others of an upload."""
    try:
        return read(sent)
    except ValidationError as error:
        return UnreadableScan(
            _id_in(sent),
            tuple((pointer_to(mistake["loc"]), mistake["msg"]) for mistake in error.errors(include_input=False)),
        )


def _id_in(sent: Any) -> UUID | None:
    try:
        return UUID(sent["id"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


if TYPE_CHECKING:
    ScanOrNot = Scan | UnreadableScan
else:  # described as a scan, for that is what shall be sent
    ScanOrNot = Annotated[Scan, WrapValidator(_scan_or_what_is_wrong)]


class Scans(BaseModel):
    """One scan or many, in any order. One that cannot be read is answered `invalid`; the others stand.

    `sent_at` is what the terminal's clock says as it sends them: with it, a clock that is wrong is told so.
    """

    model_config = ConfigDict(extra="forbid")

    sent_at: Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)] | None = None

    scans: Annotated[list[ScanOrNot], Field(min_length=1, max_length=MOST_SCANS)]


class Stamps(Schema):
    """The person's loyalty card of this third party. `can_redeem`: there are enough stamps for the reward."""

    name: str
    reward: str
    balance: int
    needed: int
    can_redeem: bool


class ScanProblem(Schema):
    """Why a scan was not taken in. Programs read `code`; `pointer` names what is at fault in the request."""

    code: str
    detail: str
    pointer: str


class ScanAnswer(Schema):
    """The answer to one scan. `values` holds the fields shared with this third party for its tills.

    `stamps` is null for whoever has not taken its loyalty card into use. `id` is null where none could be read.
    """

    id: UUID | None
    outcome: Outcome
    member_number: str | None
    visit_id: UUID | None
    first_at: datetime | None = Field(description="When this code was first shown at these premises, if replayed.")
    values: dict[str, str]
    stamps: Stamps | None
    redeem_with: Literal["uid", "static", "rotating", "cryptographic"] | None = Field(
        description="The weakest kind of card to show in this visit before its reward; null: what was shown is enough."
    )
    problem: ScanProblem | None = Field(description="Why the scan was not taken in: for `invalid` and `clock_off`.")


class ScanAnswers(Schema):
    """One answer for each scan, in the order in which they were sent."""

    scans: list[ScanAnswer]


class BlockList(Schema):
    """What a terminal without a network refuses, for one third party.

    `entries`: base64 of ten bytes each, sorted: the beginning of HMAC-SHA-256(list key, digest). `signature`: Ed25519
    by `code_key` over `kliento-block-list-1`, `third_party_id`, `made_at`, `good_until` and `entries`, a line each.
    """

    third_party_id: UUID
    made_at: datetime
    good_until: datetime
    code_key: str
    list_key: str
    entries: str
    signature: str


class Redemption(Strict):
    """The reward is handed out during this visit.

    `id` is a UUID made by the terminal; the same redemption sent again gets its first answer.
    """

    id: UUID
    visit_id: UUID


class Reversal(Strict):
    """The reward of this redemption was not handed out after all."""

    redemption_id: UUID


class ClaimCodeFor(Strict):
    """The visit of an unregistered card at this terminal, at most 30 minutes ago."""

    visit_id: UUID


class ClaimCode(Schema):
    """For whoever holds the card; shown this once. It works once."""

    code: str
    expires_at: datetime


class MemberQuestion(Strict):
    """Which fields, for what declared purpose."""

    fields: Annotated[str, Field(min_length=1, max_length=1000, examples=["first_name,phone"])]
    purpose: Annotated[str, Field(min_length=1, max_length=60, examples=["serving"])]


class Member(Schema):
    """What the member shares of it. `withheld` names the rest; never why."""

    number: str
    values: dict[str, str]
    withheld: list[str]


class Mistake(Schema):
    """What is wrong where: a JSON pointer and what to do about it."""

    pointer: str
    detail: str


class Problem(Schema):
    """RFC 9457. Programs read `code`, which stays the same; people read the rest."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    errors: list[Mistake] = []
