"""One file at a time for each company: a crash frees the place, and nobody else waits."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections

from kliento.domain.recipients.actions import begin_file, end_file, keep_file
from kliento.domain.recipients.models import FileUnderWay
from kliento.domain.recipients.rules import FILE_HELD
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict
from tests.databases import Databases
from tests.portal import operator
from tests.world import kahvila_kaisa, kuntosali_kunto

CRASH = """
import os, signal
from uuid import UUID
import django
django.setup()
from kliento.domain.recipients.actions import begin_file
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import now
account, company, row = map(UUID, os.environ["WHO"].split())
begin_file(OperatorActor(account, company, row, "owner"), at=now())
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def kaisa(db: Databases) -> OperatorActor:
    return operator(kahvila_kaisa(at=now()))


def test_a_second_file_waits_for_the_first_and_another_company_does_not(kaisa: OperatorActor) -> None:
    kunto = operator(kuntosali_kunto(at=now()), address="kunto@example.fi")
    first = begin_file(kaisa, at=now())

    with pytest.raises(Conflict) as refusal:
        begin_file(kaisa, at=now())
    assert refusal.value.code == "file_under_way"
    begin_file(kunto, at=now())
    end_file(first)
    begin_file(kaisa, at=now())


def test_of_those_who_come_at_once_one_gets_through(kaisa: OperatorActor) -> None:
    def begun(_: int) -> UUID | None:
        try:
            return begin_file(kaisa, at=now())
        except Conflict:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        got = [file_id for file_id in pool.map(begun, range(6)) if file_id]

    assert got == [FileUnderWay.objects.get().id]


def test_a_process_that_dies_frees_the_place_in_time(kaisa: OperatorActor, db: Databases) -> None:
    who = f"{kaisa.account_id} {kaisa.third_party_id} {kaisa.operator_id}"
    environment = {**os.environ, **db.environment, "DJANGO_SETTINGS_MODULE": "kliento.config.settings", "WHO": who}
    dead = subprocess.run([sys.executable, "-c", CRASH], env=environment, timeout=60, check=False)
    assert dead.returncode == -signal.SIGKILL
    held = FileUnderWay.objects.get().until

    with pytest.raises(Conflict):
        begin_file(kaisa, at=held - timedelta(seconds=1))
    assert held <= now() + FILE_HELD
    begin_file(kaisa, at=held)


def test_a_file_that_is_still_sent_keeps_its_place_and_one_that_stood_still_has_lost_it(kaisa: OperatorActor) -> None:
    at = now()
    slow = begin_file(kaisa, at=at)
    keep_file(slow, at=at + FILE_HELD)
    with pytest.raises(Conflict):
        begin_file(kaisa, at=at + FILE_HELD + timedelta(seconds=1))

    following = begin_file(kaisa, at=at + 2 * FILE_HELD)

    with pytest.raises(Conflict):
        keep_file(slow, at=at + 2 * FILE_HELD)
    end_file(slow)
    assert FileUnderWay.objects.get().id == following
