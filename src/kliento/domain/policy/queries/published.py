"""The notices that were ever in force. What is published never changes, so each is read once by a process."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import connection

from kliento.domain.policy.models import Notice as Row
from kliento.domain.policy.queries.declared import register
from kliento.domain.policy.queries.listing import Item
from kliento.domain.policy.queries.notice import Notice, NoticeSection, Said
from kliento.domain.policy.rules import Register, read
from kliento.kernel.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Published:
    """A published notice by its marks: what a list of them shows. `changes`: purposes and why they are material."""

    number: int
    version: str
    dated: date
    published_at: datetime
    reviewers: tuple[Mapping[str, str], ...]
    changes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PublishedNotice(Published):
    """One of them whole. `since`: for each purpose the number of the notice from which on a consent to it stands;
    `fields_since`: a consent to a single field of it.
    """

    since: Mapping[str, int]
    fields_since: Mapping[str, int]
    register: Register
    texts: Mapping[str, Any]

    def text(self, language: str) -> Notice:
        """How it read in `language` when it was published, whatever the program says today."""
        said = self.texts.get(language) or self.texts["en"]
        sections = tuple(
            NoticeSection(
                code=section["code"],
                heading=section["heading"],
                sentences=tuple(
                    Said(text=each["text"], promises=(), in_use=each["in_use"]) for each in section["sentences"]
                ),
                items=tuple(
                    Item(**{**item, "facts": tuple((label, text) for label, text in item["facts"])})
                    for item in section["items"]
                ),
            )
            for section in said["sections"]
        )
        return Notice(
            language=said["language"],
            title=said["title"],
            dated=self.dated,
            version=self.version,
            reviews=tuple(said["reviews"]),
            sections=sections,
        )


def notice_numbers() -> list[int]:
    """The numbers of every notice, the first one first. One statement."""
    return list(Row.objects.order_by("number").values_list("number", flat=True))


def notice_rows(numbers: Collection[int] | None = None) -> Iterator[Mapping[str, Any]]:
    """These notices, or all, as they are stored: every column by its name, one notice in memory at a time."""
    rows = Row.objects.order_by("number").values()
    return (rows if numbers is None else rows.filter(number__in=numbers)).iterator(chunk_size=1)


def all_published() -> list[Published]:
    """Every notice, the one in force first. One statement."""
    rows = Row.objects.order_by("-number").defer("document", "texts", "since", "fields_since")
    return [Published(**_marks(row)) for row in rows]


def last_published() -> PublishedNotice | None:
    """The notice in force; None before the first. One statement, two for one this process has not read yet."""
    version = Row.objects.order_by("-number").values_list("version", flat=True).first()
    return published(version) if version else None


def published(version: str) -> PublishedNotice:
    """The notice of that version. Raises NotFound, ValueError for one that is not what was published."""
    place = (connection.settings_dict["NAME"], version)
    known = _kept.get(place)
    if known is None:
        row = Row.objects.filter(version=version).first()
        if row is None:
            raise NotFound(code="unknown_notice")
        known = _kept[place] = _whole(row)
    return known


def own_notice() -> PublishedNotice:
    """The notice of the declaration this process runs by. Raises Conflict before it is published."""
    try:
        return published(register().version)
    except NotFound:
        raise Conflict(
            f"Version {register().version} of the declaration is not published: kliento policy publish",
            code="notice_not_published",
        ) from None


def standing_notices(purpose: str, *, one_field: bool) -> tuple[int, int] | None:
    """The first and the last notice, by number, a consent to this purpose stands under, for this process.

    The last is its own: what was agreed to under a later one may be less than what this process takes it for. None
    where its declaration is not published or knows no such purpose: then nobody has agreed.
    """
    try:
        notice = published(register().version)
    except NotFound:
        return None
    since = (notice.fields_since if one_field else notice.since).get(purpose)
    return None if since is None else (since, notice.number)


def standing_since(purpose: str, *, one_field: bool) -> datetime | None:
    """When the first of the notices that `standing_notices` gives was published; None where there is none."""
    notices = standing_notices(purpose, one_field=one_field)
    return _published_at(connection.settings_dict["NAME"], register().version, notices[0]) if notices else None


@cache
def _published_at(_database: str, _version: str, number: int) -> datetime:
    """One statement, the first time a process asks."""
    return Row.objects.values_list("published_at", flat=True).get(number=number)


_kept: dict[tuple[str, str], PublishedNotice] = {}


def _whole(row: Row) -> PublishedNotice:
    return PublishedNotice(
        **_marks(row),
        since=row.since,
        fields_since=row.fields_since,
        register=_read(row.document, row.version),
        texts=row.texts,
    )


def _marks(row: Row) -> dict[str, Any]:
    return {
        "number": row.number,
        "version": row.version,
        "dated": row.dated,
        "published_at": row.published_at,
        "reviewers": tuple(row.reviewers),
        "changes": {code: tuple(reasons) for code, reasons in row.changes.items()},
    }


@cache
def _read(document: str, version: str) -> Register:
    declared = read(document.encode(), name=f"notice {version}")
    if declared.version != version:
        raise ValueError(f"The document of notice {version} is not the one that was published.")
    return declared
