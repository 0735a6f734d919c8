"""The register description, which is also the privacy notice (GDPR Art. 13, 14) and the record of processing (Art. 30):
sentences and facts in one language, every one of them from the declaration."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.translation import override

from kliento.domain.policy.queries.listing import LISTS, Item
from kliento.domain.policy.queries.proof import Proof, proofs
from kliento.domain.policy.rules import Register, Text
from kliento.domain.policy.rules.sentences import SentenceSection, read_sentences

SCHEMA = "kliento/register-description/1"
_SENTENCES = Path(__file__).parents[1] / "sentences.toml"


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence as it is read, and the promises behind it: each ID with its proof, None where it is unproven."""

    text: str
    promises: tuple[tuple[str, Proof | None], ...]
    in_use: bool


@dataclass(frozen=True, slots=True)
class NoticeSection:
    """A heading with its sentences and, beneath them, the part of the declaration it speaks of."""

    code: str
    heading: str
    sentences: tuple[Said, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """The whole page in one language."""

    language: str
    title: str
    dated: date
    version: str
    reviews: tuple[str, ...]
    sections: tuple[NoticeSection, ...]


def notice(register: Register, language: str) -> Notice:
    """What the register description of this declaration says in `language` ("fi", "sv" or "en")."""
    proven = proofs()
    with override(language):
        return Notice(
            language=language,
            title=register.holder.register_name.inn(language),
            dated=register.dated,
            version=register.version,
            reviews=tuple(
                f"{review.by}, {review.role}, {review.on.isoformat()}"
                for review in register.reviews
                if review.of == register.version
            ),
            sections=tuple(_section(section, register, language, proven) for section in sentences()),
        )


@cache
def sentences() -> tuple[SentenceSection, ...]:
    """The sentences that stand beside this package."""
    return read_sentences(_SENTENCES.read_bytes())


def as_json(register: Register) -> dict[str, object]:
    """The declaration and its sentences in all languages, for programs. All of it is public by its nature."""
    return {
        "schema": SCHEMA,
        "version": register.version,
        "dated": register.dated.isoformat(),
        "reviewed": register.reviewed,
        "declaration": _plain(register),
        "sentences": [
            {
                "section": section.code,
                "promises": list(sentence.promises),
                "status": sentence.status,
                "text": {language: sentence.about(register, language) for language in ("fi", "sv", "en")},
            }
            for section in sentences()
            for sentence in section.sentences
        ],
    }


def _section(section: SentenceSection, register: Register, language: str, proven: Mapping[str, Proof]) -> NoticeSection:
    listed = LISTS.get(section.items)
    return NoticeSection(
        code=section.code,
        heading=section.heading.inn(language),
        sentences=tuple(
            Said(
                text=sentence.about(register, language),
                promises=tuple((promise, proven.get(promise)) for promise in sentence.promises),
                in_use=sentence.status == "in_use",
            )
            for sentence in section.sentences
        ),
        items=listed(register, language) if listed else (),
    )


def _plain(part: object) -> object:
    """Frozen objects as JSON knows them; sets in order, so that the same declaration gives the same bytes."""
    if isinstance(part, Text) or (is_dataclass(part) and not isinstance(part, type)):
        return {field.name: _plain(getattr(part, field.name)) for field in fields(part)}
    if isinstance(part, Mapping):
        return {key: _plain(value) for key, value in part.items()}
    if isinstance(part, frozenset):
        return sorted(part)
    if isinstance(part, tuple):
        return [_plain(value) for value in part]
    return part.isoformat() if isinstance(part, date) else part
