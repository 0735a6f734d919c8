"""The sentences of the register description: wording with places for declared facts, and the promises behind it."""

import tomllib
from dataclasses import dataclass

from kliento.domain.policy.rules.declaration import Register, Status, Text

PARTS = ("", "purposes", "fields", "sources", "recipient_kinds", "retention", "fees", "rights", "objections")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and the IDs of the promises that stand behind it."""

    said: Text
    promises: tuple[str, ...]
    status: Status

    def about(self, register: Register, language: str) -> str:
        """The sentence with the declaration's own facts in it."""
        return self.said.inn(language).format(
            holder=register.holder.name,
            address=address_of(register),
            email=register.contacts["register"].email,
            register=register.holder.register_name.inn(language),
            subjects=", ".join(subjects.label.inn(language) for subjects in register.subjects.values()),
            supervisor=", ".join(
                (
                    register.supervisor.name.inn(language),
                    register.supervisor.address.inn(language),
                    register.supervisor.email,
                )
            ),
        )


@dataclass(frozen=True, slots=True)
class SentenceSection:
    """A heading, its sentences, and which part of the declaration is listed beneath ("" for none)."""

    code: str
    heading: Text
    items: str
    sentences: tuple[Sentence, ...]


def read_sentences(document: bytes) -> tuple[SentenceSection, ...]:
    """The sections in their order. The file is part of the program: a mistake in it raises what it raises."""
    return tuple(
        SentenceSection(
            code=section["code"],
            heading=Text(**section["heading"]),
            items=PARTS[PARTS.index(section.get("items", ""))],
            sentences=tuple(
                Sentence(
                    said=Text(fi=sentence["fi"], sv=sentence["sv"], en=sentence["en"]),
                    promises=tuple(sentence["promises"]),
                    status=sentence.get("status", "in_use"),
                )
                for sentence in section["sentences"]
            ),
        )
        for section in tomllib.loads(document.decode())["sections"]
    )


def address_of(register: Register) -> str:
    """The register holder's postal address on one line."""
    holder = register.holder
    return f"{holder.street_address}, {holder.postcode} {holder.city}"
