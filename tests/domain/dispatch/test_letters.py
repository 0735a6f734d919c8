"""Letters through a real mail server: sealed until they leave, forgotten once they have."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from kliento.domain.dispatch.actions import erase_person, post_last_letter, post_letter, purge_letters
from kliento.domain.dispatch.models import Letter
from kliento.domain.dispatch.queries import describe_person
from kliento.domain.dispatch.rules import LETTERS
from kliento.domain.outbox.actions import work_off
from kliento.domain.outbox.models import Item
from kliento.domain.policy.queries import register
from kliento.domain.vault.actions import NewValue, destroy, seal_values
from kliento.domain.vault.models import DataKey
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.kernel.ids import new_id
from tests.databases import Databases
from tests.mailing import Postbox, mail_server

ADDRESS, CODE = "aino.kanarialintu@example.fi", "739204"
CONTEXT = {"code": CODE, "minutes": "15", "token": "a-token"}


@pytest.fixture
def server(db: Databases, settings: Settings) -> Iterator[Postbox]:
    with mail_server() as postbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        yield postbox


def owner(address: str = ADDRESS) -> UUID:
    """An unfinished sign-up: an owner with an address and no person."""
    owner_id = new_id()
    with transaction.atomic():
        seal_values([NewValue(owner_id, "login_email", address, "person")], at=now())
    return owner_id


def post(owner_id: UUID, kind: str = "signup_code", **rest: datetime) -> None:
    with transaction.atomic():
        post_letter(kind, owner_id=owner_id, language="en", context=CONTEXT, at=now(), **rest)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_every_letter_arrives_as_text_and_html_with_the_register_holder_beneath(server: Postbox, kind: str) -> None:
    post(owner(), kind)
    work_off(at=now())
    (message,) = server.messages
    holder, contact = register().holder, register().contacts["register"]
    assert server.recipients == [[ADDRESS]]
    assert message["To"] == ADDRESS
    assert message["From"] == f"{holder.name} <{contact.email}>"
    assert message["Subject"]
    assert message["Auto-Submitted"] == "auto-generated"
    for body in (part(message, "plain"), part(message, "html")):
        assert holder.name in body
        assert contact.email in body
        assert "/register-description" in body
        assert (CODE in body) is (kind in {"signup_code", "reset_code", "address_code"})
    assert "<style" not in part(message, "html")


@pytest.mark.parametrize(
    ("address", "envelope"),
    [("aino@faß.de", "aino@xn--fa-hia.de"), ("Aino@sähköposti.fi", "Aino@xn--shkposti-0za6p.fi")],
)
def test_a_letter_to_an_internationalised_domain_arrives(server: Postbox, address: str, envelope: str) -> None:
    post(owner(address))
    work_off(at=now())
    assert server.recipients == [[envelope]]
    assert server.messages[0]["To"] == envelope


def test_no_address_and_no_code_stands_in_clear_anywhere(server: Postbox, db: Databases, tmp_path: Path) -> None:
    post(owner())
    if connection.vendor == "sqlite":
        for file in db.folder.iterdir():
            assert ADDRESS.encode() not in file.read_bytes()
            assert CODE.encode() not in file.read_bytes()
    rows = repr(list(Letter.objects.values())) + repr(list(Item.objects.values()))
    assert ADDRESS not in rows
    assert CODE not in rows


def test_a_letter_that_has_left_is_forgotten(server: Postbox) -> None:
    post(owner())
    work_off(at=now())
    assert not Letter.objects.exists()
    assert not Item.objects.exists()


def test_nothing_leaves_for_an_act_that_was_rolled_back(server: Postbox) -> None:
    owner_id = owner()
    with transaction.atomic():
        post(owner_id)
        transaction.set_rollback(True)
    work_off(at=now())
    assert not server.messages


def test_a_server_that_is_away_is_tried_again_under_the_same_message_id(server: Postbox, settings: Settings) -> None:
    post(owner())
    settings.EMAIL_PORT = 1
    work_off(at=now())
    assert Item.objects.get().attempts == 1
    settings.EMAIL_PORT = server.port
    letter_id = Letter.objects.get().id
    work_off(at=now() + timedelta(minutes=1))
    assert server.messages[0]["Message-ID"].startswith(f"<{letter_id}@")


def test_an_address_refused_for_good_is_not_tried_again(server: Postbox) -> None:
    server.answer_to_recipient = "550 no such user"
    post(owner())
    work_off(at=now())
    assert not Letter.objects.exists()
    assert not Item.objects.exists()


def test_an_address_refused_for_now_is_tried_again(server: Postbox) -> None:
    server.answer_to_recipient = "451 later"
    post(owner())
    work_off(at=now())
    assert Item.objects.get().last_error_code == "SMTPRecipientsRefused"
    assert Letter.objects.exists()


def test_a_code_that_has_run_out_is_not_sent(server: Postbox) -> None:
    post(owner(), good_until=now() - timedelta(seconds=1))
    work_off(at=now())
    assert not server.messages
    assert not Letter.objects.exists()


def test_a_letter_whose_owner_is_gone_is_forgotten_unsent(server: Postbox) -> None:
    owner_id = owner()
    post(owner_id)
    destroy([owner_id], at=now())
    work_off(at=now())
    assert not server.messages
    assert not Letter.objects.exists()
    assert not Item.objects.exists()


def test_the_last_letter_takes_its_key_with_it(server: Postbox) -> None:
    post_last_letter("account_closed", address=ADDRESS, language="en", context={}, at=now())
    work_off(at=now())
    assert server.recipients == [[ADDRESS]]
    assert not DataKey.objects.exists()
    assert not Letter.objects.exists()


def test_letters_to_an_erased_owner_go(server: Postbox) -> None:
    aino, eino = owner(), owner("eino@example.fi")
    post(aino)
    post(eino)
    assert [letter["kind"] for letter in describe_person(aino)["letters"]] == ["signup_code"]  # type: ignore[attr-defined]
    erase_person(aino, at=now())
    assert list(Letter.objects.values_list("owner_id", flat=True)) == [eino]


def test_letters_nobody_could_send_are_forgotten_after_a_week(server: Postbox) -> None:
    post(owner())
    post_last_letter("account_closed", address=ADDRESS, language="en", context={}, at=now())
    assert purge_letters(at=now() + timedelta(days=6)) == 0
    assert purge_letters(at=now() + timedelta(days=8)) == 2
    assert DataKey.objects.count() == 1


def test_a_letter_nobody_has_written_is_refused(db: Databases) -> None:
    with pytest.raises(Invalid, match="unknown_letter"):
        post(owner(), "newsletter")


def test_letters_speak_the_language_of_the_account(server: Postbox, settings: Settings) -> None:
    with transaction.atomic():
        post_letter("signup_code", owner_id=owner(), language="fi", context={"code": CODE, "minutes": "15"}, at=now())
    work_off(at=now())
    assert '<html lang="fi">' in part(server.messages[0], "html")
