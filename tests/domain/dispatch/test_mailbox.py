"""The development mailbox: sealed like everything else, newest first, never in production."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection
from pytest_django import Settings

from kliento.domain.dispatch.models import DemoMail
from kliento.domain.dispatch.queries import mailbox
from kliento.domain.vault.models import DataKey
from kliento.kernel.errors import NotFound
from tests.databases import Databases

BACKEND = "kliento.domain.dispatch.actions.mailbox.SealedMailbox"


def send(subject: str, *, count: int = 1) -> None:
    message = EmailMultiAlternatives(subject, "Koodi 739204", to=["aino.kanarialintu@example.fi"])
    message.attach_alternative("<p>739204</p>", "text/html")
    get_connection(BACKEND).send_messages([message] * count)


def test_a_caught_mail_reads_as_it_was_sent(db: Databases) -> None:
    send("ensin")
    send("sitten")
    assert [mail.subject for mail in mailbox()] == ["sitten", "ensin"]
    assert mailbox()[0].to == "aino.kanarialintu@example.fi"
    assert mailbox()[0].text == "Koodi 739204"
    assert mailbox()[0].html == "<p>739204</p>"


def test_it_is_sealed(db: Databases) -> None:
    send("salaisuus")
    assert b"kanarialintu" not in bytes(DemoMail.objects.get().sealed)
    if connection.vendor == "sqlite":
        assert not any(b"kanarialintu" in file.read_bytes() for file in db.folder.iterdir())


def test_the_oldest_go_and_their_keys_with_them(db: Databases) -> None:
    send("monta", count=203)
    assert DemoMail.objects.count() == 200
    assert DataKey.objects.count() == 200


def test_production_has_no_such_mailbox(db: Databases, settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured):
        send("oikea posti")
    with pytest.raises(NotFound):
        mailbox()
