"""What would be given to whom if it were asked for now: for the person's own page. Opens nothing, enters nothing."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kliento.domain.gate.actions.deciding import Ask, decided
from kliento.domain.gate.queries import ThirdPartyRecipient
from kliento.domain.gate.rules import Reason
from kliento.domain.people.queries import person_of
from kliento.domain.sharing.rules import Relation
from kliento.domain.vault.queries import sealed_values
from kliento.kernel.actor import PersonActor


def would_be_given(by: PersonActor, relations: Iterable[Relation], *, at: datetime) -> dict[UUID, frozenset[str]]:
    """Of each of the person's relationships, by third party, the fields and facts it would get for asking now.

    The same decision as for a question, on everything that is shared there; what is told only while the person stands
    at the till counts. At most six statements, however many there are.
    """
    known = list(relations)
    person = person_of(by.account_id)
    asks = [
        Ask(person, ThirdPartyRecipient(relation.third_party_id), purpose, tuple(sorted(fields)), relation)
        for relation in known
        for purpose in sorted({grant.purpose for grant in relation.grants})
        if (fields := relation.granted(purpose, at=at))
    ]
    decisions, held = decided(asks, at=at)
    given = {relation.third_party_id: frozenset[str]() for relation in known}
    for ask, decision in zip(asks, decisions, strict=True):
        at_the_till = {
            code
            for code, reason in decision.withheld.items()
            if reason is Reason.NOT_THERE and held.hidden(person.id, code) is False
        }
        if ask.to is not None:
            given[ask.to.third_party_id] |= at_the_till.union(decision.released)
    return given


def fields_kept(by: PersonActor) -> list[str]:
    """Which fields hold something of the person's, hidden ones too. One statement; opens nothing."""
    return sorted({value.field for value in sealed_values((by.account_id, by.person_id))})
