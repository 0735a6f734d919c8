"""R-DEL-1, deletion: a removed field is gone from everything Kliento serves, from the next read on."""

from django.db import transaction

from kliento.domain.activity.rules import NewEntry
from kliento.domain.gate.actions import (
    Refused,
    ThirdPartyRecipient,
    at_till,
    disclose,
    disclose_many,
    export_values,
    own_values,
)
from kliento.domain.people.queries import lock_people
from kliento.domain.profile.actions import remove_value, set_value
from kliento.domain.vault.models import Value
from tests.world import NOON, aino, kahvila_kaisa, relation_of, shares, stores


def everything_served(me, kaisa) -> str:
    """Every way a value of this person leaves, as one text."""
    to = ThirdPartyRecipient(kaisa.third_party_id)
    try:
        asked = disclose(me.person_id, to=to, purpose="serving", fields=["first_name"], at=NOON).values
    except Refused:
        asked = {}
    with transaction.atomic():
        person = lock_people([me.person_id])[me.person_id]
        relation = relation_of(me, kaisa)
        entry = NewEntry(me.person_id, "visit", NOON)
        [sealed] = disclose_many([at_till(person, relation, to=to, entry=entry, at=NOON)], at=NOON)
    exported = [own.text for versions in export_values(me).values() for own in versions]
    own = [value.text for value in own_values(me).values()]
    return str([asked, sealed.open(), exported, own])


def test_a_removed_value_and_its_earlier_versions_are_served_nowhere(db):
    me, kaisa = stores(aino(), first_name="Kanarialintu"), kahvila_kaisa()
    set_value(me.person_id, "first_name", "Peippo", by=me, at=NOON)
    shares(me, kaisa, "first_name")
    before = everything_served(me, kaisa)
    assert before.count("Peippo") == 4
    assert before.count("Kanarialintu") == 1  # in the export, as an earlier version
    remove_value(me.person_id, "first_name", by=me, at=NOON)
    after = everything_served(me, kaisa)
    assert "Peippo" not in after
    assert "Kanarialintu" not in after


def test_a_removed_value_is_not_even_kept_sealed(db):
    me = stores(stores(aino(), first_name="Aina"), first_name="Aino")
    remove_value(me.person_id, "first_name", by=me, at=NOON)
    assert not Value.objects.filter(owner_id=me.person_id, field="first_name").exists()


def test_what_is_stored_after_a_removal_is_private_again(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    remove_value(me.person_id, "first_name", by=me, at=NOON)
    stores(me, first_name="Aina")
    assert relation_of(me, kaisa).granted("serving", at=NOON) == set()
    assert everything_served(me, kaisa).count("Aina") == 2  # in the export and in one's own reading only
