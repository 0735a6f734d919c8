"""R-DAT-2, special categories: explicit consent to store, a separate one for each recipient, and only while there."""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.actions import SPECIAL_STORAGE, give_consent
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import (
    Refused,
    ThirdPartyRecipient,
    disclose,
    disclose_export,
    disclose_list,
    own_values,
)
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import set_value
from kliento.domain.sharing.actions import end_grant, grant_field, grant_special_field, withdraw_consent
from kliento.domain.vault.models import Value
from kliento.domain.visits.actions import dispute_visit
from kliento.kernel.errors import NotAllowed
from tests import taps
from tests.world import NOON, aino, kahvila_kaisa, kuntosali_kunto, operator, relation_of

SPECIAL = [code for code, field in register().fields.items() if field.special and field.keeper == "person"]


def asked(me, place, field, *, at=NOON):
    to = ThirdPartyRecipient.at(place.terminal)
    return disclose(me.person_id, to=to, purpose="serving", fields=[field], at=at).values


@pytest.mark.parametrize("field", SPECIAL)
def test_nothing_is_stored_without_explicit_consent(db, field):
    me = aino()
    with pytest.raises(NotAllowed) as refused:
        set_value(me.person_id, field, "Pähkinä", by=me, at=NOON)
    assert refused.value.code == "explicit_consent_needed"
    assert not Value.objects.filter(owner_id=me.person_id).exists()


def sharer(field, *places):
    """Somebody with a card who keeps this field and shares it with these third parties."""
    me = taps.cardholder()
    give_consent(me.person_id, Choice(SPECIAL_STORAGE, field=field), by=me, at=NOON)
    set_value(me.person_id, field, "Pähkinä", by=me, at=NOON)
    for place in places:
        grant_special_field(me.person_id, place.third_party_id, field, by=me, at=NOON)
    return me


@pytest.mark.parametrize("field", SPECIAL)
def test_each_recipient_needs_a_consent_of_its_own(db, field):
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    me = sharer(field)
    taps.tap(me, kaisa)
    taps.tap(me, kunto, at=taps.later(minutes=1))
    for place in (kaisa, kunto):
        with pytest.raises(NotAllowed):  # the plain switch is not enough
            grant_field(me.person_id, place.third_party_id, field, by=me, at=NOON)
    grant_special_field(me.person_id, kaisa.third_party_id, field, by=me, at=NOON)
    assert Choice("serving", field=field, recipient_id=kaisa.third_party_id) in standing(me.person_id)
    assert asked(me, kaisa, field) == {field: "Pähkinä"}
    with pytest.raises(Refused):
        asked(me, kunto, field)
    end_grant(me.person_id, kaisa.third_party_id, field, by=me, at=NOON)
    assert standing(me.person_id) == {Choice(SPECIAL_STORAGE, field=field)}
    with pytest.raises(Refused):
        asked(me, kaisa, field)


@pytest.mark.parametrize("field", SPECIAL)
def test_withdrawing_the_consent_removes_the_value_at_once(db, field):
    me, choice = aino(), Choice(SPECIAL_STORAGE, field=field)
    give_consent(me.person_id, choice, by=me, at=NOON)
    set_value(me.person_id, field, "Pähkinä", by=me, at=NOON)
    withdraw_consent(me.person_id, choice, by=me, at=NOON)
    assert field not in own_values(me)
    assert not Value.objects.filter(owner_id=me.person_id, field=field).exists()


# --- only while the person is there


@pytest.mark.parametrize("field", SPECIAL)
def test_it_is_seen_at_the_till_while_the_person_is_there_and_no_longer(db, field):
    kaisa = kahvila_kaisa()
    me = sharer(field, kaisa)
    with pytest.raises(Refused):  # nobody has shown a card
        asked(me, kaisa, field)
    assert entries_of([me.person_id])[0].payload["withheld"] == {field: "not_there"}
    taps.tap(me, kaisa)
    assert asked(me, kaisa, field, at=taps.later(minutes=30)) == {field: "Pähkinä"}
    with pytest.raises(Refused):
        asked(me, kaisa, field, at=taps.later(minutes=30, seconds=1))


@pytest.mark.parametrize("field", SPECIAL)
def test_whoever_says_that_it_was_somebody_else_is_not_there(db, field):
    kaisa = kahvila_kaisa()
    me = sharer(field, kaisa)
    taps.tap(me, kaisa)
    visit = next(entry for entry in entries_of([me.person_id]) if entry.kind == "visit")
    dispute_visit(visit.id, by=me, at=taps.later(minutes=1))
    with pytest.raises(Refused):
        asked(me, kaisa, field, at=taps.later(minutes=2))


@pytest.mark.parametrize("field", SPECIAL)
def test_being_at_another_shop_is_not_being_there(db, field):
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    me = sharer(field, kaisa, kunto)
    taps.tap(me, kunto)
    with pytest.raises(Refused):
        asked(me, kaisa, field)
    assert asked(me, kunto, field) == {field: "Pähkinä"}


@pytest.mark.parametrize("field", SPECIAL)
def test_no_page_list_or_file_of_the_portal_ever_shows_it(db, field):
    kaisa = kahvila_kaisa()
    me = sharer(field, kaisa)
    taps.tap(me, kaisa)
    kaija = operator(kaisa)
    with pytest.raises(Refused):
        disclose(me.person_id, to=kaija, purpose="serving", fields=[field], at=NOON)
    for listed in (disclose_list, disclose_export):
        relation = relation_of(me, kaisa)
        assert listed([relation], to=kaija, purpose="serving", fields=[field], at=NOON) == {
            relation.relationship_id: {}
        }
