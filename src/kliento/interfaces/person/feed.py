"""Activity as the person reads it: what is told made into lines and pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kliento.domain.activity.queries import entered_last, entries_of, entry_of
from kliento.domain.activity.rules import EVERYTHING, EntryView, Sought
from kliento.domain.cards.queries import subjects_of
from kliento.domain.policy.queries import register
from kliento.domain.recipients.queries import RecipientName, names_of
from kliento.interfaces.person.reading import basis_in_words
from kliento.interfaces.person.telling import Told, same_visit, saw_until_then, shown_again, told, told_with
from kliento.kernel.actor import PersonActor
from kliento.web.reading import filled, label_of, labels_of, said, with_their_words


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the feed: an entry in words. `recipient` is None for the person's own acts and for Kliento's."""

    seq: int
    id: UUID
    at: datetime
    title: str
    note: str
    recipient_id: UUID | None
    recipient: RecipientName | None
    outcome: str
    tag: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The lines of one day under its heading: Today, Yesterday, or the date."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field that was asked for and not given, and why; the recipient was not told the reason."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Event:
    """One entry in full: who, where, what, why, on what basis, until when (R-ACT-2). `is_own`: the person did it."""

    line: Line
    kind: str
    is_own: bool
    codes: tuple[str, ...]
    purpose_code: str
    number: int | None
    fields: list[str]
    withheld: list[Withheld]
    undeclared_fields: int
    saw_until_then: list[str]
    purpose: str
    description: str
    basis: str
    until: datetime | None
    retention: str


def lines_of(person: PersonActor, *, sought: Sought = EVERYTHING, before: int | None = None, limit: int) -> list[Line]:
    """The person's newest lines, at most `limit`, all or those that are sought. At most five statements."""
    subjects = subjects_of(person.person_id)
    entries = entries_of(subjects, sought=sought, before=before, limit=limit)
    return _marked([_line(each) for each in told(entries)], entries, subjects)


def lines_about(person: PersonActor, company_id: UUID, company: RecipientName, *, limit: int) -> list[Line]:
    """The newest lines about one company for its own page, which does not say where. At most three statements."""
    subjects = subjects_of(person.person_id)
    entries = entries_of(subjects, recipient_id=company_id, limit=limit)
    lines = [_line(told_with(entry, names={company_id: company}, premises={})) for entry in entries]
    return _marked(lines, entries, subjects)


def by_day(lines: Sequence[Line], *, now: datetime) -> list[Day]:
    """The lines under a heading for each day, in the order they came."""
    days: list[Day] = []
    for line in lines:
        heading = _day(line.at, now=now)
        if not days or days[-1].heading != heading:
            days.append(Day(heading, []))
        days[-1].lines.append(line)
    return days


def entered_until(person: PersonActor) -> int:
    """The key of what was entered last; 0 when there is nothing. One statement.

    Nothing is entered under a card once it was claimed, so the person's own entries tell.

    An open page asks with it whether anything is new: what a till tells late is new, but not the newest by date.
    """
    return entered_last(person.person_id)


def just_entered(lines: Sequence[Line], *, entered: int) -> Line | None:
    """What an open page reads aloud: the line that was entered last, if it is among these."""
    return next((line for line in lines if line.seq == entered), None)


def event_of(person: PersonActor, entry_id: UUID) -> Event:
    """One entry of this person. Raises NotFound, for entries of others too."""
    entry = entry_of(subjects := subjects_of(person.person_id), entry_id)
    [each] = told([entry])
    [line] = _marked([_line(each)], [entry], subjects)
    declared = register()
    purpose = declared.purposes.get(entry.purpose)
    recipients = saw_until_then(entry)
    names = names_of(recipients) if recipients else {}
    return Event(
        line=line,
        kind=entry.kind,
        is_own=each.is_own,
        codes=entry.fields,
        purpose_code=entry.purpose,
        number=entry.number,
        fields=[label_of(field) for field in entry.fields],
        withheld=[Withheld(label_of(field), why) for field, why in each.reasons.items()],
        undeclared_fields=each.undeclared_fields,
        saw_until_then=[names[recipient].name for recipient in recipients if recipient in names],
        purpose=said(purpose.label) if purpose else "",
        description=said(purpose.description) if purpose else "",
        basis=basis_in_words(entry.basis, entry.fields, purpose=entry.purpose),
        until=entry.until,
        retention=said(declared.retention[purpose.retention].label) if purpose else "",
    )


def _marked(lines: list[Line], entries: Sequence[EntryView], subjects: Sequence[UUID]) -> list[Line]:
    """The lines; those of visits at which another card of the person's had been shown already say so."""
    again, mark = shown_again(entries, subjects), same_visit()
    return [replace(line, mark=mark) if line.id in again else line for line in lines]


def _line(each: Told) -> Line:
    entry, recipient = each.entry, each.recipient
    fields = entry.fields or tuple(each.reasons)
    line = with_their_words(str(each.reading.line).rstrip("."), recipient.language if recipient else "")
    return Line(
        seq=entry.seq,
        id=entry.id,
        at=entry.at,
        title=each.title,
        note=filled(_("%(line)s: %(fields)s"), line=line, fields=labels_of(fields)) if fields else line,
        recipient_id=entry.recipient_id,
        recipient=recipient,
        outcome=each.reading.outcome,
        tag=each.tag,
    )


def _day(at: datetime, *, now: datetime) -> str:
    passed = (localdate(now) - localdate(at)).days
    return {0: _("Today"), 1: _("Yesterday")}.get(passed) or date_format(localdate(at), "DATE_FORMAT")
