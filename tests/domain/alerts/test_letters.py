"""Letters about alerts: only for whoever switched them on, few in a day, and they name nobody and nothing."""

import pytest

from kliento.domain.alerts.actions import switch_letters_off, switch_letters_on
from kliento.domain.dispatch.models import Letter
from kliento.domain.outbox.actions import work_off
from kliento.domain.rights.actions import download
from kliento.kernel.clock import now
from tests.alerting import many_places, messages, told
from tests.mailing import mail_server
from tests.taps import aino, later, restricted, tap
from tests.world import NOON, asked, kahvila_kaisa


@pytest.fixture
def me(db):
    told()
    return aino()


def test_nobody_gets_one_unasked(me):
    tap(me, kahvila_kaisa())
    assert told() == 1
    assert not Letter.objects.exists()


def test_it_says_that_there_is_a_message_and_nothing_more(me, settings):
    switch_letters_on(me, at=NOON)
    tap(me, kahvila_kaisa())
    assert told() == 1
    with mail_server() as postbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        work_off(at=now())
    [letter], [message] = postbox.messages, messages(me)
    assert letter["Subject"] == "A message about the use of your card"
    assert letter["To"] == "aino@example.fi"
    assert "Kahvila Kaisa" in message.subject
    for part in ("plain", "html"):
        text = letter.get_body((part,)).get_content()
        assert "/me/messages" in text
        assert "Kaisa" not in text


def test_one_of_a_kind_a_day_and_every_message(me):
    switch_letters_on(me, at=NOON)
    for number, place in enumerate(many_places(3)):
        tap(me, place, at=later(minutes=number))
        told()
    assert (Letter.objects.count(), len(messages(me))) == (1, 3)
    asked(kahvila_kaisa(), me, "phone")
    told()
    assert (Letter.objects.count(), len(messages(me))) == (2, 4)


def test_switched_off_none_comes_and_messages_go_on(me):
    switch_letters_on(me, at=NOON)
    switch_letters_on(me, at=NOON)
    switch_letters_off(me)
    tap(me, kahvila_kaisa())
    assert told() == 1
    assert not Letter.objects.exists()


def test_restriction_does_not_stop_what_is_about_ones_own_data(me, settings):
    switch_letters_on(me, at=NOON)
    kaisa = kahvila_kaisa()
    tap(me, kaisa)
    told()
    Letter.objects.all().delete()
    asked(kaisa, restricted(me), "phone")
    assert told() == 1
    with mail_server() as postbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        work_off(at=now())
    assert len(postbox.messages) == 1


def test_the_switch_and_what_was_told_are_in_the_download(me):
    switch_letters_on(me, at=NOON)
    kaisa = kahvila_kaisa()
    tap(me, kaisa)
    told()
    assert download(me, at=now())["alerts"] == {
        "letters_since": NOON.isoformat(),
        "told": [{"kind": "newly_known", "third_party_id": str(kaisa.third_party_id), "day": "2026-11-22"}],
    }
