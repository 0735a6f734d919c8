"""T-13: a clock that changes while Activity is sealed leaves nothing unsealed, and the seal whole."""

from datetime import timedelta

from django.db import transaction

from kliento.domain.activity.actions import record
from kliento.domain.activity.actions.sealing import begin_epoch
from kliento.domain.activity.models import Leaf
from kliento.domain.activity.queries.proving import newest_checkpoint
from kliento.domain.activity.rules import NewEntry
from kliento.domain.outbox.actions import run_due
from kliento.kernel.ids import new_id
from tests.sealed import wait_for_others
from tests.tampering import AT, found

AHEAD = AT + timedelta(days=400)


def entered(*, at) -> None:
    with transaction.atomic():
        record([NewEntry(new_id(), "data_downloaded", at)])
    wait_for_others()


def test_threat_13_a_clock_that_is_set_back_keeps_nothing_from_being_sealed(db):
    begin_epoch(at=AT)
    entered(at=AHEAD)
    run_due(at=AHEAD)
    witnessed = newest_checkpoint()
    entered(at=AT)  # it happened later, and says that it was earlier
    run_due(at=AT)
    assert Leaf.objects.count() == 4  # that the log began, and the notice in force, besides
    assert found(witnessed) == []
