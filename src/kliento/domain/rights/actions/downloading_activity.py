"""One's Activity, or what one looked for in it, for a file: an export, so it is entered before anything is read.

Read piece by piece, of whoever's facts are the person's at that moment: an account that is closed meanwhile, or a card
that is no longer theirs, gives nothing from then on.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from kliento.domain.activity.actions import record
from kliento.domain.activity.queries import entries_after
from kliento.domain.activity.rules import EntryView, NewEntry, Sought
from kliento.domain.cards.queries import subjects_of
from kliento.domain.gate.actions import RIGHTS
from kliento.domain.people.queries import lock_people
from kliento.domain.policy.queries import register
from kliento.domain.rights.rules import may_download
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound

AT_ONCE = 500


def download_activity(by: PersonActor, *, sought: Sought, at: datetime) -> Iterator[list[EntryView]]:
    """What is sought of the person's Activity, what happened last first, at most 500 entries at a time; two statements
    for each time. Also while restricted (R-PRO-1).

    The download is entered, durably, before the first entry is read; its own entry is in it, if it is sought. Raises
    NotFound for an account that is closed or being closed.
    """
    with transaction.atomic(durable=True):
        person = lock_people([by.person_id]).get(by.person_id)
        if person is None or not may_download(person.state):
            raise NotFound(code="unknown_person")
        basis = register().purpose(RIGHTS).basis
        record([NewEntry(by.person_id, "activity_downloaded", at, purpose=RIGHTS, basis=basis)])
    return _pieces(by, sought)


def _pieces(by: PersonActor, sought: Sought) -> Iterator[list[EntryView]]:
    last = None
    while piece := entries_after(subjects_of(by.person_id), last, sought=sought, limit=AT_ONCE):
        yield piece
        last = piece[-1]
