"""Recording scans: one action for a single tap, an upload of 500, a repeat, and many terminals at once.

At most 12 statements for any number of scans and terminals. Locks are taken in the same order everywhere: persons
sorted by id, then spent codes sorted by digest.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards import actions as cards
from kliento.domain.cards.queries import Spent, media_of
from kliento.domain.cards.rules import Freshness, at_least, freshness
from kliento.domain.consents.queries import standing_of
from kliento.domain.consents.rules import Choice
from kliento.domain.gate import actions as gate
from kliento.domain.people.queries import PersonState
from kliento.domain.policy.rules import SPECIAL_VISITS
from kliento.domain.programmes.actions import earn, open_for_unregistered
from kliento.domain.sharing.actions import grants_at_first_visit, open_relationships
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair, Relation
from kliento.domain.visits import rules
from kliento.domain.visits.actions.batch import Batch
from kliento.domain.visits.actions.knowing import ChangedMeanwhile, what_is_known
from kliento.domain.visits.actions.overruling import Overtaken, overrule
from kliento.domain.visits.actions.reading import ReadUpload, read_upload
from kliento.domain.visits.actions.repeating import entries_of_old_codes
from kliento.domain.visits.actions.scans import Answer, Shown, Upload, UploadResult, came_too_late, reused
from kliento.domain.visits.actions.writing import change_visits, insert_scans, insert_visits
from kliento.domain.visits.queries import AtTerminals, ScanKey, at_terminals
from kliento.domain.visits.rules import Judgement, Outcome
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import Invalid, KlientoError, NotFound
from kliento.kernel.ids import new_id, time_of
from kliento.kernel.statements import ask_together, written_together

Answers = list[Answer] | KlientoError
"""The answers to one upload, in the order of its scans and still sealed; or why nothing of it was taken in."""


def record_scans(uploads: Sequence[Upload], *, at: datetime) -> list[UploadResult]:
    """Judge and record the scans of any number of terminals; the answer to each upload, in order, once all is durable.

    One scan that cannot be taken in is `invalid` and says why; the others stand. The same scan again gets its first
    answer, another scan under the same id is `invalid` (`scan_id_reused`). Once 30 unknown codes came from a terminal
    within a minute, every scan of it after that reads `try_later`. An upload is refused for none or more than 500 scans
    (Invalid), or when its terminal is revoked or its third party not approved by now (NotFound `terminal_unknown`).
    """
    read: list[ReadUpload] = []
    refused: dict[int, KlientoError] = {}
    for place, upload in enumerate(uploads):
        try:
            read.append(read_upload(upload, at=at))
        except Invalid as error:
            refused[place] = error
    answered = iter(record_read(read, at=at))
    return [opened(refused[place] if place in refused else next(answered)) for place in range(len(uploads))]


def opened(answers: Answers) -> UploadResult:
    """What leaves, once it is committed: values are opened here and not before."""
    if isinstance(answers, KlientoError):
        return UploadResult(refusal=answers)
    return UploadResult(tuple(answer.opened() for answer in answers))


def record_read(uploads: Sequence[ReadUpload], *, at: datetime) -> list[Answers]:
    """Record what was read, in one durable transaction; the answers stay sealed until `opened`."""
    try:
        return _record(uploads, at=at)
    except (IntegrityError, ChangedMeanwhile):
        # A twin of this request was recording the same scans, or a card became another's; by now that is known.
        return _record(uploads, at=at)


def _record(uploads: Sequence[ReadUpload], *, at: datetime) -> list[Answers]:
    shown = _in_order(uploads)
    if not shown:
        return [_of_upload(upload, {}, {}, None) for upload in uploads]
    with transaction.atomic(durable=True):
        for one, medium in zip(shown, media_of([one.code for one in shown]), strict=True):
            one.leads_to(medium)
        asked, before = what_is_known(shown, at=at)
        people, known, related = before.people.answer, before.known.answer, before.relations.answer
        standing = [one for one in shown if _stands(one, known, at=at)]
        repeats = [one for one in standing if one.key in known.scans]
        fresh = [one for one in standing if one.key not in known.scans]
        _judge(fresh, people, known, at=at)
        holding = gate.Holding({pair.subject_id for pair, relation in related.items() if relation.grants})
        overtaken = _spend(fresh, holding)
        if overtaken:
            overrule(overtaken, at=at)
            known = at_terminals(asked, at=at)
        found, first_visits = _relations(standing, known, related, at=at)
        known.standings |= open_for_unregistered(_collecting(fresh, found, known), at=at)
        batch = Batch(at, people, found, known.visits, old_codes=entries_of_old_codes(fresh))
        batch.asks |= {new_id(): gate.Ask(entry=entry) for entry in first_visits}
        answers = {one.key: batch.answer_again(one, known.scans[one.key]) for one in repeats}
        answers |= {one.key: batch.answer(one) for one in fresh}
        with written_together():
            earned = earn(list(batch.facts()), known.standings, at=at)
            batch.enter_stamps(earned)
            told = gate.disclose_many(list(batch.asks.values()), at=at, holding=holding)
            disclosures = dict(zip(batch.asks, told, strict=True))
            for key, answer in answers.items():
                answer.sealed = disclosures.get(answer.visit_id) if answer.visit_id and answer.member else None
                answer.stamps = batch.stamps_of(answer, earned.standings)
                answer.redeem_with = batch.redeem_with(answer, known.standing[key.terminal_id])
            insert_scans(fresh, answers, at=at)
            insert_visits(batch, disclosures)
            change_visits(batch)
    first = {one.key: known.scans[one.key].body_hash for one in repeats} | {one.key: one.body_hash for one in fresh}
    return [_of_upload(upload, answers, first, known.standing.get(upload.by.terminal_id)) for upload in uploads]


def _in_order(uploads: Iterable[ReadUpload]) -> list[Shown]:
    """Each scan once, as it was handed in first, in the order in which they occurred."""
    once: dict[ScanKey, Shown] = {}
    for upload in uploads:
        for one in upload.scans:
            if isinstance(one, Shown):
                once.setdefault(one.key, one)
    return sorted(once.values(), key=lambda one: (one.occurred_at, one.id.int))


def _stands(one: Shown, known: AtTerminals, *, at: datetime) -> bool:
    """Whether its terminal may record it now; how that stands counts, not what was known when it was let in."""
    terminal = known.standing.get(one.by.terminal_id)
    if terminal is None or (terminal.premises_id, terminal.third_party_id) != (
        one.by.premises_id,
        one.by.third_party_id,
    ):
        return False
    if terminal.revoked_at is None:
        return True
    one.by = replace(one.by, revoked_at=terminal.revoked_at)
    return rules.may_hand_in(terminal.revoked_at, occurred_at=one.occurred_at, named_at=time_of(one.id), at=at)


def _of_upload(
    upload: ReadUpload,
    answers: Mapping[ScanKey, Answer],
    first: Mapping[ScanKey, bytes],
    terminal: TerminalActor | None,
) -> Answers:
    if terminal is not None and terminal.revoked_at is not None:
        return _received(upload, answers)
    found: list[Answer] = []
    for one in upload.scans:
        if isinstance(one, Answer):
            found.append(one)
        elif one.key not in answers:
            return NotFound(code="terminal_unknown")
        else:
            found.append(answers[one.key] if first[one.key] == one.body_hash else reused(one.id))
    return found


def _received(upload: ReadUpload, answers: Mapping[ScanKey, Answer]) -> Answers:
    """A revoked terminal learns that its queue was taken in, and nothing about anybody (threat 26)."""
    if not any(isinstance(one, Shown) and one.key in answers for one in upload.scans):
        return NotFound(code="terminal_unknown")
    found: list[Answer] = []
    for one in upload.scans:
        if isinstance(one, Answer):
            found.append(one)
        else:
            found.append(Answer(one.id, Outcome.RECEIVED) if one.key in answers else came_too_late(one.id))
    return found


def _judge(fresh: Sequence[Shown], people: Mapping[UUID, PersonState], known: AtTerminals, *, at: datetime) -> None:
    unknown = known.unknown_codes
    agreed = _agreed(people, known)
    for one in fresh:
        terminal_id = one.by.terminal_id
        one.counts_stays = known.standing[terminal_id].counts == "stays"
        if one.by.revoked_at is None and unknown.get(terminal_id, 0) >= rules.UNKNOWN_CODES_A_MINUTE:
            one.judgement = Judgement(Outcome.TRY_LATER)
        else:
            one.judgement = rules.judge(_facts(one, people, agreed, known, at=at))
            if one.judgement.outcome is Outcome.UNKNOWN:
                unknown[terminal_id] = unknown.get(terminal_id, 0) + 1


def _agreed(people: Collection[UUID], known: AtTerminals) -> Collection[Pair]:
    """Who agreed that visits are recorded where these reveal something. One statement there, none elsewhere."""
    revealing = {terminal.third_party_id for terminal in known.standing.values() if terminal.reveals}
    if not revealing or not people:
        return ()
    given = standing_of(people)
    return {
        Pair(person_id, third_party_id)
        for third_party_id in revealing
        for person_id, choices in given.items()
        if Choice(SPECIAL_VISITS, recipient_id=third_party_id) in choices
    }


def _facts(
    one: Shown, people: Mapping[UUID, PersonState], agreed: Collection[Pair], known: AtTerminals, *, at: datetime
) -> rules.Facts:
    medium, rotating, here = one.medium, one.code.rotating, known.standing[one.by.terminal_id]
    person = people.get(medium.subject_id) if medium else None
    return rules.Facts(
        premises_id=here.premises_id,
        occurred_at=one.occurred_at,
        named_at=time_of(one.id) or at,
        received_at=at,
        person_state=person.state if person else None,
        medium_blocked=medium.blocked if medium else False,
        freshness=freshness(rotating.slot, shown_at=one.occurred_at) if rotating else Freshness.FRESH,
        earlier_use=_earlier_use(one),
        reveals_unasked=bool(here.reveals) and one.pair not in agreed,
        unclaimed=medium is not None and medium.is_unregistered,
        strong_enough=medium is None or at_least(medium.level, here.least_to_identify),
        wanted=here.least_to_identify,
    )


def _earlier_use(one: Shown) -> rules.Use | None:
    """What the code stands for, unless this scan of it was earlier: then that one gives way."""
    spent = one.medium.spent if one.medium else None
    if spent is None or (one.occurred_at, one.id.int) < (spent.occurred_at, spent.scan_id.int):
        return None
    return rules.Use(spent.premises_id, spent.occurred_at)


def _spend(fresh: Sequence[Shown], holding: gate.Holding) -> list[Overtaken]:
    """Use up the rotating codes; whoever was second, in this batch or before it, is replayed. Asks what is held, too.

    Answers with those before it: they were told first and are second all the same.
    """
    using = [
        (one, one.code.rotating) for one in fresh if one.judgement.outcome.is_visit and one.code.rotating is not None
    ]
    first: dict[bytes, cards.Spending] = {}
    for one, code in using:
        use = Spent(one.by.terminal_id, one.by.premises_id, one.id, one.occurred_at)
        first.setdefault(code.digest, cards.Spending(code.digest, code.slot, by=use))
    spending = cards.codes_to_spend(list(first.values()))
    ask_together([spending, *holding.statements])
    standing = spending.answer
    overtaken: list[Overtaken] = []
    for one, code in using:
        use, overruled = standing[code.digest]
        if (use.terminal_id, use.scan_id) != one.key:
            one.judgement = rules.replayed(rules.Use(use.premises_id, use.occurred_at), premises_id=one.by.premises_id)
        elif overruled is not None:
            overtaken.append(Overtaken(ScanKey(*overruled), by=one))
    return overtaken


def _relations(
    shown: Iterable[Shown], known: AtTerminals, related: Mapping[Pair, Relation], *, at: datetime
) -> tuple[dict[Pair, Relation], list[NewEntry]]:
    """The relationships of everybody in the batch with these third parties: of those shown as they were read, and of
    those whose visit an earlier answer names.

    A first visit opens one and shares the default set; the entries say so.
    """
    wanted, visiting, read = set(), set(), set()
    for one in shown:
        earlier = known.scans.get(one.key)
        if earlier is not None and earlier.visit is not None and earlier.visit.subject_id is not None:
            wanted.add(Pair(earlier.visit.subject_id, one.by.third_party_id))
        if one.pair is not None:
            wanted.add(one.pair)
            read.add(one.pair)
            if earlier is None and one.may_enter:
                visiting.add(one.pair)
    found = {pair: related[pair] for pair in wanted if pair in related}
    if others := wanted - read:
        found |= relations(others)
    missing = visiting - found.keys()
    entries: list[NewEntry] = []
    if missing:
        found |= open_relationships(missing, at=at)
        entries = grants_at_first_visit(missing, at=at)
        shared = {(entry.subject_id, entry.recipient_id): entry.fields for entry in entries}
        found |= {pair: found[pair].sharing(shared.get(pair, ()), at=at) for pair in missing}
    return found, entries


def _collecting(fresh: Iterable[Shown], found: Mapping[Pair, Relation], known: AtTerminals) -> dict[Pair, UUID]:
    """The relationships of unregistered cards that visit and do not collect there yet."""
    return {
        one.pair: found[one.pair].relationship_id
        for one in fresh
        if one.judgement.outcome is Outcome.UNCLAIMED
        and one.may_enter
        and one.pair is not None
        and one.pair not in known.standings
    }
