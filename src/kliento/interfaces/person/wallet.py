"""Loyalty cards as the person reads them: whose they are, how many stamps, what happened to them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kliento.domain.programmes.events import words_of_change, words_of_stamps
from kliento.domain.programmes.queries import (
    LoyaltyCard,
    Movement,
    ProgrammeView,
    ledger_of,
    loyalty_cards_of,
    open_programmes,
    programme_of,
    stamps_that_came,
)
from kliento.domain.programmes.rules import StampsView, view_of
from kliento.domain.recipients.queries import RecipientName, names_of
from kliento.domain.sharing.rules import PROGRAMME, Relation
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.web.reading import with_their_words

_MOST_MOVEMENTS = 20


@dataclass(frozen=True, slots=True)
class Card:
    """A loyalty card, or one that could be taken into use: then there is no `membership_id`."""

    programme: ProgrammeView
    company: RecipientName
    stamps: StampsView
    in_use: bool = False
    membership_id: UUID | None = None
    taken_at: datetime | None = None
    is_reachable: bool = True

    @property
    def words(self) -> str:
        """How many stamps are on it."""
        return words_of_stamps(self.stamps.balance, self.stamps.needed)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Stamps from a card that was added, and whose loyalty card has to be taken into use to have them."""

    programme: ProgrammeView
    company: RecipientName
    stamps: int


@dataclass(frozen=True, slots=True)
class MovementLine:
    """One movement of stamps in words."""

    words: str
    note: str
    at: datetime


def cards_of(person: PersonActor) -> list[Card]:
    """The person's cards, those in use first. Two statements."""
    return [_card(card) for card in loyalty_cards_of(person.person_id, at=now())]


def waiting_of(cards: Sequence[Card]) -> list[Waiting]:
    """Of all the person's cards: which to take into use, and for how many stamps. At most one statement."""
    unused = {
        card.membership_id: card
        for card in cards
        if card.membership_id and not card.in_use and not card.programme.closed_at and card.is_reachable
    }
    came = stamps_that_came(unused, at=now()) if unused else {}
    return [Waiting(card.programme, card.company, came[each]) for each, card in unused.items() if each in came]


def cards_with(person: PersonActor, company_id: UUID) -> list[Card]:
    """The person's cards of one company. Two statements."""
    return [card for card in cards_of(person) if card.programme.third_party_id == company_id]


def offers(held: Sequence[Card]) -> list[Card]:
    """The open programmes of which no card is held."""
    known = {card.programme.id for card in held}
    open_to_all = [programme for programme in open_programmes() if programme.id not in known]
    names = names_of([programme.third_party_id for programme in open_to_all]) if open_to_all else {}
    return [_offer(programme, names[programme.third_party_id]) for programme in open_to_all]


def card_of(person: PersonActor, programme_id: UUID) -> Card:
    """The person's card of that programme, or the offer of it. Raises NotFound for one that is neither."""
    for card in cards_of(person):
        if card.programme.id == programme_id:
            return card
    programme = programme_of(programme_id)
    return _offer(programme, names_of([programme.third_party_id])[programme.third_party_id])


def granted_for(card: Card, relation: Relation | None, *, at: datetime) -> Collection[str]:
    """The fields that go to the issuer for this card; for one that is not in use, those that would go, or went."""
    if not card.in_use or relation is None:
        return card.programme.fields
    return {grant.field for grant in relation.grants if grant.purpose == PROGRAMME and grant.stands(at=at)}


def changes_of(card: Card) -> list[str]:
    """What the issuer changed last about a card in use, in words."""
    programme = card.programme
    if programme.changed_from is None or programme.changed_at is None or not card.in_use:
        return []
    is_known = card.taken_at is not None and card.taken_at > programme.changed_at
    changes = [] if is_known else words_of_change(programme.changed_from, asdict(programme.terms))
    return [with_their_words(each, card.company.language) for each in changes]


def movements_of(person: PersonActor, card: Card) -> list[MovementLine]:
    """The newest movements of its stamps, at most 20."""
    if card.membership_id is None:
        return []
    ledger = ledger_of(card.membership_id, subject_id=person.person_id, limit=_MOST_MOVEMENTS)
    return [_line(movement) for movement in ledger]


def _card(card: LoyaltyCard) -> Card:
    return Card(
        programme=card.programme,
        company=card.company,
        stamps=card.stamps,
        in_use=card.is_in_use,
        membership_id=card.membership_id,
        taken_at=card.taken_at,
        is_reachable=card.is_reachable,
    )


def _offer(programme: ProgrammeView, company: RecipientName) -> Card:
    return Card(programme, company, view_of(programme.terms, 0))


def _line(movement: Movement) -> MovementLine:
    count = abs(movement.amount)
    said = {
        "earned": ngettext("%(count)s stamp for a visit", "%(count)s stamps for a visit", count),
        "redeemed": ngettext("%(count)s stamp for a reward", "%(count)s stamps for a reward", count),
        "ran_out": ngettext("%(count)s stamp ran out", "%(count)s stamps ran out", count),
        "moved": (
            ngettext("%(count)s stamp from a card you added", "%(count)s stamps from a card you added", count)
            if movement.amount > 0
            else ngettext("%(count)s stamp back to the card", "%(count)s stamps back to the card", count)
        ),
        "reversed": _("Put back") if movement.amount > 0 else _("Taken back"),
    }[movement.kind]
    return MovementLine(words=said % {"count": count}, note=_note(movement), at=movement.at)


def _note(movement: Movement) -> str:
    balance = ngettext("%(count)s stamp then", "%(count)s stamps then", movement.balance) % {"count": movement.balance}
    if movement.is_undone:
        undone = _("undone later")
        return f"{balance} · {undone}"
    if movement.kind == "earned" and movement.expires_at:
        good = _("good until %(day)s") % {"day": date_format(localdate(movement.expires_at), "SHORT_DATE_FORMAT")}
        return f"{balance} · {good}"
    return balance
