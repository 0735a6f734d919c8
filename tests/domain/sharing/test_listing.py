"""The members a third party knows, page by page, in one statement."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kliento.domain.sharing.actions import erase_person, grant_field, open_relationships
from kliento.domain.sharing.queries import members_of
from kliento.kernel.ids import new_id
from tests.world import NOON, aino, kahvila_kaisa, kuntosali_kunto


def opened(place, *, many: int) -> list:
    """Relationships, the newest first; the last two began at the same moment."""
    moments = [NOON - timedelta(minutes=min(number, many - 2)) for number in range(many)]
    return [
        relation
        for moment in moments
        for relation in open_relationships([(new_id(), place.third_party_id)], at=moment).values()
    ]


def test_members_come_newest_first_with_what_they_share_in_one_statement(db):
    kaisa, me = kahvila_kaisa(), aino()
    older = opened(kaisa, many=3)
    for field in ("phone", "nickname"):
        grant_field(me.person_id, kaisa.third_party_id, field, by=me, at=NOON + timedelta(hours=1))
    with CaptureQueriesContext(connection) as captured:
        [first, *others] = members_of(kaisa.third_party_id, limit=50)
    assert len(captured) == 1
    assert first.granted("serving", at=NOON) == {"phone", "nickname"}
    assert {one.relationship_id for one in others} == {one.relationship_id for one in older}
    assert [one.since_at for one in others] == sorted((one.since_at for one in older), reverse=True)


def test_pages_follow_each_other_without_a_gap_or_a_repeat(db):
    kaisa = kahvila_kaisa()
    everybody = {one.relationship_id for one in opened(kaisa, many=7)}
    read, before = [], None
    while page := members_of(kaisa.third_party_id, before=before, limit=2):
        read += [one.relationship_id for one in page]
        before = (page[-1].since_at, page[-1].relationship_id)
    assert len(read) == len(everybody) == 7
    assert set(read) == everybody


def test_nobody_sees_the_members_of_another(db):
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    opened(kaisa, many=3)
    assert members_of(kunto.third_party_id, limit=50) == []


def test_a_number_is_found_by_how_it_begins(db):
    kaisa = kahvila_kaisa()
    one, *_others = opened(kaisa, many=4)
    found = members_of(kaisa.third_party_id, number=one.member_number, limit=50)
    assert [member.relationship_id for member in found] == [one.relationship_id]
    some = members_of(kaisa.third_party_id, number=one.member_number[:1], limit=50)
    assert {member.member_number[0] for member in some} == {one.member_number[0]}
    for nonsense in ("x", "\0", "123456789", "1%", "１"):
        assert members_of(kaisa.third_party_id, number=nonsense, limit=50) == []


def test_whoever_left_is_not_among_them(db):
    kaisa, me = kahvila_kaisa(), aino()
    grant_field(me.person_id, kaisa.third_party_id, "phone", by=me, at=NOON)
    erase_person(me.person_id, at=NOON)
    assert members_of(kaisa.third_party_id, limit=50) == []
