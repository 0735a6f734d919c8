"""Who acts. Every query and action takes one of these; what it may see or do follows from its kind.

An interface makes the actor from its session or its bearer secret; nothing below an interface looks at a request.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody without an account, or not signed in. May read what is public."""


@dataclass(frozen=True, slots=True)
class PersonActor:
    """The data subject, signed in to their own account.

    `state`: how they stood when their request came in; empty where nobody looked. What is written asks again, locked.
    """

    person_id: UUID
    account_id: UUID
    state: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TerminalActor:
    """A paired device at a third party's premises. `reveals`: what a visit there tells about somebody, if anything.

    `least_to_identify`, `least_to_redeem`: the weakest medium its third party takes for each. `operator_id`: who is on
    duty there, if they said so. `revoked_at`: since when it may only hand in what it had by then. `counts`: visits, or
    stays with a way out.
    """

    terminal_id: UUID
    premises_id: UUID
    third_party_id: UUID
    reveals: str = ""
    least_to_identify: str = "uid"
    least_to_redeem: str = "static"
    operator_id: UUID | None = None
    revoked_at: datetime | None = None
    counts: str = "visits"


@dataclass(frozen=True, slots=True)
class AccountActor:
    """Somebody signed in at the portal who works for nobody there, or has not said for whom."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class OperatorActor:
    """A named user of a third party, in the portal. What the role lets them do: `recipients.rules.may`."""

    account_id: UUID
    third_party_id: UUID
    operator_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class SystemActor:
    """Kliento itself: clocks, retention, the command line. `task` names the program, for the record."""

    task: str


Actor = Visitor | PersonActor | TerminalActor | AccountActor | OperatorActor | SystemActor
