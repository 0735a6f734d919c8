"""R-SEC-1: no profile value, contact or card code stands in clear in database, files, queue, cache, spool or logs."""

import base64
import logging
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction

from kliento.domain.cards.actions import codes_for, issue_card
from kliento.domain.cards.queries import card_number
from kliento.domain.cards.rules import slot_at
from kliento.domain.consents.actions import give_consent
from kliento.domain.consents.rules import Choice
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.dispatch.queries import mailbox
from kliento.domain.inbox.actions import post_message
from kliento.domain.inbox.queries import messages_of
from kliento.domain.outbox.actions import enqueue, work_off
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import hide_value, remove_value, set_value
from kliento.domain.rights.actions import download
from kliento.domain.visits.actions import NewScan
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import KlientoError
from kliento.kernel.ids import id_at, new_id
from tests import canary, world
from tests.databases import Databases
from tests.taps import hand_in

AT = world.NOON
TEXTS = {
    "name": "Kanarialintunen",
    "text": "kanaria-{code}",
    "long_text": "Kanariansaaret {code}",
    "email": "kanaria.{code}@linnut.example",
    "phone": "+358401239876",
    "date": "1947-03-29",
    "address": "Kanarianpolku 17",
}
LOGIN = "kanaria.sisaan@linnut.example"
LETTER_CODE = "kanaria-718281"
MESSAGE = "Kanarian Lintuklinikka"


def plantable() -> dict[str, str]:
    """A distinctive text for every field a person keeps, but for those of a few or very short values."""
    return {
        code: TEXTS[field.type].format(code=code.replace("_", "-"))
        for code, field in register().fields.items()
        if field.keeper == "person" and field.status == "in_use" and field.type in TEXTS and code != "postcode"
    }


def plant(person: PersonActor, fields: dict[str, str]) -> None:
    for code, text in fields.items():
        if register().field(code).special:
            give_consent(person.person_id, Choice("special_storage", field=code), by=person, at=AT)
        set_value(person.person_id, code, text, by=person, at=AT)
    with transaction.atomic():
        post_letter("reset_code", owner_id=person.account_id, language="fi", context={"code": LETTER_CODE}, at=AT)
        asked = {"company": MESSAGE, "question_id": str(new_id())}
        post_message("asked", person_id=person.person_id, context=asked, at=AT)


def live_through_a_day(person: PersonActor, fields: dict[str, str]) -> dict[str, str]:
    """Everything the product does with values and codes; answers with the card's codes."""
    cafe = world.kahvila_kaisa()
    issue_card(person.person_id, at=AT)
    [code] = codes_for(person, from_slot=slot_at(AT))
    number = card_number(person)
    for field in ("first_name", "phone"):
        world.shares(person, cafe, field)
    for minute, shown in enumerate((code, code, number, "K1NOSUCHCARD", *fields.values(), LOGIN)):
        hand_in([NewScan(id_at(AT + timedelta(milliseconds=minute)), shown, AT)], by=cafe.terminal, at=AT)
    for field, text in fields.items():
        with pytest.raises(KlientoError):
            set_value(person.person_id, field, f"{text}\x00", by=person, at=AT)
    hide_value(person.person_id, "phone", by=person, at=AT)
    set_value(person.person_id, "first_name", fields["first_name"].upper(), by=person, at=AT)
    remove_value(person.person_id, "second_email", by=person, at=AT)
    download(person, at=AT)
    return {"K1": number, "K2": code}


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def test_planted_values_are_found_nowhere(db: Databases, settings, logged, capfd) -> None:
    settings.EMAIL_BACKEND = "kliento.domain.dispatch.actions.mailbox.SealedMailbox"
    fields = plantable()
    assert {"name", "text", "long_text", "email", "phone", "date", "address"} == {
        register().field(code).type for code in fields
    }
    person = world.person(LOGIN)
    plant(person, fields)
    before_sending = canary.finds(fields | {"login": LOGIN, "letter": LETTER_CODE, "message": MESSAGE}, db)
    codes = live_through_a_day(person, fields)
    assert work_off(at=AT) > 0
    [mail] = mailbox()
    assert (mail.to, LETTER_CODE in mail.text) == (LOGIN, True)
    planted = fields | codes | {"login": LOGIN, "letter": LETTER_CODE, "message": MESSAGE}
    assert MESSAGE in messages_of(person, limit=1)[0].subject
    printed = "".join([*capfd.readouterr(), logged.text, *(str(record.__dict__) for record in logged.records)])
    assert before_sending == []
    assert canary.finds(planted, db) == []
    assert canary.names_in(printed.encode(), planted) == []


@pytest.mark.parametrize(
    "hidden",
    [
        "Kanaria".encode("utf-16-le"),
        "Kanaria".encode("utf-16-be"),
        b'{"x": "' + base64.b64encode(b"a" + b"Kanaria") + b'"}',
        base64.urlsafe_b64encode(b"\xff\xfekk Kanaria").rstrip(b"="),
        b"prefix" + base64.b64encode(b"Hey Kanaria, welcome"),
        b"\\x" + b"a kanaria b".hex().encode(),
        base64.b64encode(b"1 Kanaria".hex().encode()),
        b"KANARIA",
    ],
)
def test_the_search_sees_through_encodings(hidden: bytes) -> None:
    assert canary.names_in(b"\0before" + b" " + hidden + b" after", {"bird": "Kanaria"}) == ["bird"]


def test_the_search_looks_at_tables_files_and_cache(db: Databases) -> None:
    with transaction.atomic():
        enqueue("letter", ref="Kanarialintunen", at=AT)
    cache.set("Kanarialintunen", 1)
    (db.folder / "spool").mkdir()
    (db.folder / "spool" / "letter.txt").write_bytes(base64.b64encode(b"Kanarialintunen"))
    found = {find.place for find in canary.finds({"bird": "Kanarialintunen"}, db)}
    assert {"default: outbox_item", "data/spool/letter.txt"} <= found
    assert any(place.startswith("cache: ") for place in found)
