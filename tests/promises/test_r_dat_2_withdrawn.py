"""R-DAT-2 and R-DEL-1: a consent to a special category that is taken back takes everything shared on it along."""

from collections.abc import Callable
from datetime import datetime

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.actions import SPECIAL_STORAGE, give_consent, note_withdrawal
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import set_value, withdraw_keeping
from kliento.domain.sharing.actions import grant_special_field, refuse_consent, withdraw_consent
from kliento.domain.sharing.queries import notices_of
from kliento.domain.vault.models import Value
from kliento.kernel.actor import PersonActor
from tests import taps
from tests.world import NOON, Place, kahvila_kaisa, kuntosali_kunto, relation_of

SPECIAL = [code for code, field in register().fields.items() if field.special and field.keeper == "person"]
LATER = taps.later(minutes=5)
TakingBack = Callable[[PersonActor, Place, str], None]


def there(me: PersonActor, place: Place, field: str) -> bool:
    """Whether the till of that place, where the person is, gets the value."""
    to = ThirdPartyRecipient.at(place.terminal)
    try:
        return disclose(me.person_id, to=to, purpose="serving", fields=[field], at=LATER).values == {field: "Pähkinä"}
    except Refused:
        return False


def sharer(field: str, *places: Place) -> PersonActor:
    """Somebody who keeps this field, shares it with these third parties and has shown it to each."""
    me = taps.cardholder()
    keep(me, field, at=NOON)
    for minutes, place in enumerate(places):
        grant_special_field(me.person_id, place.third_party_id, field, by=me, at=NOON)
        taps.tap(me, place, at=taps.later(minutes=minutes))
        assert there(me, place, field)
    return me


def keep(me: PersonActor, field: str, *, at: datetime) -> None:
    give_consent(me.person_id, Choice(SPECIAL_STORAGE, field=field), by=me, at=at)
    set_value(me.person_id, field, "Pähkinä", by=me, at=at)


def for_recipient(place: Place, field: str) -> Choice:
    return Choice("serving", field=field, recipient_id=place.third_party_id)


def left_shared(me: PersonActor, place: Place, field: str) -> bool:
    return field in {grant.field for grant in relation_of(me, place).grants}


def told(me: PersonActor, place: Place) -> list[tuple[str, str]]:
    return [(notice.field, notice.reason) for notice in notices_of(me.person_id, place.third_party_id)]


AT_ONE: dict[str, TakingBack] = {
    "withdrawn": lambda me, at, field: withdraw_consent(me.person_id, for_recipient(at, field), by=me, at=LATER),
    "refused": lambda me, at, field: refuse_consent(me.person_id, for_recipient(at, field), by=me, at=LATER),
}
AT_ALL: dict[str, TakingBack] = {
    "withdrawn": lambda me, _at, field: withdraw_consent(
        me.person_id, Choice(SPECIAL_STORAGE, field=field), by=me, at=LATER
    ),
    "refused": lambda me, _at, field: refuse_consent(
        me.person_id, Choice(SPECIAL_STORAGE, field=field), by=me, at=LATER
    ),
    "with the value": lambda me, _at, field: withdraw_keeping(me.person_id, field, by=me, at=LATER),
}


@pytest.mark.parametrize("field", SPECIAL)
@pytest.mark.parametrize("taking_back", AT_ONE)
def test_the_consent_for_a_recipient_ends_its_sharing_at_the_very_next_read_and_nobody_elses(db, taking_back, field):
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    me = sharer(field, kaisa, kunto)
    AT_ONE[taking_back](me, kaisa, field)
    assert not there(me, kaisa, field)
    assert not left_shared(me, kaisa, field)
    assert told(me, kaisa) == [(field, "ended")]
    assert there(me, kunto, field)
    assert told(me, kunto) == []
    kinds = [entry.kind for entry in entries_of([me.person_id]) if entry.at == LATER]
    assert {"sharing_ended", "consent_withdrawn"} <= set(kinds)


@pytest.mark.parametrize("field", SPECIAL)
@pytest.mark.parametrize("taking_back", AT_ALL)
def test_the_consent_to_keep_it_ends_its_sharing_with_everybody_for_good(db, taking_back, field):
    places = (kahvila_kaisa(), kuntosali_kunto())
    me = sharer(field, *places)
    AT_ALL[taking_back](me, places[0], field)
    assert not Value.objects.filter(owner_id=me.person_id, field=field).exists()
    assert standing(me.person_id) == frozenset()
    keep(me, field, at=taps.later(minutes=6))
    for place in places:
        assert told(me, place) == [(field, "removed")]
        assert not there(me, place, field)  # what is stored there later is not shared by an old choice


@pytest.mark.parametrize("field", SPECIAL)
def test_a_grant_whose_consent_does_not_stand_gives_nothing(db, field):
    kaisa = kahvila_kaisa()
    me = sharer(field, kaisa)
    note_withdrawal(me.person_id, for_recipient(kaisa, field), by=me, at=LATER)
    assert left_shared(me, kaisa, field)
    assert not there(me, kaisa, field)
    give_consent(me.person_id, for_recipient(kaisa, field), by=me, at=LATER)
    assert there(me, kaisa, field)


def test_a_no_to_what_nothing_stands_for_is_kept_as_a_no(db):
    me = taps.cardholder()
    refuse_consent(me.person_id, Choice(SPECIAL_STORAGE, field=SPECIAL[0]), by=me, at=LATER)
    assert entries_of([me.person_id])[0].kind == "consent_refused"
