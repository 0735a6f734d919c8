"""R-CON-4: taking a consent back takes no more steps than giving it, and works at once."""

from kliento.domain.consents.queries import standing
from tests.choosing import agree
from tests.declaring import MARKETING, in_use, running_by
from tests.domain.policy.declarations import default_text
from tests.phone import phone_of
from tests.world import NOON, aino

PAGE, SWITCH = "/me/purposes", "/me/choices/direct_marketing/email"


def test_r_con_4_one_press_of_the_same_button_takes_it_back(db, settings, tmp_path):
    running_by(in_use(default_text(), *MARKETING), settings, tmp_path, at=NOON)
    me = aino()
    phone = phone_of(me)
    agree(phone, PAGE, at=SWITCH)
    assert standing(me.person_id)
    button = phone.get(PAGE).content.decode().split(f'action="{SWITCH}"')[1].split("</form>")[0]
    assert 'name="answer" value="withdraw"' in button
    assert phone.post(SWITCH, {"answer": "withdraw"})["Location"] == PAGE  # no words need be read again for a no
    assert standing(me.person_id) == frozenset()


def test_r_con_4_of_two_tabs_the_last_word_counts_and_both_are_kept(db, settings, tmp_path):
    running_by(in_use(default_text(), *MARKETING), settings, tmp_path, at=NOON)
    me = aino()
    first, second = phone_of(me), phone_of(me)
    agree(first, PAGE, at=SWITCH)
    second.post(SWITCH, {"answer": "refuse"})  # its page still shows the switch off
    assert standing(me.person_id) == frozenset()
    agree(first, PAGE, at=SWITCH)
    assert len(standing(me.person_id)) == 1
    said = phone_of(me).get("/me/choices").content.decode()
    assert said.count("You agreed:") == 2
    assert said.count("You took it back:") == 1
