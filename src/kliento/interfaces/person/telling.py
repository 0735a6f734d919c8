"""What an entry says: the names behind its ids, how it reads, what was refused and why. For the feed and for files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from kliento.domain.activity.queries import reading_of
from kliento.domain.activity.rules import EntryView, Reading
from kliento.domain.gate.queries import reasons_of
from kliento.domain.recipients.queries import RecipientName, names_of, premises_names
from kliento.domain.visits.queries import entries_of_same_visits

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
class Told:
    """An entry with its names. `recipient`: None for the person's own acts, for Kliento's and for former companies."""

    entry: EntryView
    recipient: RecipientName | None
    place: str
    reading: Reading
    reasons: Mapping[str, str]

    @property
    def title(self) -> str:
        """Who or what, and where."""
        return f"{self.reading.title}, {self.place}" if self.place else str(self.reading.title)

    @property
    def tag(self) -> str:
        """The red mark of a refusal: with its reason where there is one for all of it."""
        why = sorted(set(self.reasons.values()))
        if why and self.entry.fields:
            return _("Part of it refused")
        if self.reading.outcome != "no":
            return ""
        return _("Refused. %(reason)s") % {"reason": why[0]} if len(why) == 1 else _("Refused")

    @property
    def is_own(self) -> bool:
        """Whether the person did it."""
        return self.entry.kind in OWN_ACTS and not self.entry.payload.get("closed")

    @property
    def undeclared_fields(self) -> int:
        """How many things were asked for that Kliento does not know."""
        number = self.entry.payload.get("undeclared_fields", 0)
        return number if isinstance(number, int) else 0


def told(entries: Sequence[EntryView]) -> list[Told]:
    """Each entry with its names. At most two statements."""
    recipients = {entry.recipient_id for entry in entries if entry.recipient_id}
    names = names_of(recipients) if recipients else {}
    places = {place for entry in entries if (place := premises_of(entry))}
    premises = premises_names(places) if places else {}
    return [told_with(entry, names=names, premises=premises) for entry in entries]


def told_with(entry: EntryView, *, names: Mapping[UUID, RecipientName], premises: Mapping[UUID, str]) -> Told:
    """The same of one entry where the names are at hand."""
    recipient = names.get(entry.recipient_id) if entry.recipient_id else None
    name = recipient.name if recipient else _("A former company") if entry.recipient_id else ""
    return Told(
        entry=entry,
        recipient=recipient,
        place=premises.get(premises_of(entry) or entry.id, ""),
        reading=reading_of(replace(entry, recipient=name)),
        reasons={field: str(reason) for field, reason in reasons_of(entry.payload).items()},
    )


def saw_until_then(entry: EntryView) -> list[UUID]:
    """Who could see what this entry says was removed."""
    texts = entry.payload.get("shared_with")
    return [UUID(str(text)) for text in texts] if isinstance(texts, list) else []


def shown_again(entries: Sequence[EntryView], subjects: Sequence[UUID]) -> set[UUID]:
    """Those of visits at which another card of the person's had been shown already. At most one statement."""
    return entries_of_same_visits(subjects, {entry.id: entry.at for entry in entries if entry.kind == VISIT})


def same_visit() -> str:
    """How those are marked."""
    return _("Same visit, another card")


def premises_of(entry: EntryView) -> UUID | None:
    """Where it happened, if it says so."""
    text = entry.payload.get("premises_id")
    return UUID(text) if isinstance(text, str) else None
