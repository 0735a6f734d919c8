"""R-DEL-3, notifying recipients (GDPR Art. 19): told in the portal and by mail, and the person sees how far it came.

The mail itself is tried with a real server in tests/domain/dispatch/test_telling.py.
"""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.dispatch.queries import mailbox
from kliento.domain.outbox.actions import work_off
from kliento.domain.profile.actions import hide_value, remove_value
from kliento.domain.rights.actions import close_account
from kliento.domain.sharing.actions import (
    confirm_deletion,
    end_expired_grants,
    end_grant,
    stop_company,
    take_back_confirmation,
)
from kliento.domain.sharing.queries import notices_of, open_notices
from kliento.kernel.clock import now
from tests.world import NOON, aino, asked, kahvila_kaisa, kuntosali_kunto, operator, relation_of, shares, stores

VALUE = "+358401239876"
UNTIL = NOON.replace(month=12)
ENDINGS = {
    "ended": lambda me, place: end_grant(me.person_id, place.third_party_id, "phone", by=me, at=NOON),
    "stopped": lambda me, place: stop_company(me.person_id, place.third_party_id, by=me, at=NOON),
    "removed": lambda me, _place: remove_value(me.person_id, "phone", by=me, at=NOON),
    "hidden": lambda me, _place: hide_value(me.person_id, "phone", by=me, at=NOON),
    "ran_out": lambda _me, _place: end_expired_grants(at=UNTIL),
    "account_closed": lambda me, _place: close_account(me, language="en", at=NOON),
}


def seen_by(place):
    """Aino, whose phone this company has seen."""
    me = shares(stores(aino(), phone=VALUE), place, "phone", until=UNTIL)
    assert asked(place, me, "phone") == {"phone": VALUE}
    return me


@pytest.mark.parametrize("reason", ENDINGS)
def test_whoever_saw_it_is_told_whatever_ended_it_and_nobody_else_is(db, reason):
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    me = shares(seen_by(kaisa), kunto, "phone", until=UNTIL)
    number = relation_of(me, kaisa).member_number
    ENDINGS[reason](me, kaisa)
    [notice] = open_notices(kaisa.third_party_id, limit=5)
    assert (notice.field, notice.reason, notice.member_number) == ("phone", reason, number)
    assert open_notices(kunto.third_party_id, limit=5) == []


@pytest.mark.parametrize("reason", ENDINGS)
def test_their_operators_get_mail_that_quotes_nothing(db, settings, reason):
    settings.EMAIL_BACKEND = "kliento.domain.dispatch.actions.mailbox.SealedMailbox"
    kaisa = kahvila_kaisa()
    kaisas = operator(kaisa)
    me = seen_by(kaisa)
    ENDINGS[reason](me, kaisa)
    work_off(at=max(now(), UNTIL))
    [letter] = [mail for mail in mailbox() if "Kahvila Kaisa" in mail.text]
    assert "/partner/notices" in letter.text
    assert not any(quoted in letter.text + letter.html for quoted in (VALUE, VALUE[1:], "phone", "aino"))
    [notice] = open_notices(kaisa.third_party_id, limit=5)
    assert notice.announced_at is not None
    confirm_deletion(notice.id, by=kaisas, at=UNTIL)
    assert open_notices(kaisa.third_party_id, limit=5) == []


def test_the_person_sees_not_yet_until_it_is_confirmed_and_again_once_that_is_taken_back(db):
    kaisa = kahvila_kaisa()
    kaisas = operator(kaisa)
    me = seen_by(kaisa)
    ENDINGS["ended"](me, kaisa)
    [notice] = notices_of(me.person_id, kaisa.third_party_id)
    assert notice.confirmed_at is None
    confirm_deletion(notice.id, by=kaisas, at=UNTIL)
    [notice] = notices_of(me.person_id, kaisa.third_party_id)
    assert notice.confirmed_at == UNTIL
    take_back_confirmation(notice.id, by=kaisas, at=UNTIL)
    [notice] = notices_of(me.person_id, kaisa.third_party_id)
    assert notice.confirmed_at is None
    said = [entry.kind for entry in entries_of([me.person_id]) if entry.kind.startswith("deletion")]
    assert said == ["deletion_taken_back", "deletion_confirmed"]
