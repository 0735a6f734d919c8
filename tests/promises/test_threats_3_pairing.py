"""T-3, the part of the till: a code made in the portal pairs one device, at one place, for a day."""

import re
from datetime import timedelta

import pytest

from kliento.domain.recipients.actions import pair_terminal
from kliento.domain.recipients.models import PairingCode, Terminal, ThirdParty
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from tests.portal import operator, portal_of
from tests.world import Place, kahvila_kaisa


@pytest.fixture
def kaisa(db) -> Place:
    return kahvila_kaisa(at=now())


def made(kaisa: Place) -> str:
    """A code as the portal shows it."""
    page = portal_of(operator(kaisa)).post(f"/partner/premises/{kaisa.premises_id}/pairing").content.decode()
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page)
    assert found
    return found[0]


def test_threat_3_a_pairing_code_is_good_once_and_for_the_place_it_was_made_for(kaisa: Place) -> None:
    code = made(kaisa)
    terminal, _ = pair_terminal(code, name="Till 2", at=now())
    assert Terminal.objects.get(id=terminal.id).premises_id == kaisa.premises_id
    with pytest.raises(Invalid):
        pair_terminal(code, name="Till 3", at=now())


def test_threat_3_a_pairing_code_runs_out_after_a_day(kaisa: Place) -> None:
    code = made(kaisa)
    with pytest.raises(Invalid):
        pair_terminal(code, name="Till 2", at=now() + timedelta(days=1))
    assert code not in str([bytes(row) for row in PairingCode.objects.values_list("code_hash", flat=True)])


def test_threat_3_a_suspended_company_pairs_nothing(kaisa: Place) -> None:
    code = made(kaisa)
    ThirdParty.objects.update(state=ThirdParty.State.SUSPENDED)
    with pytest.raises(Invalid):
        pair_terminal(code, name="Till 2", at=now())
