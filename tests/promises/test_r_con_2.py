"""R-CON-2: signing up works with no consent at all, and asks for none along with anything else."""

from kliento.domain.consents.models import Event
from kliento.domain.people.models import Person
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.declaring import MARKETING, in_use, running_by
from tests.domain.policy.declarations import default_text
from tests.door import DOOR, begun, code_in, letters, registered
from tests.world import NOON, PASSWORD, kahvila_kaisa


def test_r_con_2_whoever_registers_has_agreed_to_nothing_and_can_use_everything(db, settings, tmp_path):
    running_by(in_use(default_text(), *MARKETING), settings, tmp_path, at=NOON)
    browser = registered("aino@example.fi")
    assert not Event.objects.exists()

    me = Person.objects.get()
    assert me.account_id
    person = PersonActor(me.id, me.account_id, "active")
    assert taps.tap(person, kahvila_kaisa(at=now()), at=now()).outcome == "identified"
    for page in ("/me/", "/me/activity", "/me/wallet", "/me/details", "/me/sharing", "/me/purposes"):
        assert browser.get(page).status_code == 200, page
    assert not Event.objects.exclude(kind="shown").exists()


def test_r_con_2_no_form_of_signing_up_has_a_box_to_tick_or_takes_one(db, client, settings, tmp_path):
    running_by(in_use(default_text(), *MARKETING), settings, tmp_path, at=NOON)
    assert "checkbox" not in client.get(f"{DOOR}register/").content.decode()
    begun(client, "aino@example.fi")
    answers = [
        ("code", {"code": code_in(letters()[0])}),
        ("age", {"age_band": "18_or_over"}),
        ("terms", {"version": "1"}),
        ("secret", {"password": PASSWORD}),
    ]
    for step, answer in answers:
        page = client.get(f"{DOOR}register/{step}").content.decode()
        assert "checkbox" not in page, step
        assert 'name="wording"' not in page, step
        assert client.post(f"{DOOR}register/{step}", {**answer, "direct_marketing": "on"}).status_code == 400, step
        assert client.post(f"{DOOR}register/{step}", answer).status_code == 302, step
    assert not Event.objects.exists()
