"""R-CON-7: that something was shown, or refused, is kept too, once, and for a time of its own."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from kliento.domain.consents.actions import forget_asking, give_consent, note_refusal
from kliento.domain.consents.models import Event
from kliento.domain.consents.queries import choices_of, history_of, standing
from kliento.domain.consents.rules import Choice
from kliento.domain.policy.queries import register
from kliento.domain.recipients.actions import flag_premises
from kliento.kernel.clock import now
from tests.declaring import reworded, running_by
from tests.domain.policy.declarations import default_text
from tests.phone import phone_of
from tests.world import NOON, REGISTER_HOLDER, aino, kahvila_kaisa, shares, stores

EMAIL, IN_SERVICE = Choice("monthly_summary", "email"), Choice("monthly_summary", "in_service")
KEPT = timedelta(days=register().retention["asking"].days or 0)


def kinds(me) -> list[str]:
    return [event.kind for event in history_of(me.person_id)]


def test_r_con_7_what_the_page_shows_is_noted_once_for_each_choice(db):
    me = aino()
    for language in ("fi", "en"):
        phone_of(me).get("/me/purposes", headers={"accept-language": language})
    assert kinds(me) == ["shown", "shown"]
    assert {event.choice for event in history_of(me.person_id)} == {EMAIL, IN_SERVICE}


def test_r_con_7_a_page_that_asks_for_something_else_notes_nothing_of_it(db, settings, tmp_path):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    running_by(reworded(default_text(), "serving"), settings, tmp_path, at=NOON)
    page = phone_of(me).get("/me/choices/again").content.decode()
    assert kaisa.third_party_id.hex in page.replace("-", "")
    assert kinds(me) == []


def test_r_con_7_new_words_beside_an_answer_are_noted_too_and_nothing_that_was_not_shown(db, settings, tmp_path):
    running_by(default_text(), settings, tmp_path, at=NOON)
    me = aino()
    give_consent(me.person_id, EMAIL, by=me, at=NOON)
    running_by(reworded(default_text(), "monthly_summary"), settings, tmp_path, at=NOON)
    phone_of(me).get("/me/choices/again")
    assert [event.choice for event in history_of(me.person_id) if event.kind == "shown"] == [EMAIL]
    phone_of(me).get("/me/purposes")
    assert [event.choice for event in history_of(me.person_id) if event.kind == "shown"] == [IN_SERVICE, EMAIL]
    assert EMAIL not in standing(me.person_id)


@pytest.mark.parametrize("about", ["storage", "recipient", "visits"])
def test_r_con_7_a_page_of_explicit_consent_notes_that_it_was_shown(db, about):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    flag_premises(kaisa.premises_id, "health", by=REGISTER_HOLDER)
    page, choice = {
        "storage": ("/me/details/allergies/consent", Choice("special_storage", field="allergies")),
        "recipient": (
            f"/me/sharing/{kaisa.third_party_id}/allergies/consent",
            Choice("serving", field="allergies", recipient_id=kaisa.third_party_id),
        ),
        "visits": (
            f"/me/sharing/{kaisa.third_party_id}/visits/consent",
            Choice("special_visits", recipient_id=kaisa.third_party_id),
        ),
    }[about]
    for _ in range(2):
        assert phone_of(me).get(page).status_code == 200
    assert [(event.kind, event.choice) for event in history_of(me.person_id)] == [("shown", choice)]


def test_r_con_7_it_goes_after_its_time_and_what_counts_stays(db):
    me, later = aino(), NOON + KEPT + timedelta(days=1)
    phone_of(me).get("/me/purposes")
    note_refusal(me.person_id, EMAIL, by=me, at=NOON)
    note_refusal(me.person_id, EMAIL, by=me, at=NOON + timedelta(hours=1))
    give_consent(me.person_id, IN_SERVICE, by=me, at=NOON)
    assert forget_asking(at=NOON + KEPT - timedelta(days=1)) == 0
    assert forget_asking(at=max(later, now() + KEPT + timedelta(days=1))) == 3  # both notes, and the earlier no
    assert sorted(kinds(me)) == ["given", "refused"]
    assert choices_of(me.person_id)[EMAIL].kind == "refused"  # nobody asks as if nothing had been said
    assert Event.objects.filter(subject_id=None).count() == 3


@pytest.mark.parametrize("kind", ["given", "refused"])
def test_r_con_7_nothing_else_can_be_made_to_go(db, kind):
    me = aino()
    act = give_consent if kind == "given" else note_refusal
    act(me.person_id, EMAIL, by=me, at=NOON)
    if kind == "given":
        forget_asking(at=NOON + 2 * KEPT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(subject_id=None)
    assert kinds(me) == [kind]
