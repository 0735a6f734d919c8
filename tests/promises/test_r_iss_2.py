"""R-ISS-2: taking the card out of use stops disclosure and notifies the issuer."""

import pytest
from django.core import mail

from kliento.domain.activity.queries import entries_of
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.outbox.actions import work_off
from kliento.domain.programmes.actions import put_out_of_use
from kliento.domain.programmes.actions.using import TOLD_AGAIN_AFTER
from kliento.domain.programmes.queries import loyalty_cards_of
from kliento.domain.sharing.queries import open_notices
from kliento.kernel.clock import now
from kliento.web.reading import member_number
from tests import taps
from tests.programmes import coffee_card, collects, owner_of, takes
from tests.world import kahvila_kaisa, relation_of


@pytest.fixture
def put_away(db, settings):
    """Aino, whose name the café saw, has put its card out of use: (place, aino, programme)."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    at = now()
    place = kahvila_kaisa()
    programme = coffee_card(owner_of(place), fields=["first_name"], at=at)
    aino = takes(taps.aino(), programme, at=at)
    collects(aino, place, 1, since=at)
    disclose(aino.person_id, to=ThirdPartyRecipient(place.third_party_id), purpose="programme",
             fields=["first_name"], at=at)  # fmt: skip
    work_off(at=now())
    mail.outbox.clear()
    put_out_of_use(aino.person_id, programme.id, by=aino, at=now())
    return place, aino, programme


def test_disclosure_stops_with_the_next_read(put_away):
    place, aino, _programme = put_away
    with pytest.raises(Refused):
        disclose(
            aino.person_id,
            to=ThirdPartyRecipient(place.third_party_id),
            purpose="programme",
            fields=["first_name"],
            at=now(),
        )


def test_the_issuer_is_told_by_mail_which_member_and_no_more(put_away):
    place, aino, _programme = put_away
    work_off(at=now())
    letters = [letter for letter in mail.outbox if "loyalty card" in letter.subject]
    assert [letter.to for letter in letters] == [["kaisa@example.fi"]]
    body = letters[0].body
    assert "Kahvila Kaisa" in body
    assert "Aino" not in body
    assert "aino@" not in body
    assert member_number(relation_of(aino, place).member_number) in body


def test_the_issuer_is_told_to_delete_what_it_has_seen(put_away):
    place, _aino, _programme = put_away
    assert [(notice.field, notice.reason) for notice in open_notices(place.third_party_id, limit=9)] == [
        ("first_name", "card_out_of_use")
    ]


def test_the_person_sees_it_and_the_stamps_wait(put_away):
    _place, aino, programme = put_away
    assert "loyalty_card_put_away" in {entry.kind for entry in entries_of([aino.person_id], limit=2)}
    [card] = loyalty_cards_of(aino.person_id, at=now())
    assert (card.is_in_use, card.stamps.balance) == (False, 1)
    takes(aino, programme, at=now())
    [card] = loyalty_cards_of(aino.person_id, at=now())
    assert (card.is_in_use, card.stamps.balance) == (True, 1)


def test_putting_it_away_twice_tells_the_issuer_once(put_away):
    _place, aino, programme = put_away
    put_out_of_use(aino.person_id, programme.id, by=aino, at=now())
    work_off(at=now())
    assert len([letter for letter in mail.outbox if "loyalty card" in letter.subject]) == 1


def test_a_card_put_away_again_and_again_is_told_once_a_day(put_away):
    _place, aino, programme = put_away
    for _ in range(20):
        takes(aino, programme, at=now())
        put_out_of_use(aino.person_id, programme.id, by=aino, at=now())
    work_off(at=now())
    told = [letter for letter in mail.outbox if "loyalty card" in letter.subject]
    assert len(told) == 1
    takes(aino, programme, at=now())
    put_out_of_use(aino.person_id, programme.id, by=aino, at=now())
    work_off(at=now())
    assert len([letter for letter in mail.outbox if "loyalty card" in letter.subject]) == 1
    work_off(at=now() + TOLD_AGAIN_AFTER)
    work_off(at=now() + TOLD_AGAIN_AFTER)
    assert len([letter for letter in mail.outbox if "loyalty card" in letter.subject]) == 2
