"""What is known of a batch before it is judged: asked of the databases at once, behind the locks."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from kliento.domain.cards.queries import lock_unregistered
from kliento.domain.people.queries import PersonState, people_to_lock
from kliento.domain.sharing.queries import relations_of
from kliento.domain.sharing.rules import Pair, Relation
from kliento.domain.visits.actions.scans import Shown
from kliento.domain.visits.queries import AskedScan, AtTerminals, known_at_terminals
from kliento.kernel.statements import Statement, ask_together


class ChangedMeanwhile(Exception):
    """A card did not stand as it was found once it was locked: claimed, given back, blocked or forgotten meanwhile."""


class Before(NamedTuple):
    """The statements, each with its answer."""

    people: Statement[dict[UUID, PersonState]]
    known: Statement[AtTerminals]
    relations: Statement[dict[Pair, Relation]]


def what_is_known(shown: Sequence[Shown], *, at: datetime) -> tuple[list[AskedScan], Before]:
    """Lock whoever was shown, first the people, then the cards without one, and read what their scans are judged by.

    Raises ChangedMeanwhile.
    """
    asked = [AskedScan(one.id, one.by, one.subject_id, one.occurred_at, one.medium) for one in shown]
    people = {one.medium.subject_id for one in shown if one.medium and not one.medium.is_unregistered}
    unregistered = {one.medium.card_id for one in shown if one.medium and one.medium.is_unregistered}
    before = Before(
        people_to_lock(people),
        known_at_terminals(asked, at=at),
        relations_of({one.pair for one in shown if one.pair is not None}),
    )
    if unregistered:
        ask_together([before.people])
        if lock_unregistered(unregistered) != unregistered:
            raise ChangedMeanwhile
        ask_together([before.known, before.relations])
    else:
        ask_together(before)
    if before.known.answer.changed:
        raise ChangedMeanwhile
    return asked, before
