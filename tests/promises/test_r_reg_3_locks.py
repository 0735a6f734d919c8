"""R-REG-3: marketing, sharing with partners and draws are locked off for minors, at choosing and at the gate."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.actions import give_consent
from kliento.domain.consents.models import Event
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import Refused, open_for_delivery, own_values, read_for_holder
from kliento.domain.gate.queries import may_use
from kliento.domain.people.actions import note_of_age
from kliento.domain.people.models import Person
from kliento.domain.people.queries import person_of
from kliento.domain.policy.actions import publish_own
from kliento.domain.policy.queries import register
from kliento.domain.sharing.actions import grant_field, grant_for_programme
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import NotAllowed
from kliento.kernel.ids import new_id
from tests.domain.policy.declarations import default_text, mistakes_in
from tests.phone import phone_of, text_of
from tests.world import NOON, aino, asked, kahvila_kaisa, minna, operator, shares, stores

LOCKED = ("direct_marketing", "prize_draws", "partner_marketing", "own_direct_marketing")


@pytest.fixture
def all_in_use(db, settings, tmp_path) -> None:
    """The default declaration, with what is only planned of these in use."""
    running = [
        part.replace('status = "planned"', 'status = "in_use"', 1) if part.startswith(LOCKED) else part
        for part in default_text().split("[purposes.")
    ]
    _use("[purposes.".join(running), settings, tmp_path)


@pytest.fixture
def serving_locked(db, settings, tmp_path) -> None:
    """The default declaration, with sharing and loyalty cards for adults only."""
    text = default_text()
    for code in ("serving", "programme"):
        text = text.replace(f"[purposes.{code}]\n", f"[purposes.{code}]\nadults_only = true\n")
    _use(text, settings, tmp_path)


def _use(text: str, settings, tmp_path) -> None:
    path = tmp_path / "register.toml"
    path.write_text(text, encoding="utf-8")
    settings.KLIENTO_POLICY = path
    publish_own(at=NOON)


def becomes_a_minor(person: PersonActor) -> PersonActor:
    """The same person, who had said they were of age."""
    Person.objects.filter(id=person.person_id).update(is_minor=True)
    return person


def agreed(purpose: str) -> PersonActor:
    """An adult who agreed to it."""
    me = stores(aino(), first_name="Aino")
    give_consent(me.person_id, choice(purpose), by=me, at=NOON)
    return me


def choice(purpose: str) -> Choice:
    """The consent it asks for, by mail where it is asked for by channel."""
    return Choice(purpose, channel="email" if register().purposes[purpose].channels else "")


def letter(me: PersonActor, purpose: str) -> str:
    """What stops a letter to them for that purpose; nothing where it may go."""
    try:
        open_for_delivery(me.person_id, field="first_name", purpose=purpose)
    except Refused as refused:
        return refused.code
    return ""


def test_marketing_partners_and_draws_are_what_is_locked():
    assert {code for code, purpose in register().purposes.items() if purpose.adults_only} == set(LOCKED)


def test_a_declaration_that_gives_minors_to_partners_is_refused():
    text = default_text()
    start = text.index("[purposes.partner_marketing]")
    found = mistakes_in((text[:start] + text[start:].replace("adults_only = true\n", "", 1)).encode())
    assert [each.key for each in found] == ["purposes.partner_marketing.adults_only"]


@pytest.mark.parametrize("purpose", LOCKED)
@pytest.mark.usefixtures("all_in_use")
def test_a_minor_cannot_agree_to_it_and_an_adult_can(purpose):
    young = minna()
    with pytest.raises(NotAllowed) as refused:
        give_consent(young.person_id, choice(purpose), by=young, at=NOON)
    assert refused.value.code == "locked_for_minors"
    assert not Event.objects.exists()
    assert standing(agreed(purpose).person_id) == {choice(purpose)}


@pytest.mark.parametrize("purpose", sorted(set(LOCKED) - {"partner_marketing"}))
@pytest.mark.usefixtures("all_in_use")
def test_the_gate_locks_it_whatever_stands_as_agreed(purpose):
    me = agreed(purpose)
    assert may_use(me.person_id, purpose)
    assert letter(me, purpose) == ""
    assert read_for_holder([me.person_id], purpose=purpose, fields=["first_name"], at=NOON)
    becomes_a_minor(me)
    assert not may_use(me.person_id, purpose)
    assert letter(me, purpose) == "locked"
    assert not read_for_holder([me.person_id], purpose=purpose, fields=["first_name"], at=NOON)
    assert own_values(me)["first_name"].text == "Aino"


def test_a_letter_of_a_partner_is_locked_by_the_account_too(all_in_use):
    me = becomes_a_minor(agreed("partner_marketing"))
    assert letter(me, "partner_marketing") == "locked"
    with pytest.raises(Refused) as refused:
        open_for_delivery(me.account_id, field="login_email", purpose="partner_marketing")
    assert refused.value.code in {"locked", "field_not_in_purpose"}


@pytest.mark.usefixtures("serving_locked")
def test_what_is_shared_with_others_is_locked_at_choosing_and_at_the_gate():
    young, kaisa = stores(minna(), first_name="Minna"), kahvila_kaisa()
    with pytest.raises(NotAllowed):
        grant_field(young.person_id, kaisa.third_party_id, "first_name", by=young, at=NOON)
    with pytest.raises(NotAllowed):
        grant_for_programme(young.person_id, kaisa.third_party_id, ["first_name"], by=young, at=NOON)
    me = shares(stores(aino(), first_name="Aino"), kaisa, "first_name")
    assert asked(kaisa, me, "first_name") == {"first_name": "Aino"}
    becomes_a_minor(me)
    assert asked(kaisa, me, "first_name") == {}


def test_a_minor_shares_with_shops_as_anybody(db):
    young, kaisa = stores(minna(), first_name="Minna"), kahvila_kaisa()
    shares(young, kaisa, "first_name")
    assert asked(kaisa, young, "first_name") == {"first_name": "Minna"}


def test_the_page_says_it_to_minors_and_only_to_them(db):
    labels = [register().purposes[code].label.en for code in LOCKED]
    young = text_of(phone_of(minna(at=now())).get("/me/purposes"))
    assert "do not guess when you turn 18. Write to support@kliento.net" in young
    assert [label for label in labels if label not in young] == []
    assert "Locked off for you" not in text_of(phone_of(aino(at=now())).get("/me/purposes"))


def test_only_the_register_holder_notes_that_somebody_is_of_age_and_it_chooses_nothing(db):
    young = minna(at=now())
    for forger in (young, operator(kahvila_kaisa())):
        with pytest.raises(NotAllowed):
            note_of_age(young.person_id, by=forger, at=now())
    assert person_of(young.account_id).is_minor
    for _ in range(2):
        call_command("of_age", str(young.person_id), stdout=StringIO())
    assert not person_of(young.account_id).is_minor
    assert [entry.kind for entry in entries_of([young.person_id])].count("of_age") == 1
    assert not standing(young.person_id)
    assert "Locked off for you" not in text_of(phone_of(young).get("/me/purposes"))
    with pytest.raises(CommandError):
        call_command("of_age", str(new_id()))


@pytest.mark.usefixtures("all_in_use")
def test_a_minor_is_not_asked_for_what_is_locked_and_cannot_send_the_form():
    ask = "/me/choices/direct_marketing/email"
    assert ask in text_of(phone_of(aino(at=now())).get("/me/purposes"))
    young = minna(at=now())
    page = text_of(phone_of(young).get("/me/purposes"))
    assert ask not in page
    assert "Locked off for you" in page
    assert phone_of(young).post(ask, {"answer": "agree"}).status_code == 403
    assert not standing(young.person_id)
