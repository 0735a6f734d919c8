"""A town to measure in: people with cards, shared names and a loyalty card, one third party with tills. Made in bulk.

Run as `python -m bench.town PEOPLE TILLS` with the environment of the instance; prints what a till needs as JSON.
"""

import json
import os
import sys
from datetime import date, datetime

import django


def build(people: int, tills: int) -> dict[str, object]:
    """Fill an empty, migrated instance. Card ordinals are 1 to `people`, so that the limit can pick one by number."""
    from kliento.domain.recipients import actions as recipients
    from kliento.kernel.actor import SystemActor
    from kliento.kernel.clock import now

    at, holder = now(), SystemActor("bench")
    shop = recipients.add_third_party(name="Bench", business_id="2345678-0", country="FI", by=holder, at=at)
    recipients.approve_third_party(shop.id, arrangement="For measuring.", signed_on=date(2026, 1, 1), by=holder, at=at)
    programme = _programme(shop.id, at=at)
    secrets = []
    for number in range(tills):
        place = recipients.add_premises(shop.id, f"Premises {number}", by=holder, at=at)
        code = recipients.make_pairing_code(place.id, by=holder, at=at)
        secrets.append(recipients.pair_terminal(code, name="Till", at=at)[1])
    for first in range(1, people + 1, 1000):
        _add_people(range(first, min(first + 1000, people + 1)), shop.id, programme, at=at)
    return {"secrets": secrets, "people": people}


def _programme(third_party_id: object, *, at: datetime) -> object:
    from kliento.domain.programmes.models import Programme

    return Programme.objects.create(
        third_party_id=third_party_id, name="Bench card", reward="A rest", stamps_needed=10, opened_at=at
    ).id


def _add_people(numbers: range, third_party_id: object, programme_id: object, *, at: datetime) -> None:
    from django.db import transaction

    from kliento.domain.accounts.models import Account
    from kliento.domain.cards.models import Card, Medium
    from kliento.domain.people.models import Person
    from kliento.domain.programmes.models import Membership
    from kliento.domain.sharing.actions import open_relationships
    from kliento.domain.sharing.models import Grant
    from kliento.domain.vault.actions import NewValue, seal_values

    accounts = [Account(login_index=f"{number:064x}", created_at=at) for number in numbers]
    people = [Person(account=account, is_minor=False, terms_version="1", registered_at=at) for account in accounts]
    cards = [Card(person=person, ordinal=number, issued_at=at) for number, person in zip(numbers, people, strict=True)]
    with transaction.atomic():
        Account.objects.bulk_create(accounts)
        Person.objects.bulk_create(people)
        Card.objects.bulk_create(cards)
        Medium.objects.bulk_create(
            [Medium(card=card, kind=Medium.Kind.PHONE, level=Medium.Level.ROTATING, since_at=at) for card in cards]
        )
        seal_values(
            [NewValue(person.id, field, "Aino", "person") for person in people for field in ("first_name", "nickname")],
            at=at,
        )
        opened = open_relationships([(person.id, third_party_id) for person in people], at=at)
        Grant.objects.bulk_create(
            [
                Grant(relationship_id=relation.relationship_id, field=field, purpose="serving", granted_at=at)
                for relation in opened.values()
                for field in ("first_name", "nickname")
            ]
        )
        Membership.objects.bulk_create(
            [
                Membership(
                    programme_id=programme_id,
                    relationship_id=relation.relationship_id,
                    subject_id=pair.subject_id,
                    taken_at=at,
                )
                for pair, relation in opened.items()
            ]
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kliento.config.settings")
    django.setup()
    print(json.dumps(build(int(sys.argv[1]), int(sys.argv[2]))))
