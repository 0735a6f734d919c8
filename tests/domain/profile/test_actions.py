"""Keeping one's own details: one at a time, by oneself, private by default, each act entered."""

import pytest

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.consents.actions import SPECIAL_STORAGE, give_consent
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import own_values
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import hide_value, remove_value, set_value, show_value
from kliento.domain.sharing.actions import withdraw_consent
from kliento.domain.vault.models import Value
from kliento.kernel.actor import SystemActor, TerminalActor, Visitor
from kliento.kernel.errors import Invalid, NotAllowed, NotFound
from kliento.kernel.ids import new_id
from tests.world import NOON, aino, eino, kahvila_kaisa, shares, stores

KEEPING_ALLERGIES = Choice(SPECIAL_STORAGE, field="allergies")


def readings(of):
    return [str(reading_of(entry).line) for entry in reversed(entries_of([of.person_id]))]


def test_each_act_is_entered_and_reads_as_what_it_was(db):
    me = aino()
    before = len(readings(me))
    set_value(me.person_id, "nickname", "Ansku", by=me, at=NOON)
    set_value(me.person_id, "nickname", "Anskuli", by=me, at=NOON)
    hide_value(me.person_id, "nickname", by=me, at=NOON)
    show_value(me.person_id, "nickname", by=me, at=NOON)
    remove_value(me.person_id, "nickname", by=me, at=NOON)
    assert readings(me)[before:] == ["Added", "Corrected", "Hidden from everybody else", "No longer hidden", "Removed"]
    assert {entry.fields for entry in entries_of([me.person_id])[:5]} == {("nickname",)}


def test_removing_says_how_many_could_see_it_and_destroys_earlier_versions(db):
    me, kaisa = stores(aino(), first_name="Aina"), kahvila_kaisa()
    set_value(me.person_id, "first_name", "Aino", by=me, at=NOON)
    shares(me, kaisa, "first_name")
    remove_value(me.person_id, "first_name", by=me, at=NOON)
    assert readings(me)[-1] == "Removed; 1 recipient could see it"
    assert entries_of([me.person_id])[0].payload["shared_with"] == [str(kaisa.third_party_id)]
    assert not Value.objects.filter(owner_id=me.person_id).exists()


@pytest.mark.parametrize("act", [hide_value, show_value, remove_value])
def test_what_is_not_stored_cannot_be_hidden_shown_or_removed(db, act):
    me = aino()
    with pytest.raises(NotFound):
        act(me.person_id, "phone", by=me, at=NOON)


@pytest.mark.parametrize(
    "actor",
    [Visitor(), SystemActor("tests"), TerminalActor(new_id(), new_id(), new_id()), "somebody else"],
    ids=["visitor", "Kliento", "terminal", "somebody else"],
)
def test_nobody_else_keeps_a_persons_details(db, actor):
    me = stores(aino(), first_name="Aino")
    by = eino() if actor == "somebody else" else actor
    with pytest.raises(NotAllowed):
        set_value(me.person_id, "first_name", "Toinen", by=by, at=NOON)
    for act in (hide_value, show_value, remove_value):
        with pytest.raises(NotAllowed):
            act(me.person_id, "first_name", by=by, at=NOON)
    assert own_values(me)["first_name"].text == "Aino"


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("phone", "12", "Enter the phone number with the area code, like 040 123 4567."),
        ("email", "aino", "Enter the e-mail address in full, like aino@example.com."),
        ("birth_date", "1.1.2199", "Enter a date that has already been."),
        ("feedback", "131052-308T", "Do not write a personal identity code here. Kliento does not keep them."),
        ("first_name", " ", "Write something here, or remove the detail."),
        ("login_email", "a@example.fi", "The sign-in e-mail is not a profile detail. Change it under Security."),
        ("card_number", "K1", "Kliento keeps this itself; it cannot be written here."),
    ],
)
def test_what_cannot_be_stored_says_what_to_do_and_leaves_nothing(db, field, text, says):
    me = aino()
    before = entries_of([me.person_id])
    with pytest.raises(Invalid) as refused:
        set_value(me.person_id, field, text, by=me, at=NOON)
    assert (str(refused.value.message), refused.value.pointer) == (says, field)
    assert entries_of([me.person_id]) == before
    assert not Value.objects.filter(owner_id=me.person_id).exists()


def test_every_field_of_the_catalogue_that_is_the_persons_can_be_kept(db):
    samples = {"email": "a@example.fi", "phone": "040 123 4567", "date": "14.2.1990", "size": "M", "number": "42"}
    me = aino()
    give_consent(me.person_id, KEEPING_ALLERGIES, by=me, at=NOON)
    kept = [field for field in register().fields.values() if field.keeper == "person" and field.status == "in_use"]
    for field in kept:
        text = next(iter(field.choices)) if field.choices else samples.get(field.type, "Text")
        set_value(me.person_id, field.code, text, by=me, at=NOON)
    assert own_values(me).keys() == {field.code for field in kept} | {"login_email"}


def test_a_special_category_needs_its_own_consent_first_and_goes_with_it(db):
    me = aino()
    with pytest.raises(NotAllowed) as refused:
        set_value(me.person_id, "allergies", "Pähkinä", by=me, at=NOON)
    assert refused.value.code == "explicit_consent_needed"
    give_consent(me.person_id, KEEPING_ALLERGIES, by=me, at=NOON)
    set_value(me.person_id, "allergies", "Pähkinä", by=me, at=NOON)
    withdraw_consent(me.person_id, KEEPING_ALLERGIES, by=me, at=NOON)
    assert "allergies" not in own_values(me)
    assert not Value.objects.filter(owner_id=me.person_id, field="allergies").exists()
