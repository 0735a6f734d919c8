"""A yes to the new words while the old one is noted as outdated stands. SQLite has one writer at a time."""

import threading
import time

from django.db import connections, transaction

from kliento.domain.consents.actions import give_consent, note_outdated
from kliento.domain.consents.queries import history_of, standing
from kliento.domain.consents.rules import Choice
from tests.declaring import reworded, running_by
from tests.domain.policy.declarations import default_text
from tests.world import NOON, aino

EMAIL = Choice("monthly_summary", "email")


def test_a_yes_given_meanwhile_stands(db, settings, tmp_path):
    running_by(default_text(), settings, tmp_path, at=NOON)
    me = aino()
    give_consent(me.person_id, EMAIL, by=me, at=NOON)
    running_by(reworded(default_text(), "monthly_summary"), settings, tmp_path, at=NOON)
    held = threading.Event()

    def agrees_slowly() -> None:
        try:
            with transaction.atomic():
                give_consent(me.person_id, EMAIL, by=me, at=NOON)
                held.set()
                time.sleep(0.5)  # the other one has found the old yes by then, and waits for the person
        finally:
            connections.close_all()

    person = threading.Thread(target=agrees_slowly)
    person.start()
    held.wait(20)
    noted = note_outdated(at=NOON)
    person.join()
    assert noted == 0
    assert standing(me.person_id) == {EMAIL}
    assert [event.kind for event in history_of(me.person_id)] == ["given", "given"]
