"""The record of processing activities (GDPR Art. 30) of a declaration; page, JSON and PDF are made from it."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from kliento.domain.policy.queries.listing import data_of, legal_basis_of
from kliento.domain.policy.queries.notice import sentences
from kliento.domain.policy.queries.wording import mechanism_in_words
from kliento.domain.policy.rules import Purpose, RecipientKind, Register

SCHEMA = "kliento/record-of-processing/1"
_MEASURES = "protection"
"""The section of the notice whose sentences describe the security measures (Art. 32), each with its promises."""


@dataclass(frozen=True, slots=True)
class Processing:
    """One purpose, as Art. 30(1)(b) to (f) ask for it; labels and texts side by side."""

    code: str
    title: str
    description: str
    in_use: bool
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The whole record in one language."""

    language: str
    title: str
    dated: date
    version: str
    controller: tuple[tuple[str, str], ...]
    subjects: tuple[tuple[str, str], ...]
    processings: tuple[Processing, ...]
    measures: tuple[str, ...]


def record(register: Register, language: str) -> Record:
    """What the record of this declaration says in `language` ("fi", "sv" or "en")."""
    with override(language):
        holder, contact = register.holder, register.contacts["register"]
        return Record(
            language=language,
            title=holder.register_name.inn(language),
            dated=register.dated,
            version=register.version,
            controller=(
                (_("Register holder"), holder.name),
                (_("Address"), f"{holder.street_address}, {holder.postcode} {holder.city}"),
                (contact.role.inn(language), contact.email),
            ),
            subjects=tuple(
                (each.label.inn(language), each.description.inn(language)) for each in register.subjects.values()
            ),
            processings=tuple(_processing(purpose, register, language) for purpose in register.purposes.values()),
            measures=tuple(
                sentence.about(register, language)
                for section in sentences()
                if section.code == _MEASURES
                for sentence in section.sentences
                if sentence.status == "in_use"
            ),
        )


def record_json(register: Register) -> dict[str, Any]:
    """The same in all languages, for programs."""
    return {
        "schema": SCHEMA,
        "version": register.version,
        "dated": register.dated.isoformat(),
        "record": {
            language: {**asdict(record(register, language)), "dated": register.dated.isoformat()}
            for language in ("fi", "sv", "en")
        },
    }


def _processing(purpose: Purpose, register: Register, language: str) -> Processing:
    kinds = [register.recipient_kinds[code] for code in sorted(purpose.recipient_kinds)]
    facts = (
        (_("Legal basis"), legal_basis_of(purpose, register, language)),
        (_("Data subjects"), ", ".join(register.subjects[code].label.inn(language) for code in purpose.subjects)),
        (_("Data"), data_of(purpose, register, language)),
        (_("Recipients"), ", ".join(kind.label.inn(language) for kind in kinds) or _("Nobody")),
        (_("Transfers outside the EEA"), "; ".join(filter(None, map(_transfer, kinds))) or _("None")),
        (_("Kept"), register.retention[purpose.retention].label.inn(language)),
    )
    return Processing(
        code=purpose.code,
        title=purpose.label.inn(language),
        description=purpose.description.inn(language),
        in_use=purpose.status == "in_use",
        facts=facts,
    )


def _transfer(kind: RecipientKind) -> str:
    return mechanism_in_words(kind.transfer_mechanism)
