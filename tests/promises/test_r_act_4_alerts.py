"""R-ACT-4, told at once: a refused attempt and a company that is new are a message, never a flood, never old news."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from kliento.domain.activity.models import Entry
from kliento.domain.alerts.models import Follower, Told
from kliento.domain.alerts.rules import MESSAGES_A_DAY
from kliento.domain.cards.actions import block_medium
from kliento.domain.cards.queries import media_of_person
from kliento.domain.consents.actions import SPECIAL_STORAGE, give_consent
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.rules import overstepping
from kliento.domain.people.actions import restrict_use
from kliento.domain.profile.actions import hide_value, set_value
from kliento.domain.sharing.actions import (
    end_expired_grants,
    end_grant,
    grant_special_field,
    pause_sharing,
    stop_company,
)
from kliento.domain.sharing.models import Grant
from kliento.domain.sharing.rules import LATELY
from tests.alerting import alerts_of, many_places, messages, told
from tests.blanks import blank_card, claimed, shown
from tests.declaring import reworded, running_by, without_alerts
from tests.domain.policy.declarations import default_text
from tests.taps import aino, cardholder, code_of, later, record, scan, share, tap
from tests.world import NOON, asked, kahvila_kaisa, kuntosali_kunto, relation_of

DAY = timedelta(days=1)


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa()


@pytest.fixture
def me(kaisa):
    """Known to the café, and told of it already."""
    person = aino()
    told()
    share(person, kaisa, "first_name")
    assert told() == 1
    return person


def newest(person):
    return messages(person)[0]


def test_asking_for_what_is_not_shared_is_told(me, kaisa):
    asked(kaisa, me, "phone")
    assert told() == 1
    message = newest(me)
    assert (message.kind, message.subject) == (
        "look_refused",
        "Kahvila Kaisa asked for more than you share with it",
    )
    assert f"/me/sharing/{kaisa.third_party_id}" in message.body
    assert "040" not in re.sub("<[^>]*>", "", message.body)  # an id in an address may have these digits


def test_asking_for_more_than_is_shared_is_told_too(me, kaisa):
    assert asked(kaisa, me, "first_name", "phone") == {"first_name": "Aino"}
    assert told() == 1


@pytest.mark.parametrize("reason", ["hidden", "restricted"])
def test_what_the_asker_cannot_know_is_no_overstepping(me, kaisa, reason):
    if reason == "hidden":
        hide_value(me.person_id, "first_name", by=me, at=NOON)
    else:
        restrict_use(me.person_id, by=me, at=NOON)
    assert asked(kaisa, me, "first_name") == {}
    assert told() == 0


def test_what_is_shared_only_while_one_is_there_is_no_overstepping(me, kaisa):
    give_consent(me.person_id, Choice(SPECIAL_STORAGE, field="allergies"), by=me, at=NOON)
    set_value(me.person_id, "allergies", "Pähkinä", by=me, at=NOON)
    asked(kaisa, me, "allergies")
    assert told() == 1
    grant_special_field(me.person_id, kaisa.third_party_id, "allergies", by=me, at=later(hours=1))
    assert asked(kaisa, me, "first_name", "allergies", at=NOON + DAY) == {"first_name": "Aino"}
    assert told(at=NOON + DAY) == 0


@pytest.mark.parametrize("reason", ["empty", "hidden", "restricted", "objected", "not_there"])
def test_a_reason_that_says_it_is_shared_is_no_overstepping(reason):
    assert overstepping({"withheld": {"allergies": reason, "phone": "not_chosen"}}) == {"phone"}


ENDINGS = {
    "ended": lambda me, kaisa: end_grant(me.person_id, kaisa.third_party_id, "first_name", by=me, at=NOON),
    "stopped": lambda me, kaisa: stop_company(me.person_id, kaisa.third_party_id, by=me, at=NOON),
    "ran out": lambda me, kaisa: end_expired_grants(at=NOON),
    "paused": lambda me, kaisa: pause_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_whoever_goes_on_asking_for_what_was_shared_is_told_of_only_a_month_after_it_ended(me, kaisa, ending):
    if ending == "ran out":
        Grant.objects.update(expires_at=NOON)
    ENDINGS[ending](me, kaisa)
    asked(kaisa, me, "first_name", at=NOON + LATELY - DAY)
    asked(kaisa, me, "first_name", at=NOON + LATELY)
    assert told(at=NOON + LATELY) == (0 if ending == "paused" else 1)
    assert "times so far" not in newest(me).body


def test_together_with_what_was_shared_the_rest_is_told(me, kaisa):
    pause_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    asked(kaisa, me, "first_name", "phone")
    assert told() == 1


def test_for_another_purpose_for_something_unknown_and_by_another_company_it_is_told(me, kaisa):
    asked(kaisa, me, "first_name", purpose="programme")
    assert told() == 1
    asked(kaisa, me, "first_name", "shoe_size", at=NOON + DAY)
    assert told(at=NOON + DAY) == 1
    asked(kuntosali_kunto(), me, "first_name", at=NOON + 2 * DAY)
    assert told(at=NOON + 2 * DAY) == 1


def test_what_was_shared_only_after_it_was_asked_for_is_told(me, kaisa):
    asked(kaisa, me, "phone")
    share(me, kaisa, "phone", at=later(seconds=20))
    assert told(at=later(minutes=1)) == 1


def test_words_that_changed_make_nobody_overstep_and_leave_room_for_a_stolen_code(settings, tmp_path, kaisa):
    running_by(default_text(), settings, tmp_path, at=NOON)
    person, places = aino(), many_places(MESSAGES_A_DAY)
    told()
    for each in places:
        share(person, each, "first_name")
    told()
    before = len(messages(person))
    running_by(reworded(default_text(), "serving"), settings, tmp_path, at=NOON)
    for each in places:
        assert asked(each, person, "first_name", at=NOON + DAY) == {}
    assert told(at=NOON + DAY) == 0
    for each in places:
        asked(each, person, "phone", at=NOON + DAY)
    assert told(at=NOON + DAY) == MESSAGES_A_DAY
    record([scan(code_of(person), occurred_at=NOON + DAY)], kaisa, at=NOON + DAY)
    assert told(at=NOON + DAY) == 1
    assert alerts_of(person)[0] == "card_refused"
    assert len(messages(person)) == before + MESSAGES_A_DAY + 1


def test_where_alerts_are_not_declared_nothing_is_told_neither_then_nor_later(me, kaisa, settings, tmp_path):
    running_by(without_alerts(default_text()), settings, tmp_path, at=NOON)
    asked(kaisa, me, "phone")
    assert told() == 0
    assert Follower.objects.get().next_index == Entry.objects.count()
    running_by(reworded(default_text(), "alerts"), settings, tmp_path, at=NOON)
    assert told() == 0
    asked(kaisa, me, "phone")
    assert told() == 1


def test_a_code_that_was_used_elsewhere_is_told(me, kaisa):
    code = code_of(me)
    record([scan(code)], kaisa)
    record([scan(code, occurred_at=later(seconds=5))], kuntosali_kunto(), at=later(seconds=5))
    assert told() == 1
    assert "had been used elsewhere" in newest(me).body


def test_an_old_code_is_told(me, kaisa):
    record([scan(code_of(me), occurred_at=later(minutes=5))], kaisa, at=later(minutes=5))
    assert told() == 1
    assert "An old code of your card was shown there." in newest(me).body


def test_a_blocked_medium_is_told(me, kaisa):
    code = code_of(me)
    [phone] = [medium for medium in media_of_person(me.person_id) if medium.kind == "phone"]
    block_medium(me.person_id, phone.id, by=me, at=NOON)
    record([scan(code)], kaisa)
    assert told() == 1
    assert "is blocked" in newest(me).body


def test_a_first_visit_is_told_with_the_number_and_without_alarm_and_the_next_one_is_not(me):
    kunto = kuntosali_kunto()
    tap(me, kunto)
    assert told() == 1
    message = newest(me)
    assert message.subject == "New: Kuntosali Kunto knows your card"
    number = relation_of(me, kunto).member_number
    assert f"member {number[:4]} {number[4:]}" in message.body
    assert "If it was you, you need do nothing." in message.body
    tap(me, kunto, at=later(hours=1))
    assert told(at=later(hours=1)) == 0


def test_many_attempts_are_one_message_a_day_that_says_how_many(me, kaisa):
    for _ in range(12):
        asked(kaisa, me, "phone")
    assert told() == 1
    assert "They asked 12 times so far." in newest(me).body
    for _ in range(5):
        asked(kaisa, me, "phone")
        assert told() == 0
    asked(kaisa, me, "phone", at=NOON + DAY)
    assert told(at=NOON + DAY) == 1


def test_many_companies_together_fill_no_messages_either(me):
    for number, place in enumerate(many_places(MESSAGES_A_DAY + 5)):
        tap(me, place, at=later(minutes=number))
        if number % 10 == 0:
            told()
    told()
    assert len(messages(me)) == MESSAGES_A_DAY
    assert Told.objects.count() == MESSAGES_A_DAY


def test_nobody_is_told_of_what_happened_before_it_began(kaisa):
    me = aino()
    asked(kaisa, me, "phone")
    tap(me, kaisa)
    assert told() == 0
    asked(kaisa, me, "phone")
    assert told() == 1


def test_restriction_does_not_stand_in_the_way(me, kaisa):
    restrict_use(me.person_id, by=me, at=NOON)
    asked(kaisa, me, "phone")
    told()
    assert "look_refused" in alerts_of(me)


def test_a_card_without_an_account_is_nobodys_and_its_claimer_is_not_told_of_earlier_visits(me):
    kunto, number = kuntosali_kunto(), blank_card()
    shown(number, kunto)
    assert told() == 0
    claimed(number, kunto, me, at=later(hours=1))
    assert told(at=later(hours=1)) == 0


def test_somebody_elses_attempts_are_not_ones_own(me, kaisa):
    other = cardholder("eino@example.fi", "Eino")
    asked(kaisa, other, "first_name")
    told()
    assert alerts_of(me) == ["newly_known"]
    assert alerts_of(other) == ["look_refused"]


def test_a_crash_between_reading_and_posting_repeats_and_loses_nothing(me, kaisa):
    kunto = kuntosali_kunto()
    asked(kaisa, me, "phone")
    tap(me, kunto)
    place = Follower.objects.get().next_index
    with connection.execute_wrapper(crash_at("alerts_told")), pytest.raises(RuntimeError):
        told()
    assert (Follower.objects.get().next_index, alerts_of(me)) == (place, ["newly_known"])
    assert told() == 2
    assert told() == 0
    assert sorted(alerts_of(me)) == ["look_refused", "newly_known", "newly_known"]


def crash_at(table: str):
    """A crash at the first row written there."""

    def wrapper(execute, sql, params, many, context):
        if sql.startswith(f'INSERT INTO "{table}"'):
            raise RuntimeError("crash")
        return execute(sql, params, many, context)

    return wrapper


def test_the_place_is_that_of_the_sealed_log_so_that_nothing_is_skipped(me, kaisa):
    asked(kaisa, me, "phone")
    told()
    assert Follower.objects.get().next_index == Entry.objects.count()
