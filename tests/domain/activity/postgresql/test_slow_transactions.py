"""Writers beside each other: a transaction that takes its time is waited for. SQLite has one writer at a time."""

import threading

from django.db import connections, transaction

from kliento.domain.activity.actions.sealing import seal
from kliento.domain.activity.models import Entry
from kliento.kernel.ids import new_id
from tests import sealed
from tests.domain.activity.test_sealing import AT, recorded, sealed_ids


def test_a_slow_transaction_is_not_skipped(db):
    sealed.seal(at=AT)
    aino, eino = new_id(), new_id()
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        try:
            with transaction.atomic():
                recorded(aino)
                begun.set()
                go_on.wait(20)
        finally:
            connections.close_all()

    slow = threading.Thread(target=slowly)
    slow.start()
    begun.wait(20)
    [quick] = recorded(eino)
    assert seal(at=AT) == 0  # what came after waits for what may still come before
    go_on.set()
    slow.join()
    assert sealed.seal(at=AT) == 2
    [late] = Entry.objects.filter(subject_id=aino).values_list("id", flat=True)
    assert sealed_ids()[-2:] == [late, quick]
