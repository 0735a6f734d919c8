"""Activity in a file: every entry as its page says it, as a row of a table or as JSON with ids and codes besides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kliento.domain.activity.rules import EntryView
from kliento.domain.cards.queries import subjects_of
from kliento.domain.policy.queries import register
from kliento.domain.recipients.queries import names_of
from kliento.interfaces.person.reading import basis_in_words
from kliento.interfaces.person.telling import Told, premises_of, same_visit, saw_until_then, shown_again, told
from kliento.kernel.actor import PersonActor
from kliento.web.reading import label_of, labels_of, said

SCHEMA = "kliento/activity/1"


@dataclass(frozen=True, slots=True)
class Taken:
    """One entry of a file; `of_card`: it was entered under a card the person added since."""

    told: Told
    mark: str
    of_card: bool
    saw_until_then: tuple[str, ...]


def taken(pieces: Iterable[Sequence[EntryView]], person: PersonActor) -> Iterator[Taken]:
    """Every entry with its names; at most five statements for each piece."""
    for piece in pieces:
        again = shown_again(piece, subjects_of(person.person_id))
        onlookers = {recipient for entry in piece for recipient in saw_until_then(entry)}
        names = names_of(onlookers) if onlookers else {}
        for each in told(piece):
            entry = each.entry
            yield Taken(
                told=each,
                mark=same_visit() if entry.id in again else each.tag,
                of_card=entry.subject_id != person.person_id,
                saw_until_then=tuple(names[one].name for one in saw_until_then(entry) if one in names),
            )


def heading() -> list[str]:
    """What stands above the columns."""
    return [
        _("Date"),
        _("Time"),
        _("Number in your Activity"),
        _("Entered under"),
        _("Who"),
        _("Company"),
        pgettext("one place", "Premises"),
        _("What happened"),
        _("Details"),
        _("Could see it until then"),
        _("Why"),
        _("Legal basis"),
        _("Until when"),
        _("Outcome"),
        _("Refused"),
    ]


def cells(each: Taken) -> list[str | int]:
    """One row of the table."""
    entry, when = each.told.entry, localtime(each.told.entry.at)
    return [
        when.strftime("%Y-%m-%d"),
        when.strftime("%H:%M:%S"),
        entry.number or 0,
        _("A card you added") if each.of_card else _("You"),
        _("You") if each.told.is_own else _plain(each.told.reading.title),
        each.told.recipient.name if each.told.recipient else "",
        each.told.place,
        _plain(each.told.reading.line),
        labels_of(entry.fields),
        ", ".join(each.saw_until_then),
        _purpose(entry),
        basis_in_words(entry.basis, entry.fields, purpose=entry.purpose),
        _until(entry),
        each.mark,
        _refused(each.told),
    ]


def document(each: Taken) -> dict[str, object]:
    """The same with ids and codes, by which a program knows it again."""
    entry = each.told.entry
    return {
        "id": str(entry.id),
        "number": entry.number,
        "entered_under": {"id": str(entry.subject_id), "is_card": each.of_card},
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "who": _("You") if each.told.is_own else _plain(each.told.reading.title),
        "company": _named(entry.recipient_id, each.told.recipient.name if each.told.recipient else ""),
        "premises": _named(premises_of(entry), each.told.place),
        "what": _plain(each.told.reading.line),
        "fields": [{"code": code, "label": label_of(code)} for code in entry.fields],
        "could_see_until_then": list(each.saw_until_then),
        "purpose": {"code": entry.purpose, "label": _purpose(entry)} if entry.purpose else None,
        "legal_basis": {"code": entry.basis, "label": basis_in_words(entry.basis, entry.fields, purpose=entry.purpose)}
        if entry.basis
        else None,
        "until": _moment(entry.until),
        "kept": _until(entry) if entry.until is None else "",
        "outcome": {"code": each.told.reading.outcome, "label": each.mark},
        "refused": [
            {"code": field, "label": label_of(field), "reason": why} for field, why in each.told.reasons.items()
        ],
        "refused_unknown": each.told.undeclared_fields,
    }


def head(*, at: datetime, parts: Mapping[str, str]) -> dict[str, object]:
    """What stands before the entries: what the file is, whose register it comes from, and what was looked for."""
    holder = register().holder
    return {
        "schema": SCHEMA,
        "made_at": at.isoformat(),
        "register": {"name": said(holder.register_name), "holder": holder.name},
        "sought": dict(parts),
    }


def _plain(words: object) -> str:
    """Without the marks around what a company wrote: a file has no other place for its language."""
    return str(words).replace("\u2068", "").replace("\u2069", "")


def _purpose(entry: EntryView) -> str:
    purpose = register().purposes.get(entry.purpose)
    return said(purpose.label) if purpose else entry.purpose


def _until(entry: EntryView) -> str:
    """The day it ends, or how long such a thing is kept."""
    if entry.until is not None:
        return localtime(entry.until).strftime("%Y-%m-%d")
    declared = register()
    purpose = declared.purposes.get(entry.purpose)
    return said(declared.retention[purpose.retention].label) if purpose else ""


def _refused(each: Told) -> str:
    """What was asked for and not given, and why; the asker was not told the reason."""
    parts = [f"{label_of(field)}: {why}" for field, why in each.reasons.items()]
    if number := each.undeclared_fields:
        unknown = ngettext("%(number)s thing Kliento does not know", "%(number)s things Kliento does not know", number)
        parts.append(unknown % {"number": number})
    return " ".join(parts)


def _named(identifier: UUID | None, name: str) -> dict[str, str] | None:
    return {"id": str(identifier), "name": name} if identifier else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
