"""What an address of Activity asks for: read from it, said in words, and made into ids and codes for the log."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kliento.domain.activity.queries import kinds_saying, recipients_named
from kliento.domain.activity.rules import EVERYTHING, Group, Sought, Word
from kliento.domain.cards.queries import subjects_of
from kliento.domain.policy.queries import register
from kliento.domain.recipients.queries import names_of, premises_at, third_party_of
from kliento.interfaces.person.forms.finding import IN_ADDRESS, FindingForm
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound
from kliento.web.reading import label_of, said

Key = TypeVar("Key")
GROUPS: dict[Group, object] = {
    "visits": gettext_lazy("Visits"),
    "looks": gettext_lazy("Looks at my data"),
    "refused": gettext_lazy("Refused"),
    "sharing": gettext_lazy("What I share"),
    "choices": gettext_lazy("Consents and objections"),
    "details": gettext_lazy("My details"),
    "cards": gettext_lazy("Cards and rewards"),
    "account": gettext_lazy("Account and security"),
}
"""What a person chooses between; of the log's own entries nobody has any."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of what is sought, in words, and the address without it."""

    label: str
    rest: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is sought. `form` knows what was typed, `query` is the same as an address says it; where `form` has errors
    nothing is sought."""

    form: FindingForm
    query: str
    sought: Sought
    chips: list[Chip]
    company: str

    @property
    def company_id(self) -> UUID | None:
        """The one company that is asked for."""
        return self.sought.recipient_id

    @property
    def only_company(self) -> bool:
        """Nothing else narrows it."""
        return self.company_id is not None and len(self.chips) == 1

    @property
    def parts(self) -> dict[str, str]:
        """The address in parts, for a form that sends them."""
        return dict(parse_qsl(self.query))


def found_in(typed: QueryDict, person: PersonActor) -> Finding:
    """What this address asks for. At most three statements, four with words or a company they have nothing with yet."""
    companies = _companies(person, typed.get("with", ""))
    form = FindingForm(typed, companies=companies, groups=GROUPS, details=_details())
    if form.errors:
        return Finding(form, "", EVERYTHING, [], "")
    parts = {IN_ADDRESS[name]: str(value) for name, value in form.cleaned_data.items() if value}
    found = form.cleaned_data
    sought = Sought(
        recipient_id=UUID(found["company"]) if found["company"] else None,
        group=found["what"] or None,
        field=found["field"],
        since=form.since,
        until=form.until,
        words=_words(found["words"], companies),
    )
    chips = [
        Chip(label, urlencode({name: text for name, text in parts.items() if name != part}))
        for part, label in _in_words(form, companies).items()
    ]
    return Finding(form, urlencode(parts), sought, chips, companies[UUID(found["company"])] if found["company"] else "")


def _companies(person: PersonActor, asked: str) -> dict[UUID, str]:
    """Those that stand in this person's Activity; also the one that is asked for, if there is such a company."""
    ids = recipients_named(subjects_of(person.person_id))
    names = names_of(ids) if ids else {}
    companies = {each: names[each].name if each in names else _("A former company") for each in ids}
    with suppress(ValueError, NotFound):
        if asked and UUID(asked) not in companies:
            companies[UUID(asked)] = third_party_of(UUID(asked)).name
    return companies


def _details() -> dict[str, str]:
    """Every detail that can stand in an entry, by name."""
    declared = register()
    codes = [code for code in (*declared.fields, *declared.derived) if declared.detail(code).status == "in_use"]
    listed = {code: label_of(code) for code in codes}
    return dict(sorted(listed.items(), key=lambda detail: detail[1].casefold()))


def _in_words(form: FindingForm, companies: Mapping[UUID, str]) -> dict[str, str]:
    """What was chosen, each under its name in the address."""
    found = form.cleaned_data
    day = partial(date_format, format="SHORT_DATE_FORMAT")
    said_so = {
        "with": companies[UUID(found["company"])] if found["company"] else "",
        "what": str(GROUPS[found["what"]]) if found["what"] else "",
        "field": _details()[found["field"]] if found["field"] else "",
        "from": _("From %(day)s") % {"day": day(found["first"])} if found["first"] else "",
        "to": _("Until %(day)s") % {"day": day(found["last"])} if found["last"] else "",
        "q": _("“%(words)s”") % {"words": found["words"]} if found["words"] else "",
    }
    return {part: label for part, label in said_so.items() if label}


def _words(typed: str, companies: Mapping[UUID, str]) -> tuple[Word, ...]:
    """Each word as what it stands for in the language of the page; values are in no log, so none is searched."""
    if not typed:
        return ()
    places = premises_at(companies) if companies else {}
    declared = register()
    names = {code: label_of(code) for code in (*declared.fields, *declared.derived)}
    purposes = {code: said(purpose.label) for code, purpose in declared.purposes.items()}
    return tuple(
        Word(
            recipient_ids=_holding(word, companies),
            premises_ids=_holding(word, places),
            fields=_holding(word, names),
            purposes=_holding(word, purposes),
            groups=_holding(word, GROUPS),
            sayings=kinds_saying(word),
        )
        for word in typed.casefold().split()
    )


def _holding(word: str, names: Mapping[Key, object]) -> frozenset[Key]:
    """Those of whose names it is a part, however it is written."""
    return frozenset(key for key, name in names.items() if word in str(name).casefold())
