"""R-SEC-1 at the door: of who knocks, neither address, network address nor browser is left in clear anywhere."""

import logging

import pytest
from django.test import Client

from kliento.domain.accounts.models import Session
from tests import canary
from tests.databases import Databases
from tests.door import DOOR, begun, registered, signs_in
from tests.world import PASSWORD

PLANTED = {
    "address": "Kanaria.Ovella@linnut.example",
    "unknown": "kanaria.vieras@linnut.example",
    "network address": "203.0.113.177",
    "browser": "Kanaria/7.31",
    "password": PASSWORD,
    "wrong password": "kanarian arvaus",
}
AGENT = f"Mozilla/5.0 (X11; Linux x86_64; {PLANTED['browser']}) Chrome/142.0.0.0"


def test_knocking_leaves_nothing_in_clear(
    db: Databases, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    aino = registered(PLANTED["address"], **{"User-Agent": AGENT})
    stranger = Client(headers={"User-Agent": AGENT}, REMOTE_ADDR=PLANTED["network address"])
    for address in (PLANTED["address"], PLANTED["unknown"]):
        assert not signs_in(stranger, address, PLANTED["wrong password"])
        begun(stranger, address)
        stranger.post(f"{DOOR}reset/", {"email": address})
    assert signs_in(stranger, PLANTED["address"])
    assert aino.get(f"{DOOR}security/").status_code == 200

    assert {row.device for row in Session.objects.exclude(account=None)} == {"Chrome, Linux"}
    assert canary.finds(PLANTED, db) == []
    printed = "".join([*capfd.readouterr(), caplog.text, *(str(record.__dict__) for record in caplog.records)])
    assert canary.names_in(printed.encode(), PLANTED) == []
