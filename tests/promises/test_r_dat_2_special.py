"""R-DAT-2, special categories: explicit consent to store, and a separate one for each recipient."""

import pytest

from kliento.domain.consents.actions import SPECIAL_STORAGE, give_consent, withdraw_consent
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose, own_values
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import set_value
from kliento.domain.sharing.actions import end_grant, grant_field, grant_special_field
from kliento.domain.vault.models import Value
from kliento.kernel.errors import NotAllowed
from tests.world import NOON, aino, kahvila_kaisa, kuntosali_kunto

SPECIAL = [code for code, field in register().fields.items() if field.special and field.keeper == "person"]


def asked(me, place, field):
    to = ThirdPartyRecipient(place.third_party_id)
    return disclose(me.person_id, to=to, purpose="serving", fields=[field], at=NOON).values


@pytest.mark.parametrize("field", SPECIAL)
def test_nothing_is_stored_without_explicit_consent(db, field):
    me = aino()
    with pytest.raises(NotAllowed) as refused:
        set_value(me.person_id, field, "Pähkinä", by=me, at=NOON)
    assert refused.value.code == "explicit_consent_needed"
    assert not Value.objects.filter(owner_id=me.person_id).exists()


@pytest.mark.parametrize("field", SPECIAL)
def test_each_recipient_needs_a_consent_of_its_own(db, field):
    me, kaisa, kunto = aino(), kahvila_kaisa(), kuntosali_kunto()
    give_consent(me.person_id, Choice(SPECIAL_STORAGE, field=field), by=me, at=NOON)
    set_value(me.person_id, field, "Pähkinä", by=me, at=NOON)
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
