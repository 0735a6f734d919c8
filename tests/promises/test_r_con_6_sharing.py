"""R-CON-6: what is shared field by field rests on consent too. Where the words change materially it has no force."""

from datetime import timedelta

import pytest
from django.test import Client

from kliento.domain.activity.queries import entries_of
from kliento.domain.inbox.queries import messages_of
from kliento.domain.outbox.actions import work_off
from kliento.domain.questions.actions import answer_question
from kliento.domain.questions.queries import question_of
from kliento.domain.sharing.actions import (
    change_end,
    end_expired_grants,
    end_outdated,
    grant_for_programme,
    note_outdated_grants,
    set_default_set,
)
from kliento.domain.sharing.models import DefaultField, Grant
from kliento.domain.sharing.queries import asked_again, companies_of, default_set, notices_of, open_notices
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, NotFound
from tests import taps
from tests.choosing import agree, share, words_now
from tests.declaring import reworded, running_by
from tests.domain.policy.declarations import default_text
from tests.phone import phone_of, text_of
from tests.questions import asks
from tests.world import NOON, PASSWORD, asked, kahvila_kaisa, kuntosali_kunto, operator, relation_of, shares, stores

TEXT = default_text()
AGAIN = "/me/choices/again"


@pytest.fixture
def kaisa(db, settings, tmp_path):
    running_by(TEXT, settings, tmp_path, at=NOON)
    return kahvila_kaisa()


@pytest.fixture
def me(kaisa):
    """Somebody who shares her first name with a café, and would at any first visit."""
    person = taps.cardholder()
    shares(person, kaisa, "first_name")
    set_default_set(person.person_id, ["first_name"], by=person, at=NOON)
    return person


@pytest.fixture
def publish(me, settings, tmp_path):
    """Describe a purpose in other words from now on."""
    return lambda purpose: running_by(reworded(TEXT, purpose), settings, tmp_path, at=NOON)


def page_of(place) -> str:
    return f"/me/sharing/{place.third_party_id}"


def test_r_con_6_from_the_moment_of_publishing_nothing_is_served(me, kaisa, publish):
    assert asked(kaisa, me, "first_name") == {"first_name": "Aino"}
    publish("serving")
    assert asked(kaisa, me, "first_name") == {}
    assert taps.tap(me, kaisa).values == {}


def test_r_con_6_words_about_something_else_leave_what_is_shared(me, kaisa, publish):
    publish("programme")
    assert asked(kaisa, me, "first_name") == {"first_name": "Aino"}
    assert (note_outdated_grants(at=NOON), asked_again(me.person_id)) == (0, [])


def test_r_con_6_what_a_loyalty_card_shares_rests_on_its_contract(me, kaisa, publish):
    grant_for_programme(me.person_id, kaisa.third_party_id, ["first_name"], by=me, at=NOON)
    publish("serving")
    assert relation_of(me, kaisa).granted("programme", at=NOON) == {"first_name"}
    end_outdated(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    assert relation_of(me, kaisa).granted("programme", at=NOON) == {"first_name"}


def test_r_con_6_a_first_visit_shares_nothing_that_was_chosen_by_other_words(me, publish):
    publish("serving")
    kunto = kuntosali_kunto()
    assert default_set(me.person_id) == frozenset()
    assert taps.tap(me, kunto).values == {}
    assert relation_of(me, kunto).grants == frozenset()


def test_r_con_6_it_is_entered_once_and_they_are_told_to_delete_their_copy(me, kaisa, publish):
    asked(kaisa, me, "first_name")
    publish("serving")
    assert [note_outdated_grants(at=NOON), note_outdated_grants(at=NOON)] == [1, 0]
    assert [entry.kind for entry in entries_of([me.person_id])].count("sharing_outdated") == 1
    assert [notice.reason for notice in open_notices(kaisa.third_party_id, limit=9)] == ["outdated"]


def test_r_con_6_one_message_says_so_however_many_companies_it_is_about(me, kaisa, publish):
    shares(me, kuntosali_kunto(), "first_name")
    publish("serving")
    assert note_outdated_grants(at=now(), batch=1) == 2
    work_off(at=now())
    assert [message.kind for message in messages_of(me, limit=9)] == ["words_changed"]


def test_r_con_6_they_are_asked_again_when_they_sign_in_and_can_share_by_the_new_words(me, kaisa, publish):
    publish("serving")
    note_outdated_grants(at=NOON)
    browser = Client()
    arrived = browser.post("/sign-in/me/", {"email": "aino@example.fi", "password": PASSWORD})
    assert arrived["Location"].startswith(f"{AGAIN}?")
    page = text_of(browser.get(AGAIN))
    assert "Now otherwise" in page
    assert f'href="{page_of(kaisa)}">Kahvila Kaisa: First name' in page
    assert 'href="/me/sharing/first-visits"' in page
    assert "Now otherwise" in text_of(browser.get(page_of(kaisa)))

    share(browser, page_of(kaisa), "first_name")
    assert asked(kaisa, me, "first_name") == {"first_name": "Aino"}
    assert page_of(kaisa) not in text_of(browser.get(AGAIN))
    browser.post("/me/sharing/first-visits", {})
    assert browser.get(AGAIN)["Location"] == "/me/"


def test_r_con_6_what_is_left_off_is_not_asked_again(me, kaisa, publish):
    publish("serving")
    phone = phone_of(me)
    phone.post(f"{page_of(kaisa)}/outdated/ending")
    assert asked_again(me.person_id) == []
    assert companies_of(me.person_id)[0].outdated == frozenset()
    assert asked(kaisa, me, "first_name") == {}


def test_r_con_6_a_switch_with_the_old_words_shares_nothing_and_says_so(me, kaisa, publish):
    phone, old = phone_of(me), words_now("serving")
    publish("serving")
    for wording in (old, "", "en." + "0" * 64):
        answered = phone.post(f"{page_of(kaisa)}/first_name/grant", {"wording": wording}, follow=True)
        assert "The words you read have changed meanwhile" in text_of(answered)
        answered = phone.post("/me/sharing/first-visits", {"detail": "first_name", "wording": wording}, follow=True)
        assert "The words you read have changed meanwhile" in text_of(answered)
    assert (asked(kaisa, me, "first_name"), default_set(me.person_id)) == ({}, frozenset())


def test_r_con_6_an_answer_to_a_question_with_the_old_words_shares_nothing(me, kaisa, publish):
    question = asks(operator(kaisa), needed=["first_name"], optional=[])
    phone, old = phone_of(me), words_now("serving")
    publish("serving")
    sent = {"answer": "share", "seen": question_of(question.id).seen, "wording": old}
    answered = phone.post(f"/me/questions/{question.id}", sent)
    assert answered.status_code == 409
    assert "What they ask for has changed" in text_of(answered)
    assert asked(kaisa, me, "first_name") == {}
    answer_question(question.id, ["first_name"], seen=sent["seen"], by=me, at=NOON)
    assert asked(kaisa, me, "first_name") == {"first_name": "Aino"}


def test_r_con_6_a_process_that_still_runs_by_the_old_words_shares_nothing_new(me, kaisa, settings, publish):
    old = settings.KLIENTO_POLICY
    publish("serving")
    settings.KLIENTO_POLICY = old
    stores(me, city="Turku")
    with pytest.raises(Conflict):
        shares(me, kaisa, "city")
    with pytest.raises(Conflict):
        set_default_set(me.person_id, ["city"], by=me, at=NOON)


def test_r_con_6_an_end_cannot_be_changed_of_what_has_no_force(me, kaisa, publish):
    publish("serving")
    with pytest.raises(NotFound):
        change_end(me.person_id, kaisa.third_party_id, "first_name", until=None, by=me, at=NOON)
    assert notices_of(me.person_id, kaisa.third_party_id) == []


def test_r_con_6_who_shares_again_keeps_the_end_they_had_chosen(me, kaisa, publish):
    until = NOON + timedelta(days=30)
    change_end(me.person_id, kaisa.third_party_id, "first_name", until=until, by=me, at=NOON)
    phone = phone_of(me)
    agree(phone, "/me/details/allergies/consent")
    phone.post("/me/details/allergies", {"value": "Pähkinät"})
    special = f"{page_of(kaisa)}/allergies/consent"
    agree(phone, special)
    change_end(me.person_id, kaisa.third_party_id, "allergies", until=until, by=me, at=NOON)
    publish("serving")
    share(phone, page_of(kaisa), "first_name")
    agree(phone, special)
    ends = {grant.field: grant.expires_at for grant in relation_of(me, kaisa).grants}
    assert ends == {"first_name": until, "allergies": until}


def test_r_con_6_its_own_end_that_comes_later_is_not_told_again(me, kaisa, publish):
    change_end(me.person_id, kaisa.third_party_id, "first_name", until=NOON + timedelta(days=9), by=me, at=NOON)
    publish("serving")
    note_outdated_grants(at=NOON)
    assert end_expired_grants(at=NOON + timedelta(days=10)) == 1
    kinds = [entry.kind for entry in entries_of([me.person_id])]
    assert ("sharing_outdated" in kinds, "sharing_ran_out" in kinds) == (True, False)


def test_r_con_6_what_ran_out_by_itself_is_not_told_as_changed_words(me, kaisa, publish):
    change_end(me.person_id, kaisa.third_party_id, "first_name", until=NOON + timedelta(days=9), by=me, at=NOON)
    publish("serving")
    assert note_outdated_grants(at=NOON + timedelta(days=10)) == 0
    end_expired_grants(at=NOON + timedelta(days=10))
    kinds = [entry.kind for entry in entries_of([me.person_id])]
    assert ("sharing_outdated" in kinds, kinds.count("sharing_ran_out")) == (False, 1)


@pytest.mark.parametrize(("chosen", "stands"), [(timedelta(hours=-1), False), (timedelta(hours=1), True)])
def test_r_con_6_a_choice_that_names_no_notice_is_one_under_what_was_in_force_then(me, kaisa, publish, chosen, stands):
    publish("serving")
    Grant.objects.update(notice_number=0, granted_at=NOON + chosen)
    assert (asked(kaisa, me, "first_name") != {}) is stands
    assert note_outdated_grants(at=NOON) == (0 if stands else 1)


def test_r_con_6_a_default_set_of_nothing_that_is_left_can_be_put_away(me, publish):
    publish("serving")
    phone = phone_of(me)
    phone.post("/me/details/first_name/removal")
    set_default_set(me.person_id, ["city"], by=me, at=NOON)
    DefaultField.objects.update(notice_number=0)
    assert 'name="wording"' in text_of(phone.get("/me/sharing/first-visits"))
    phone.post("/me/sharing/first-visits", {})
    assert not DefaultField.objects.exists()
