"""R-REG-1 (persons): a visitor creates no person; an unfinished sign-up is purged, its address and key with it."""

from datetime import timedelta

import pytest
from django.test import Client

from kliento.domain.accounts.actions import purge_signups
from kliento.domain.accounts.models import Account, PendingSignup
from kliento.domain.accounts.rules.codes import CODE_GOOD_FOR, LAST_STEP
from kliento.domain.accounts.tasks import PERIODIC
from kliento.domain.cards.models import Card
from kliento.domain.people.models import Person
from kliento.domain.vault.models import DataKey, Value
from kliento.kernel.clock import now
from tests import canary
from tests.databases import Databases
from tests.door import DOOR, begun, code_in, letters
from tests.world import PASSWORD

STEPS = ["code", "age", "terms", "secret"]
ADDRESS = "kesken.jaanyt@example.fi"


def up_to(last: str) -> Client:
    """A visitor who has reached this step and does not answer it."""
    visitor = Client()
    begun(visitor, ADDRESS)
    answers = {"code": {"code": code_in(letters()[0])}, "age": {"age_band": "18_or_over"}, "terms": {"version": "1"}}
    for step in STEPS[: STEPS.index(last)]:
        visitor.post(f"{DOOR}register/{step}", answers[step])
    assert visitor.get(f"{DOOR}register/{last}").status_code == 200
    return visitor


def test_looking_around_creates_nobody(client: Client, db: Databases) -> None:
    for page in ("/", "/terms", "/register-description", DOOR, f"{DOOR}register/", f"{DOOR}reset/", "/me/"):
        client.get(page)
    assert not Person.objects.exists()
    assert not Account.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_who_stops_half_way_is_nobody_and_leaves_nothing(step: str, db: Databases) -> None:
    visitor = up_to(step)
    assert not Person.objects.exists()
    assert not Account.objects.exists()
    assert not Card.objects.exists()

    purge_signups(at=now() + CODE_GOOD_FOR + LAST_STEP)

    assert not PendingSignup.objects.exists()
    assert not Value.objects.exists()
    assert not DataKey.objects.exists()
    assert canary.finds({"address": ADDRESS}, db) == []
    assert visitor.post(f"{DOOR}register/{step}", {}).url == f"{DOOR}register/"


def test_a_sign_up_that_is_under_way_is_not_purged(db: Databases) -> None:
    visitor = up_to("secret")
    assert purge_signups(at=now() + CODE_GOOD_FOR - timedelta(minutes=1)) == 0
    visitor.post(f"{DOOR}register/secret", {"password": PASSWORD})
    assert Person.objects.count() == 1


def test_the_purge_runs_by_itself() -> None:
    every, _purge = PERIODIC["accounts.purge_signups"]
    assert every <= timedelta(hours=1)
