"""Terminals are found by their secret alone, or by a session of ours; and where the third party's own stand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kliento.domain.recipients import rules
from kliento.domain.recipients.models import Premises, Terminal
from kliento.domain.recipients.queries.standing import approved_now
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import NotFound
from kliento.kernel.rows import Among


@dataclass(frozen=True, slots=True)
class TerminalPlace:
    """Where a terminal stands, for its own screen, and the language its company writes in."""

    terminal: str
    premises: str
    third_party: str
    language: str


@dataclass(frozen=True, slots=True)
class Till:
    """A terminal whose screen is ours. `pin_wanted`: it opens for an operator's PIN only."""

    terminal: TerminalActor
    pin_wanted: bool


@dataclass(frozen=True, slots=True)
class PremisesView:
    """A place as its third party sees it. `reveals`: what a visit there tells about somebody, mostly nothing.

    `stays`: people show their card on the way out, too.
    """

    id: UUID
    name: str
    reveals: str
    terminals: int
    stays: bool = False


@dataclass(frozen=True, slots=True)
class PairedTerminal:
    """A terminal as its third party sees it."""

    id: UUID
    name: str
    premises_id: UUID
    premises: str
    paired_at: datetime
    revoked_at: datetime | None


def terminal_actor(secret: str) -> TerminalActor:
    """The terminal behind this secret, in one statement.

    Raises NotFound in the same words if it is unknown, revoked, or its third party is not approved (R-VIS-1).
    """
    return _actor(Terminal.objects.filter(secret_hash=rules.hash_of_secret(secret)))


_MOST_REMEMBERED = 10_000
_let_in: dict[bytes, TerminalActor] = {}


def let_in(secret: str) -> TerminalActor:
    """The terminal behind this secret as it stood when this process first saw it; no statement after that.

    Only for acts that ask within their own transaction whether it stands still (`STANDING_TERMINALS`): one that was
    revoked is let in, too, with what it had until then. Raises NotFound as `terminal_actor` does otherwise.
    """
    terminal = known_terminal(secret)
    if terminal is None:
        hashed = rules.hash_of_secret(secret)
        terminal = _read(_row(Terminal.objects.filter(secret_hash=hashed), revoked=True))
        if len(_let_in) >= _MOST_REMEMBERED:
            _let_in.clear()
        _let_in[hashed] = terminal
    return terminal


def known_terminal(secret: str) -> TerminalActor | None:
    """The same without asking a database; None for one that was not let in yet."""
    return _let_in.get(rules.hash_of_secret(secret))


def forget_terminal(secret: str) -> None:
    """Look it up anew the next time: it does not stand as it stood."""
    _let_in.pop(rules.hash_of_secret(secret), None)


def paired_terminal(terminal_id: UUID) -> TerminalActor:
    """The terminal whose id a session of ours vouches for. Raises NotFound as `terminal_actor` does."""
    return _actor(Terminal.objects.filter(id=terminal_id))


def paired_till(terminal_id: UUID) -> Till:
    """The same, as its screen needs it. One statement."""
    return _till(_row(Terminal.objects.filter(id=terminal_id)))


def former_till(terminal_id: UUID) -> Till:
    """The same, though it may have been revoked: to hand in what it had, and for nothing else. Raises NotFound."""
    return _till(_row(Terminal.objects.filter(id=terminal_id), revoked=True))


def is_stopped(terminal_id: UUID) -> bool:
    """Whether this terminal works still and its third party is not approved now: it goes on when that does."""
    paired = Terminal.objects.filter(id=terminal_id, revoked_at=None)
    return paired.exclude(approved_now(f"{_COMPANY}__")).exists()


_COMPANY = "premises__third_party"
_COLUMNS = (
    "id",
    "premises_id",
    "premises__reveals",
    "premises__counts",
    "revoked_at",
    f"{_COMPANY}_id",
    f"{_COMPANY}__least_to_identify",
    f"{_COMPANY}__least_to_redeem",
    f"{_COMPANY}__pin_wanted",
)


def _till(row: dict[str, Any]) -> Till:
    return Till(_read(row), row[f"{_COMPANY}__pin_wanted"])


def _actor(terminals: QuerySet[Terminal]) -> TerminalActor:
    return _read(_row(terminals))


def _row(terminals: QuerySet[Terminal], *, revoked: bool = False) -> dict[str, Any]:
    approved = terminals.filter(approved_now(f"{_COMPANY}__"))
    if not revoked:
        approved = approved.filter(revoked_at=None)
    row = approved.values(*_COLUMNS).first()
    if row is None:
        raise NotFound(code="terminal_unknown")
    return row


def _read(row: dict[str, Any]) -> TerminalActor:
    return TerminalActor(
        terminal_id=row["id"],
        premises_id=row["premises_id"],
        third_party_id=row[f"{_COMPANY}_id"],
        reveals=row["premises__reveals"],
        least_to_identify=row[f"{_COMPANY}__least_to_identify"],
        least_to_redeem=row[f"{_COMPANY}__least_to_redeem"],
        counts=row["premises__counts"],
        revoked_at=row["revoked_at"],
    )


def place_of(terminal: TerminalActor) -> TerminalPlace:
    """The names on this terminal's screen."""
    company = "premises__third_party"
    row = Terminal.objects.values_list("name", "premises__name", f"{company}__name", f"{company}__language").get(
        id=terminal.terminal_id
    )
    return TerminalPlace(terminal=row[0], premises=row[1], third_party=row[2], language=row[3])


def places_of(terminal_ids: Iterable[UUID]) -> list[PairedTerminal]:
    """Where these terminals stand, those that work, by the names of the premises. One statement."""
    rows = Terminal.objects.filter(id__in=set(terminal_ids), revoked_at=None).select_related("premises")
    return [_paired(row) for row in rows.order_by("premises__name", "id")]


def premises_of(third_party_id: UUID) -> list[PremisesView]:
    """The places of a third party by name, each with the number of its working terminals. One statement."""
    rows = (
        Premises.objects.filter(third_party_id=third_party_id)
        .annotate(working=Count("terminals", filter=Q(terminals__revoked_at=None)))
        .order_by("name", "id")
    )
    return [
        PremisesView(row.id, row.name, row.reveals, row.working, row.counts == Premises.Counts.STAYS) for row in rows
    ]


def terminals_of(third_party_id: UUID) -> list[PairedTerminal]:
    """The terminals of a third party, the newest first: none changes its place by being disconnected. One statement."""
    rows = Terminal.objects.filter(premises__third_party_id=third_party_id).select_related("premises")
    return [_paired(row) for row in rows.order_by("-paired_at", "id")]


def _paired(row: Terminal) -> PairedTerminal:
    return PairedTerminal(row.id, row.name, row.premises_id, row.premises.name, row.paired_at, row.revoked_at)


def terminals_at(premises_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The terminals that ever stood at these places, by place. One statement."""
    found: dict[UUID, list[UUID]] = {}
    for premises_id, terminal_id in Terminal.objects.filter(premises__in=Among(premises_ids)).values_list(
        "premises_id", "id"
    ):
        found.setdefault(premises_id, []).append(terminal_id)
    return found


def terminals() -> list[Terminal]:
    """All of them with their premises, newest first; for the register holder."""
    return list(Terminal.objects.select_related("premises__third_party").order_by("-paired_at"))
