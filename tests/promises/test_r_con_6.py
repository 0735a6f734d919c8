"""R-CON-6: where the words change materially an earlier yes has no force, and the person is asked again."""

from datetime import timedelta

import pytest
from django.test import Client

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.actions import give_consent, note_outdated
from kliento.domain.consents.queries import audience, choices_of, standing
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import Refused
from kliento.domain.inbox.queries import messages_of
from kliento.domain.outbox.actions import work_off
from kliento.domain.recipients.actions import flag_premises
from kliento.domain.sharing.actions import refuse_consent
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict
from tests import taps
from tests.choosing import agree, wording_on
from tests.declaring import MARKETING, in_use, reworded, running_by
from tests.domain.policy.declarations import default_text
from tests.phone import phone_of
from tests.promises.test_r_dat_2_special import asked, sharer
from tests.world import NOON, PASSWORD, REGISTER_HOLDER, aino, kahvila_kaisa

PAGE, SWITCH, CHOICE = "/me/purposes", "/me/choices/direct_marketing/email", Choice("direct_marketing", "email")
OTHER = Choice("opinion_surveys", "email")
TEXT = in_use(default_text(), *MARKETING)
FIELDS = 'fields = ["first_name", "email", "phone", "marketing_permitted", "marketing_declined"'
CHANNELS = 'channels = ["in_service", "email", "sms"]\nsubjects = ["person"]\nretention = "'


@pytest.fixture
def me(db, settings, tmp_path):
    """Somebody who agreed to two purposes."""
    running_by(TEXT, settings, tmp_path, at=NOON)
    person = aino()
    for choice in (CHOICE, OTHER):
        give_consent(person.person_id, choice, by=person, at=NOON)
    return person


def test_r_con_6_from_the_moment_of_publishing_it_has_no_force(me, settings, tmp_path):
    assert standing(me.person_id) == {CHOICE, OTHER}
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    assert standing(me.person_id) == {OTHER}
    assert audience("direct_marketing", "email", limit=10) == []
    assert audience("opinion_surveys", "email", limit=10) == [me.person_id]


def test_r_con_6_it_is_entered_once(me, settings, tmp_path):
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    assert [note_outdated(at=NOON), note_outdated(at=NOON)] == [1, 0]
    assert [entry.kind for entry in entries_of([me.person_id])].count("consent_outdated") == 1
    assert choices_of(me.person_id)[CHOICE].kind == "outdated"


def test_r_con_6_they_are_asked_again_when_they_sign_in_and_may_say_no(me, settings, tmp_path):
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    browser = Client()
    arrived = browser.post("/sign-in/me/", {"email": "aino@example.fi", "password": PASSWORD})
    assert arrived["Location"] == "/me/choices/again?next=%2Fme%2F"
    page = browser.get("/me/choices/again").content.decode()
    assert "Now otherwise" in page
    assert "opinion_surveys" not in page
    assert page.count('name="answer"') == 2
    browser.post(SWITCH, {"answer": "refuse", "again": "1"})
    assert browser.get("/me/choices/again")["Location"] == "/me/"
    assert standing(me.person_id) == {OTHER}


def test_r_con_6_they_are_asked_on_their_way_to_any_page_and_go_on_to_it(me, settings, tmp_path):
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    browser = Client()
    door = browser.get("/me/activity?q=stamp")["Location"]
    again = browser.post(door, {"email": "aino@example.fi", "password": PASSWORD})["Location"]
    assert again == "/me/choices/again?next=%2Fme%2Factivity%3Fq%3Dstamp"
    assert '<a class="roomy" href="/me/activity?q=stamp">Not now</a>' in browser.get(again).content.decode()
    answered = browser.post(SWITCH, {"answer": "refuse", "again": "/me/activity?q=stamp"}, follow=True)
    assert answered.redirect_chain[-1][0] == "/me/activity?q=stamp"
    for abroad in ("https://example.org/me/", "//example.org/me/", "/me/../../partner/", "javascript:alert(1)"):
        assert "example.org" not in browser.get("/me/choices/again", {"next": abroad})["Location"]


def test_r_con_6_the_page_that_asks_leads_on_to_the_card_and_not_to_itself(me, settings, tmp_path):
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    browser = Client()
    door = browser.get("/me/choices/again")["Location"]  # as from the message about it
    came = browser.post(door, {"email": "aino@example.fi", "password": PASSWORD})
    assert came["Location"] == "/me/choices/again"
    assert '<a class="roomy" href="/me/">Not now</a>' in browser.get(came["Location"]).content.decode()


def test_r_con_6_whoever_signs_in_once_more_amid_something_goes_on_with_it(me, settings, tmp_path):
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    came = Client().post("/sign-in/me/?again=1&next=/me/", {"email": "aino@example.fi", "password": PASSWORD})
    assert came["Location"] == "/me/"


def test_r_con_6_they_can_agree_to_the_new_words(me, settings, tmp_path):
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    phone = phone_of(me)
    wording = wording_on(phone, "/me/choices/again", at=SWITCH)
    phone.post(SWITCH, {"answer": "agree", "wording": wording, "again": "1"})
    assert standing(me.person_id) == {CHOICE, OTHER}


def test_r_con_6_a_form_with_the_old_words_gives_nothing_and_asks_with_the_new_ones(me, settings, tmp_path):
    phone = phone_of(me)
    old = wording_on(phone, PAGE, at=SWITCH)
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    answered = phone.post(SWITCH, {"answer": "agree", "wording": old}, follow=True)
    assert "The words you read have changed meanwhile" in answered.content.decode()
    assert "Now otherwise" in answered.content.decode()
    assert standing(me.person_id) == {OTHER}
    for forged in ({}, {"wording": ""}, {"wording": "en." + "0" * 64}, {"wording": "xx" + old[2:]}):
        phone.post(SWITCH, {"answer": "agree", **forged})
        assert standing(me.person_id) == {OTHER}


def test_r_con_6_a_process_that_still_runs_by_the_old_words_gives_nothing(me, settings, tmp_path):
    old = settings.KLIENTO_POLICY
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    settings.KLIENTO_POLICY = old
    with pytest.raises(Conflict):
        give_consent(me.person_id, Choice("market_surveys", "email"), by=me, at=NOON)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('email = "support@kliento.net"', 'email = "apua@kliento.net"'),
        ('"first_name", "email", "phone", "marketing_permitted"', '"first_name", "email", "marketing_permitted"'),
        ("days = 400", "days = 300"),
    ],
    ids=["another contact address", "less is used", "kept shorter"],
)
def test_r_con_6_what_is_not_material_leaves_a_consent_as_it_is(me, settings, tmp_path, before, after):
    assert before in TEXT
    later = TEXT.replace(before, after).replace("dated = 2026-11-22", "dated = 2026-11-23")
    running_by(later, settings, tmp_path, at=NOON)
    assert standing(me.person_id) == {CHOICE, OTHER}
    assert note_outdated(at=NOON) == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{FIELDS}]", f'{FIELDS}, "last_name"]'),
        (f"{CHANNELS}until_withdrawn", f"{CHANNELS}as_law_requires"),
        ('name = "Kliento Oy"', 'name = "Toinen Oy"'),
    ],
    ids=["more is used", "kept otherwise", "another register holder"],
)
def test_r_con_6_what_is_material_takes_its_force(me, settings, tmp_path, before, after):
    assert before in TEXT
    running_by(
        TEXT.replace(before, after).replace("dated = 2026-11-22", "dated = 2026-11-23"), settings, tmp_path, at=NOON
    )
    assert CHOICE not in standing(me.person_id)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[fields.phone]\nlabel = { fi = "', '[fields.phone]\nlabel = { fi = "Muu: '),
        (
            '[recipient_kinds.marketing_partner]\nlabel = { fi = "',
            '[recipient_kinds.marketing_partner]\nlabel = { fi = "Muu: ',
        ),
    ],
    ids=["a field is called otherwise", "a recipient is called otherwise"],
)
def test_r_con_6_whatever_the_person_was_shown_is_part_of_the_words(me, settings, tmp_path, before, after):
    assert before in TEXT
    later = running_by(
        TEXT.replace(before, after).replace("dated = 2026-11-22", "dated = 2026-11-23"), settings, tmp_path, at=NOON
    )
    touched = {code for code, reasons in later.changes.items() if "wording" in reasons}
    assert ("direct_marketing" in touched) == ("phone" in before)
    assert ("partner_marketing" in touched) is True


def test_r_con_6_a_yes_given_meanwhile_is_not_taken_for_the_old_one(me, settings, tmp_path):
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    give_consent(me.person_id, CHOICE, by=me, at=NOON)
    assert note_outdated(at=NOON) == 0
    assert standing(me.person_id) == {CHOICE, OTHER}


def test_r_con_6_a_process_by_the_old_words_does_not_take_a_yes_to_the_new_ones_for_its_own(me, settings, tmp_path):
    old = settings.KLIENTO_POLICY
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    give_consent(me.person_id, CHOICE, by=me, at=NOON)
    settings.KLIENTO_POLICY = old
    assert CHOICE not in standing(me.person_id)


def test_r_con_6_a_detail_about_health_is_not_released_and_asked_about_again(db, settings, tmp_path):
    running_by(TEXT, settings, tmp_path, at=NOON)
    kaisa = kahvila_kaisa()
    person = sharer("allergies", kaisa)
    taps.tap(person, kaisa)
    assert asked(person, kaisa, "allergies") == {"allergies": "Pähkinä"}

    running_by(reworded(TEXT, "special_storage"), settings, tmp_path, at=NOON)
    with pytest.raises(Refused):
        asked(person, kaisa, "allergies")
    phone = phone_of(person)
    assert "/me/details/allergies/consent" in phone.get("/me/choices/again").content.decode()
    agree(phone, "/me/details/allergies/consent")
    assert asked(person, kaisa, "allergies") == {"allergies": "Pähkinä"}
    assert phone.get("/me/choices/again")["Location"] == "/me/"


def test_r_con_6_a_visit_that_tells_much_is_not_recorded_until_they_answer(db, settings, tmp_path):
    running_by(TEXT, settings, tmp_path, at=NOON)
    clinic = kahvila_kaisa()
    flag_premises(clinic.premises_id, "health", by=REGISTER_HOLDER)
    person = taps.cardholder()
    give_consent(person.person_id, Choice("special_visits", recipient_id=clinic.third_party_id), by=person, at=NOON)
    assert taps.tap(person, clinic).outcome == "identified"
    running_by(reworded(TEXT, "special_visits"), settings, tmp_path, at=NOON)
    later = NOON + timedelta(hours=1)
    assert taps.tap(person, clinic, at=later).outcome == "not_accepted"
    asked_at = f"/me/sharing/{clinic.third_party_id}/visits/consent"
    assert asked_at in phone_of(person).get("/me/choices/again").content.decode()


def test_r_con_6_a_message_in_the_service_says_so_once(me, settings, tmp_path):
    running_by(reworded(reworded(TEXT, "direct_marketing"), "opinion_surveys"), settings, tmp_path, at=NOON)
    assert note_outdated(at=now()) == 2
    work_off(at=now())
    [message] = messages_of(me, limit=5)
    assert message.subject == "Words you agreed to have changed"
    assert 'href="/me/choices/again"' in message.body


def test_r_con_6_no_message_is_left_for_whoever_has_answered_by_then(me, settings, tmp_path):
    running_by(reworded(TEXT, "direct_marketing"), settings, tmp_path, at=NOON)
    assert note_outdated(at=now()) == 1
    refuse_consent(me.person_id, CHOICE, by=me, at=now())
    work_off(at=now())
    assert messages_of(me, limit=5) == []
