"""What is shared until a day: reminded a week before, once for each end chosen."""

from datetime import timedelta

from kliento.domain.outbox.models import Item
from kliento.domain.sharing.actions import change_end, end_grant, remind_of_ends
from tests.world import NOON, aino, kahvila_kaisa, kuntosali_kunto, shares

IN_A_MONTH = NOON + timedelta(days=30)
A_WEEK_BEFORE = IN_A_MONTH - timedelta(days=7)


def reminders() -> int:
    return Item.objects.filter(kind="sharing_ends").count()


def test_a_week_before_the_end_one_reminder_goes_out_for_each_company(db):
    me, kaisa, kunto = aino(), kahvila_kaisa(), kuntosali_kunto()
    shares(me, kaisa, "phone", "nickname", until=IN_A_MONTH)
    shares(me, kunto, "phone", until=IN_A_MONTH)
    assert remind_of_ends(at=A_WEEK_BEFORE - timedelta(minutes=1)) == 0
    assert remind_of_ends(at=A_WEEK_BEFORE) == 3
    assert reminders() == 2
    assert remind_of_ends(at=A_WEEK_BEFORE + timedelta(hours=1)) == 0


def test_another_end_is_reminded_of_again(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone", until=IN_A_MONTH)
    remind_of_ends(at=A_WEEK_BEFORE)
    later = IN_A_MONTH + timedelta(days=30)
    change_end(me.person_id, kaisa.third_party_id, "phone", until=later, by=me, at=A_WEEK_BEFORE)
    assert remind_of_ends(at=A_WEEK_BEFORE) == 0
    assert remind_of_ends(at=later - timedelta(days=7)) == 1


def test_nobody_is_reminded_of_what_ends_within_a_week_anyway_or_has_ended(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone", until=NOON + timedelta(days=3))
    shares(me, kaisa, "nickname", until=IN_A_MONTH)
    change_end(me.person_id, kaisa.third_party_id, "nickname", until=NOON + timedelta(days=2), by=me, at=NOON)
    shares(me, kaisa, "first_name", until=IN_A_MONTH)
    end_grant(me.person_id, kaisa.third_party_id, "first_name", by=me, at=NOON)
    assert remind_of_ends(at=NOON) == 0
    assert remind_of_ends(at=A_WEEK_BEFORE) == 0
