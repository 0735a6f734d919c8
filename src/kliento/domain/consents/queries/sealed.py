"""Events and states as the verification of Activity asks about them (`activity.queries.verifying.rows`).

An event is sealed with its entry; the states, which the gate obeys, must be what the events add up to.
"""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

from kliento.domain.activity.rules.rows import OwingRow, SealedRow, SealedRows
from kliento.domain.consents.events import KINDS
from kliento.domain.consents.models import Event, PastRetention
from kliento.domain.consents.queries.states import NOBODY, noted
from kliento.domain.consents.rules import row_hash
from kliento.kernel import sets
from kliento.kernel.rows import Among

# As the trigger of migration 0003 does, for all events at once. Its parameter stands for no recipient.
ADDED_UP = """
    SELECT subject_id, matter, purpose, channel, field, COALESCE(recipient_id, %s) AS recipient_id, kind,
           COALESCE((SELECT number FROM policy_notice WHERE version = notice_version), 0) AS notice_number,
           id AS event_id, at
    FROM (
        SELECT known.*, ROW_NUMBER() OVER (
            PARTITION BY subject_id, matter, purpose, channel, field, recipient_id ORDER BY at DESC, id DESC
        ) AS place
        FROM (
            SELECT each.*,
                   CASE WHEN kind IN ('objected', 'objection_ended') THEN 'objection' ELSE 'consent' END AS matter
            FROM consents_event AS each WHERE subject_id IS NOT NULL AND kind <> 'shown'
        ) AS known
    ) AS ranked
    WHERE place = 1
"""
# A notice may be published after the first event that names it: a state of number 0 has less force, never more.
_CONTRADICTIONS = f"""
    SELECT COALESCE(added.subject_id, stands.subject_id), COALESCE(added.purpose, stands.purpose),
           COALESCE(added.channel, stands.channel), COALESCE(added.field, stands.field)
    FROM ({ADDED_UP}) AS added
    FULL JOIN consents_state AS stands
        ON stands.subject_id = added.subject_id AND stands.matter = added.matter AND stands.purpose = added.purpose
        AND stands.channel = added.channel AND stands.field = added.field
        AND stands.recipient_id = added.recipient_id
    WHERE added.event_id IS NULL OR stands.event_id IS NULL OR stands.event_id <> added.event_id
        OR stands.kind <> added.kind OR stands.at <> added.at
        OR stands.notice_number NOT IN (0, added.notice_number)
"""  # noqa: S608 # put together from constants


def _rows(ids: Collection[UUID]) -> dict[UUID, SealedRow]:
    run_out = PastRetention.objects.values_list("before", flat=True).first()
    return {
        event.id: SealedRow(
            hash=row_hash(noted(event)),
            subject_id=event.subject_id,
            may_be_nobodys=event.kind == Event.Kind.REFUSED and run_out is not None and event.at < run_out,
        )
        for event in Event.objects.filter(id__in=Among(ids))
    }


def _owing() -> Iterator[OwingRow]:
    events = Event.objects.filter(subject_id__isnull=False, kind__in=KINDS).order_by("subject_id", "at")
    columns = ("id", "subject_id", "kind", "recipient_id", "at")
    for event_id, subject_id, kind, recipient_id, at in events.values_list(*columns).iterator(chunk_size=2000):
        if subject_id is not None:
            yield OwingRow(event_id, subject_id, KINDS[kind], recipient_id, at)


def _contradictions() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_CONTRADICTIONS, [UUIDField().get_db_prep_value(NOBODY, connection)])
        while found := cursor.fetchmany(1000):
            for subject_id, *choice in found:
                words = ", ".join(filter(None, choice))
                yield f"how {words} stands for subject {sets.identifier(subject_id)}"


SEALED_ROWS = {"event": SealedRows(rows=_rows, owing=_owing, contradictions=_contradictions)}
"""Events are sealed with their Activity entries."""
