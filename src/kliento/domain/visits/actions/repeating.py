"""Refusals that somebody can bring about again and again: the person sees them, and the rest of their log as well."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from kliento.domain.activity.queries import entered_already
from kliento.domain.vault.rules import blind_index
from kliento.domain.visits.actions.scans import Shown
from kliento.domain.visits.rules import OLD_CODES_LISTED, Refusal
from kliento.kernel.clock import day_of


def entry_for(*same: object) -> UUID:
    """The id of the one entry about what is the same; who lacks our key cannot tell."""
    text = "|".join(map(str, same))
    return UUID(bytes=blind_index(settings.KEYRING.existing("index"), "entry", text)[:16], version=4)


def entries_of_old_codes(shown: Iterable[Shown]) -> dict[tuple[UUID, UUID], tuple[UUID, bool]]:
    """The ids of the entries about old codes in this batch, by terminal and scan, each with whether it is the last one
    of its day: the first three of a medium at one place are entered, and the third says that there may be more.

    One statement where there are any, none otherwise. The subjects are locked.
    """
    old = [(one, _places(one)) for one in shown if one.judgement.refusal is Refusal.CODE_OLD and one.medium]
    known = entered_already([place for _, places in old for place in places]) if old else set()
    found: dict[tuple[UUID, UUID], tuple[UUID, bool]] = {}
    for one, places in old:
        free = [place for place in places if place not in known]
        if free:
            known.add(free[0])
            found[one.key] = (free[0], len(free) == 1)
    return found


def _places(one: Shown) -> list[UUID]:
    medium_id = one.medium.medium_id if one.medium else None
    day = day_of(one.occurred_at)
    return [entry_for("old code", medium_id, one.by.premises_id, day, number) for number in range(OLD_CODES_LISTED)]
