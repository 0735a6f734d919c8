"""Somebody with a bit of everything who closes their account, and how to see that nothing points at them any more."""

from kliento.domain.accounts.models import Account
from kliento.domain.activity.models import Counter, Entry
from kliento.domain.cards.actions import codes_for, issue_card
from kliento.domain.cards.models import Card
from kliento.domain.cards.rules import slot_at
from kliento.domain.consents.actions import give_consent
from kliento.domain.consents.models import Event
from kliento.domain.consents.rules import Choice
from kliento.domain.dispatch.models import Letter
from kliento.domain.people.models import Person
from kliento.domain.questions.actions import ask_member, refuse_question
from kliento.domain.questions.models import Asking, Question
from kliento.domain.rights.actions import close_account
from kliento.domain.sharing.models import Grant, Relationship
from kliento.domain.vault.models import DataKey, Owner, Value
from kliento.domain.visits.actions import NewScan
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.ids import id_at
from tests import world
from tests.taps import hand_in
from tests.world import NOON


def settled(address: str, cafe: world.Place) -> PersonActor:
    """A person with values, a consent, a card, a grant, a visit and an address."""
    person = world.stores(world.person(address), first_name="Aino", phone="+358401234567")
    give_consent(person.person_id, Choice("special_storage", field="allergies"), by=person, at=NOON)
    issue_card(person.person_id, at=NOON)
    world.shares(person, cafe, "first_name")
    [code] = codes_for(person, from_slot=slot_at(NOON))
    [result] = hand_in([NewScan(id_at(NOON), code, NOON)], by=cafe.terminal, at=NOON)
    assert result.outcome == "identified"
    is_asked(person, cafe)
    return person


def is_asked(person: PersonActor, cafe: world.Place) -> None:
    """The café asks for the phone and is answered no."""
    question = Question.objects.create(
        third_party_id=cafe.third_party_id, purpose="serving", reason="To call.", needed=["phone"], made_at=NOON
    )
    ask_member(question.id, world.relation_of(person, cafe).member_number, cafe.terminal, at=NOON)
    refuse_question(question.id, person, at=NOON)


def close(person: PersonActor) -> None:
    close_account(person, language="fi", at=NOON)


def traces_of(person: PersonActor) -> dict[str, int]:
    """How many rows still point at the person."""
    mine, owned = {"subject_id": person.person_id}, {"owner_id__in": [person.person_id, person.account_id]}
    return {
        "values": Value.objects.filter(**owned).count(),
        "owners": Owner.objects.filter(**owned).count(),
        "keys": DataKey.objects.filter(**owned).count(),
        "letters": Letter.objects.filter(**owned).count(),
        "account": Account.objects.filter(id=person.account_id).count(),
        "cards": Card.objects.filter(person_id=person.person_id).count(),
        "relationships": Relationship.objects.filter(**mine).count(),
        "askings": Asking.objects.filter(relationship__subject_id=person.person_id).count(),
        "grants": Grant.objects.filter(relationship__subject_id=person.person_id).count(),
        "consents": Event.objects.filter(**mine).count(),
        "visits": Visit.objects.filter(**mine).count(),
        "entries": Entry.objects.filter(**mine).count(),
        "counter": Counter.objects.filter(**mine).count(),
        "being erased": Person.objects.filter(id=person.person_id).exclude(state="erased").count(),
    }
