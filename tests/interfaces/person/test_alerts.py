"""The switch beneath the messages: off at first, on and off by a press, read out as a switch."""

import pytest

from kliento.domain.alerts.queries import wants_letters
from kliento.kernel.clock import now
from tests.declaring import running_by, without_alerts
from tests.domain.policy.declarations import default_text
from tests.phone import phone_of, text_of
from tests.world import aino, eino


@pytest.fixture
def me(db):
    return aino(at=now())


def test_it_is_off_and_a_press_turns_it_on_and_another_off(me):
    phone = phone_of(me)
    assert 'aria-checked="false"' in text_of(phone.get("/me/messages"))
    phone.post("/me/messages/letters")
    assert 'aria-checked="true"' in text_of(phone.get("/me/messages"))
    assert wants_letters(me.person_id)
    phone.post("/me/messages/letters/ending")
    assert not wants_letters(me.person_id)


def test_where_alerts_are_not_declared_it_is_not_offered(me, settings, tmp_path):
    running_by(without_alerts(default_text()), settings, tmp_path, at=now())
    phone = phone_of(me)
    page = text_of(phone.get("/me/messages"))
    assert "Messages" in page
    assert "/me/messages/letters" not in page
    assert phone.post("/me/messages/letters").status_code == 404
    assert not wants_letters(me.person_id)


def test_it_is_ones_own_and_looking_changes_nothing(me):
    other = eino(at=now())
    phone_of(other).post("/me/messages/letters")
    assert not wants_letters(me.person_id)
    assert phone_of(me).get("/me/messages/letters").status_code == 405
    assert phone_of(me).post("/me/messages/letters", {"person": str(me.person_id)}).status_code == 400
