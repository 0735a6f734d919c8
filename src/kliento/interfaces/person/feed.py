"""Activity as the person reads it: entries made into lines and pages. Wording of the page only; kinds say the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kliento.domain.activity.queries import entered_last, entries_of, entry_of, reading_of
from kliento.domain.activity.rules import EVERYTHING, EntryView, Sought
from kliento.domain.cards.queries import subjects_of
from kliento.domain.gate.queries import reasons_of
from kliento.domain.policy.queries import register
from kliento.domain.recipients.queries import RecipientName, names_of, premises_names
from kliento.domain.visits.queries import entries_of_same_visits
from kliento.interfaces.person.reading import basis_in_words
from kliento.kernel.actor import PersonActor
from kliento.web.reading import filled, label_of, labels_of, said, with_their_words

VISIT = "visit"
# What the person did themself, though the entry is about a company: "Who" then says "You". (A loyalty card can also be
# put away by the issuer's closing its programme; its payload says so.)
OWN_ACTS = frozenset(
    {
        "sharing_started",
        "sharing_ended",
        "sharing_end_changed",
        "sharing_paused",
        "sharing_resumed",
        "consent_given",
        "consent_refused",
        "consent_withdrawn",
        "question_refused",
        "loyalty_card_taken",
        "loyalty_card_put_away",
        "loyalty_card_changed",
        "visit_disputed",
        "card_claimed",
    }
)


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
    return _marked(_lines(entries), entries, subjects)


def lines_about(person: PersonActor, company_id: UUID, company: RecipientName, *, limit: int) -> list[Line]:
    """The newest lines about one company for its own page, which does not say where. At most three statements."""
    subjects = subjects_of(person.person_id)
    entries = entries_of(subjects, recipient_id=company_id, limit=limit)
    return _marked([_line(entry, names={company_id: company}, premises={}) for entry in entries], entries, subjects)


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
    line = _marked(_lines([entry]), [entry], subjects)[0]
    declared = register()
    purpose = declared.purposes.get(entry.purpose)
    recipients = _identifiers(entry.payload.get("shared_with"))
    names = names_of(recipients) if recipients else {}
    undeclared = entry.payload.get("undeclared_fields", 0)
    return Event(
        line=line,
        kind=entry.kind,
        is_own=entry.kind in OWN_ACTS and not entry.payload.get("closed"),
        codes=entry.fields,
        purpose_code=entry.purpose,
        number=entry.number,
        fields=[label_of(field) for field in entry.fields],
        withheld=[Withheld(label_of(field), str(why)) for field, why in reasons_of(entry.payload).items()],
        undeclared_fields=undeclared if isinstance(undeclared, int) else 0,
        saw_until_then=[names[recipient].name for recipient in recipients if recipient in names],
        purpose=said(purpose.label) if purpose else "",
        description=said(purpose.description) if purpose else "",
        basis=basis_in_words(entry.basis, entry.fields),
        until=entry.until,
        retention=said(declared.retention[purpose.retention].label) if purpose else "",
    )


def _marked(lines: list[Line], entries: Sequence[EntryView], subjects: Sequence[UUID]) -> list[Line]:
    """The lines; those of visits at which another card of the person's had been shown already say so."""
    visits = {entry.id: entry.at for entry in entries if entry.kind == VISIT}
    again = entries_of_same_visits(subjects, visits)
    mark = _("Same visit, another card")
    return [replace(line, mark=mark) if line.id in again else line for line in lines]


def _lines(entries: Sequence[EntryView]) -> list[Line]:
    recipients = {entry.recipient_id for entry in entries if entry.recipient_id}
    names = names_of(recipients) if recipients else {}
    places = {place for entry in entries if (place := _premises_id(entry))}
    premises = premises_names(places) if places else {}
    return [_line(entry, names=names, premises=premises) for entry in entries]


def _line(entry: EntryView, *, names: Mapping[UUID, RecipientName], premises: Mapping[UUID, str]) -> Line:
    recipient = names.get(entry.recipient_id) if entry.recipient_id else None
    place = premises.get(_premises_id(entry) or entry.id, "")
    name = recipient.name if recipient else _("A former company") if entry.recipient_id else ""
    reading = reading_of(replace(entry, recipient=name))
    reasons = reasons_of(entry.payload)
    fields = entry.fields or tuple(reasons)
    line = with_their_words(str(reading.line).rstrip("."), recipient.language if recipient else "")
    return Line(
        seq=entry.seq,
        id=entry.id,
        at=entry.at,
        title=f"{reading.title}, {place}" if place else str(reading.title),
        note=filled(_("%(line)s: %(fields)s"), line=line, fields=labels_of(fields)) if fields else line,
        recipient_id=entry.recipient_id,
        recipient=recipient,
        outcome=reading.outcome,
        tag=_tag(reading.outcome, sorted({str(reason) for reason in reasons.values()}), partly=bool(entry.fields)),
    )


def _tag(outcome: str, reasons: Sequence[str], *, partly: bool) -> str:
    """The red mark of a refusal: with its reason where there is one for all of it."""
    if reasons and partly:
        return _("Part of it refused")
    if outcome != "no":
        return ""
    return _("Refused. %(reason)s") % {"reason": reasons[0]} if len(reasons) == 1 else _("Refused")


def _day(at: datetime, *, now: datetime) -> str:
    passed = (localdate(now) - localdate(at)).days
    return {0: _("Today"), 1: _("Yesterday")}.get(passed) or date_format(localdate(at), "DATE_FORMAT")


def _premises_id(entry: EntryView) -> UUID | None:
    text = entry.payload.get("premises_id")
    return UUID(text) if isinstance(text, str) else None


def _identifiers(texts: object) -> list[UUID]:
    return [UUID(str(text)) for text in texts] if isinstance(texts, list) else []
