"""What a till without a network is to refuse: for each third party a list of its own, which alone tells nothing.

An entry is HMAC-SHA-256(the third party's list key, SHA-256 of a number or of a rotating code's token), cut to ten
bytes: whoever has the code can ask whether it is there; nobody can read codes from it or lay two lists side by side
(threat 8). Numbers of people whose data is restricted stand there too, so that no till learns which it is (R-VIS-8).
"""

import hashlib
import threading
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from kliento.domain.cards import rules
from kliento.domain.cards.models import Medium
from kliento.domain.cards.queries.presenting import code_keys, public_code_key
from kliento.domain.gate import actions as gate
from kliento.domain.people.queries import restricted_people
from kliento.domain.vault import actions as vault
from kliento.kernel import sets
from kliento.kernel.rows import Among

_SLOTS_EARLY = 2  # a till's clock may be behind


@dataclass(frozen=True, slots=True)
class BlockList:
    """One third party's list, signed. `entries`: ten bytes each, sorted, one after the other, in base64.

    The signature (Ed25519, by the key that signs rotating codes) is over `kliento-block-list-1`, the third party's id,
    `made_at`, `good_until` and `entries` as they are written here, a line each.
    """

    third_party_id: UUID
    made_at: str
    good_until: str
    entries: str
    signature: str
    code_key: str
    list_key: str = field(repr=False)

    def document(self) -> dict[str, str]:
        """As it leaves."""
        return {
            "third_party_id": str(self.third_party_id),
            "made_at": self.made_at,
            "good_until": self.good_until,
            "code_key": self.code_key,
            "list_key": self.list_key,
            "entries": self.entries,
            "signature": self.signature,
        }


@dataclass(frozen=True, slots=True)
class BlockedCodes:
    """What is not accepted anywhere now. One third party's lists with the same `version` have the same entries."""

    version: str
    restricted: Sequence[UUID] = field(repr=False)
    at: datetime

    def version_for(self, third_party_id: UUID) -> str:
        """As its tills are told it: nobody else's list has the same."""
        return hashlib.sha256(f"{self.version}|{third_party_id}".encode()).hexdigest()[:32]


def list_key_of(third_party_id: UUID) -> bytes:
    """The key of a third party's entries, handed to its terminals and nobody else: 32 bytes."""
    return vault.index("block_list", third_party_id.hex)


def blocked_codes(*, at: datetime) -> BlockedCodes:
    """How the lists stand now, without making one. Two statements."""
    restricted = restricted_people()
    with connection.cursor() as cursor:
        since: Any = sets.parameter(connection, _phones_since(at))
        cursor.execute(_STANDING, [since])
        standing = cursor.fetchone()
    said = (*standing, rules.start_of_period(at), *restricted)
    version = hashlib.sha256("|".join(str(one) for one in said).encode()).hexdigest()
    return BlockedCodes(version[:32], restricted, at)


def block_list(third_party_id: UUID, codes: BlockedCodes) -> BlockList:
    """The list of one third party as it stood then.

    At most four statements, none when this process has made a list of that version for anybody.
    """
    made_at, good_until = _written(codes.at), _written(codes.at + rules.LIST_GOOD_FOR)
    list_key = list_key_of(third_party_id)
    entries = b64encode(rules.list_entries(_digests.of(codes), list_key=list_key)).decode()
    signature = rules.signature_of_list(
        third_party_id, made_at=made_at, good_until=good_until, entries=entries, keys=code_keys()
    )
    in_base64 = [b64encode(raw).decode() for raw in (signature, public_code_key(), list_key)]
    return BlockList(third_party_id, made_at, good_until, entries, *in_base64)


class _Digests:
    """The digests of the newest version, kept for the next third party that asks.

    A number is opened once for each process (docs/decisions/0024): what is kept of it is its digest, 32 bytes.
    """

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._version = ""
        self._of_numbers: dict[UUID, bytes] = {}
        self._of_phones: list[bytes] = []

    def of(self, codes: BlockedCodes) -> list[bytes]:
        """All of them; several who ask at once wait for one to make them."""
        with self._making:
            if codes.version != self._version:
                media = [*_blocked(), *_restricted(codes.restricted)]
                self._of_numbers = _with_new({one.id for one in media if one.has_number}, self._of_numbers)
                self._of_phones = _of_phones([one for one in media if one.kind == Medium.Kind.PHONE], codes.at)
                self._version = codes.version
            return [*self._of_numbers.values(), *self._of_phones]


_digests = _Digests()


class _Listed(NamedTuple):
    """A medium on the lists. `since_at` None: it is accepted, its person is restricted."""

    id: UUID
    kind: str
    has_number: bool
    ordinal: int
    since_at: datetime | None


def _blocked() -> list[_Listed]:
    with connection.cursor() as cursor:
        cursor.execute(_MEDIA)
        return [
            _Listed(sets.identifier(row[0]), row[1], bool(row[2]), row[3], sets.moment(row[4]))
            for row in cursor.fetchall()
        ]


def _restricted(people: Sequence[UUID]) -> list[_Listed]:
    rows = Medium.objects.filter(card__person__in=Among(people)) if people else Medium.objects.none()
    return [
        _Listed(row.id, row.kind, row.code_index is not None, row.card.ordinal, None)
        for row in rows.select_related("card")
    ]


def _with_new(wanted: set[UUID], known: Mapping[UUID, bytes]) -> dict[UUID, bytes]:
    """The digest of each of these numbers; only those are opened that were not known."""
    kept = {medium_id: known[medium_id] for medium_id in wanted if medium_id in known}
    missing = Medium.objects.filter(id__in=Among(wanted.difference(kept)), sealed_code__isnull=False)
    sealed = [
        (owner_id, medium_id, bytes(code))
        for medium_id, owner_id, code in missing.values_list(
            "id", Coalesce(F("code_owner_id"), F("card__person_id")), "sealed_code"
        )
    ]
    opened = gate.open_sealed_list(sealed, place="cards_medium.sealed_code", purpose="service")
    return kept | {sets.identifier(row): rules.digest_of_number(rules.tidied(code)) for row, code in opened.items()}


def _of_phones(phones: Sequence[_Listed], at: datetime) -> list[bytes]:
    """Of a blocked phone what it may have fetched; of a restricted person's what it shows while the list is newest."""
    keys, newly, start = code_keys(), _phones_since(at), rules.start_of_period(at)
    found: list[bytes] = []
    for phone in phones:
        if phone.since_at is None:
            first, last = rules.slot_at(start), rules.slot_at(start + rules.LIST_PERIOD)
        elif phone.since_at > newly:
            first = last = rules.slot_at(phone.since_at)
        else:
            continue
        slots = (first - _SLOTS_EARLY, last + rules.PREFETCHED_SLOTS)
        found += rules.digests_of_phone(phone.ordinal, first=slots[0], last=slots[1], keys=keys)
    return found


def _phones_since(at: datetime) -> datetime:
    """A phone that was blocked before then has nothing left to show; it leaves the lists."""
    return at - (rules.PREFETCHED_SLOTS + _SLOTS_EARLY) * rules.SLOT


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


# The states written out: SQLite takes the index of what is not accepted for nothing else.
_STANDING = """
    SELECT COUNT(*), MAX(since_at), COUNT(CASE WHEN kind = 'phone' AND since_at > %s THEN 1 END),
           (SELECT id FROM cards_medium WHERE state IN ('blocked', 'replaced') ORDER BY since_at DESC, id LIMIT 1)
    FROM cards_medium WHERE state IN ('blocked', 'replaced')
"""
_MEDIA = """
    SELECT medium.id, medium.kind, medium.code_index IS NOT NULL, card.ordinal, medium.since_at
    FROM cards_medium AS medium JOIN cards_card AS card ON card.id = medium.card_id
    WHERE medium.state IN ('blocked', 'replaced')
"""
