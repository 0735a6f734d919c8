"""`kliento third-party` and `kliento terminal`: from nothing to a till that may ask."""

import getpass
import json

import pytest

from kliento.domain.outbox.actions import run_due
from kliento.domain.recipients.models import Operator, Terminal, ThirdParty
from kliento.domain.recipients.queries import terminal_actor
from kliento.interfaces.commands import entry
from kliento.kernel.clock import now
from tests import world
from tests.domain.policy.declarations import default_text

ADD = ["third-party", "add", "Kahvila Kaisa", "--business-id", "2345678-0"]
APPROVE = ["third-party", "approve", "Kahvila Kaisa", "--arrangement", "Each for itself.", "--signed-on", "2026-01-07"]


@pytest.fixture
def kliento(db, capsys):
    """The command line in this process: status and what it printed."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = entry.run(arguments)
        said = capsys.readouterr()
        return status, said.out.strip(), said.err.strip()

    return run


def test_from_nothing_to_a_paired_till_and_out_again(kliento, client):
    assert kliento(*ADD)[0] == 0
    assert kliento(*APPROVE)[0] == 0
    assert kliento("third-party", "premises", "2345678-0", "Töölö")[0] == 0
    status, code, _ = kliento("terminal", "code", "kahvila kaisa", "töölö")
    assert status == 0
    body = json.dumps({"code": code, "name": "Kassa 1"})
    paired = client.post("/api/v1/terminals", body, content_type="application/json").json()
    assert terminal_actor(paired["secret"])
    assert "Kassa 1  paired" in kliento("terminal", "list")[1]
    assert "Kahvila Kaisa  2345678-0  FI  approved" in kliento("third-party", "list")[1]
    assert kliento("terminal", "revoke", str(paired["terminal_id"]))[0] == 0
    assert Terminal.objects.get().revoked_at is not None


def test_outside_the_eea_the_approval_says_what_data_goes_there_on(kliento, settings, tmp_path):
    named = default_text().replace('["EEA"]', '["EEA", "GB"]\ntransfer_mechanism = "binding_corporate_rules"')
    settings.KLIENTO_POLICY = tmp_path / "register.toml"
    settings.KLIENTO_POLICY.write_text(named)
    approve = [*APPROVE[:2], "Corner Shop", *APPROVE[3:]]
    assert kliento(*ADD[:2], "Corner Shop", "--business-id", "980780684", "--country", "GB")[0] == 0
    assert kliento(*approve)[0] == 1
    rests_on = ["--transfer-mechanism", "binding_corporate_rules", "--transfer-reference", "BCR 7"]
    assert kliento(*approve, *rests_on, "--transfer-dated", "2026-01-07")[0] == 0
    shop = ThirdParty.objects.get()
    assert (shop.state, shop.transfer_mechanism, shop.transfer_reference) == (
        "approved",
        "binding_corporate_rules",
        "BCR 7",
    )
    assert "### Corner Shop" in kliento("policy", "render")[1]
    assert "BCR 7, 2026-01-07" in kliento("policy", "render")[1]


def test_a_company_is_stopped_and_goes_on(kliento):
    assert kliento(*ADD)[0] == 0
    assert kliento("third-party", "suspend", "Kahvila Kaisa")[0] == 1
    assert kliento(*APPROVE)[0] == 0
    assert kliento("third-party", "suspend", "Kahvila Kaisa")[0] == 0
    assert "Kahvila Kaisa  2345678-0  FI  suspended" in kliento("third-party", "list")[1]
    assert kliento("third-party", "resume", "2345678-0")[0] == 0
    assert ThirdParty.objects.get().state == "approved"
    assert "stopped" not in kliento("third-party", "list")[1]


def test_who_stopped_a_company_and_when_is_noted_and_said(kliento):
    kliento(*ADD)
    kliento(*APPROVE)
    assert kliento("third-party", "suspend", "Kahvila Kaisa", "--by", " ")[0] == 1
    assert kliento("third-party", "suspend", "Kahvila Kaisa", "--by", "Reija Rekisteri")[0] == 0
    stopped = f"stopped {now():%Y-%m-%d}"
    assert kliento("third-party", "suspend", "Kahvila Kaisa")[0] == 0  # by the system's user, too late
    for verb in (("third-party", "list"), ("doctor",)):
        [line] = [line for line in kliento(*verb)[1].splitlines() if stopped in line]
        assert line.endswith("UTC by Reija Rekisteri")
    kliento("third-party", "resume", "Kahvila Kaisa")
    kliento("third-party", "suspend", "Kahvila Kaisa")
    assert ThirdParty.objects.get().suspended_by == getpass.getuser()
    assert kliento(*APPROVE)[0] == 0
    assert ThirdParty.objects.get().suspended_at is None


def test_the_doctor_names_whom_the_declaration_does_not_cover(kliento, settings, tmp_path):
    assert kliento(*ADD)[0] == 0
    assert kliento(*APPROVE)[0] == 0
    assert "the declaration covers all that are approved" in kliento("doctor")[1]
    settings.KLIENTO_POLICY = tmp_path / "register.toml"
    settings.KLIENTO_POLICY.write_text(default_text().replace('["EEA"]', '["SE"]'))
    status, said, _ = kliento("doctor")
    assert status == 1
    assert "WRONG  third party Kahvila Kaisa (FI)" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["third-party", "add", "X", "--business-id", "2345678-1"], "business ID"),
        (["third-party", "add", "X", "--business-id", "2345678-0", "--country", "US"], "European Economic Area"),
        (APPROVE, "No third party"),
        (["terminal", "code", "Nobody", "Nowhere"], "No third party"),
        (["terminal", "revoke", "019aaf3c-7f00-7c3e-9c2a-5b1d6f0e8a11"], "no such terminal"),
    ],
)
def test_what_is_refused_says_why_and_is_no_success(kliento, arguments, said):
    status, _, error = kliento(*arguments)
    assert status == 1
    assert said in error
    assert not ThirdParty.objects.exists()


@pytest.mark.parametrize("arguments", [["third-party"], ["third-party", "add"], ["terminal", "revoke", "till"]])
def test_wrong_use_is_two(kliento, arguments):
    assert kliento(*arguments)[0] == 2


def test_somebody_with_an_account_is_let_work_there_once(kliento):
    aino = world.aino()
    kliento(*ADD)
    status, said, _ = kliento("third-party", "operator", "Kahvila Kaisa", "AINO@example.fi", "--role", "owner")
    assert (status, said) == (0, "That account is now owner at Kahvila Kaisa.")
    assert Operator.objects.get().account_id == aino.account_id
    assert kliento("third-party", "operator", "Kahvila Kaisa", "aino@example.fi")[0] == 1
    status, _, error = kliento("third-party", "operator", "Kahvila Kaisa", "nobody@example.fi")
    assert status == 1
    assert "No account signs in" in error


def test_no_approval_without_an_arrangement(kliento):
    kliento(*ADD)
    status, _, error = kliento(*APPROVE[:3], "--arrangement", " ", "--signed-on", "2026-01-07")
    assert status == 1
    assert "role arrangement" in error


def test_what_recipients_cards_and_visits_forget_is_forgotten_in_the_background(db):
    ran = run_due(at=now())
    assert {"recipients.purge_pairing_codes", "cards.purge_spent_codes", "visits.purge_scans"} <= set(ran)
