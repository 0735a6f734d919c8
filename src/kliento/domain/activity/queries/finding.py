"""Finding entries in somebody's log: by company, group, field, days and words (docs/decisions/0033).

Everything narrows one subject's rows in the order of `activity_entry_dated` or `activity_entry_recipient_dated`. What
no index knows (fields, kinds, premises) is looked at row by row in the database, which stops when the page is full;
no row that does not fit is ever read here.
"""

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Func, Q, QuerySet, Value

from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries.kinds import load_kinds
from kliento.domain.activity.rules import Group, Sought, Word, declared_kinds
from kliento.kernel import sets


def fitting(entries: QuerySet[Entry], sought: Sought) -> QuerySet[Entry]:
    """Those of these entries that are sought."""
    if sought.recipient_id is not None:
        entries = entries.filter(recipient_id=sought.recipient_id)
    if sought.since is not None:
        entries = entries.filter(at__gte=sought.since)
    if sought.until is not None:
        entries = entries.filter(at__lt=sought.until)
    if sought.group is not None:
        entries = entries.filter(_in_group(sought.group))
    if sought.field:
        entries = entries.filter(_shows(sought.field) if sought.group == "looks" else _names(sought.field))
    for word in sought.words:
        entries = entries.filter(_said(word))
    return entries


def entered_since(subject_id: UUID, seq: int, *, sought: Sought) -> int:
    """The `seq` of what was entered last after the subject's entry `seq` and is sought; 0 when nothing was.

    One statement over what was entered since, for a page that is open. After an entry that is not theirs: 0.
    """
    entries = Entry.objects.filter(subject_id=subject_id)
    known = entries.filter(seq=seq).values("number")[:1]
    since = fitting(entries.filter(number__gt=known), sought)
    return since.order_by("-number").values_list("seq", flat=True).first() or 0


def recipients_named(subject_ids: Collection[UUID]) -> list[UUID]:
    """Every recipient these subjects' entries name. One statement with a step in the index for each of them, however
    many entries there are."""
    subjects, parameters = sets.given(connection, {"subject_id": "uuid"}, [(subject,) for subject in subject_ids])
    with connection.cursor() as cursor:
        cursor.execute(_NAMED.format(subjects=subjects), parameters)
        return [sets.identifier(found) for (found,) in cursor.fetchall()]


_NAMED = """
    WITH RECURSIVE named (subject_id, recipient_id) AS (
        SELECT subject_id, (
            SELECT entry.recipient_id FROM activity_entry AS entry
            WHERE entry.subject_id = subjects.subject_id AND entry.recipient_id IS NOT NULL
            ORDER BY entry.recipient_id LIMIT 1
        ) FROM {subjects} AS subjects
        UNION ALL
        SELECT subject_id, (
            SELECT entry.recipient_id FROM activity_entry AS entry
            WHERE entry.subject_id = named.subject_id AND entry.recipient_id > named.recipient_id
            ORDER BY entry.recipient_id LIMIT 1
        ) FROM named WHERE recipient_id IS NOT NULL
    )
    SELECT DISTINCT recipient_id FROM named WHERE recipient_id IS NOT NULL
"""


class _Lists(Func):
    """Whether a JSON list of texts holds this one."""

    output_field = BooleanField()
    template = "(%(expressions)s)"
    arg_joiner = " ? "

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """SQLite opens the list as a table."""
        template = "EXISTS (SELECT 1 FROM json_each(%(expressions)s)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") WHERE value = ", **context)


def _in_group(group: Group) -> Q:
    """Of that group by their kind; besides, a visit at which something was shown is a look, and an answer of which a
    part was refused is a refusal (R-ACT-4)."""
    load_kinds()
    fits = Q(kind__in=[code for code, kind in declared_kinds().items() if kind.group == group])
    if group == "looks":
        releasing = [code for code, kind in declared_kinds().items() if kind.releases]
        return fits | (Q(kind__in=releasing) & ~Q(fields=[]))
    return fits | Q(payload__has_key="withheld") if group == "refused" else fits


def _shows(field: str) -> Q:
    """That field was shown, among the looks; elsewhere shared or changed."""
    return Q(_Lists("fields", Value(field)))


def _names(field: str) -> Q:
    """About that field: shown, shared, changed, or asked for and refused."""
    return _shows(field) | Q(payload__withheld__has_key=field)


def _said(word: Word) -> Q:
    fits = [
        *(_in_group(group) for group in sorted(word.groups)),
        *(_names(field) for field in sorted(word.fields)),
        *(Q(kind=kind, **{f"payload__{key}": value for key, value in held}) for kind, held in word.sayings if held),
    ]
    if word.recipient_ids:
        fits.append(Q(recipient_id__in=word.recipient_ids))
    if word.premises_ids:
        fits.append(Q(payload__premises_id__in=[str(place) for place in word.premises_ids]))
    if word.purposes:
        fits.append(Q(purpose__in=word.purposes))
    if kinds := [kind for kind, held in word.sayings if not held]:
        fits.append(Q(kind__in=kinds))
    return reduce(or_, fits, Q(seq__in=[]))
