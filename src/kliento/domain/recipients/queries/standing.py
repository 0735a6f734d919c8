"""Who may be given anything today: approved, and where the declaration lets data go (R-TRF-1).

Judged against the declaration in memory each time, never stored: what it closes is closed with its next reading.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db.models import Q

from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import EEA, RecipientKind
from kliento.domain.recipients import rules
from kliento.domain.recipients.models import ThirdParty

KINDS = frozenset({"third_party", "issuer"})
"""The kinds of recipient a third party can be."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a third party may be given anything now, and for which purposes."""

    approved: bool
    purposes: frozenset[str]


def kinds_for(purposes: Iterable[str]) -> list[RecipientKind]:
    """As what it receives something for these purposes: as a third party, and for some as an issuer too.

    Purposes that are not declared any more open and close nothing.
    """
    declared = register()
    known = (declared.purposes[purpose] for purpose in purposes if purpose in declared.purposes)
    codes = {code for purpose in known for code in purpose.recipient_kinds} & KINDS
    return [declared.recipient_kinds[code] for code in sorted(codes | {"third_party"})]


def standing_of(state: str, country: str, mechanism: str, purposes: Iterable[str]) -> Standing:
    """How a third party with these columns stands today. No statement."""
    approved_for = frozenset(purposes)
    if state != ThirdParty.State.APPROVED:
        return Standing(approved=False, purposes=approved_for)
    return _judged(settings.KLIENTO_POLICY, country, mechanism, approved_for)


@lru_cache(maxsize=1024)
def _judged(_declaration: object, country: str, mechanism: str, purposes: frozenset[str]) -> Standing:
    """Once for each declaration, as that itself is read: a batch of taps asks it of every relationship."""
    if not rules.is_open(country, mechanism, kinds_for(())):
        return Standing(approved=False, purposes=purposes)
    open_to = (purpose for purpose in purposes if rules.is_open(country, mechanism, kinds_for([purpose])))
    return Standing(approved=True, purposes=frozenset(open_to))


def standing_of_row(row: ThirdParty) -> Standing:
    """The same of a row at hand."""
    return standing_of(row.state, row.country, row.transfer_mechanism, row.purposes)


def approved_now(prefix: str = "") -> Q:
    """The same as a condition: of third parties, or of what leads to one by `prefix` ("premises__third_party__")."""
    kinds = kinds_for(())
    places = {country for kind in kinds for country in kind.countries if country != "EEA"}
    inside = sorted(country for country in EEA if rules.is_open(country, "", kinds))
    allowed = Q(**{f"{prefix}country__in": inside})
    for mechanism in rules.MECHANISMS:
        outside = sorted(country for country in places - EEA if rules.is_open(country, mechanism, kinds))
        if outside:
            allowed |= Q(**{f"{prefix}country__in": outside, f"{prefix}transfer_mechanism": mechanism})
    return Q(**{f"{prefix}state": ThirdParty.State.APPROVED}) & allowed


def uncovered() -> list[tuple[ThirdParty, tuple[str, ...]]]:
    """Those approved whom the declaration keeps from something they were approved for, by name; and from what."""
    rows = ThirdParty.objects.filter(state=ThirdParty.State.APPROVED).order_by("name", "id")
    found = ((row, standing_of_row(row)) for row in rows)
    closed = (
        (row, tuple(each for each in row.purposes if not stands.approved or each not in stands.purposes))
        for row, stands in found
    )
    return [(row, purposes) for row, purposes in closed if purposes]
