"""R-OBJ-1: objection (Art. 21) to what rests on legitimate interest: at once, without a reason, never refused."""

import pytest

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.consents.actions import object_to
from kliento.domain.policy.queries import register
from kliento.kernel.clock import now
from tests.phone import phone_of
from tests.programs import PROGRAMS, regular
from tests.taps import restricted
from tests.world import NOON, aino, minna

SECURITY = "security"  # keeping accounts safe is in the person's own interest, and compelling (Art. 21(1))


def test_whatever_rests_on_an_interest_can_be_objected_to_but_the_safety_of_accounts(db):
    resting = {code for code, each in register().purposes.items() if each.basis == "legitimate_interest"}
    assert {code for code in resting if not register().is_objectionable(code)} == {SECURITY}


@pytest.mark.parametrize("purpose", PROGRAMS)
def test_the_gate_obeys_on_the_next_request(db, purpose):
    me = regular()
    phone = phone_of(me)
    assert PROGRAMS[purpose](me)
    phone.post(f"/me/purposes/{purpose}/objection")
    assert not PROGRAMS[purpose](me)
    phone.post(f"/me/purposes/{purpose}/objection-ending")
    assert PROGRAMS[purpose](me)


@pytest.mark.parametrize("who", [aino, minna, lambda: restricted(aino())], ids=["adult", "minor", "restricted"])
@pytest.mark.parametrize("code", register().objections)
def test_nobody_is_refused_and_no_reason_is_asked(db, who, code):
    me = who()
    phone = phone_of(me)
    assert phone.post(f"/me/purposes/{code}/objection").status_code == 302
    assert 'aria-checked="true"' in phone.get("/me/purposes").content.decode()


@pytest.mark.parametrize("code", register().objections)
def test_it_is_entered_in_activity_by_its_name(db, code):
    me = aino()
    object_to(me.person_id, code, by=me, at=NOON)
    object_to(me.person_id, code, by=me, at=now())  # again: no second entry
    [entry] = [each for each in entries_of([me.person_id]) if each.kind == "objection_made"]
    assert register().objections[code].label.en in str(reading_of(entry).line)
