"""R-CON-3: a consent is checked again at the moment of sending, not only when something was queued."""

from datetime import UTC, datetime

import pytest
from django.core import mail

from kliento.domain.consents.actions import give_consent, object_to
from kliento.domain.consents.rules import Choice
from kliento.domain.inbox.queries import messages_of
from kliento.domain.outbox.actions import work_off
from kliento.domain.people.actions import restrict_use
from kliento.domain.sharing.actions import withdraw_consent
from kliento.domain.summaries.actions import make_summaries
from tests import taps
from tests.declaring import reworded, running_by
from tests.domain.policy.declarations import default_text
from tests.world import aino, eino, kahvila_kaisa

THEN = datetime(2026, 11, 3, 12, tzinfo=UTC)
AFTERWARDS = datetime(2026, 12, 1, 6, tzinfo=UTC)
EMAIL, IN_SERVICE = Choice("monthly_summary", "email"), Choice("monthly_summary", "in_service")


@pytest.fixture
def me(db):
    """Somebody with a visit in November who agreed to a letter about it."""
    person = taps.cardholder(at=THEN)
    taps.tap(person, kahvila_kaisa(at=THEN), at=THEN)
    give_consent(person.person_id, EMAIL, by=person, at=THEN)
    return person


def test_r_con_3_it_is_sent_while_the_consent_stands_and_once(me):
    assert [make_summaries(at=AFTERWARDS), make_summaries(at=AFTERWARDS)] == [1, 0]
    work_off(at=AFTERWARDS)
    [letter] = mail.outbox
    assert letter.subject == "Your summary: November 2026"
    assert "your visits: 1, at so many companies: 1" in letter.body
    assert messages_of(me, limit=5) == []  # nobody agreed to that channel


def changes_channel(me) -> None:
    """From now on in the service, no longer by mail."""
    give_consent(me.person_id, IN_SERVICE, by=me, at=AFTERWARDS)
    withdraw_consent(me.person_id, EMAIL, by=me, at=AFTERWARDS)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda me, *_: withdraw_consent(me.person_id, EMAIL, by=me, at=AFTERWARDS),
        lambda me, *_: changes_channel(me),
        lambda me, *_: restrict_use(me.person_id, by=me, at=AFTERWARDS),
        lambda _, settings, folder: running_by(
            reworded(default_text(), "monthly_summary"), settings, folder, at=AFTERWARDS
        ),
    ],
    ids=["withdrawn", "another channel", "restricted", "the words changed"],
)
def test_r_con_3_what_was_queued_before_is_not_sent_afterwards(me, settings, tmp_path, meanwhile):
    assert make_summaries(at=AFTERWARDS) == 1
    meanwhile(me, settings, tmp_path)
    work_off(at=AFTERWARDS)
    assert mail.outbox == []


def test_r_con_3_a_consent_for_one_channel_is_none_for_another(db):
    me, other = taps.cardholder(at=THEN), eino()
    taps.tap(me, kahvila_kaisa(at=THEN), at=THEN)
    give_consent(me.person_id, IN_SERVICE, by=me, at=THEN)
    give_consent(me.person_id, EMAIL, by=me, at=THEN)
    withdraw_consent(me.person_id, EMAIL, by=me, at=THEN)
    assert make_summaries(at=AFTERWARDS) == 1
    work_off(at=AFTERWARDS)
    assert mail.outbox == []
    assert [message.subject for message in messages_of(me, limit=5)] == ["Your summary: November 2026"]
    assert messages_of(other, limit=5) == []


def test_nothing_is_said_where_nothing_was_entered(db):
    person = aino(at=datetime(2026, 9, 1, tzinfo=UTC))
    give_consent(person.person_id, EMAIL, by=person, at=datetime(2026, 9, 1, tzinfo=UTC))
    assert make_summaries(at=AFTERWARDS) == 0


def test_r_con_3_an_objection_stops_it_in_the_service_too(db, settings, tmp_path):
    stops = 'stops = ["improvement"]'
    assert stops in default_text()
    text = default_text().replace(stops, 'stops = ["improvement", "monthly_summary"]')
    running_by(text, settings, tmp_path, at=THEN)
    me = taps.cardholder(at=THEN)
    taps.tap(me, kahvila_kaisa(at=THEN), at=THEN)
    give_consent(me.person_id, IN_SERVICE, by=me, at=THEN)
    object_to(me.person_id, "improvement", by=me, at=THEN)
    assert make_summaries(at=AFTERWARDS) == 0
    assert messages_of(me, limit=5) == []
