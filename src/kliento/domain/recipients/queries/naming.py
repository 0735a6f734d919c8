"""Names of recipients, which are public, and what the register holder looks up by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kliento.domain.recipients import rules
from kliento.domain.recipients.models import Premises, ThirdParty
from kliento.domain.recipients.queries.standing import approved_now
from kliento.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class RecipientName:
    """How a recipient is shown: name, initials and colour (0 to 9) of its round logo; the language it writes in."""

    name: str
    initials: str
    colour: int
    language: str = ""


def names_of(ids: Iterable[UUID]) -> dict[UUID, RecipientName]:
    """The names behind these ids, suspended ones included; ids that are no recipient are left out."""
    rows = ThirdParty.objects.filter(id__in=set(ids)).values_list("id", "name", "colour", "language")
    return {row[0]: RecipientName(row[1], rules.initials_of(row[1]), row[2], row[3]) for row in rows}


def name_of_row(row: ThirdParty) -> RecipientName:
    """The same of a row at hand."""
    return RecipientName(row.name, rules.initials_of(row.name), row.colour, row.language)


def approved_third_parties() -> list[ThirdParty]:
    """Everyone people can share with, by name."""
    return list(ThirdParty.objects.filter(approved_now()).order_by("name", "id"))


def approved_abroad() -> list[ThirdParty]:
    """Those that data may go to outside the EEA, by name, for the notice (GDPR Art. 13(1)(f))."""
    return list(ThirdParty.objects.filter(approved_now()).exclude(transfer_mechanism="").order_by("name", "id"))


def transfers() -> list[dict[str, str]]:
    """The same for programs."""
    return [
        {
            "name": row.name,
            "country": row.country,
            "mechanism": row.transfer_mechanism,
            "reference": row.transfer_reference,
            "dated": row.transfer_dated.isoformat() if row.transfer_dated else "",
        }
        for row in approved_abroad()
    ]


def third_party_of(third_party_id: UUID, *, held: bool = False) -> ThirdParty:
    """One that is or was approved, for the page people read about it (R-VIS-6). Raises NotFound, for drafts too.

    `held`: part of the caller's transaction; whoever holds it as well waits until that ends (on SQLite the transaction
    itself is the lock).
    """
    rows = ThirdParty.objects.filter(id=third_party_id).exclude(state=ThirdParty.State.DRAFT)
    found = (rows.select_for_update(no_key=True) if held else rows).first()
    if found is None:
        raise NotFound(code="third_party_unknown")
    return found


def third_parties() -> list[ThirdParty]:
    """All of them with their premises, by name; for the register holder."""
    return list(ThirdParty.objects.prefetch_related("premises").order_by("name", "id"))


def stopped_third_parties() -> list[ThirdParty]:
    """Those that get nothing until they are let go on, by name; for the register holder."""
    return list(ThirdParty.objects.filter(state=ThirdParty.State.SUSPENDED).order_by("name", "id"))


def premises_by_name(third_party: str, premises: str) -> Premises:
    """The premises so named (third party by name or business ID). Raises NotFound, also when the name fits two."""
    owner = third_party_by_name(third_party)
    found = Premises.objects.filter(third_party=owner, name__iexact=premises).first()
    if found is None:
        raise NotFound(_("There are no premises of that name there."), code="premises_unknown")
    return found


def premises_called(third_party_id: UUID, name: str) -> UUID | None:
    """The id of the place so named there, if there is one."""
    named = Premises.objects.filter(third_party_id=third_party_id, name__iexact=name.strip())
    return named.values_list("id", flat=True).first()


def premises_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names behind these premises' ids; ids that are no premises are left out."""
    return dict(Premises.objects.filter(id__in=set(ids)).values_list("id", "name"))


def premises_at(third_party_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of all premises of these third parties, by their ids. One statement."""
    return dict(Premises.objects.filter(third_party_id__in=set(third_party_ids)).values_list("id", "name"))


def third_party_by_name(name: str) -> ThirdParty:
    """The third party of that name or business ID. Raises NotFound, also when the name fits two."""
    by_number = ThirdParty.objects.filter(business_id=name).first()
    if by_number is not None:
        return by_number
    found = list(ThirdParty.objects.filter(name__iexact=name)[:2])
    if len(found) != 1:
        raise NotFound(_("No third party, or more than one, has that name."), code="third_party_unknown")
    return found[0]
