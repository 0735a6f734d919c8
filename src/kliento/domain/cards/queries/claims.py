"""Claim codes that wait, claims that stand or were undone: for the person, and for whose till gave the code."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from kliento.domain.cards import rules
from kliento.domain.cards.models import Claim, ClaimCode, Medium
from kliento.domain.vault import actions as vault
from kliento.kernel import crockford


@dataclass(frozen=True, slots=True)
class HeldCode:
    """A claim code somebody entered before they decided about it: its keyed hash, which gives nobody the code."""

    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim. `replaced`: another medium was given up for it. `is_blocked`: nobody can use its medium now."""

    id: UUID
    subject_id: UUID
    person_id: UUID
    medium_id: UUID
    medium_kind: str
    replaced: bool
    premises_id: UUID
    third_party_id: UUID
    terminal_id: UUID
    claimed_at: datetime
    undo_until: datetime
    undone_at: datetime | None
    is_blocked: bool

    def may_be_undone(self, *, at: datetime) -> bool:
        """Whether it is early enough, and it stands."""
        return self.undone_at is None and at < self.undo_until

    def may_be_unblocked(self, *, at: datetime) -> bool:
        """Whether whoever had claimed the card left it blocked, and its holder can still have it work again."""
        return self.undone_at is not None and self.is_blocked and at < self.undo_until


@dataclass(frozen=True, slots=True)
class CodeGiven:
    """A claim code that a till gave: where, when, and what became of it."""

    card_id: UUID
    terminal_id: UUID
    premises_id: UUID
    made_at: datetime
    expires_at: datetime
    was_used: bool


def held_code(typed: str, *, at: datetime) -> HeldCode | None:
    """The code that was typed, to be remembered until its holder decides; None unless it waits to be used."""
    code = waiting_code(typed, at=at)
    return None if code is None else HeldCode(bytes(code.digest))


def waiting_code(entered: str | HeldCode, *, at: datetime) -> ClaimCode | None:
    """The code that was entered, if it waits to be used; None for all others alike. At most one statement."""
    if isinstance(entered, HeldCode):
        digest = entered.digest
    else:
        tidy = crockford.tidied(entered)
        if not rules.is_claim_code(tidy):
            return None
        digest = vault.index("claim_code", tidy)
    return ClaimCode.objects.filter(digest=digest, used_at=None, expires_at__gt=at).first()


def card_waiting(entered: str | HeldCode, *, at: datetime) -> tuple[UUID, str] | None:
    """Which unregistered card a claim code stands for, and the kind of its medium; None for any other text."""
    code = waiting_code(entered, at=at)
    if code is None:
        return None
    media = Medium.objects.filter(id=code.medium_id, card_id=code.card_id, card__person=None)
    kind = media.values_list("kind", flat=True).first()
    return None if kind is None else (code.card_id, kind)


def claims_to_announce(*, at: datetime) -> list[UUID]:
    """Third parties with claims that can still be undone and nobody there was told of, nor of others for a day."""
    told = Claim.objects.filter(third_party_id=OuterRef("third_party_id"), announced_at__gt=at - rules.LETTERS_APART)
    waiting = Claim.objects.filter(~Exists(told), announced_at=None, undone_at=None, undo_until__gt=at)
    return list(waiting.order_by("third_party_id").values_list("third_party_id", flat=True).distinct())


def claims_of(person_id: UUID) -> list[ClaimView]:
    """What the person claimed, newest first, what was undone too."""
    return _views(Claim.objects.filter(person_id=person_id).order_by("-claimed_at", "-id"))


def claims_at(third_party_id: UUID, *, limit: int) -> list[ClaimView]:
    """What was claimed with codes of this third party's tills, newest first, at most `limit`."""
    return _views(Claim.objects.filter(third_party_id=third_party_id).order_by("-claimed_at", "-id")[:limit])


def codes_given_at(third_party_id: UUID, *, since: datetime, limit: int) -> list[CodeGiven]:
    """The claim codes its tills gave since then, newest first, at most `limit`."""
    rows = ClaimCode.objects.filter(third_party_id=third_party_id, made_at__gt=since).order_by("-made_at")
    return [
        CodeGiven(row.card_id, row.terminal_id, row.premises_id, row.made_at, row.expires_at, row.used_by is not None)
        for row in rows[:limit]
    ]


def _views(rows: Iterable[Claim]) -> list[ClaimView]:
    listed = list(rows)
    media = Medium.objects.in_bulk([row.medium_id for row in listed])
    return [
        ClaimView(
            id=row.id,
            subject_id=row.subject_id,
            person_id=row.person_id,
            medium_id=row.medium_id,
            medium_kind=media[row.medium_id].kind if row.medium_id in media else "",
            replaced=row.replaced_id is not None,
            premises_id=row.premises_id,
            third_party_id=row.third_party_id,
            terminal_id=row.terminal_id,
            claimed_at=row.claimed_at,
            undo_until=row.undo_until,
            undone_at=row.undone_at,
            is_blocked=row.medium_id in media and media[row.medium_id].state == Medium.State.BLOCKED,
        )
        for row in listed
    ]
