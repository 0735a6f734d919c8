"""Opening the shops of the demo's town: approved, with premises, tills, an office, a question and a programme."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kliento.domain.accounts.actions import accept_terms, answer_age_band, create_account, open_signup, verify_signup
from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.policy.queries import register
from kliento.domain.programmes.actions import open_programme
from kliento.domain.programmes.queries import ProgrammeView
from kliento.domain.questions.actions import make_question
from kliento.domain.questions.rules import QuestionView
from kliento.domain.recipients import actions as recipients
from kliento.domain.recipients.queries import operator_of, terminal_actor
from kliento.interfaces.demo.town import ARRANGEMENT, PASSWORD, TILL, LoyaltyCard, Shop, Wish
from kliento.kernel.actor import OperatorActor, SystemActor, TerminalActor

_HOLDER = SystemActor(task="demo")
_WISH_GOOD_FOR = 365


@dataclass(frozen=True)
class OpenShop:
    """A shop with its tills, one at each of its premises, and what it asks for and offers."""

    third_party_id: UUID
    tills: tuple[TerminalActor, ...]
    office: OperatorActor
    question: QuestionView | None
    programme: ProgrammeView | None


def open_shop(shop: Shop, *, language: str, at: datetime) -> OpenShop:
    """Everything a shop needs before its first customer, done by the register holder and the shop's owner."""
    third_party = recipients.add_third_party(
        name=shop.name, business_id=shop.business_id, country="FI", by=_HOLDER, at=at
    )
    recipients.approve_third_party(
        third_party.id, arrangement=ARRANGEMENT.inn(language), signed_on=at.date(), by=_HOLDER, at=at
    )
    recipients.note_language(third_party.id, language, by=_HOLDER)
    places = [
        recipients.add_premises(third_party.id, name, reveals=shop.reveals, by=_HOLDER, at=at) for name in shop.premises
    ]
    tills = tuple(_paired_till(place.id, TILL.inn(language), at=at) for place in places)
    office = _office(shop.owner, third_party.id, language=language, at=at)
    later = at + timedelta(hours=1)
    if shop.pin:
        recipients.set_pin(shop.pin, by=office, at=at)
        recipients.want_pins(wanted=True, by=office, at=at)
    return OpenShop(
        third_party.id,
        tills,
        office,
        _asked(shop.wish, language=language, by=office, at=later) if shop.wish else None,
        _offered(shop.loyalty_card, language=language, by=office, at=later) if shop.loyalty_card else None,
    )


def _paired_till(premises_id: UUID, name: str, *, at: datetime) -> TerminalActor:
    code = recipients.make_pairing_code(premises_id, by=_HOLDER, at=at)
    _terminal, secret = recipients.pair_terminal(code, name=name, at=at)
    return terminal_actor(secret)


def _office(address: str, third_party_id: UUID, *, language: str, at: datetime) -> OperatorActor:
    """The owner signs in to the portal with an account, and is no person of the register."""
    signup = open_signup(address, at=at)
    verify_signup(signup.id, signup.code or "", at=at)
    answer_age_band(signup.id, is_minor=False, at=at)
    accept_terms(signup.id, version=register().terms.version, at=at)
    account = create_account(signup.id, Password(PASSWORD), language=language, at=at)
    recipients.appoint_operator(account.id, third_party_id=third_party_id, role="owner", by=_HOLDER, at=at)
    return operator_of(account.id, third_party_id)


def _asked(wish: Wish, *, language: str, by: OperatorActor, at: datetime) -> QuestionView:
    return make_question(
        by,
        purpose="serving",
        reason=wish.reason.inn(language),
        needed=wish.needed,
        optional=wish.optional,
        grant_days=_WISH_GOOD_FOR,
        at=at,
    )


def _offered(card: LoyaltyCard, *, language: str, by: OperatorActor, at: datetime) -> ProgrammeView:
    return open_programme(
        name=card.name,
        reward=card.reward.inn(language),
        stamps_needed=card.stamps_needed,
        fields=card.fields,
        reason=card.reason.inn(language),
        by=by,
        at=at,
    )
