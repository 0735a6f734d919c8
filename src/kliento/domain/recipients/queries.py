"""Reading recipients. Their names are public; their terminals are found by secret alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kliento.domain.recipients import rules
from kliento.domain.recipients.models import Operator, Premises, Terminal, ThirdParty
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class RecipientName:
    """How a recipient is shown in a list: name, initials and colour (0 to 9) of its round logo."""

    name: str
    initials: str
    colour: int


@dataclass(frozen=True, slots=True)
class TerminalPlace:
    """Where a terminal stands, for its own screen."""

    terminal: str
    premises: str
    third_party: str


def terminal_actor(secret: str) -> TerminalActor:
    """The terminal behind this secret, in one statement.

    Raises NotFound in the same words if it is unknown, revoked, or its third party is not approved (R-VIS-1).
    """
    return _actor(Terminal.objects.filter(secret_hash=rules.hash_of_secret(secret)))


def paired_terminal(terminal_id: UUID) -> TerminalActor:
    """The terminal whose id a session of ours vouches for. Raises NotFound as `terminal_actor` does."""
    return _actor(Terminal.objects.filter(id=terminal_id))


def _actor(terminals: QuerySet[Terminal]) -> TerminalActor:
    row = (
        terminals.filter(revoked_at=None, premises__third_party__state=ThirdParty.State.APPROVED)
        .values_list("id", "premises_id", "premises__third_party_id")
        .first()
    )
    if row is None:
        raise NotFound(code="terminal_unknown")
    return TerminalActor(terminal_id=row[0], premises_id=row[1], third_party_id=row[2])


def place_of(terminal: TerminalActor) -> TerminalPlace:
    """The names on this terminal's screen."""
    row = Terminal.objects.values_list("name", "premises__name", "premises__third_party__name").get(
        id=terminal.terminal_id
    )
    return TerminalPlace(terminal=row[0], premises=row[1], third_party=row[2])


def names_of(ids: Iterable[UUID]) -> dict[UUID, RecipientName]:
    """The names behind these ids, suspended ones included; ids that are no recipient are left out."""
    rows = ThirdParty.objects.filter(id__in=set(ids)).values_list("id", "name", "colour")
    return {row[0]: RecipientName(name=row[1], initials=rules.initials_of(row[1]), colour=row[2]) for row in rows}


def approved_third_parties() -> list[ThirdParty]:
    """Everyone people can share with, by name."""
    return list(ThirdParty.objects.filter(state=ThirdParty.State.APPROVED).order_by("name", "id"))


def third_party_of(third_party_id: UUID) -> ThirdParty:
    """One that is or was approved, for the page people read about it (R-VIS-6). Raises NotFound, for drafts too."""
    found = ThirdParty.objects.filter(id=third_party_id).exclude(state=ThirdParty.State.DRAFT).first()
    if found is None:
        raise NotFound(code="third_party_unknown")
    return found


def third_parties() -> list[ThirdParty]:
    """All of them with their premises, by name; for the register holder."""
    return list(ThirdParty.objects.prefetch_related("premises").order_by("name", "id"))


def terminals() -> list[Terminal]:
    """All of them with their premises, newest first; for the register holder."""
    return list(Terminal.objects.select_related("premises__third_party").order_by("-paired_at"))


def premises_by_name(third_party: str, premises: str) -> Premises:
    """The premises so named (third party by name or business ID). Raises NotFound, also when the name fits two."""
    owner = third_party_by_name(third_party)
    found = Premises.objects.filter(third_party=owner, name__iexact=premises).first()
    if found is None:
        raise NotFound(_("There are no premises of that name there."), code="premises_unknown")
    return found


def premises_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names behind these premises' ids; ids that are no premises are left out."""
    return dict(Premises.objects.filter(id__in=set(ids)).values_list("id", "name"))


def third_party_by_name(name: str) -> ThirdParty:
    """The third party of that name or business ID. Raises NotFound, also when the name fits two."""
    by_number = ThirdParty.objects.filter(business_id=name).first()
    if by_number is not None:
        return by_number
    found = list(ThirdParty.objects.filter(name__iexact=name)[:2])
    if len(found) != 1:
        raise NotFound(_("No third party, or more than one, has that name."), code="third_party_unknown")
    return found[0]


def describe_person(person_id: UUID) -> dict[str, object]:
    """Where the person's account works, for their download."""
    rows = Operator.objects.filter(account__person=person_id).select_related("third_party").order_by("appointed_at")
    return {
        "operator": [
            {
                "third_party": row.third_party.name,
                "role": row.role,
                "appointed_at": row.appointed_at.isoformat(),
                "ended_at": row.ended_at.isoformat() if row.ended_at else None,
            }
            for row in rows
        ]
    }
