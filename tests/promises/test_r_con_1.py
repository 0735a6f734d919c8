"""R-CON-1: one unticked choice for each purpose and each channel we run, and for no other."""

import re

import pytest

from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.dispatch.rules import CHANNELS_RUN
from kliento.domain.policy.queries import register
from tests.choosing import agree
from tests.declaring import MARKETING, in_use, running_by
from tests.domain.policy.declarations import default_text
from tests.phone import phone_of
from tests.world import NOON, aino

PAGE = "/me/purposes"


@pytest.fixture
def me(db, settings, tmp_path):
    running_by(in_use(default_text(), *MARKETING), settings, tmp_path, at=NOON)
    return aino()


def switches(phone) -> dict[str, str]:
    """Each switch's address, and whether it is on."""
    text = phone.get(PAGE).content.decode()
    found = re.findall(r'action="(/me/choices/[^"]+)".*?aria-checked="(true|false)"', text, flags=re.S)
    return dict(found)


def test_r_con_1_each_purpose_and_channel_has_a_switch_of_its_own_and_none_is_on(me):
    offered = {
        f"/me/choices/{code}/{channel}"
        for code in (*MARKETING, "monthly_summary")
        for channel in register().purpose(code).channels
        if channel in CHANNELS_RUN
    }
    assert switches(phone_of(me)) == dict.fromkeys(offered, "false")


def test_r_con_1_a_switch_turns_itself_on_and_no_other(me):
    phone = phone_of(me)
    chosen = "/me/choices/direct_marketing/email"
    agree(phone, PAGE, at=chosen)
    assert [at for at, state in switches(phone).items() if state == "true"] == [chosen]
    assert standing(me.person_id) == {Choice("direct_marketing", "email")}


@pytest.mark.parametrize(
    "at",
    ["direct_marketing/sms", "direct_marketing/pigeon", "service/email", "special_storage/email", "curiosity/email"],
    ids=["a channel we do not run", "no channel", "no consent", "asked elsewhere", "undeclared"],
)
def test_r_con_1_nothing_else_can_be_agreed_to(me, at):
    assert phone_of(me).post(f"/me/choices/{at}", {"answer": "agree"}).status_code == 404
    assert standing(me.person_id) == frozenset()


def test_r_con_1_what_is_only_planned_is_not_asked_for(db):
    assert {at.split("/")[3] for at in switches(phone_of(aino()))} == {"monthly_summary"}
