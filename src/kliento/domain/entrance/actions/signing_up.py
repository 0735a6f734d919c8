"""From an address to a person with a card. The steps between are `accounts`' own."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.accounts.actions import NewAccount, complete_account, create_account, open_signup
from kliento.domain.accounts.rules.codes import MINUTES_GOOD
from kliento.domain.accounts.rules.secrets import Secret
from kliento.domain.cards.actions import issue_card
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.people.actions import register_person
from kliento.kernel.actor import PersonActor


def begin_signup(address: str, *, language: str, at: datetime) -> UUID:
    """Send a code to this address; if it has a person, a letter that says so. The answer is the same (threat 5).

    Raises Invalid for what is no address.
    """
    with transaction.atomic(durable=True):
        signup = open_signup(address, at=at)
        post_letter(
            "already_registered" if signup.code is None else "signup_code",
            owner_id=signup.id,
            language=language,
            context={"code": signup.code or "", "minutes": MINUTES_GOOD},
            at=at,
            good_until=signup.good_until,
        )
    return signup.id


def finish_signup(signup_id: UUID, secret: Secret, *, language: str, at: datetime) -> PersonActor:
    """Account, person and card come to be together, or none of them (R-REG-1).

    Raises NotFound when the sign-up has run out, Conflict when a step is missing or the address was taken meanwhile.
    """
    with transaction.atomic(durable=True):
        return _person_with_card(create_account(signup_id, secret, language=language, at=at), at=at)


def complete_signup(signup_id: UUID, *, at: datetime) -> PersonActor:
    """The same for an address that has an account without a person: the person and the card come to it.

    Raises NotFound when the sign-up has run out, Conflict when a step or the account is missing, or it has a person.
    """
    with transaction.atomic(durable=True):
        return _person_with_card(complete_account(signup_id, at=at), at=at)


def _person_with_card(account: NewAccount, *, at: datetime) -> PersonActor:
    person = register_person(account.id, is_minor=account.is_minor, terms_version=account.terms_version, at=at)
    issue_card(person.id, at=at)
    return PersonActor(person_id=person.id, account_id=account.id)
