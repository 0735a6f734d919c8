"""Recording scans: one action for a single tap, an upload of 500 and a repeat. At most 12 statements for any number.

Locks are taken in the same order everywhere: persons sorted by id, then spent codes sorted by digest.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards import actions as cards
from kliento.domain.cards.queries import Spent, decoded, media_of
from kliento.domain.cards.rules import Freshness, freshness
from kliento.domain.consents.queries import standing_of
from kliento.domain.consents.rules import Choice
from kliento.domain.gate import actions as gate
from kliento.domain.people.queries import PersonState, lock_people
from kliento.domain.programmes.actions import earn
from kliento.domain.sharing.actions import grants_at_first_visit, open_relationships
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair, Relation
from kliento.domain.visits import rules
from kliento.domain.visits.actions.batch import Answer, Batch, NewScan, ScanResult, Shown
from kliento.domain.visits.models import Scan, Visit
from kliento.domain.visits.queries import AtTerminal, at_terminal
from kliento.domain.visits.rules import Judgement, Outcome
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import Conflict, Invalid
from kliento.kernel.ids import new_id, time_of
from kliento.kernel.rows import insert_rows

SPECIAL_VISITS = "special_visits"
"""The purpose under which visits that tell about health, union or belief are recorded (GDPR Art. 9(2)(a), R-VIS-7)."""


def record_scans(scans: Sequence[NewScan], *, by: TerminalActor, at: datetime) -> list[ScanResult]:
    """Judge and record scans of one terminal and answer each of them, in their order, once all are durable.

    The same scan again gets its first answer. Once 30 unknown codes came from the terminal within a minute, every scan
    after that reads `try_later`. Raises Invalid for none, more than 500, or an id that is no UUIDv7; Conflict for an id
    that was used for another scan. Then nothing is recorded.
    """
    shown = _read(scans, at=at)
    try:
        answers = _record(shown, by=by, at=at)
    except IntegrityError:
        # The same scans were being recorded by a twin of this request; by now they are known.
        answers = _record(shown, by=by, at=at)
    opened = {answer.id: answer.opened() for answer in answers}
    return [opened[scan.id] for scan in scans]


def _read(scans: Sequence[NewScan], *, at: datetime) -> list[Shown]:
    """Check and decode what was sent, before any lock is taken; each id once, in the order in which they occurred."""
    if not 1 <= len(scans) <= rules.MOST_SCANS:
        raise Invalid(_("Send 1 to 500 scans at a time."), code="wrong_number_of_scans", pointer="/scans")
    shown: dict[UUID, Shown] = {}
    for place, scan in enumerate(scans):
        if time_of(scan.id) is None:
            raise Invalid(_("A scan id is a UUIDv7."), code="scan_id_invalid", pointer=f"/scans/{place}/id")
        code = decoded(scan.code)
        body_hash = rules.hash_of_body(code_index=code.index, occurred_at=scan.occurred_at)
        one = Shown(scan.id, code, body_hash, scan.occurred_at or at)
        if shown.setdefault(scan.id, one).body_hash != one.body_hash:
            raise _reused(scan.id)
    return sorted(shown.values(), key=lambda one: (one.occurred_at, one.id))


def _record(shown: Sequence[Shown], *, by: TerminalActor, at: datetime) -> list[Answer]:
    with transaction.atomic(durable=True):
        for one, medium in zip(shown, media_of([one.code for one in shown]), strict=True):
            one.medium = medium
        people = lock_people({one.medium.person_id for one in shown if one.medium})
        known = at_terminal([(one.id, one.subject_id, one.occurred_at) for one in shown], by=by, at=at)
        fresh = [one for one in shown if not _is_repeat(one, known)]
        _judge(fresh, people, known, by=by, at=at)
        _spend(fresh, by=by)
        found, first_visits = _relations(shown, known, by=by, at=at)
        batch = Batch(by, at, people, found, known.visits)
        batch.asks |= {new_id(): gate.Ask(entry=entry) for entry in first_visits}
        answers = [batch.answer_again(one.id, known.scans[one.id]) for one in shown if one.id in known.scans]
        answers += [batch.answer(one) for one in fresh]
        earned = earn(batch.facts(), known.standings, at=at)
        batch.enter_stamps(earned.at_visits)
        disclosures = dict(zip(batch.asks, gate.disclose_many(list(batch.asks.values()), at=at), strict=True))
        for answer in answers:
            answer.sealed = disclosures.get(answer.visit_id) if answer.visit_id else None
            answer.stamps = batch.stamps_of(answer, earned.standings)
        _insert(fresh, answers, batch, disclosures)
        return answers


def _is_repeat(one: Shown, known: AtTerminal) -> bool:
    earlier = known.scans.get(one.id)
    if earlier is not None and earlier.body_hash != one.body_hash:
        raise _reused(one.id)
    return earlier is not None


def _judge(
    fresh: Sequence[Shown], people: dict[UUID, PersonState], known: AtTerminal, *, by: TerminalActor, at: datetime
) -> None:
    unknown = known.unknown_codes
    agreed = _agreed(people, by=by)
    for one in fresh:
        if unknown >= rules.UNKNOWN_CODES_A_MINUTE:
            one.judgement = Judgement(Outcome.TRY_LATER)
        else:
            one.judgement = rules.judge(_facts(one, people, agreed, by=by, at=at))
            unknown += one.judgement.outcome is Outcome.UNKNOWN


def _agreed(people: Collection[UUID], *, by: TerminalActor) -> Collection[UUID]:
    """Who lets visits here be recorded: everybody, but where a visit reveals something, those who agreed to that.

    One statement there, none elsewhere.
    """
    if not by.reveals:
        return people
    choice = Choice(SPECIAL_VISITS, recipient_id=by.third_party_id)
    return {person_id for person_id, choices in standing_of(people).items() if choice in choices}


def _facts(
    one: Shown, people: dict[UUID, PersonState], agreed: Collection[UUID], *, by: TerminalActor, at: datetime
) -> rules.Facts:
    person = people.get(one.medium.person_id) if one.medium else None
    spent = one.medium.spent if one.medium else None
    rotating = one.code.rotating
    return rules.Facts(
        premises_id=by.premises_id,
        occurred_at=one.occurred_at,
        named_at=time_of(one.id) or at,
        received_at=at,
        person_state=person.state if person else None,
        medium_blocked=one.medium.blocked if one.medium else False,
        freshness=freshness(rotating.slot, shown_at=one.occurred_at) if rotating else Freshness.FRESH,
        earlier_use=rules.Use(spent.premises_id, spent.occurred_at) if spent else None,
        reveals_unasked=person is not None and person.id not in agreed,
    )


def _spend(fresh: Sequence[Shown], *, by: TerminalActor) -> None:
    """Use up the rotating codes; whoever comes second, in this batch or beside it, is replayed."""
    using = [
        (one, one.code.rotating)
        for one in fresh
        if one.judgement.outcome is Outcome.IDENTIFIED and one.code.rotating is not None
    ]
    first: dict[bytes, cards.Spending] = {}
    for one, code in using:
        use = Spent(by.terminal_id, by.premises_id, one.id, one.occurred_at)
        first.setdefault(code.digest, cards.Spending(code.digest, code.slot, by=use))
    standing = cards.spend_codes(list(first.values()))
    for one, code in using:
        use = standing[code.digest]
        if (use.terminal_id, use.scan_id) != (by.terminal_id, one.id):
            one.judgement = rules.replayed(rules.Use(use.premises_id, use.occurred_at), premises_id=by.premises_id)


def _relations(
    shown: Iterable[Shown], known: AtTerminal, *, by: TerminalActor, at: datetime
) -> tuple[dict[UUID, Relation], list[NewEntry]]:
    """The relationships of everybody in the batch with this third party, by subject.

    A first visit opens one and shares the default set; the entries say so.
    """
    repeats = {scan.visit.subject_id for scan in known.scans.values() if scan.visit}
    subjects = {one.subject_id for one in shown} | repeats
    found = relations(Pair(subject, by.third_party_id) for subject in subjects if subject)
    visiting = {one.subject_id for one in shown if one.judgement.outcome is Outcome.IDENTIFIED and one.subject_id}
    missing = {Pair(subject, by.third_party_id) for subject in visiting} - found.keys()
    entries: list[NewEntry] = []
    if missing:
        found |= open_relationships(missing, at=at)
        entries = grants_at_first_visit(missing, at=at)
        shared = {entry.subject_id: entry.fields for entry in entries}
        found |= {pair: found[pair].sharing(shared.get(pair.subject_id, ()), at=at) for pair in missing}
    return {pair.subject_id: relation for pair, relation in found.items()}, entries


def _insert(
    fresh: Sequence[Shown],
    answers: Sequence[Answer],
    batch: Batch,
    disclosures: Mapping[UUID, gate.SealedDisclosure],
) -> None:
    """Write the scans whose answer is final, and the visits that began."""
    by = batch.by
    of = {answer.id: answer for answer in answers}
    insert_rows(
        Scan,
        (
            "terminal_id",
            "id",
            "body_hash",
            "outcome",
            "visit_id",
            "first_at",
            "occurred_at",
            "received_at",
        ),
        [
            (
                by.terminal_id,
                one.id,
                one.body_hash,
                of[one.id].outcome.value,
                of[one.id].visit_id,
                of[one.id].first_at,
                one.occurred_at,
                batch.at,
            )
            for one in fresh
            if one.judgement.outcome.final
        ],
    )
    insert_rows(
        Visit,
        (
            "id",
            "terminal_id",
            "scan_id",
            "subject_id",
            "relationship_id",
            "third_party_id",
            "premises_id",
            "entry_id",
            "fields",
            "occurred_at",
            "medium_id",
        ),
        [
            (
                begun.visit.id,
                by.terminal_id,
                begun.scan_id,
                begun.subject_id,
                batch.relations[begun.subject_id].relationship_id,
                by.third_party_id,
                by.premises_id,
                begun.visit.entry_id,
                list(disclosures[begun.visit.id].released),
                begun.visit.occurred_at,
                begun.medium_id,
            )
            for begun in batch.begun
        ],
    )


def _reused(scan_id: UUID) -> Conflict:
    return Conflict(_("The scan id %(id)s was used for another scan.") % {"id": scan_id}, code="scan_id_reused")
