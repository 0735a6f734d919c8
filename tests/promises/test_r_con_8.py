"""R-CON-8: each choice yields a signed receipt, which anybody can check and nobody can change unnoticed."""

import copy
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.actions import give_consent, note_outdated, note_shown
from kliento.domain.consents.queries import history_of, public_key
from kliento.domain.consents.rules import Choice
from kliento.domain.policy.queries import register
from kliento.domain.sharing.actions import (
    end_expired_grants,
    grant_special_field,
    refuse_consent,
    withdraw_consent,
)
from kliento.kernel.errors import Invalid
from kliento.kernel.integrity import check_signed, key_in
from tests.declaring import MARKETING, in_use, reworded, running_by
from tests.domain.policy.declarations import default_text
from tests.phone import phone_of
from tests.world import NOON, aino, eino, kahvila_kaisa

TEXT = in_use(default_text(), *MARKETING)
TWICE = b'{"a": 1, "a": 2}'
EMAIL = Choice("direct_marketing", "email")


@pytest.fixture
def me(db, settings, tmp_path):
    """Somebody who was shown, gave and took back."""
    running_by(TEXT, settings, tmp_path, at=NOON)
    person = aino()
    note_shown(person.person_id, [EMAIL], language="fi", by=person, at=NOON)
    give_consent(person.person_id, EMAIL, by=person, at=NOON)
    withdraw_consent(person.person_id, EMAIL, by=person, at=NOON)
    grant_special_field(person.person_id, kahvila_kaisa().third_party_id, "allergies", by=person, at=NOON)
    return person


def receipts(person) -> list[dict]:
    phone = phone_of(person)
    return [phone.get(f"/me/choices/{event.id}/receipt").json() for event in history_of(person.person_id)]


def test_r_con_8_every_choice_has_one_that_says_what_was_said_and_is_intact(me):
    found = receipts(me)
    statuses = [each["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"] for each in found]
    assert sorted(statuses) == ["dpv:ConsentGiven", "dpv:ConsentGiven", "dpv:ConsentRequested", "dpv:ConsentWithdrawn"]
    for each in found:
        check_signed(each, public_key())
        record = each["dpv:hasRecordOfActivity"]
        assert record["dpv:hasDataSubject"]["@id"] == f"urn:uuid:{me.person_id}"
        assert record["dpv:hasDataController"]["dct:title"] == register().holder.name
        assert record["dpv:hasNotice"]["dct:hasVersion"] == register().version
    shop = next(each for each in found if "Kahvila Kaisa" in json.dumps(each))
    assert shop["dpv:hasRecordOfActivity"]["dpv:hasProcess"]["dpv:hasLegalBasis"] == [
        "eu-gdpr:A6-1-a",
        "eu-gdpr:A9-2-a",
    ]


def test_r_con_8_it_carries_the_words_of_its_notice_also_when_they_have_changed_since(me, settings, tmp_path):
    before = receipts(me)
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    assert receipts(me) == before
    finnish = next(each for each in before if "Suoramarkkinointi" in json.dumps(each))
    words = finnish["dpv:hasRecordOfActivity"]["dpv:hasNotice"]["kliento:words"]
    assert words["dct:description"] == register().purpose("direct_marketing").description.fi


def test_r_con_8_whatever_is_changed_in_it_is_noticed(me):
    document = next(each for each in receipts(me) if "ConsentGiven" in json.dumps(each))
    changed = list(tampered(document))
    assert len(changed) > 30
    for place, other in changed:
        with pytest.raises(Invalid):
            check_signed(other, public_key())
        assert place
    with pytest.raises(Invalid):
        check_signed(document, key_in("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"))


def tampered(document: dict) -> Iterator[tuple[str, dict]]:
    """The document with one value after the other changed, and with one after the other missing."""
    for path in paths(document):
        for act in ("change", "remove"):
            other = copy.deepcopy(document)
            part = other
            for step in path[:-1]:
                part = part[step]
            if act == "change":
                part[path[-1]] = f"{part[path[-1]]}x"
            else:
                del part[path[-1]]
            yield f"{act} {path}", other


def paths(part: object, path: tuple = ()) -> Iterator[tuple]:
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in items:
        if isinstance(value, (dict, list)):
            yield from paths(value, (*path, key))
        else:
            yield (*path, key)


def test_r_con_8_nobody_else_gets_it(me):
    other, event = phone_of(eino()), history_of(me.person_id)[0]
    assert other.get(f"/me/choices/{event.id}/receipt").status_code == 404


def test_r_con_8_the_command_says_whether_it_is_intact(me, tmp_path, capsys, client):
    file = tmp_path / "receipt.json"
    event = next(each for each in history_of(me.person_id) if each.kind == "given" and each.choice.channel)
    downloaded = phone_of(me).get(f"/me/choices/{event.id}/receipt")
    assert downloaded["Content-Disposition"].startswith("attachment")
    file.write_bytes(downloaded.content)
    key = client.get("/.well-known/kliento-receipts.json").json()["publicKeyMultibase"]
    for arguments in ([], ["--key", key]):
        call_command("receipt", "verify", str(file), *arguments)
        assert "Intact" in capsys.readouterr().out
    for text, status in (
        (downloaded.content.replace(b"Given", b"Other"), 1),
        (b"{", 2),
        (b"[]", 2),
        (b"{}", 1),
        (TWICE, 2),
        (b"[" * 99999, 2),
    ):
        file.write_bytes(text)
        with pytest.raises(CommandError) as wrong:
            call_command("receipt", "verify", str(file))
        assert wrong.value.returncode == status
    with pytest.raises(CommandError) as wrong:
        call_command("receipt", "verify", str(file), "--key", "abc")
    assert wrong.value.returncode == 2


def test_r_con_8_a_no_an_end_of_its_own_and_changed_words_have_one_too(db, settings, tmp_path):
    running_by(TEXT, settings, tmp_path, at=NOON)
    person, kaisa = aino(), kahvila_kaisa()
    refuse_consent(person.person_id, Choice("direct_marketing", "in_service"), by=person, at=NOON)
    give_consent(person.person_id, EMAIL, by=person, at=NOON)
    until = NOON + timedelta(days=2)
    grant_special_field(person.person_id, kaisa.third_party_id, "allergies", until=until, by=person, at=NOON)
    end_expired_grants(at=until)
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    note_outdated(at=until)
    found = receipts(person)
    for each in found:
        check_signed(each, public_key())
    statuses = {each["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"] for each in found}
    assert {"dpv:ConsentRefused", "dpv:ConsentExpired", "dpv:ConsentInvalidated"} <= statuses
    assert "consent_ended" in {entry.kind for entry in entries_of([person.person_id])}
