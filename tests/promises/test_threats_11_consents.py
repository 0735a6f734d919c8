"""T-11: a consent forged by staff, import or partner. It is given, refused and taken back by the person alone."""

import pytest

from kliento.domain.consents.actions import give_consent, note_refusal, note_withdrawal
from kliento.domain.consents.models import Event
from kliento.domain.consents.queries import history_of, standing
from kliento.domain.consents.rules import Choice
from kliento.domain.sharing.actions import grant_special_field, withdraw_consent
from kliento.kernel.errors import NotAllowed
from tests.forging import others
from tests.phone import phone_of
from tests.world import NOON, aino, eino, kahvila_kaisa

SUMMARY = Choice("monthly_summary", "email")


def test_threat_11_nobody_else_gives_refuses_or_takes_back(db):
    me = aino()
    give_consent(me.person_id, SUMMARY, by=me, at=NOON)
    for who, by in others(me, kahvila_kaisa()).items():
        for act in (give_consent, note_refusal, note_withdrawal, withdraw_consent):
            with pytest.raises(NotAllowed):
                act(me.person_id, SUMMARY, by=by, at=NOON)
        assert standing(me.person_id) == {SUMMARY}, who
    assert [event.kind for event in history_of(me.person_id)] == ["given"]


def test_threat_11_a_page_answers_for_whoever_is_signed_in_alone(db):
    me, other = aino(), eino()
    give_consent(me.person_id, SUMMARY, by=me, at=NOON)
    named = {"answer": "withdraw", "person_id": str(me.person_id)}
    for path in ("/me/choices/monthly_summary/email", f"/me/choices/monthly_summary/email?person={me.person_id}"):
        phone_of(other).post(path, named)
    assert standing(me.person_id) == {SUMMARY}


def test_threat_11_nobody_gives_it_along_with_something_else(db):
    me, kaisa = aino(), kahvila_kaisa()
    for who, by in others(me, kaisa).items():
        with pytest.raises(NotAllowed):
            grant_special_field(me.person_id, kaisa.third_party_id, "allergies", by=by, at=NOON)
        assert not Event.objects.exists(), who
